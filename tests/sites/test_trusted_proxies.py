"""Whose word counts for a shopper's address: nobody's, or that of as many proxies as the setting says."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask, request

from tests.applications import dispose
from widget import create_app


def address_seen(app: Flask, forwarded: str | None) -> str | None:
    """Return the address the application sees behind a header."""
    seen: list[str | None] = []
    app.before_request_funcs[None] = [*app.before_request_funcs.get(None, []), lambda: seen.append(request.remote_addr)]
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    app.test_client().get("/health", headers=headers, environ_base={"REMOTE_ADDR": "10.0.0.1"})
    return seen[-1]


@pytest.fixture(scope="module", params=[0, 1, 2])
def behind(request: pytest.FixtureRequest, sqlite_app: Flask) -> Iterator[tuple[int, Flask]]:
    """The application behind a number of trusted proxies."""
    app = create_app(replace(sqlite_app.config["SETTINGS"], trusted_proxies=request.param))
    yield request.param, app
    dispose(app)


@pytest.mark.parametrize(
    ("forwarded", "expected"),
    [
        (None, ("10.0.0.1", "10.0.0.1", "10.0.0.1")),
        ("198.51.100.9", ("10.0.0.1", "198.51.100.9", "10.0.0.1")),
        # The first was sent by the browser and may be anything; each proxy adds whom it heard it from.
        ("6.6.6.6, 198.51.100.9", ("10.0.0.1", "198.51.100.9", "6.6.6.6")),
        ("6.6.6.6, 198.51.100.9, 10.0.0.2", ("10.0.0.1", "10.0.0.2", "198.51.100.9")),
    ],
)
def test_address_is_the_one_the_trusted_proxies_saw(
    behind: tuple[int, Flask], forwarded: str | None, expected: tuple[str, str, str]
) -> None:
    count, app = behind
    assert address_seen(app, forwarded) == expected[count]
