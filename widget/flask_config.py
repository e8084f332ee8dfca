"""What the settings mean to Flask and its extensions."""

from typing import Any

import orjson

from widget.config import Settings

MAX_REQUEST_BYTES = 512 * 1024
MAX_FORM_MEMORY_BYTES = 512 * 1024

# What the store's door asks for; the page of API documents has a field for it.
SECURITY_SCHEMES = {
    "secretKey": {"type": "http", "scheme": "bearer", "description": "A secret key of the site, sk_..."}
}


def flask_config(settings: Settings) -> dict[str, Any]:
    """Return the configuration of the Flask application."""
    return {
        "SETTINGS": settings,
        "SECRET_KEY": settings.secret_key,
        "BASE_URL": settings.base_url,
        "VISITOR_LIMIT": settings.visitor_limit,
        "PREFIX_LIMIT": settings.prefix_limit,
        "COUNTRY_HEADER": settings.country_header,
        "SITE_LIMIT": settings.site_limit,
        "MAX_CONTENT_LENGTH": MAX_REQUEST_BYTES,
        "MAX_FORM_MEMORY_SIZE": MAX_FORM_MEMORY_BYTES,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(settings.database_url),
        "SESSION_COOKIE_NAME": "regulars_owner",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.base_url.startswith("https://"),
        "BOOTSTRAP_SERVE_LOCAL": True,
        # Its messages are in our catalogs: its own know no Indonesian.
        "WTF_I18N_ENABLED": False,
        "API_TITLE": "Regulars",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": "/api",
        "OPENAPI_JSON_PATH": "openapi.json",
        "API_SPEC_OPTIONS": {"components": {"securitySchemes": SECURITY_SCHEMES}},
    }


def _engine_options(database_url: str) -> dict[str, Any]:
    options: dict[str, Any] = {
        "json_serializer": lambda value: orjson.dumps(value).decode(),
        "json_deserializer": orjson.loads,
        "pool_size": 10,
        "max_overflow": 10,
        # What fails is logged with its statement, whose values may be about a person.
        "hide_parameters": True,
    }
    if database_url.startswith("postgresql"):
        # A worker counts answers up to a minute ago; no statement may outlive that minute.
        # A connection that a restart of the database cut is replaced before it is used.
        options["pool_pre_ping"] = True
        options["connect_args"] = {"options": "-c statement_timeout=30000 -c timezone=UTC"}
    return options
