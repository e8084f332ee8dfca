"""Answers that every page view asks for, given without entering Flask while they are fresh.

A view keeps its answer here for a second at a time, or for as long as what it was made from stands. `bench/boot.py`
and `bench/reviews.py` show what that is for: with it, the script costs less than a bare Flask answer; through Flask,
it costs half as much again.
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request

from widget.core.observability import find_metrics
from widget.core.static_files import CompressedBody

FRESH_SECONDS = 1.0
# Of one process.
MAX_QUERY_BYTES = 64 * 1024 * 1024
_EXTENSION = "regulars_ready_answers"

WSGIApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class ReadyAnswer:
    """One answer with its headers, and what tells whether it may still be given."""

    body: CompressedBody
    headers: list[tuple[str, str]]
    endpoint: str
    is_fresh: Callable[[], bool]


class QueryAnswers:
    """Answers to addresses with a query, of which there is no end: what was kept first goes when they are too large."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes, self._bytes = max_bytes, 0
        self._answers: dict[str, ReadyAnswer] = {}
        self._lock = threading.Lock()

    def find(self, address: str) -> ReadyAnswer | None:
        """Return the answer kept for an address."""
        return self._answers.get(address)

    def keep(self, address: str, answer: ReadyAnswer) -> None:
        """Keep an answer, in place of others where there is no room."""
        size = _size_of(address, answer)
        if size > self._max_bytes // 100:
            return
        with self._lock:
            self._take_out(address)
            self._answers[address] = answer
            self._bytes += size
            while self._bytes > self._max_bytes:
                self._take_out(next(iter(self._answers)))

    def drop(self, address: str) -> None:
        """Forget the answer to an address."""
        with self._lock:
            self._take_out(address)

    def _take_out(self, address: str) -> None:
        answer = self._answers.pop(address, None)
        if answer is not None:
            self._bytes -= _size_of(address, answer)


def _size_of(address: str, answer: ReadyAnswer) -> int:
    # Its compressed forms are made when somebody asks for them, and are smaller.
    return len(address) + 2 * len(answer.body.plain)


class ReadyAnswers:
    """A WSGI front that gives kept answers and passes everything else on."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application
        self._answers: dict[str, ReadyAnswer] = {}
        self._of_queries = QueryAnswers(MAX_QUERY_BYTES)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING")
        answer = self._answers.get(path)
        if answer is None and query:
            answer = self._of_queries.find(f"{path}?{query}")
        if answer is None or environ["REQUEST_METHOD"] != "GET":
            return self._application(environ, start_response)
        started = time.perf_counter()
        if not answer.is_fresh():
            self._forget_one(path, query or "")
            return self._application(environ, start_response)
        status, headers, body = _choose_form(answer, environ)
        start_response(status, headers)
        counter, histogram = find_metrics(answer.endpoint, int(status[:3]))
        counter.inc()
        histogram.observe(time.perf_counter() - started)
        return [body]

    def keep(self, path: str, answer: ReadyAnswer) -> None:
        """Give this answer for a path, whatever its query, until it is no longer fresh."""
        self._answers[path] = answer

    def keep_of_query(self, path: str, query: str, answer: ReadyAnswer) -> None:
        """Give this answer for a path with this very query until it is no longer fresh, or others need the room."""
        self._of_queries.keep(f"{path}?{query}", answer)

    def forget(self) -> None:
        """Let every answer be made anew."""
        self._answers.clear()
        self._of_queries = QueryAnswers(MAX_QUERY_BYTES)

    def _forget_one(self, path: str, query: str) -> None:
        if self._answers.pop(path, None) is None:
            self._of_queries.drop(f"{path}?{query}")


def init_ready_answers(app: Flask) -> None:
    """Put the front before the application."""
    front = ReadyAnswers(app.wsgi_app)
    app.extensions[_EXTENSION] = front
    app.wsgi_app = front  # type: ignore[method-assign]


def keep_ready_answer(body: CompressedBody, headers: dict[str, str]) -> None:
    """Give this body for the current request's path, to whoever asks, for the next second."""
    front: ReadyAnswers = current_app.extensions[_EXTENSION]
    fresh_until = time.monotonic() + FRESH_SECONDS

    def is_fresh() -> bool:
        return time.monotonic() <= fresh_until

    front.keep(request.path, ReadyAnswer(body, list(headers.items()), request.endpoint or "", is_fresh))


def keep_answer_to_query(body: CompressedBody, headers: dict[str, str], is_fresh: Callable[[], bool]) -> None:
    """Give this body for the current request's path and query for as long as `is_fresh`, called each time, says.

    It is called outside of any application context and must not raise.
    """
    front: ReadyAnswers = current_app.extensions[_EXTENSION]
    query = request.environ.get("QUERY_STRING", "")
    answer = ReadyAnswer(body, list(headers.items()), request.endpoint or "", is_fresh)
    front.keep_of_query(request.environ["PATH_INFO"], query, answer)


def forget_ready_answers(app: Flask) -> None:
    """Let every answer be made anew."""
    front: ReadyAnswers = app.extensions[_EXTENSION]
    front.forget()


def _choose_form(answer: ReadyAnswer, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
    if answer.body.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
        return "304 Not Modified", answer.headers, b""
    encoding, body = answer.body.choose_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
    headers = [*answer.headers, ("Content-Length", str(len(body)))]
    if encoding:
        headers.append(("Content-Encoding", encoding))
    return "200 OK", headers, body
