"""What all doors share: blueprints that document themselves, and errors in the form their caller reads."""

from typing import Any

import structlog
from flask import Flask, Response, render_template, request
from flask_smorest import Api
from flask_smorest import Blueprint as SmorestBlueprint
from marshmallow import Schema, fields
from werkzeug.exceptions import HTTPException

from widget.core.db import db
from widget.core.parsing import StrictParser
from widget.core.problems import PROBLEM_BY_STATUS, PROBLEM_CONTENT_TYPE, Problem

log = structlog.get_logger()

PROBLEM_PATHS = ("/embed/", "/api/", "/health", "/ready", "/metrics")


class ApiBlueprint(SmorestBlueprint):
    """A blueprint whose routes appear in the OpenAPI document and read their input strictly."""

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, *args: Any, security: str | None = None, **kwargs: Any) -> None:
        """Make a blueprint; `security` names the scheme of the document by which its callers say who they are."""
        super().__init__(*args, **kwargs)
        self._security = security
        self._prepare_doc_cbks.append(self._prepare_security_doc)

    def _prepare_security_doc(self, doc: dict[str, Any], _doc_info: object, **_kwargs: object) -> dict[str, Any]:
        return doc if self._security is None else {**doc, "security": [{self._security: []}]}


class PointerDocument(Schema):
    """What is wrong with one field."""

    pointer = fields.String(required=True)
    detail = fields.String(required=True)


class ProblemDocument(Schema):
    """An error as a problem document (RFC 9457)."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String()
    errors = fields.List(fields.Nested(PointerDocument()))


class ProblemApi(Api):
    """The OpenAPI document, without flask-smorest's own application-wide error bodies."""

    ERROR_SCHEMA = ProblemDocument

    def _register_responses(self) -> None:
        """Describe errors as the problem documents they are."""
        self.DEFAULT_RESPONSE_CONTENT_TYPE = PROBLEM_CONTENT_TYPE
        super()._register_responses()
        del self.DEFAULT_RESPONSE_CONTENT_TYPE

    def _register_error_handlers(self) -> None:
        """Leave the errors to `init_errors`, which knows how each door answers."""


def init_errors(app: Flask) -> None:
    """Answer every error as a problem document or as a page, by the door it happened at."""
    app.register_error_handler(Problem, _answer_problem)
    app.register_error_handler(HTTPException, _answer_http_exception)
    app.register_error_handler(Exception, _answer_failure)


def _answer_problem(problem: Problem) -> Response:
    db.session.rollback()
    if request.path.startswith(PROBLEM_PATHS):
        return problem.as_response()
    page = render_template("layouts/error.html", problem=problem)
    return Response(page, status=problem.status, headers=problem.headers)


def _answer_http_exception(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    problem_class = PROBLEM_BY_STATUS.get(error.code)
    if problem_class is None:
        problem = Problem(error.description or "")
        problem.status, problem.slug, problem.title = error.code, "refused", error.name
    else:
        problem = problem_class()
    if error.code == 405 and getattr(error, "valid_methods", None):
        problem.headers["Allow"] = ", ".join(sorted(error.valid_methods))  # type: ignore[attr-defined]
    return _answer_problem(problem)


def _answer_failure(error: Exception) -> Response:
    log.error("request_failed", method=request.method, endpoint=request.endpoint, exc_info=error)
    return _answer_problem(Problem())


def commit_success(response: Response) -> Response:
    """Commit what a successful request wrote and undo what a refused one did."""
    if response.status_code < 400:
        db.session.commit()
    else:
        db.session.rollback()
    return response
