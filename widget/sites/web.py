"""What owners' pages need of Flask's extensions: CSRF tokens, the log-in session, and a strict policy."""

from typing import Any

from flask import Flask, Response, current_app, g, request, session
from flask_babel import refresh
from flask_login import LoginManager, current_user, login_user
from flask_wtf import CSRFProtect

from widget.core.clock import utc_now
from widget.core.languages import init_languages
from widget.sites.models import Owner, OwnerSession
from widget.sites.queries import find_owner_session
from widget.sites.rules import role_includes

PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self';"
    " img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    # Without a referrer a browser sends `Origin: null` with forms, which the door would refuse.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}

csrf = CSRFProtect()
login_manager = LoginManager()


def init_owner_web(app: Flask) -> None:
    """Prepare the owners' log-in and CSRF tokens; the doors decide where they are checked."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    csrf.init_app(app)
    # Not `init_app`: it would look at the session after every request, for a remember-me cookie there is not,
    # and let templates look the owner up, also those of errors, when the database may be down.
    app.login_manager = login_manager  # type: ignore[attr-defined]
    app.jinja_env.globals["current_owner"] = current_owner
    app.jinja_env.globals["may"] = may
    app.url_defaults(_add_site_key)
    init_languages(app, _find_chosen_language)
    app.after_request(_add_page_headers)


def start_browser_session(token: str) -> None:
    """Give the browser a new, empty session that carries the secret of a fresh log-in."""
    session.clear()
    login_user(_load_owner_session(token))
    refresh()


def _find_chosen_language() -> str | None:
    """Return the language of the owner who is logged in, if one was chosen."""
    # Errors are shown without looking anybody up: the database may be down.
    language: str | None = g.get("owner_language")
    return language


def speak_language(language: str | None) -> None:
    """Use a language, or the browser's, for the rest of this request."""
    g.owner_language = language
    refresh()


def current_owner() -> Owner:
    """Return the owner who is logged in; only behind a guard that made sure there is one."""
    owner: Owner = current_user.owner
    return owner


def may(role: str) -> bool:
    """Tell whether the owner's role at this site includes a role."""
    return role_includes(g.role, role)


def _add_site_key(endpoint: str, values: dict[str, Any]) -> None:
    """Let links from one page of a site to another leave the site out."""
    if "site_key" in g and current_app.url_map.is_endpoint_expecting(endpoint, "site_key"):
        values.setdefault("site_key", g.site_key)


def _add_page_headers(response: Response) -> Response:
    if response.mimetype == "text/html" or request.path.startswith("/dashboard"):
        for name, value in PAGE_HEADERS.items():
            response.headers.setdefault(name, value)
    return response


@login_manager.user_loader
def _load_owner_session(token: str) -> OwnerSession | None:
    owner_session = find_owner_session(token, utc_now())
    if owner_session is not None:
        owner_session.token = token
        g.owner_language = owner_session.owner.language
    return owner_session
