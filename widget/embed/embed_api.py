"""The door a store page enters by: its script, its boot document, its modules and its session."""

from typing import Any

from flask import Response, request

from widget.core.db import begin_writing, db
from widget.core.problems import NotFound
from widget.core.ready_answers import keep_ready_answer
from widget.core.static_files import SCRIPTS, CompressedBody
from widget.embed import service
from widget.embed.schemas import SessionIn, SessionOut
from widget.sites.doors import embed_blueprint, embed_files_blueprint
from widget.sites.embed_guard import CORS_HEADERS, current_published_site, open_to_any_origin
from widget.sites.queries import find_published_site
from widget.sites.service import note_page_view

JAVASCRIPT = "text/javascript; charset=utf-8"
BOOT_CACHE = "public, max-age=60, stale-while-revalidate=600"
CURRENT_FILE_CACHE = "public, max-age=60"
IMMUTABLE_CACHE = "public, max-age=31536000, immutable"

files = embed_files_blueprint("embed", __name__, "The script and its modules")
blueprint = embed_blueprint("embed", __name__, "The boot document and the visitor's session")


@files.route("/<site_key>.js")
@files.response(200, description="The loader with the site's boot document", content_type="text/javascript")
def show_script(site_key: str) -> Response:
    """Return the one script of a store page: the loader and what decides whether something is due."""
    site = find_published_site(site_key)
    if site is None:
        raise NotFound("There is no site with this key.")
    if service.is_page_view_due(site):
        begin_writing()
        note_page_view(site.key)
        db.session.commit()
    return _answer_and_keep(service.get_site_bodies(site).loader, JAVASCRIPT)


@files.route("/static/<version>/<path:path>")
@files.response(200, description="A module", content_type="text/javascript")
def show_module(version: str, path: str) -> Response:
    """Return a module; an unknown version gets the current file, but may not keep it."""
    body = SCRIPTS.find_body(path)
    if body is None:
        raise NotFound()
    cache = IMMUTABLE_CACHE if version == SCRIPTS.version else CURRENT_FILE_CACHE
    return body.answer(request, JAVASCRIPT, cache)


@blueprint.route("/boot")
@open_to_any_origin
@blueprint.response(200, description="Which surveys there are and when each is due")
def show_boot() -> Response:
    """Return the boot document alone."""
    return _answer_and_keep(service.get_site_bodies(current_published_site()).boot, "application/json")


@blueprint.route("/sessions", methods=["POST"])
@blueprint.arguments(SessionIn)
@blueprint.response(200, SessionOut)
def post_session(tokens: dict[str, Any]) -> dict[str, Any]:
    """Give the browser a visitor token and, for the store's customer token, a session token.

    With it comes what keeps the customer from being asked too often, whatever the device.
    """
    begin_writing()
    opened = service.open_session(current_published_site(), **tokens)
    db.session.commit()
    answer = {"visitor_token": opened.visitor_token, "expires_at": opened.expires_at, **opened.known}
    if opened.session_token is not None:
        answer["session_token"] = opened.session_token
    return answer


def _answer_and_keep(body: CompressedBody, content_type: str) -> Response:
    keep_ready_answer(body, {**body.headers(content_type, BOOT_CACHE), **CORS_HEADERS})
    return body.answer(request, content_type, BOOT_CACHE)
