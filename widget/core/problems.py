"""Errors as RFC 9457 problem documents."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Response

PROBLEM_CONTENT_TYPE = "application/problem+json"


@dataclass(frozen=True)
class FieldError:
    """Say what is wrong with one field; `pointer` is a JSON Pointer (RFC 6901) as a URI fragment."""

    pointer: str
    detail: str


class Problem(Exception):
    """An error the caller can act on; subclasses are listed in `docs/problems.md`."""

    status = 500
    slug = "internal-error"
    title = "Something went wrong on our side"

    def __init__(
        self,
        detail: str = "",
        *,
        errors: Iterable[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})

    def as_document(self) -> dict[str, Any]:
        """Return the members of the problem document."""
        document: dict[str, Any] = {
            "type": f"urn:regulars:problem:{self.slug}",
            "title": self.title,
            "status": self.status,
        }
        if self.detail:
            document["detail"] = self.detail
        if self.errors:
            document["errors"] = [{"pointer": error.pointer, "detail": error.detail} for error in self.errors]
        return document

    def as_response(self) -> Response:
        """Return the problem as an HTTP response."""
        response = Response(orjson.dumps(self.as_document()), status=self.status, content_type=PROBLEM_CONTENT_TYPE)
        response.headers.update(self.headers)
        return response


class MalformedRequest(Problem):
    status, slug, title = 400, "malformed-request", "The request could not be read"


class NotAuthenticated(Problem):
    status, slug, title = 401, "not-authenticated", "The request carries no valid key or token"


class NotAllowed(Problem):
    status, slug, title = 403, "not-allowed", "This is not allowed here"


class NotFound(Problem):
    status, slug, title = 404, "not-found", "There is nothing here"


class MethodNotAllowed(Problem):
    status, slug, title = 405, "method-not-allowed", "This address does not take this method"


class Conflict(Problem):
    status, slug, title = 409, "conflict", "A rule refuses this"


class TooLarge(Problem):
    status, slug, title = 413, "too-large", "The request is too large"


class WrongContentType(Problem):
    status, slug, title = 415, "wrong-content-type", "The body must be JSON, sent as application/json"


class RangeRefused(Problem):
    status, slug, title = 416, "range-refused", "The file does not have these bytes"


class InvalidFields(Problem):
    status, slug, title = 422, "invalid-fields", "Some fields are not valid"


class TooManyRequests(Problem):
    status, slug, title = 429, "too-many-requests", "Too many requests; try again later"


class NotReady(Problem):
    status, slug, title = 503, "not-ready", "The service is not ready"


PROBLEM_BY_STATUS: dict[int, type[Problem]] = {
    problem.status: problem
    for problem in (
        MalformedRequest,
        NotAuthenticated,
        NotAllowed,
        NotFound,
        MethodNotAllowed,
        Conflict,
        TooLarge,
        WrongContentType,
        InvalidFields,
        TooManyRequests,
        NotReady,
    )
}


def flatten_messages(messages: Any, path: str = "#") -> list[FieldError]:
    """Turn marshmallow's nested messages into one error a field.

    >>> flatten_messages({"answers": {"score": ["Must be a whole number."]}})
    [FieldError(pointer='#/answers/score', detail='Must be a whole number.')]
    """
    if isinstance(messages, dict):
        return [
            error
            for key, value in messages.items()
            for error in flatten_messages(value, path if key == "_schema" else f"{path}/{_escape_pointer(str(key))}")
        ]
    return [FieldError(path, str(message)) for message in (messages if isinstance(messages, list) else [messages])]


def _escape_pointer(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
