"""What the elements of reviews show beside the reviews: words, theme, what is asked, and how reviews come about."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app

from widget.core.shopper_languages import RIGHT_TO_LEFT
from widget.reviews.authenticity import count_reviews, describe_authenticity
from widget.reviews.queries import map_tallies
from widget.reviews.reader_models import ReviewSettings
from widget.reviews.texts import DEFAULT_LANGUAGE, choose_texts_language, find_words
from widget.sites.queries import PublishedSite
from widget.sites.theme import build_theme

_SETTINGS = (
    "moderation",
    "allows_unsigned",
    "allows_photos",
    "allows_video",
    "name_form",
    "default_sort",
    "attributes",
)
_CONTENTS = "regulars_review_contents"


@dataclass(frozen=True)
class _Kept:
    """A content document with what it was made from."""

    version: int
    settings: Mapping[str, Any]
    tallies: Mapping[tuple[str, str, int], int]
    document: dict[str, Any]


def build_content(site: PublishedSite, settings: ReviewSettings, wanted_languages: str) -> dict[str, Any]:
    """Return the content document for a comma-separated list of languages; nobody may change it.

    It is kept in the process while the settings, the site and its numbers, which are read each time, stay the same.
    """
    language = choose_texts_language(wanted_languages)
    contents: dict[tuple[uuid.UUID, str], _Kept] = current_app.extensions.setdefault(_CONTENTS, {})
    chosen = {name: getattr(settings, name) for name in _SETTINGS}
    kept, tallies = contents.get((site.id, language)), map_tallies(site.id)
    if kept is not None and (kept.version, kept.settings, kept.tallies) == (site.version, chosen, tallies):
        return kept.document
    document = _describe(site, settings, tallies, language)
    contents[site.id, language] = _Kept(site.version, chosen, tallies, document)
    return document


def _describe(
    site: PublishedSite, settings: ReviewSettings, tallies: Mapping[tuple[str, str, int], int], language: str
) -> dict[str, Any]:
    counts = count_reviews(tallies)
    words = find_words(language)
    return {
        "language": language,
        "dir": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "title": words["title"],
        "ui": words,
        "theme": build_theme(site.theme, site.key),
        "attributes": [describe_attribute(attribute, language) for attribute in settings.attributes],
        "authenticity": describe_authenticity(settings, counts, language),
        "received": counts.received,
        "published": counts.published,
        "hidden": counts.hidden,
        "asks": {
            "photos": settings.allows_photos,
            "video": settings.allows_video,
            "unsigned": settings.allows_unsigned,
        },
        "name_form": settings.name_form,
        "default_sort": settings.default_sort,
    }


def describe_attribute(attribute: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return what the owner asks beyond stars, in one language.

    >>> fit = {"key": "fit", "type": "scale", "labels": {"en": "Fit"}, "low": {"en": "Small", "it": "Piccolo"}}
    >>> describe_attribute(fit, "it")
    {'key': 'fit', 'type': 'scale', 'label': 'Fit', 'low': 'Piccolo'}
    """
    described = {
        "key": attribute["key"],
        "type": attribute["type"],
        "label": _choose(attribute["labels"], language) or attribute["key"],
    }
    for end in ("low", "high"):
        if text := _choose(attribute.get(end), language):
            described[end] = text
    if attribute["type"] == "choice":
        described["choices"] = [
            {"id": choice["id"], "label": _choose(choice["labels"], language) or choice["id"]}
            for choice in attribute["choices"]
        ]
    return described


def _choose(texts: Mapping[str, str] | None, language: str) -> str | None:
    """Return a text in the language, else in English, else in whichever there is."""
    texts = texts or {}
    return texts.get(language) or texts.get(DEFAULT_LANGUAGE) or next(iter(texts.values()), None)
