"""The owner's pages of customers: the list, and one customer's whole story."""

import uuid
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from widget.core.problems import FieldError, InvalidFields
from widget.customers.segment_queries import list_segments, list_segments_of
from widget.insights import customer_words
from widget.insights.chapters import Place, tell_story
from widget.insights.customer_queries import SORTINGS, draw_portrait, find_survivor, list_customers
from widget.insights.segment_queries import list_names
from widget.insights.segments import count_customers
from widget.reviews import owner_words
from widget.sites.doors import current_site, pages_blueprint

CUSTOMERS_A_PAGE = 50
ENTRIES_A_PAGE = 25
MAX_SEARCH_LENGTH = 200

reading = pages_blueprint("customers", __name__)


@reading.route("/customers")
def show_customers() -> str:
    """Show the customers a search and a segment find."""
    site_id = current_site().id
    text = request.args.get("q", "").strip()
    segments = list_segments(site_id)
    segment_id = _read_segment({segment.id for segment in segments})
    sort = request.args.get("sort") or "last_order"
    if sort not in SORTINGS or len(text) > MAX_SEARCH_LENGTH or "\x00" in text:
        detail = f"Must be at most {MAX_SEARCH_LENGTH} characters, none of them NUL."
        raise InvalidFields(errors=[FieldError("#/q", detail)])
    page = list_customers(site_id, text, segment_id, sort, request.args.get("cursor"), CUSTOMERS_A_PAGE)
    query = {"q": text, "segment": str(segment_id or ""), "sort": "" if sort == "last_order" else sort}
    return render_template(
        "insights/customers.html",
        page=page,
        query={name: value for name, value in query.items() if value},
        sort=sort,
        sort_choices=[(name, str(label)) for name, label in customer_words.SORT_NAMES.items()],
        segment_choices=list_names(segments),
        segment=next((segment for segment in segments if segment.id == segment_id), None),
        is_first_page="cursor" not in request.args,
        customers=page.count if not text and segment_id is None else count_customers(site_id),
    )


@reading.route("/customers/<uuid:customer_id>")
def show_customer(customer_id: uuid.UUID) -> Any:
    """Show who a customer is and everything that happened; one who became another leads there."""
    customer = find_survivor(current_site().id, customer_id)
    if customer.id != customer_id:
        return redirect(url_for("customers_pages.show_customer", customer_id=customer.id))
    cursor = request.args.get("cursor")
    return render_template(
        "insights/customer.html",
        customer=customer,
        name=customer_words.name_customer(customer),
        portrait=draw_portrait(customer),
        segments=list_segments_of(customer.site_id, customer.id),
        story=tell_story(customer, Place.decode(cursor) if cursor else None, ENTRIES_A_PAGE),
        is_first_page=cursor is None,
        words=customer_words,
        review_words=owner_words,
    )


@reading.errorhandler(InvalidFields)
def show_refusal(problem: InvalidFields) -> tuple[str, int]:
    """Say what is wrong with an address of the list."""
    return render_template("insights/refused.html", title=_("Customers"), problem=problem), problem.status


def _read_segment(known: set[uuid.UUID]) -> uuid.UUID | None:
    given = request.args.get("segment", "")
    if not given:
        return None
    try:
        segment_id = uuid.UUID(given)
    except ValueError:
        segment_id = None
    if segment_id not in known:
        raise InvalidFields(errors=[FieldError("#/segment", "There is no such segment.")])
    return segment_id
