"""What the pages behind the room's links show and do: an author's review, and the products of a request."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from werkzeug.datastructures import MultiDict

from widget.core.clock import utc_now
from widget.core.db import db
from widget.core.ids import new_id
from widget.core.shopper_languages import LANGUAGE_NAMES, RIGHT_TO_LEFT
from widget.reviews import link_forms
from widget.reviews.confirming import confirm_review
from widget.reviews.emails import author_url
from widget.reviews.errors import ReviewNotFound
from widget.reviews.history import AUTHOR
from widget.reviews.link_texts import LINK_TEXTS, choose_texts
from widget.reviews.models import Review
from widget.reviews.product_names import name_products
from widget.reviews.queries import read_settings
from widget.reviews.reader_models import ReviewRequest
from widget.reviews.requesting import author_of, author_who_writes, list_open_products
from widget.reviews.service import LINK, edit_review, withdraw_review, write_reviews
from widget.reviews.writers import Author, find_review_of
from widget.sites.link_frame import Refusal, list_wanted_languages
from widget.sites.models import Site
from widget.sites.theme import build_theme

UNCONFIRMED = "unconfirmed"


def show_own_review(review: Review) -> tuple[str, int]:
    """Show an author their review: to confirm it, or to change it."""
    if review.hold_reason == UNCONFIRMED:
        earlier = find_review_of(review.site_id, review.product_id, author_of_review(review).key(review.site_id))
        return _show_conflict(review, earlier) if earlier else (_show_author_page(review, "confirm"), 200)
    return _show_author_page(review, "edit"), 200


def take_own_review(review: Review, form: "MultiDict[str, str]") -> tuple[str, int]:
    """Confirm, change or take back an author's review, as the button says that was pressed."""
    if form.get("action") == "confirm" or review.hold_reason == UNCONFIRMED:
        review, earlier = confirm_review(review.site_id, review.id)
        return _show_conflict(review, earlier) if earlier else (_show_end(review, "thanks"), 200)
    author = author_of_review(review)
    try:
        if form.get("action") == "withdraw":
            return _show_end(withdraw_review(review.site_id, review.id, author), "withdrawn"), 200
        definitions = read_settings(review.site_id).attributes
        said = link_forms.read_form(form, 0, definitions)
        errors = link_forms.find_errors(said, definitions)
        if errors:
            return _show_author_page(review, "edit", said, errors), 422
        said["id"] = link_forms.make_edit_id(review, said, form.get("revision", ""))
        return _show_end(edit_review(review.site_id, review.id, said, author).review, "saved"), 200
    except ReviewNotFound as problem:
        # A review whose author turned out to have another one is nobody's to change.
        raise Refusal("unknown", 404, review.site_id) from problem


def show_request(asked: ReviewRequest) -> tuple[str, int]:
    """Show what a buyer may review; product and stars in the address only choose beforehand."""
    product_id, rating = request.args.get("product"), link_forms.read_stars(request.args.get("rating"))
    said = {
        place: {"rating": rating}
        for place, product in enumerate(asked.products)
        if product["id"] == product_id or len(asked.products) == 1
    }
    return _show_request_page(asked, said, {}), 200


def take_request(asked: ReviewRequest, form: "MultiDict[str, str]") -> tuple[str, int]:
    """Store what a buyer says of the products, all of it or, where something is wrong, nothing."""
    if asked.expires_at <= utc_now():
        raise Refusal("expired", 410, asked.site_id, asked.language)
    definitions = read_settings(asked.site_id).attributes
    author = author_who_writes(asked)
    open_products = list_open_products(asked, author)
    said = {place: link_forms.read_form(form, place, definitions) for place in range(len(asked.products))}
    said = {place: one for place, one in said.items() if not link_forms.is_empty(one)}
    errors = {place: link_forms.find_errors(one, definitions) for place, one in said.items() if place in open_products}
    if not said:
        errors = {min(open_products, default=0): {"rating": "rating_first"}}
    if any(errors.values()):
        return _show_request_page(asked, said, errors), 422
    language, _ = _choose_texts(asked.site_id, asked.language)
    new = [
        (asked.products[place]["id"], {**one, "id": new_id(), "language": language})
        for place, one in said.items()
        if place in open_products
    ]
    written = write_reviews(asked.site_id, new, author, source=LINK)
    if written:
        return _show_end(max(written, key=lambda review: review.state == "pending"), "thanks"), 200
    # Sent twice, or said otherwise of what has a review: that is changed by its own link.
    return _show_request_page(asked, {}, {}), 200


def author_of_review(review: Review) -> Author:
    """Return whom the link to a review was sent to."""
    return Author(customer_id=review.customer_id, email=None if review.customer_id else review.email)


def show_notice(notice: str, site_id: uuid.UUID | None, language: str | None) -> str:
    """Show a page that says one thing, with nothing personal on it."""
    return _render(site_id, language, "notice", notice=notice, link=None)


def _show_author_page(
    review: Review, step: str, said: Mapping[str, Any] | None = None, errors: Mapping[str, str] | None = None
) -> str:
    notice = None
    if review.state == "rejected":
        notice = "withdrawn_text" if review.reject_reason == AUTHOR else "rejected_text"
    return _render(
        review.site_id,
        review.language,
        "author",
        step=step,
        review=review,
        product=name_products(review.site_id, [review.product_id])[review.product_id],
        said=said or link_forms.said_by(review),
        errors=errors or {},
        notice=notice,
    )


def _show_conflict(review: Review, earlier: Review) -> tuple[str, int]:
    link = {"url": author_url(earlier), "label": "change"}
    return _render(review.site_id, review.language, "notice", notice="conflict", link=link), 409


def _show_end(review: Review, notice: str) -> str:
    text = "withdrawn_text" if notice == "withdrawn" else f"{review.state}_text"
    link = {"url": author_url(review), "label": "change"}
    return _render(review.site_id, review.language, "notice", notice=notice, text=text, link=link)


def _show_request_page(
    asked: ReviewRequest, said: Mapping[int, Mapping[str, Any]], errors: Mapping[int, Mapping[str, str]]
) -> str:
    author = author_of(asked)
    key = author.key(asked.site_id)
    reviewed = {
        place: author_url(review)
        for place, product in enumerate(asked.products)
        if (review := find_review_of(asked.site_id, product["id"], key))
    }
    # What the address or the form names comes first.
    places = sorted(range(len(asked.products)), key=lambda place: (place in reviewed, place not in said, place))
    return _render(
        asked.site_id,
        asked.language,
        "request",
        products=asked.products,
        places=places,
        reviewed=reviewed,
        said=said,
        errors=errors,
        name=next((one["name"] for one in said.values() if "name" in one), ""),
    )


def _choose_texts(site_id: uuid.UUID | None, language: str | None) -> tuple[str, dict[str, str]]:
    site = db.session.get(Site, site_id) if site_id else None
    return choose_texts(",".join(list_wanted_languages(language)), site.name if site else "")


def _render(site_id: uuid.UUID | None, wanted: str | None, template: str, **values: Any) -> str:
    site = db.session.get(Site, site_id) if site_id else None
    language, ui = _choose_texts(site_id, wanted)
    content: dict[str, Any] = {"language": language, "dir": "rtl" if language in RIGHT_TO_LEFT else "ltr"}
    definitions = []
    if site is not None:
        content["theme"] = build_theme(site.theme, site.key)
        definitions = link_forms.describe_attributes(read_settings(site.id).attributes, language)
    languages = [(code, LANGUAGE_NAMES[code]) for code in LINK_TEXTS if code != language]
    shown = {"site": site, "content": content, "ui": ui, "attributes": definitions, "limits": link_forms.LIMITS}
    return render_template(f"reviews/links/{template}.html", languages=languages, **shown, **values)
