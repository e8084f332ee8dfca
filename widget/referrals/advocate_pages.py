"""The owner's pages of advocates: who has brought most, what that was worth, and the way from a share to a reward."""

import uuid
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from widget.core.clock import utc_now
from widget.core.downloads import answer_download, read_format
from widget.core.problems import FieldError, InvalidFields, NotFound
from widget.customers.queries import map_customers
from widget.loyalty.report_days import read_days
from widget.referrals import owner_queries, owner_words, queries
from widget.referrals.advocates import block_advocate
from widget.referrals.exports import stream_advocates
from widget.referrals.funnel import read_funnel
from widget.referrals.missing import unblock_advocate
from widget.sites.audit import note_action
from widget.sites.doors import current_site, pages_blueprint

MAX_SEARCH_LENGTH = 200
PRESET_DAYS = (28, 90, 365)

blueprint = pages_blueprint("advocates", __name__)


@blueprint.route("/referrals/advocates")
def show_advocates() -> str:
    """Show the advocates, who has brought most friends first."""
    text = request.args.get("q", "").strip()
    if "\x00" in text or len(text) > MAX_SEARCH_LENGTH:
        words = f"Must be at most {MAX_SEARCH_LENGTH} characters, none of them NUL."
        raise InvalidFields(errors=[FieldError("#/q", words)])
    rows = owner_queries.list_advocate_rows(current_site().id, text)
    return _render("referrals/advocates.html", rows=rows, text=text, most=owner_queries.LEADERS_A_PAGE)


@blueprint.route("/referrals/advocates/<uuid:customer_id>")
def show_advocate(customer_id: uuid.UUID) -> str:
    """Show one advocate: what their link has come to, and whom they have brought."""
    site_id = current_site().id
    row = owner_queries.find_advocate_row(site_id, customer_id)
    if row is None:
        raise NotFound()
    friends = queries.list_own(site_id, customer_id)
    return _render(
        "referrals/advocate.html",
        row=row,
        stats=queries.map_stats(site_id, [customer_id])[customer_id],
        friends=friends,
        customers=map_customers(site_id, [friend.friend_id for friend in friends if friend.friend_id]),
        orders=owner_queries.map_orders(site_id, [friend.order_id for friend in friends]),
    )


@blueprint.route("/referrals/advocates/<uuid:customer_id>/block", methods=["POST"])
def block(customer_id: uuid.UUID) -> BaseResponse:
    """Let an advocate earn nothing more, or earn again; a repeat changes nothing."""
    advocate = queries.get_advocate(current_site().id, customer_id)
    is_blocking = request.form.get("is_blocked") == "1"
    if is_blocking != (advocate.blocked_at is not None):
        if is_blocking:
            block_advocate(advocate, utc_now())
            flash(_("Blocked. What they have stays; nothing new is earned by their link."))
        else:
            unblock_advocate(advocate, utc_now())
            flash(_("They earn again, and get what was held back."))
        note_action("advocate.blocked" if is_blocking else "advocate.unblocked", advocate.code)
    return redirect(url_for(".show_advocate", customer_id=customer_id))


@blueprint.route("/referrals/advocates/export")
def export_advocates() -> Response:
    """Stream every advocate with what they have brought."""
    file_format, site = read_format(request.args), current_site()
    chunks = stream_advocates(site.id, site.reporting_currency, file_format, bom=request.args.get("bom") == "1")
    return answer_download(chunks, f"advocates-{utc_now():%Y-%m-%d}", file_format)


@blueprint.route("/referrals/funnel")
def show_funnel() -> str:
    """Show how far sharing came within some days."""
    today = utc_now().date()
    days = read_days(request.args, today)
    return _render("referrals/funnel.html", funnel=read_funnel(current_site().id, days), days=days, presets=PRESET_DAYS)


@blueprint.errorhandler(InvalidFields)
def show_refusal(problem: InvalidFields) -> tuple[str, int]:
    """Say what is wrong with a search or with days, and show no figure that would seem to be about them."""
    back = url_for("advocates_pages.show_advocates")
    return render_template("referrals/refused.html", problem=problem, back=back), problem.status


def _render(template: str, **values: Any) -> str:
    site = current_site()
    held = owner_queries.count_states(site.id).get("held", 0)
    return render_template(template, words=owner_words, currency=site.reporting_currency, held=held, **values)
