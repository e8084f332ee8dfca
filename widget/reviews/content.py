"""What the elements of reviews say around the reviews, in the shopper's language."""

from typing import Any

from widget.core.shopper_languages import RIGHT_TO_LEFT, choose_language
from widget.reviews.reader_models import ReviewSettings
from widget.sites.queries import PublishedSite


def build_content(site: PublishedSite, settings: ReviewSettings, wanted_languages: str) -> dict[str, Any]:
    """Return the texts of the elements in the first of the wanted languages that there is."""
    language = choose_language(wanted_languages, "en", ("en",))
    return {
        "language": language,
        "dir": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "default_sort": settings.default_sort,
    }
