"""The embed door without Flask, for what members wait for most: it answers what succeeds, plainly asked.

A lean view gets what its plain view would read of the request. Whatever it does not answer goes on to the plain view
as if it had just arrived: refusals, repeats, addresses or bodies written in unusual ways, a site not in memory. So
the plain view says all there is to say, and this door nothing else. `bench/redeem.py` shows what it is for: Flask's own
work for one request takes as long as a redemption's statements.
"""

import io
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import structlog
from flask import Flask

from widget.core.hot import NothingWritten
from widget.core.observability import find_metrics
from widget.core.problems import Problem
from widget.sites.embed_guard import CORS_HEADERS, COUNTED, count_request
from widget.sites.queries import PublishedSite, find_published_site

log = structlog.get_logger()

PREFIX = "/embed/v1/"
MAX_BODY_BYTES = 1000
# Nothing of a member is kept by whoever passes it on.
PRIVATE = "private, no-store"
_HEADERS = [("Content-Type", "application/json"), ("Cache-Control", PRIVATE), *CORS_HEADERS.items()]
_REASONS = {200: "200 OK", 201: "201 CREATED"}


@dataclass(frozen=True)
class LeanRequest:
    """What a lean view knows: the site that let it in, and what was sent."""

    site: PublishedSite
    authorization: str | None
    body: bytes


@dataclass(frozen=True)
class LeanView:
    """The lean way of an endpoint: it returns status and document, or None to leave the request to the plain view.

    What it raises the plain view meets again, problems and NothingWritten. It has written nothing then, or what is
    safe to repeat.
    """

    method: str
    path: str
    endpoint: str
    answer: Callable[[LeanRequest], tuple[int, Any] | None]


class LeanDoor:
    """A WSGI front that answers by lean views and passes everything else on."""

    def __init__(self, app: Flask, views: Sequence[LeanView]) -> None:
        self._app, self._plain = app, app.wsgi_app
        self._views = {(view.method, view.path): view for view in views}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        started = time.perf_counter()
        site_key, _, path = environ["PATH_INFO"].removeprefix(PREFIX).partition("/")
        view = self._views.get((environ["REQUEST_METHOD"], path))
        answer = self._answer(view, site_key, environ) if view else None
        if view is None or answer is None:
            return self._plain(environ, start_response)
        status, body = answer[0], orjson.dumps(answer[1])
        start_response(_REASONS[status], [*_HEADERS, ("Content-Length", str(len(body)))])
        counter, histogram = find_metrics(view.endpoint, status)
        counter.inc()
        histogram.observe(time.perf_counter() - started)
        return [body]

    def _answer(self, view: LeanView, site_key: str, environ: dict[str, Any]) -> tuple[int, Any] | None:
        body = _read_body(environ)
        if body is None:
            return None
        try:
            with self._app.app_context():
                site = find_published_site(site_key)
                if site is None or environ.get("HTTP_ORIGIN") not in site.origins:
                    return None
                environ[COUNTED] = count_request(site, environ)
                return view.answer(LeanRequest(site, environ.get("HTTP_AUTHORIZATION"), body))
        except (Problem, NothingWritten):
            # What the plain view says, and how.
            return None
        except Exception as error:  # noqa: BLE001 - the plain view meets it again, or answers more slowly.
            log.error("lean_view_failed", endpoint=view.endpoint, exc_info=error)
            return None


def init_lean_door(app: Flask, views: Sequence[LeanView]) -> None:
    """Put the lean door before the application, and behind whatever corrects addresses by the word of proxies."""
    app.wsgi_app = LeanDoor(app, views)  # type: ignore[method-assign]


def _read_body(environ: dict[str, Any]) -> bytes | None:
    """Return the body, b"" for none, and put it back; None for one that only the plain view can read."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if length == "0" and "HTTP_TRANSFER_ENCODING" not in environ:
        return b""
    if not length.isdecimal() or int(length) > MAX_BODY_BYTES or environ.get("CONTENT_TYPE") != "application/json":
        return None
    body: bytes = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def read_ids(body: bytes, *names: str) -> dict[str, uuid.UUID] | None:
    """Return the UUIDs a JSON object holds under these names and no others; None for any other body."""
    try:
        document = orjson.loads(body)
        if len(document) == len(names):
            return {name: uuid.UUID(document[name]) for name in names}
    except (ValueError, TypeError, KeyError, AttributeError):
        # Whatever else it is, the plain view says what is wrong with it.
        return None
    return None
