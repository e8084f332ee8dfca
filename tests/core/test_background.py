"""The worker runs what is due, and ends well when it is told to."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.applications import dispose, make_application
from tests.cast import make_cast
from tests.servers import REPOSITORY
from tests.surveys.builders import make_response, make_survey, on
from widget.config import Settings
from widget.core.db import db
from widget.surveys.rollup_models import SurveyDailyScore

WAIT_SECONDS = 40


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "DATA_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/regulars.db"}


@pytest.fixture
def worker(environ: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A real worker process over a survey with one old answer."""
    app = make_application(Settings.from_env(environ))
    site_id = make_cast(app).maple.id
    with app.app_context():
        survey = make_survey(site_id)
        db.session.flush()
        make_response(survey, 9, answered_at=on("2026-05-01"))
        db.session.commit()
    dispose(app)
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    process = subprocess.Popen(command, cwd=REPOSITORY, env=environ, stderr=subprocess.PIPE)
    yield process
    process.kill()
    process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_worker_counts_at_once_and_ends_when_told(
    worker: subprocess.Popen[bytes], environ: dict[str, str], number: signal.Signals
) -> None:
    app = make_application(Settings.from_env(environ))
    deadline = time.monotonic() + WAIT_SECONDS
    counted = 0
    while not counted and time.monotonic() < deadline:
        time.sleep(0.1)
        with app.app_context():
            counted = db.session.scalar(db.select(db.func.sum(SurveyDailyScore.responses))) or 0
    dispose(app)
    assert counted == 1
    worker.send_signal(number)
    _, said = worker.communicate(timeout=WAIT_SECONDS)
    assert worker.returncode == 0, said
    assert b"worker_stopped" in said
