"""The summary and the first page of a product's reviews as HTML, for stores that put it into their own pages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from flask import render_template

from widget.reviews.content import build_content
from widget.reviews.listing import Wanted
from widget.reviews.reading import read_page
from widget.reviews.structured_data import build_structured_data, spell_inert
from widget.sites.queries import PublishedSite


def render_reviews(site: PublishedSite, product_id: str, wanted_languages: str) -> str:
    """Return a section of HTML with what widgets show at first, and the same for search engines inside."""
    page = read_page(site, product_id, Wanted())
    content = build_content(site, page.settings, wanted_languages)
    locale = Locale.parse(content["language"])
    structured = build_structured_data(page.facts, page.document)
    return render_template(
        "reviews/rendered.html",
        page=page.document,
        content=content,
        structured=spell_inert(structured) if structured else None,
        choose_form=lambda forms, number: choose_form(forms, number, locale),
        spell_day=lambda moment: format_date(datetime.fromisoformat(moment).date(), "long", locale=locale),
        spell_number=lambda number: format_decimal(number, locale=locale),
        spell_value=spell_value,
    )


def read_structured_data(site: PublishedSite, product_id: str) -> str:
    """Return the JSON-LD of a product with its first reviews, inert in a script; {} where there is nothing to say."""
    page = read_page(site, product_id, Wanted())
    return spell_inert(build_structured_data(page.facts, page.document))


def choose_form(forms: Mapping[str, str], number: int, locale: Locale) -> str:
    """Return the words for a number of things.

    >>> forms = {"one": "{n} review", "other": "{n} reviews"}
    >>> choose_form(forms, 1, Locale("en")), choose_form(forms, 1200, Locale("en"))
    ('1 review', '1,200 reviews')
    """
    form = forms.get(locale.plural_form(number)) or forms["other"]
    return form.replace("{n}", format_decimal(number, locale=locale))


def spell_value(attribute: Mapping[str, Any], value: Any) -> str:
    """Return what was said of an attribute, as its content describes it.

    >>> spell_value({"type": "scale", "low": "Small", "high": "Large"}, 2), spell_value({"type": "scale"}, 2)
    ('2 / 5 (1: Small, 5: Large)', '2 / 5')
    >>> spell_value({"type": "choice", "choices": [{"id": "s", "label": "Slim"}]}, "s")
    'Slim'
    """
    if attribute["type"] == "scale":
        ends = f" (1: {attribute['low']}, 5: {attribute['high']})" if {"low", "high"} <= attribute.keys() else ""
        return f"{value} / 5{ends}"
    return next((choice["label"] for choice in attribute["choices"] if choice["id"] == value), str(value))
