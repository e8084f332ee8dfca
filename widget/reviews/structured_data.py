"""What search engines are told of a product and its reviews, as schema.org JSON-LD.

A product is rated, never the store: ratings a store collects of itself make a page ineligible.
"""

from collections.abc import Mapping
from typing import Any

import orjson

from widget.reviews.shown import ANONYMOUS

_SCALE = {"bestRating": 5, "worstRating": 1}
MAX_REVIEWS, MAX_AUTHOR_LENGTH = 10, 99
# What could end the script that the document stands in, or a line of it.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def build_structured_data(facts: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON-LD of a product from what is known of it and a shown page of its reviews.

    It is empty where nothing may be said: without a published review, or without the product's name.

    >>> build_structured_data({"title": None}, {"summary": {"reviews": 3}})
    {}
    """
    summary = document["summary"]
    if not summary["reviews"] or not facts.get("title"):
        return {}
    said = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": facts["title"],
        "image": _address(facts.get("image_url")),
        "url": _address(facts.get("url")),
        "sku": facts.get("sku") or facts.get("product_id"),
        "gtin": facts.get("gtin"),
        "mpn": facts.get("mpn"),
        "brand": {"@type": "Brand", "name": facts["brand"]} if facts.get("brand") else None,
        "aggregateRating": {
            "@type": "AggregateRating",
            "ratingValue": summary["average"],
            "reviewCount": summary["reviews"],
            **_SCALE,
        },
        "review": [_describe_review(review) for review in document["reviews"][:MAX_REVIEWS]],
    }
    return {name: value for name, value in said.items() if value}


def spell_inert(document: Mapping[str, Any]) -> str:
    r"""Return a document as JSON that may stand inside a script, whatever somebody wrote into it.

    >>> spell_inert({"name": "</script>"})
    '{"name":"\\u003c/script\\u003e"}'
    """
    return orjson.dumps(document).decode().translate(_ESCAPES)


def _describe_review(review: Mapping[str, Any]) -> dict[str, Any]:
    said = {
        "@type": "Review",
        "author": {"@type": "Person", "name": (review["author"] or ANONYMOUS)[:MAX_AUTHOR_LENGTH]},
        "datePublished": review["written_at"][:10],
        "name": review["title"],
        "reviewBody": review["body"],
        "inLanguage": review["language"],
        "reviewRating": {"@type": "Rating", "ratingValue": review["rating"], **_SCALE},
    }
    return {name: value for name, value in said.items() if value}


def _address(address: str | None) -> str | None:
    return address if address and address.startswith(("https://", "http://")) else None
