"""The room's mails to shoppers: to confirm a review, to write one, and to look at one again."""

from typing import Any

from babel.dates import format_date
from flask import current_app, render_template

from widget.core.mail import queue_mail
from widget.core.shopper_languages import RIGHT_TO_LEFT
from widget.core.tokens import sign_token
from widget.customers.suppressions import find_suppressed, list_opt_out_headers, opt_out_url
from widget.reviews.link_texts import choose_texts
from widget.reviews.models import Review
from widget.reviews.product_names import name_products
from widget.reviews.queries import find_author_email
from widget.reviews.reader_models import ReviewRequest
from widget.reviews.rules import RATINGS
from widget.sites.models import Site
from widget.sites.theme import build_theme

AUTHOR_PURPOSE = "review-author"
REQUEST_PURPOSE = "review-request"


def author_url(review: Review) -> str:
    """Return the link by which a review's author confirms, changes or withdraws it."""
    token = sign_token(AUTHOR_PURPOSE, review.site_id, review.id.hex)
    return f"{current_app.config['BASE_URL']}/l/v/{token}"


def request_url(request: ReviewRequest) -> str:
    """Return the link by which a buyer reviews what they bought."""
    token = sign_token(REQUEST_PURPOSE, request.site_id, request.id.hex)
    return f"{current_app.config['BASE_URL']}/l/w/{token}"


def queue_confirmation(site: Site, review: Review, email: str) -> None:
    """Ask the reader of an address whether a review is theirs.

    The mail holds no word of the review's, nor an unknown product's id: it may go to somebody who wrote nothing.
    """
    values = _describe(site, review)
    values["product"] = None if values["product"] == review.product_id else values["product"]
    _queue(site, email, review.language, "confirm", url=author_url(review), **values)


def queue_edit_request(site: Site, review: Review, note: str | None) -> None:
    """Mail a review's author the link by which they change it, with what the store asks for.

    Without an address, or where its reader wants no such mails, there is nobody to ask.
    """
    email = find_author_email(review)
    if email and not find_suppressed(site.id, [email]):
        values = _describe(site, review)
        _queue(site, email, review.language, "edit", may_stop=True, url=author_url(review), note=note, **values)


def queue_review_request(site: Site, request: ReviewRequest, email: str, name: str | None) -> None:
    """Ask a buyer to review what they bought: one mail with all of it."""
    _queue(
        site,
        email,
        request.language,
        "request",
        may_stop=True,
        url=request_url(request),
        name=name if name and "@" not in name else None,
        products=request.products,
        until=request.expires_at,
    )


def _describe(site: Site, review: Review) -> dict[str, Any]:
    return {
        "review": review,
        "product": name_products(site.id, [review.product_id])[review.product_id],
        "stars": "★" * review.rating + "☆" * (RATINGS[-1] - review.rating),
    }


def _queue(site: Site, email: str, wanted: str | None, kind: str, *, may_stop: bool = False, **values: Any) -> None:
    """Queue one of this room's mails in the reader's language, with the way to end such mails where it asks."""
    language, ui = choose_texts(wanted or "", site.name)
    stop_url = f"{opt_out_url(site.id, email)}?lang={language}" if may_stop else None
    values |= {
        "site": site.name,
        "ui": ui,
        "language": language,
        "dir": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "theme": build_theme(site.theme, site.key),
        "subject": ui[f"mail_{kind}_subject"],
        "stop_url": stop_url,
        "until": format_date(values["until"], "long", locale=language) if values.get("until") else None,
    }
    queue_mail(
        email,
        values["subject"],
        render_template(f"reviews/emails/{kind}.txt", **values),
        html=render_template(f"reviews/emails/{kind}.html", **values),
        site_id=site.id,
        headers=list_opt_out_headers(stop_url) if stop_url else None,
    )
