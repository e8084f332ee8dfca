"""The owner's pages of referrals: those that wait with their reasons, all of them, and what is decided of one."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from widget.core.clock import utc_now
from widget.core.downloads import answer_download, read_format
from widget.core.paging import Cursor
from widget.core.problems import FieldError, InvalidFields
from widget.coupons.queries import map_coupons
from widget.customers.queries import map_customers
from widget.referrals import owner_queries, owner_words, queries
from widget.referrals.errors import ReferralStepRefused
from widget.referrals.exports import stream_referrals
from widget.referrals.history import list_events
from widget.referrals.models import CHANNELS, CHECKOUT, STATES, Referral
from widget.referrals.rewarding import pass_referral, refuse_referral
from widget.referrals.schemas import MAX_NOTE_LENGTH
from widget.sites.audit import note_action
from widget.sites.doors import current_site, pages_blueprint
from widget.sites.web import current_owner

REFERRALS_A_PAGE = 50
HELD_A_PAGE = 20

blueprint = pages_blueprint("referral_list", __name__)


@blueprint.route("/referrals/held")
def show_held() -> str:
    """Show the referrals that wait for the owner, each with its reasons."""
    wanted = queries.ReferralFilter(state="held")
    page = queries.list_referrals(current_site().id, wanted, _read_cursor(), HELD_A_PAGE)
    return _render("referrals/held.html", page.items, page=page, is_continued="cursor" in request.args)


@blueprint.route("/referrals/friends")
def show_referrals() -> str:
    """Show the referrals a filter means, the last claimed first."""
    wanted = read_filter(request.args)
    page = queries.list_referrals(current_site().id, wanted, _read_cursor(), REFERRALS_A_PAGE)
    return _render(
        "referrals/referrals.html",
        page.items,
        page=page,
        query=query_of(wanted),
        channels=(*CHANNELS, CHECKOUT),
        is_continued="cursor" in request.args,
    )


@blueprint.route("/referrals/friends/<uuid:referral_id>")
def show_referral(referral_id: uuid.UUID) -> str:
    """Show one referral with its reasons, what it gave and every step of its history."""
    site_id = current_site().id
    referral = queries.get_referral(site_id, referral_id)
    grants = owner_queries.list_grants(site_id, referral_id)
    coupon_ids = [one for one in (referral.coupon_id, *(grant.coupon_id for grant in grants)) if one is not None]
    return _render(
        "referrals/referral.html",
        [referral],
        referral=referral,
        events=list_events(site_id, referral_id),
        grants=grants,
        coupons=map_coupons(site_id, coupon_ids),
        back=url_for(".show_referral", referral_id=referral_id),
    )


@blueprint.route("/referrals/friends/<uuid:referral_id>/pass", methods=["POST"])
def let_pass(referral_id: uuid.UUID) -> BaseResponse:
    """Let a referral pass that is held, or was refused; a repeat changes nothing."""
    return _decide(referral_id, "passed", pass_referral, _("The referral passes."))


@blueprint.route("/referrals/friends/<uuid:referral_id>/refuse", methods=["POST"])
def refuse(referral_id: uuid.UUID) -> BaseResponse:
    """Refuse a referral, or void it after the reward; a repeat changes nothing."""
    return _decide(referral_id, "refused", refuse_referral, _("The referral is refused; nobody gets anything for it."))


@blueprint.route("/referrals/friends/export")
def export_referrals() -> Response:
    """Stream the referrals a filter means as a file."""
    wanted, file_format = read_filter(request.args), read_format(request.args)
    chunks = stream_referrals(current_site().id, file_format, bom=request.args.get("bom") == "1", wanted=wanted)
    return answer_download(chunks, f"referrals-{utc_now():%Y-%m-%d}", file_format)


@blueprint.errorhandler(InvalidFields)
def show_refusal(problem: InvalidFields) -> tuple[str, int]:
    """Say what is wrong with a filter or a note, and show no referral that it would seem to mean."""
    back = url_for("referral_list_pages.show_referrals")
    return render_template("referrals/refused.html", problem=problem, back=back), problem.status


def read_filter(given: Mapping[str, str]) -> queries.ReferralFilter:
    """Return which referrals an address means; raise InvalidFields."""
    choices: dict[str, Sequence[str]] = {"state": STATES, "channel": (*CHANNELS, CHECKOUT)}
    values = {name: given.get(name, "").strip() or None for name in ("state", "channel", "advocate", "friend")}
    errors = [
        FieldError(f"#/{name}", f"Must be one of: {', '.join(allowed)}.")
        for name, allowed in choices.items()
        if values[name] is not None and values[name] not in allowed
    ]
    errors += [
        FieldError(f"#/{name}", "Must not contain the NUL character.")
        for name in ("advocate", "friend")
        if "\x00" in (values[name] or "")
    ]
    if errors:
        raise InvalidFields(errors=errors)
    return queries.ReferralFilter(**values)


def query_of(wanted: queries.ReferralFilter) -> dict[str, str]:
    """Return a filter as the query of an address."""
    return {name: value for name, value in vars(wanted).items() if value}


def _decide(referral_id: uuid.UUID, what: str, decide: Callable[..., Referral], done: str) -> BaseResponse:
    """Decide of a referral with the note that was typed, and go back to where the owner was."""
    note = " ".join(request.form.get("note", "").split())
    if len(note) > MAX_NOTE_LENGTH or not note.isprintable():
        detail = f"Must be at most {MAX_NOTE_LENGTH} printable characters."
        raise InvalidFields(errors=[FieldError("#/note", detail)])
    site_id = current_site().id
    before = len(list_events(site_id, queries.get_referral(site_id, referral_id).id))
    try:
        referral = decide(site_id, referral_id, utc_now(), actor=current_owner().email, note=note)
    except ReferralStepRefused:
        flash(_("Nothing holds this referral any more."), "error")
    else:
        if len(list_events(site_id, referral_id)) > before:
            note_action(f"referral.{what}", referral.friend_email or str(referral.id))
        flash(done)
    if request.form.get("back") == "held":
        return redirect(url_for(".show_held"))
    return redirect(url_for(".show_referral", referral_id=referral_id))


def _read_cursor() -> Cursor | None:
    cursor = request.args.get("cursor")
    return Cursor.decode(cursor) if cursor else None


def _render(template: str, rows: Sequence[Referral], **values: Any) -> str:
    site_id = current_site().id
    ids = {row.advocate_id for row in rows} | {row.friend_id for row in rows if row.friend_id}
    return render_template(
        template,
        words=owner_words,
        customers=map_customers(site_id, ids),
        orders=owner_queries.map_orders(site_id, [row.order_id for row in rows]),
        held=owner_queries.count_states(site_id).get("held", 0),
        **values,
    )
