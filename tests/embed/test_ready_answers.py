"""The script and the boot document come from memory for a second, and nobody can tell but by the clock."""

import gzip

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from widget.core import ready_answers
from widget.core.db import begin_writing, db
from widget.sites.models import Site
from widget.surveys.service import create_survey


@pytest.fixture
def monotonic(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The clock of the kept answers, which a test may set."""
    now = [1000.0]
    monkeypatch.setattr(ready_answers.time, "monotonic", lambda: now[0])
    return now


def paths(cast: Cast) -> list[str]:
    return [f"/embed/v1/{cast.maple.key}.js", f"/embed/v1/{cast.maple.key}/boot"]


def test_kept_answer_equals_the_one_made_anew(client: FlaskClient, cast: Cast) -> None:
    for path in paths(cast):
        for encoding in ("identity", "gzip", "br"):
            made, kept = (client.get(path, headers={"Accept-Encoding": encoding}) for _ in range(2))
            assert (kept.status_code, kept.data) == (made.status_code, made.data)
            assert sorted(kept.headers) == sorted(made.headers)


def test_each_browser_gets_the_encoding_it_can_read(client: FlaskClient, cast: Cast) -> None:
    for path in paths(cast):
        plain, zipped, small = (
            client.get(path, headers={"Accept-Encoding": encoding}).data for encoding in ("identity", "gzip", "br")
        )
        assert gzip.decompress(zipped) == brotli.decompress(small) == plain


def test_browser_that_has_the_answer_gets_304_without_a_body(client: FlaskClient, cast: Cast) -> None:
    for path in paths(cast):
        etag = client.get(path).headers["ETag"]
        again = client.get(path, headers={"If-None-Match": etag})
        assert (again.status_code, again.data) == (304, b"")


def test_change_of_the_owner_is_seen_once_the_second_is_over(
    app: Flask, client: FlaskClient, cast: Cast, monotonic: list[float]
) -> None:
    boot = paths(cast)[1]
    assert client.get(boot).json["surveys"] == []
    with app.app_context():
        begin_writing()
        create_survey(db.session.get_one(Site, cast.maple.id), kind="nps", name="After the order")
        db.session.commit()
    assert client.get(boot).json["surveys"] == []
    monotonic[0] += 1.1
    assert len(client.get(boot).json["surveys"]) == 1


def test_only_get_is_answered_from_memory(client: FlaskClient, cast: Cast) -> None:
    for path in paths(cast):
        client.get(path)
        assert client.post(path, headers=cast.maple.page_headers).status_code == 405
        assert client.head(path).data == b""
