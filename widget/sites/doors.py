"""The guarded doors and the public one: every blueprint of the application is made here."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from flask import Blueprint, Request, current_app, g, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from widget.core.db import begin_writing, begin_writing_anew
from widget.core.doors import ApiBlueprint, commit_success
from widget.core.problems import MalformedRequest, NotAllowed, NotAuthenticated, NotFound, TooLarge
from widget.sites import idempotency
from widget.sites.embed_guard import add_cors_headers, guard_embed
from widget.sites.errors import RoleTooLow
from widget.sites.models import Site
from widget.sites.queries import SITE_KEY_PATTERN, find_membership, find_site_by_key, find_site_by_secret_key
from widget.sites.rules import role_includes
from widget.sites.web import csrf

WRITING_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
# An order of a platform names each of its lines several times.
MAX_WEBHOOK_BYTES = 5 * 1024 * 1024

View = TypeVar("View", bound=Callable[..., Any])


def embed_blueprint(name: str, import_name: str, description: str) -> ApiBlueprint:
    """Make the door of shoppers' browsers: site key, origin list, rate limits, CORS; no cookies."""
    blueprint = ApiBlueprint(f"{name}_embed", import_name, url_prefix="/embed/v1/<site_key>", description=description)
    blueprint.url_value_preprocessor(_take_site_key)
    blueprint.before_request(guard_embed)
    blueprint.after_request(add_cors_headers)
    return blueprint


def embed_files_blueprint(name: str, import_name: str, description: str) -> ApiBlueprint:
    """Make the part of the embed door that serves files: no Origin comes with them, nothing is personal."""
    blueprint = ApiBlueprint(f"{name}_files", import_name, url_prefix="/embed/v1", description=description)
    blueprint.after_request(add_cors_headers)
    return blueprint


def store_blueprint(name: str, import_name: str, description: str) -> ApiBlueprint:
    """Make the door of the store's server: a secret key as Bearer, Idempotency-Key on POST."""
    blueprint = ApiBlueprint(
        f"{name}_store", import_name, url_prefix="/api/v1", description=description, security="secretKey"
    )
    blueprint.before_request(_guard_store)
    blueprint.before_request(idempotency.claim_key)
    blueprint.after_request(commit_success)
    blueprint.after_request(idempotency.keep_answer)
    return blueprint


def webhooks_blueprint(
    platform: str,
    import_name: str,
    description: str,
    *,
    find_secrets: Callable[[uuid.UUID], Sequence[str]],
    is_from_platform: Callable[[Request, str], bool],
) -> ApiBlueprint:
    """Make the door of a platform: what it sends is signed with a secret of the site's connection to it."""
    blueprint = ApiBlueprint(
        f"{platform}_webhooks",
        import_name,
        url_prefix=f"/api/v1/webhooks/{platform}/<site_key>",
        description=description,
    )

    def guard_platform() -> None:
        _read_raw_body()
        site = find_site_by_key(g.site_key) if SITE_KEY_PATTERN.fullmatch(g.site_key) else None
        secrets = find_secrets(site.id) if site else ()
        if not any(is_from_platform(request, secret) for secret in secrets):
            raise NotAuthenticated("The signature is missing, or is not one of this site's connection.")
        g.site = site
        if request.method in WRITING_METHODS:
            begin_writing_anew()

    blueprint.url_value_preprocessor(_take_site_key)
    blueprint.before_request(guard_platform)
    blueprint.after_request(commit_success)
    return blueprint


def pages_blueprint(name: str, import_name: str, *, reading: str = "viewer", writing: str = "editor") -> Blueprint:
    """Make the door of owners at one site: log-in session, a role for reading and writing, CSRF, Origin."""
    blueprint = Blueprint(f"{name}_pages", import_name, url_prefix="/dashboard/<site_key>")

    def guard_site() -> BaseResponse | None:
        refusal = _guard_owner()
        if refusal is None:
            _enter_site(writing if request.method in WRITING_METHODS else reading)
        return refusal

    blueprint.url_value_preprocessor(_take_site_key)
    blueprint.before_request(guard_site)
    blueprint.after_request(commit_success)
    return blueprint


def account_blueprint(name: str, import_name: str) -> Blueprint:
    """Make the door of owners to pages of their own account, before they chose a site."""
    blueprint = Blueprint(f"{name}_account", import_name, url_prefix="/dashboard")
    blueprint.before_request(_guard_owner)
    blueprint.after_request(commit_success)
    return blueprint


def links_blueprint(name: str, import_name: str) -> Blueprint:
    """Make the door of readers of e-mails: the views read a token; GET and HEAD write nothing."""
    blueprint = Blueprint(f"{name}_links", import_name, url_prefix="/l")
    blueprint.before_request(_begin_writing_request)
    blueprint.after_request(commit_success)
    return blueprint


def public_blueprint(name: str, import_name: str) -> Blueprint:
    """Make the door without a guard: health, metrics, API documents, the demo store and share links."""
    return Blueprint(f"{name}_public", import_name)


def reads_first(view: View) -> View:
    """Mark a page whose slow part needs no writer: its view calls `begin_writing_anew` when it comes to write."""
    view.is_reading_first = True  # type: ignore[attr-defined]
    return view


def without_login(view: View) -> View:
    """Mark an owner's page that is needed before the log-in; CSRF and Origin are still checked."""
    view.is_open_without_login = True  # type: ignore[attr-defined]
    return view


def _take_site_key(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    g.site_key = (values or {}).pop("site_key", "")


def _begin_writing_request() -> None:
    if request.method in WRITING_METHODS:
        begin_writing()


def _read_raw_body() -> None:
    """Read the body as it was signed, before anything reads it as something."""
    request.max_content_length = MAX_WEBHOOK_BYTES
    try:
        request.get_data()
    except RequestEntityTooLarge as error:
        raise TooLarge() from error


def _guard_store() -> None:
    scheme, _, secret_key = request.headers.get("Authorization", "").partition(" ")
    _begin_writing_request()
    found = find_site_by_secret_key(secret_key.strip()) if scheme.lower() == "bearer" else None
    if found is None:
        raise NotAuthenticated(
            "Send a secret key as: Authorization: Bearer sk_...", headers={"WWW-Authenticate": "Bearer"}
        )
    g.site, g.api_key = found


def _guard_owner() -> BaseResponse | None:
    view = _current_view()
    if request.method in WRITING_METHODS:
        _refuse_foreign_origin()
        _require_csrf_token()
        if not getattr(view, "is_reading_first", False):
            begin_writing()
    if getattr(view, "is_open_without_login", False) or current_user.is_authenticated:
        return None
    if request.method in WRITING_METHODS or request.path.endswith(".json"):
        raise NotAuthenticated(_("Your session has ended. Log in again."))
    return redirect(url_for("dashboard_account.show_login", next=request.full_path.rstrip("?")))


def _current_view() -> Callable[..., Any] | None:
    return current_app.view_functions.get(request.endpoint or "")


def _refuse_foreign_origin() -> None:
    origin = request.headers.get("Origin")
    # Behind a proxy that ends TLS the address as the browser knows it may be told by BASE_URL alone.
    own = (request.host_url.rstrip("/"), current_app.config["BASE_URL"])
    if origin is not None and origin not in own:
        raise NotAllowed(_("This form was sent from another site."))


def _require_csrf_token() -> None:
    try:
        csrf.protect()
    except CSRFError as error:
        detail = _("This form is no longer valid. Go back, reload the page and send it again.")
        raise MalformedRequest(detail) from error


def _enter_site(needed_role: str) -> None:
    membership = find_membership(g.site_key, current_user.owner_id)
    if membership is None:
        raise NotFound()
    if not role_includes(membership.role, needed_role):
        raise RoleTooLow()
    g.site, g.role = membership.site, membership.role


def current_site() -> Site:
    """Return the site the guard let this request into."""
    site: Site = g.site
    return site
