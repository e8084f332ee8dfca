"""Several processes claim from one pool: every code is given once, and then there are none."""

import subprocess
import sys
from pathlib import Path

from flask import Flask

from tests.cast import Cast
from tests.coupons.builders import make_pool
from tests.long_run import at_length
from widget.core.clock import utc_now
from widget.core.db import begin_writing_anew, db
from widget.coupons.code_lists import read_codes
from widget.coupons.queries import count_by_state, get_pool
from widget.coupons.service import add_codes

REPOSITORY = Path(__file__).resolve().parents[2]
PROCESSES, CODES = at_length(8, otherwise=4), 200


def test_each_code_of_a_pool_is_given_once_and_then_there_are_none(app: Flask, cast: Cast, tmp_path: Path) -> None:
    codes = [f"CODE-{number}" for number in range(CODES)]
    with app.app_context():
        pool_id = make_pool(cast.maple.id, codes="uploaded")
        begin_writing_anew()
        add_codes(get_pool(cast.maple.id, pool_id), read_codes(codes), utc_now())
        db.session.commit()
        url = app.config["SETTINGS"].database_url
    command = [sys.executable, "-m", "tests.coupons.claiming", url, str(tmp_path), str(cast.maple.id), str(pool_id)]
    claimers = [
        subprocess.Popen(command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(PROCESSES)
    ]
    assert [claimer.stdout.readline() for claimer in claimers if claimer.stdout] == ["ready\n"] * PROCESSES
    for claimer in claimers:
        assert claimer.stdin
        claimer.stdin.write("go\n")
        claimer.stdin.flush()
    given = [claimer.communicate(timeout=60)[0].split() for claimer in claimers]
    assert [claimer.returncode for claimer in claimers] == [0] * PROCESSES
    assert [lines[-1] for lines in given] == ["empty"] * PROCESSES
    assert sorted(code for lines in given for code in lines[:-1]) == sorted(codes)
    with app.app_context():
        db.session.rollback()
        assert count_by_state(cast.maple.id)[pool_id] == {"issued": CODES}
        assert get_pool(cast.maple.id, pool_id).available == 0
