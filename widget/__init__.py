"""Regulars: the self-hosted feedback and loyalty back end of a store."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from widget.config import Settings
from widget.core.db import db, init_database
from widget.core.doors import ProblemApi, init_errors
from widget.core.observability import init_observability
from widget.core.owner_cookies import OwnerSessionInterface
from widget.core.paths import init_paths
from widget.core.rate_limits import init_rate_limits
from widget.core.ready_answers import init_ready_answers
from widget.core.static_files import STATIC_DIR
from widget.flask_config import flask_config
from widget.sites.lean_door import init_lean_door
from widget.sites.web import init_owner_web

TEMPLATES_DIR = STATIC_DIR.parent / "templates"
MIGRATIONS_DIR = STATIC_DIR.parent / "widget" / "migrations"


class Application(Flask):
    """Flask without async views: it need not ask each function, ten times a request, whether it is one."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application from its settings; raise SettingsError where they are unsafe."""
    from widget.rooms import API_BLUEPRINTS, COMMANDS, DEMO_BLUEPRINTS, LEAN_VIEWS, PAGE_BLUEPRINTS

    settings = settings or Settings.from_env()
    app = Application("widget", static_folder=None, template_folder=str(TEMPLATES_DIR))
    app.config.from_mapping(flask_config(settings))
    app.session_interface = OwnerSessionInterface()
    init_observability(app)
    init_database(app)
    Migrate(app, db, directory=str(MIGRATIONS_DIR))
    init_rate_limits(app, settings.redis_url)
    init_owner_web(app)
    init_errors(app)
    init_paths(app)
    init_lean_door(app, LEAN_VIEWS)
    if count := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    init_ready_answers(app)
    api = ProblemApi(app)
    for blueprint in API_BLUEPRINTS:
        api.register_blueprint(blueprint)
    for page_blueprint in PAGE_BLUEPRINTS + (DEMO_BLUEPRINTS if settings.demo else ()):
        app.register_blueprint(page_blueprint)
    for command in COMMANDS:
        app.cli.add_command(command)
    return app
