"""Idempotency-Key: the store's server may repeat a POST until it hears the answer."""

import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask, Response, jsonify, request
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.applications import dispose, forget
from tests.cast import Cast, SiteOfCast
from tests.embed.shopper import assert_problem
from widget import create_app
from widget.core.clock import utc_now
from widget.core.db import begin_writing, db
from widget.core.problems import Conflict
from widget.sites.doors import current_site, store_blueprint
from widget.sites.models import IdempotencyKey
from widget.sites.service import forget_old_idempotency_keys
from widget.surveys.models import Survey
from widget.surveys.service import create_survey

RIVALS = 6


def make_probe() -> Any:
    """Make a store route that stores a row each time it is really run."""
    blueprint = store_blueprint("probe", __name__, "A route for tests")

    @blueprint.route("/probe", methods=["POST"])
    def store_row() -> Response:
        wish = request.get_json(silent=True) or {}
        survey = create_survey(current_site(), kind="nps", name=wish.get("name", "Probe"))
        time.sleep(wish.get("seconds", 0))
        if wish.get("fail") == "refuse":
            raise Conflict()
        if wish.get("fail") == "break":
            raise RuntimeError("as a bug would")
        response: Response = jsonify(id=str(survey.id))
        response.status_code = 201
        return response

    return blueprint


@pytest.fixture(scope="module")
def probed() -> Iterator[dict[str, Flask]]:
    """The applications with one more store route, by their databases: each takes longer to make than to ask."""
    applications: dict[str, Flask] = {}
    yield applications
    for application in applications.values():
        dispose(application)


@pytest.fixture
def store(app: Flask, probed: dict[str, Flask]) -> Flask:
    """The application with one more store route."""
    settings = app.config["SETTINGS"]
    if settings.database_url not in probed:
        application = probed[settings.database_url] = create_app(settings)
        application.register_blueprint(make_probe())
    forget(probed[settings.database_url])
    return probed[settings.database_url]


def post(app: Flask, site: SiteOfCast, key: str | None, **body: Any) -> TestResponse:
    headers = {**site.store_headers, **({} if key is None else {"Idempotency-Key": key})}
    return app.test_client().post("/api/v1/probe", json=body, headers=headers)


def count_surveys(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Survey)) or 0


def test_repeat_gets_the_same_answer_and_does_nothing(store: Flask, cast: Cast) -> None:
    first, *repeats = (post(store, cast.maple, "k1", name="A") for _ in range(3))
    assert first.status_code == 201
    assert "Idempotency-Replayed" not in first.headers
    for repeat in repeats:
        assert (repeat.status_code, repeat.data) == (201, first.data)
        assert repeat.content_type == first.content_type
        assert repeat.headers["Idempotency-Replayed"] == "true"
    assert count_surveys(store) == 1


def test_without_a_key_every_request_counts(store: Flask, cast: Cast) -> None:
    assert [post(store, cast.maple, None).status_code for _ in range(2)] == [201, 201]
    assert count_surveys(store) == 2


def test_same_key_with_another_body_is_refused(store: Flask, cast: Cast) -> None:
    post(store, cast.maple, "k1", name="A")
    problem = assert_problem(post(store, cast.maple, "k1", name="B"), 409)
    assert problem["type"] == "urn:regulars:problem:idempotency-key-reused"
    assert count_surveys(store) == 1


def test_other_site_has_keys_of_its_own(store: Flask, cast: Cast) -> None:
    answers = [post(store, site, "k1", name="A") for site in (cast.maple, cast.bobs)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].data != answers[1].data
    assert count_surveys(store) == 2


@pytest.mark.parametrize(("failure", "status"), [("refuse", 409), ("break", 500)])
def test_failed_request_leaves_the_key_free(store: Flask, cast: Cast, failure: str, status: int) -> None:
    assert post(store, cast.maple, "k1", fail=failure).status_code == status
    assert count_surveys(store) == 0
    assert post(store, cast.maple, "k1", name="Again").status_code == 201
    assert count_surveys(store) == 1


@pytest.mark.usefixtures("cast")
def test_unauthenticated_request_claims_nothing(store: Flask) -> None:
    response = store.test_client().post("/api/v1/probe", json={}, headers={"Idempotency-Key": "k1"})
    assert_problem(response, 401)
    with store.app_context():
        assert db.session.scalars(select(IdempotencyKey)).first() is None


@pytest.mark.parametrize("key", ["", "k" * 201, "tab\there", "caf\x80", "\xa0"])
def test_key_that_cannot_be_kept_is_refused(store: Flask, cast: Cast, key: str) -> None:
    problem = assert_problem(post(store, cast.maple, key), 422)
    assert problem["errors"][0]["pointer"] == "#/Idempotency-Key"
    assert count_surveys(store) == 0


@pytest.mark.parametrize("key", ["k", "k" * 200, str(uuid.UUID(int=7)), "order 1001 / refund", "caf\xe9"])
def test_key_of_any_printable_text_is_taken(store: Flask, cast: Cast, key: str) -> None:
    assert [post(store, cast.maple, key).status_code for _ in range(2)] == [201, 201]
    assert count_surveys(store) == 1


def test_requests_at_the_same_moment_do_the_work_once(store: Flask, cast: Cast) -> None:
    barrier = threading.Barrier(RIVALS)

    def send(_: int) -> TestResponse:
        barrier.wait(timeout=10)
        return post(store, cast.maple, "k1", seconds=0.2)

    with ThreadPoolExecutor(RIVALS) as threads:
        answers = list(threads.map(send, range(RIVALS)))
    assert [answer.status_code for answer in answers] == [201] * RIVALS
    assert len({answer.data for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer.headers for answer in answers) == RIVALS - 1
    assert count_surveys(store) == 1


def test_key_is_forgotten_after_a_day(store: Flask, cast: Cast) -> None:
    post(store, cast.maple, "k1", name="A")
    for hours, left in ((23, 1), (25, 0)):
        with store.app_context(), time_machine.travel(utc_now() + timedelta(hours=hours)):
            begin_writing()
            forget_old_idempotency_keys()
            db.session.commit()
            assert len(db.session.scalars(select(IdempotencyKey)).all()) == left
    assert post(store, cast.maple, "k1", name="B").status_code == 201
