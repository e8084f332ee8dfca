"""What every page behind a link has: its headers, the reader's languages, and the site's colours as a style sheet."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Response, request

from widget.sites.theme import build_theme

# Nothing but our own style sheets and the store's pictures; the address, a secret, is told to nobody.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
}
_COLOURS = ("background", "text", "muted", "accent", "accent_text", "border")


class Refusal(Exception):
    """There is nothing to do at this address; `notice` names the page that says why."""

    def __init__(self, notice: str, status: int, site_id: uuid.UUID | None = None, language: str | None = None) -> None:
        super().__init__(notice)
        self.notice, self.status, self.site_id, self.language = notice, status, site_id, language


def add_link_headers(response: Response) -> Response:
    """Keep the address secret and the page to itself."""
    response.headers.update(_HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def list_wanted_languages(language: str | None = None) -> list[str]:
    """Return the reader's languages, most wanted first: chosen on the page, of the link, of the browser."""
    chosen = (request.values.get("lang"), language, *request.accept_languages.values())
    return [tag for tag in chosen if tag]


def build_style_sheet(values: Mapping[str, Any]) -> str:
    """Return custom properties for a site's theme, light and dark.

    >>> sheet = build_style_sheet({"scheme": "light", "accent": "#1d7f5f"})
    >>> sheet.count("--accent: #1d7f5f;"), "color-scheme: light;" in sheet
    (2, True)
    """
    theme = build_theme(values, "")
    scheme = theme.get("scheme", "light dark")
    shown = theme["dark"] if scheme == "dark" else theme
    rest = f" --radius: {int(theme['radius'])}px;"
    if font := theme.get("font"):
        rest += f" --font: {font};"
    # Also where the owner chose one scheme: the page's own rule for dark screens has to give way.
    at_night = theme["dark"] if scheme == "light dark" else shown
    return (
        f":root {{ color-scheme: {scheme};{_write_colours(shown)}{rest} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{{_write_colours(at_night)} }} }}\n"
    )


def _write_colours(colours: Mapping[str, str]) -> str:
    return "".join(f" --{name.replace('_', '-')}: {colours[name]};" for name in _COLOURS)
