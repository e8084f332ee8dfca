"""Kill -9 under load, again and again: what was acknowledged is there, once."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import select

from tests.applications import dispose
from tests.durability.browsers import Browsers
from tests.durability.processes import OwnPostgres, kill_at_once, kill_workers, list_children, wait_until_gone
from tests.long_run import at_length
from tests.servers import LiveServer
from widget.core.db import db
from widget.surveys.models import SurveyResponse

BROWSERS = 6
WORKER_KILLS = at_length(8, otherwise=4)
SERVER_KILLS = 2
DATABASE_KILLS = at_length(3, otherwise=2)
SECONDS_UNDER_LOAD = 0.3


@contextmanager
def load(browsers: Browsers) -> Iterator[None]:
    """Keep browsers answering; raise what went wrong in any of them."""
    stop, failures = threading.Event(), []

    def answer() -> None:
        try:
            browsers.answer_until(stop)
        except Exception as error:  # noqa: BLE001 - the test shows whatever it is.
            failures.append(error)

    threads = [threading.Thread(target=answer) for _ in range(BROWSERS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert not failures, failures


def kill_under_load(browsers: Browsers, kill: Callable[[], None], times: int) -> None:
    """Kill while answers arrive, each time only after some more were acknowledged."""
    for _ in range(times):
        before = len(browsers.acknowledged)
        time.sleep(SECONDS_UNDER_LOAD)
        while len(browsers.acknowledged) < before + BROWSERS:
            time.sleep(0.02)
        kill()


def kill_server(server: LiveServer) -> None:
    processes = [server.pid, *list_children(server.pid)]
    kill_at_once(processes)
    server.stop()
    wait_until_gone(processes)
    server.start()


def assert_all_there_once(server: LiveServer, browsers: Browsers) -> None:
    dispose(server.app)
    with server.app.app_context():
        rows = db.session.execute(select(SurveyResponse.id, SurveyResponse.score, SurveyResponse.comment)).all()
    stored = {str(key): (score, comment) for key, score, comment in rows}
    acknowledged = {key: (document["score"], document["comment"]) for key, document in browsers.acknowledged.items()}
    assert acknowledged.items() <= stored.items()
    # Every browser sent its last answer until it was acknowledged, so nothing else is there either, and
    # each text, which is its answer's own, is there once.
    assert stored.keys() == browsers.sent
    assert len({comment for _, comment in stored.values()}) == len(rows)


@pytest.mark.timeout(180)
def test_killed_gunicorn_loses_and_doubles_nothing(running_server: LiveServer, browsers: Browsers) -> None:
    with load(browsers):
        kill_under_load(browsers, lambda: kill_workers(running_server), WORKER_KILLS)
        kill_under_load(browsers, lambda: kill_server(running_server), SERVER_KILLS)
    assert_all_there_once(running_server, browsers)


@pytest.mark.timeout(180)
@pytest.mark.parametrize("running_server", ["postgresql"], indirect=True)
def test_killed_postgresql_loses_and_doubles_nothing(
    running_server: LiveServer, browsers: Browsers, own_postgres: OwnPostgres
) -> None:
    def kill() -> None:
        own_postgres.kill()
        own_postgres.start_again()

    with load(browsers):
        kill_under_load(browsers, kill, DATABASE_KILLS)
    assert_all_there_once(running_server, browsers)
    # Idle connections of the workers still belong to the dead server: each would fail once in a later test.
    running_server.stop()
    running_server.start()
