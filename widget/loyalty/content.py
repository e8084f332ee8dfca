"""What the element of points shows beside the points: words, direction, theme."""

from typing import Any

from widget.core.shopper_languages import RIGHT_TO_LEFT
from widget.loyalty.texts import Words
from widget.sites.queries import PublishedSite
from widget.sites.theme import build_theme


def build_content(site: PublishedSite, words: Words) -> dict[str, Any]:
    """Return the words of the element in one language, and the look of the site's widgets."""
    return {
        "language": words.language,
        "dir": "rtl" if words.language in RIGHT_TO_LEFT else "ltr",
        "theme": build_theme(site.theme, site.key),
        "ui": words.texts.UI,
    }
