"""The shopper's door: a survey's content, answers and impressions."""

import uuid
from typing import Any

import orjson
from flask import Response, g, request

from widget.core.db import writing_connection
from widget.core.hot import hot_cursor
from widget.core.parsing import load_body
from widget.customers.tokens import read_bearer, read_visitor_token
from widget.sites.doors import embed_blueprint
from widget.sites.embed_guard import VISITOR_HEADER, current_published_site, open_to_any_origin
from widget.sites.theme import build_theme
from widget.surveys import service
from widget.surveys.content import build_content
from widget.surveys.fatigue import note_shown
from widget.surveys.published import get_published_survey, list_published_surveys
from widget.surveys.recording import Sender, record_response
from widget.surveys.rules import BURST_HITS, find_flag
from widget.surveys.schemas import (
    ContentQuery,
    ImpressionsIn,
    ImpressionsOut,
    ResponseIn,
    ResponseOut,
)

blueprint = embed_blueprint("surveys", __name__, "Surveys in a store page")

_response_in = ResponseIn()
_impressions_in = ImpressionsIn()


@blueprint.route("/surveys/<uuid:survey_id>")
@open_to_any_origin
@blueprint.arguments(ContentQuery, location="query")
@blueprint.response(200, description="The survey's texts, choices and theme")
def show_content(query: dict[str, str], survey_id: uuid.UUID) -> Response:
    """Return what a survey's element shows, in the first of the wanted languages that there is."""
    site = current_published_site()
    survey = get_published_survey(site, survey_id)
    response = _answer_json(200, build_content(survey, query["lang"], build_theme(site.theme, site.key)))
    response.headers["Cache-Control"] = "max-age=60, stale-while-revalidate=600"
    return response


@blueprint.route("/surveys/<uuid:survey_id>/responses", methods=["POST"])
@blueprint.doc(requestBody={"required": True, "content": {"application/json": {"schema": ResponseIn}}})
@blueprint.response(201, ResponseOut, description="The answer is stored")
@blueprint.alt_response(200, schema=ResponseOut, description="It was stored before, or is now continued")
def post_response(survey_id: uuid.UUID) -> Response:
    """Store an answer once: the same id and body get the stored answer again."""
    site = current_published_site()
    survey = get_published_survey(site, survey_id)
    submission = load_body(_response_in, request)
    sender = _read_sender(site.id, submission)
    with hot_cursor() as cursor:
        recorded = record_response(cursor, site.id, survey, submission, sender)
    return _answer_json(201 if recorded.is_new else 200, recorded.answer)


@blueprint.route("/impressions", methods=["POST"])
@blueprint.doc(requestBody={"required": True, "content": {"application/json": {"schema": ImpressionsIn}}})
@blueprint.response(200, ImpressionsOut)
def post_impressions() -> Response:
    """Note that surveys were shown or dismissed; repeats change nothing."""
    site = current_published_site()
    impressions = load_body(_impressions_in, request)["impressions"]
    surveys = list_published_surveys(site)
    session = read_bearer(site.id, request.headers.get("Authorization"))
    visitor_id = session.visitor_id if session else _read_visitor(site.id)
    with writing_connection() as connection:
        stored = service.record_impressions(
            connection, site.id, {survey.id for survey in surveys}, impressions, visitor_id
        )
        if session:
            shown = {impression["id"] for impression in impressions}
            note_shown(connection, site.id, session.customer_id, surveys, shown)
    return _answer_json(200, {"stored": stored})


def _read_sender(site_id: uuid.UUID, submission: dict[str, Any]) -> Sender:
    session = read_bearer(site_id, request.headers.get("Authorization"))
    visitor_id = session.visitor_id if session else _read_visitor(site_id)
    return Sender(
        visitor_id=visitor_id,
        customer_id=session.customer_id if session else None,
        flag=find_flag(
            submission["elapsed_ms"],
            is_honeypot_filled=bool(submission["website"]),
            is_burst=g.hits_of_prefix > BURST_HITS,
        ),
    )


def _read_visitor(site_id: uuid.UUID) -> uuid.UUID | None:
    token = request.headers.get(VISITOR_HEADER)
    return read_visitor_token(site_id, token) if token else None


def _answer_json(status: int, document: Any) -> Response:
    return Response(orjson.dumps(document), status=status, content_type="application/json")
