"""Flask's session cookie, for owners' pages alone."""

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

DASHBOARD_PATH = "/dashboard"


class OwnerSessionInterface(SecureCookieSessionInterface):
    """Read and set the session cookie below /dashboard; every other door works without cookies."""

    def get_cookie_path(self, app: Flask) -> str:
        return DASHBOARD_PATH

    def open_session(self, app: Flask, request: Request) -> SessionMixin | None:  # type: ignore[override]
        if not request.path.startswith(DASHBOARD_PATH):
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if request.path.startswith(DASHBOARD_PATH):
            super().save_session(app, session, response)
