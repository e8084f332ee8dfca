"""What an owner does to an account: points by hand, a tier by hand, a redemption taken back."""

import uuid
from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from widget.core.clock import utc_now
from widget.core.db import begin_writing_anew, session_cursor
from widget.core.formats import format_number
from widget.core.problems import Conflict
from widget.loyalty import account_queries, account_words
from widget.loyalty.account_forms import AdjustmentForm
from widget.loyalty.account_view import find_site_program, make_pin_form, render_account
from widget.loyalty.accounts import adjust_points
from widget.loyalty.errors import NotEnoughPoints
from widget.loyalty.ledger import open_book
from widget.loyalty.settling import cancel_redemption
from widget.loyalty.tier_pins import pin_tier, unpin_tier
from widget.sites.audit import note_action
from widget.sites.doors import current_site, pages_blueprint
from widget.sites.web import current_owner

blueprint = pages_blueprint("loyalty_account_steps", __name__)


@blueprint.route("/loyalty/customers/<uuid:customer_id>/adjustments", methods=["POST"])
def adjust(customer_id: uuid.UUID) -> Any:
    """Give points or take them away, once for each form."""
    customer = account_queries.get_survivor(current_site().id, customer_id)
    form = AdjustmentForm()
    if not form.validate():
        return render_account(customer, adjustment=form), 422
    key, now, cursor = uuid.UUID(form.id.data), utc_now(), session_cursor()
    # Whoever holds the account is alone with it: what is not there now is not added by another meanwhile.
    open_book(cursor, customer.site_id, customer.id, now)
    if account_queries.has_adjustment(customer.site_id, key):
        flash(_("This was recorded before; it counts once."))
        return _back(customer.id)
    said = {"actor": current_owner().email, "reason": form.reason.data, "may_owe": form.may_owe.data}
    try:
        adjust_points(cursor, customer.site_id, customer.id, key, form.amount, now, **said)
    except NotEnoughPoints:
        begin_writing_anew()
        form.points.errors = [_("There are fewer points. Tick “Also below zero” to let the customer owe them.")]
        return render_account(account_queries.get_survivor(current_site().id, customer_id), adjustment=form), 409
    name = account_words.name_customer(customer)
    note_action("points.adjusted", name, name=f"{form.amount:+d}", reason=form.reason.data)
    flash(_say_adjusted(form.amount, name))
    return _back(customer.id)


@blueprint.route("/loyalty/customers/<uuid:customer_id>/tier", methods=["POST"])
def pin(customer_id: uuid.UUID) -> Any:
    """Put a customer into a tier by hand."""
    customer, program = account_queries.get_survivor(current_site().id, customer_id), find_site_program()
    form = make_pin_form(program)
    if not form.validate():
        return render_account(customer, pin=form), 422
    said = {"actor": current_owner().email, "reason": form.reason.data}
    pin_tier(session_cursor(), customer.site_id, customer.id, form.tier.data or None, utc_now(), **said)
    tier = account_words.name_tier(form.tier.data or None, program.rules if program else None)
    note_action("tier.pinned", account_words.name_customer(customer), name=tier, reason=form.reason.data)
    flash(_("The tier is set by hand and stays until you let it go."))
    return _back(customer.id)


@blueprint.route("/loyalty/customers/<uuid:customer_id>/tier/unpin", methods=["POST"])
def unpin(customer_id: uuid.UUID) -> BaseResponse:
    """Let a customer's tier be what they have reached."""
    customer = account_queries.get_survivor(current_site().id, customer_id)
    account = account_queries.find_account(customer.site_id, customer.id)
    if account is not None and account.is_tier_pinned:
        unpin_tier(session_cursor(), customer.site_id, customer.id, utc_now())
        note_action("tier.unpinned", account_words.name_customer(customer))
    flash(_("The tier is again what the customer has reached."))
    return _back(customer.id)


@blueprint.route("/loyalty/redemptions/<uuid:redemption_id>/cancel", methods=["POST"])
def cancel(redemption_id: uuid.UUID) -> BaseResponse:
    """Give the points of a redemption back, with the expiry they had."""
    site_id, cursor = current_site().id, session_cursor()
    customer = account_queries.get_redeemer(site_id, redemption_id)
    try:
        cancelled = cancel_redemption(cursor, site_id, redemption_id, utc_now(), actor=current_owner().email)
    except Conflict:
        begin_writing_anew()
        flash(_("The code was used already, so the points stay spent."), "error")
        return _back(customer.id, "redemptions")
    if cancelled.is_new:
        note_action("redemption.cancelled", account_words.name_customer(customer), name=str(cancelled.points))
    flash(_("The redemption is cancelled. The points are back and expire when they would have."))
    return _back(customer.id, "redemptions")


def _say_adjusted(points: int, name: str) -> str:
    count = abs(points)
    said = {"shown": format_number(count), "name": name}
    if points > 0:
        given = ngettext(
            "%(shown)s point is given to %(name)s.", "%(shown)s points are given to %(name)s.", count, **said
        )
        return str(given)
    taken = ngettext(
        "%(shown)s point is taken from %(name)s.", "%(shown)s points are taken from %(name)s.", count, **said
    )
    return str(taken)


def _back(customer_id: uuid.UUID, anchor: str | None = None) -> BaseResponse:
    return redirect(url_for("loyalty_accounts_pages.show_account", customer_id=customer_id, _anchor=anchor))
