"""What the element of referrals shows beside what there is to tell: words, direction, theme."""

from typing import Any

from widget.core.shopper_languages import RIGHT_TO_LEFT
from widget.referrals.texts import choose_ui
from widget.sites.queries import PublishedSite
from widget.sites.theme import build_theme


def build_content(site: PublishedSite, language: str) -> dict[str, Any]:
    """Return the words of the element in one language, and the look of the site's widgets."""
    return {
        "language": language,
        "dir": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "theme": build_theme(site.theme, site.key),
        "ui": choose_ui(language),
    }
