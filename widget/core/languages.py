"""The languages owners read: which one a request wants, and the catalogs of our own texts."""

from collections.abc import Callable

from flask import Flask, has_request_context, request
from flask_babel import Babel, get_locale

from widget.core.catalogs import CatalogDomain
from widget.core.details import translate_detail

LANGUAGES = ("en", "it", "id")


def init_languages(app: Flask, find_chosen: Callable[[], str | None]) -> None:
    """Give templates `_()`; `find_chosen` returns the language somebody has chosen, or None."""

    def select_language() -> str:
        if not has_request_context():
            # The worker and the commands have no browser to ask.
            return LANGUAGES[0]
        return find_chosen() or request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]

    app.jinja_env.globals["page_language"] = lambda: str(get_locale() or LANGUAGES[0])
    app.jinja_env.filters["detail"] = translate_detail
    babel = Babel(app, default_locale=LANGUAGES[0], default_timezone="UTC", locale_selector=select_language)
    babel.domain_instance = CatalogDomain()
