"""Answers that every page view asks for, given without entering Flask while they are fresh.

A view keeps its answer here for a second at a time. `bench/boot.py` shows what that is for: with it, the
script costs less than a bare Flask answer; through Flask, it costs half as much again.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request

from widget.core.observability import find_metrics
from widget.core.static_files import CompressedBody

FRESH_SECONDS = 1.0
_EXTENSION = "regulars_ready_answers"

WSGIApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class ReadyAnswer:
    """One answer with its headers, and until when (on the monotonic clock) it may be given."""

    body: CompressedBody
    headers: list[tuple[str, str]]
    endpoint: str
    fresh_until: float


class ReadyAnswers:
    """A WSGI front that gives kept answers and passes everything else on."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application
        self._answers: dict[str, ReadyAnswer] = {}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        answer = self._answers.get(environ["PATH_INFO"])
        if answer is None or environ["REQUEST_METHOD"] != "GET":
            return self._application(environ, start_response)
        started = time.perf_counter()
        if answer.fresh_until < time.monotonic():
            self._answers.pop(environ["PATH_INFO"], None)
            return self._application(environ, start_response)
        status, headers, body = _choose_form(answer, environ)
        start_response(status, headers)
        counter, histogram = find_metrics(answer.endpoint, int(status[:3]))
        counter.inc()
        histogram.observe(time.perf_counter() - started)
        return [body]

    def keep(self, path: str, answer: ReadyAnswer) -> None:
        """Give this answer for a path until it is no longer fresh."""
        self._answers[path] = answer

    def forget(self) -> None:
        """Let every answer be made anew."""
        self._answers.clear()


def init_ready_answers(app: Flask) -> None:
    """Put the front before the application."""
    front = ReadyAnswers(app.wsgi_app)
    app.extensions[_EXTENSION] = front
    app.wsgi_app = front  # type: ignore[method-assign]


def keep_ready_answer(body: CompressedBody, headers: dict[str, str]) -> None:
    """Give this body for the current request's path, to whoever asks, for the next second."""
    front: ReadyAnswers = current_app.extensions[_EXTENSION]
    fresh_until = time.monotonic() + FRESH_SECONDS
    front.keep(request.path, ReadyAnswer(body, list(headers.items()), request.endpoint or "", fresh_until))


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
