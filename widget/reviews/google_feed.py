"""The product ratings feed of Google Merchant Center, version 2.4.

Its schema is a sequence: the order of the elements below is part of the format, and a container is left out where
there is nothing in it.
"""

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from widget.reviews.feeds import FeedReview, clean, count_left_out, open_feed, read_feed
from widget.reviews.shown import ANONYMOUS
from widget.sites.queries import PublishedSite

CONTENT_TYPE = "application/xml; charset=utf-8"
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns:vc="http://www.w3.org/2007/XMLSchema-versioning" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"\
 xsi:noNamespaceSchemaLocation="http://www.google.com/shopping/reviews/schema/product/2.4/product_reviews.xsd">
"""
# What each container of ids holds.
_IDS = {"gtins": "gtin", "mpns": "mpn", "skus": "sku", "brands": "brand"}


def stream_google_feed(site: PublishedSite, publisher: str) -> Iterator[bytes]:
    """Yield the feed of a site piece by piece; it sees one state of the database."""
    with open_feed() as connection:
        nowhere, silent = count_left_out(connection, site.id)
        left_out = f"Left out: {nowhere} of products whose address is not known, {silent} without a text."
        publisher_name = _element("name", clean(publisher) or ANONYMOUS)
        yield f"{_HEAD}<!-- {left_out} -->\n<version>2.4</version>\n".encode()
        yield f"<publisher>{publisher_name}</publisher>\n<reviews>\n".encode()
        for reviews in read_feed(connection, site):
            yield "".join(map(spell_review, reviews)).encode()
        yield b"</reviews>\n</feed>\n"


def spell_review(review: FeedReview) -> str:
    """Return one review as an element of the feed."""
    address = review.product["url"]
    overall = _element("overall", str(review.rating), min="1", max="5")
    parts = (
        _element("review_id", review.id),
        f"<reviewer>{_spell_name(review.author)}</reviewer>",
        _element("is_verified_purchase", _spell_flag(review.is_verified)),
        _element("is_incentivized_review", _spell_flag(review.is_incentivized)),
        _element("review_timestamp", review.written_at),
        _element("title", review.title),
        _element("content", review.text),
        _element("review_language", review.language),
        _element("review_country", review.country),
        # The address shows all of the product's reviews, not this one alone.
        _element("review_url", address, type="group"),
        _spell_photos(review.photos),
        f"<ratings>{overall}</ratings>",
        f"<products><product>{_spell_product(review.product)}</product></products>",
        _element("collection_method", "post_fulfillment" if review.is_asked_for else "unsolicited"),
    )
    return f"<review>{''.join(parts)}</review>\n"


def _spell_name(author: str) -> str:
    return _element("name", author) if author else _element("name", ANONYMOUS, is_anonymous="true")


def _spell_photos(addresses: Sequence[str]) -> str:
    photos = "".join(f"<reviewer_image>{_element('url', address)}</reviewer_image>" for address in addresses)
    return photos and f"<reviewer_images>{photos}</reviewer_images>"


def _spell_product(facts: dict[str, str]) -> str:
    # What the store calls the product is its SKU unless the store said otherwise.
    known = {"sku": facts.get("product_id", ""), **facts}
    ids = "".join(
        f"<{container}>{_element(element, known[element])}</{container}>"
        for container, element in _IDS.items()
        if known.get(element)
    )
    name, url = _element("product_name", facts.get("title")), _element("product_url", facts["url"])
    return f"<product_ids>{ids}</product_ids>{name}{url}" if ids else name + url


def _spell_flag(is_so: bool) -> str:
    return "true" if is_so else "false"


def _element(name: str, text: str | None, **attributes: str) -> str:
    """Return an element with a text, nothing without one."""
    if not text:
        return ""
    marks = "".join(f" {attribute}={quoteattr(value)}" for attribute, value in attributes.items())
    return f"<{name}{marks}>{escape(text)}</{name}>"
