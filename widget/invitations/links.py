"""The door of who answers by a link: the page of an invitation, of a printed card, and the end of mails.

GET and HEAD change nothing, however often mail scanners fetch them; only a POST does.
"""

import uuid
from typing import Any

from flask import current_app, request

from widget.core.clock import utc_now
from widget.core.problems import NotAuthenticated, TooManyRequests
from widget.core.rate_limits import address_prefix, require_within_limits
from widget.core.tokens import read_link_token
from widget.customers.suppressions import OPT_OUT_PURPOSE, suppress_address
from widget.invitations.answers import Ticket, make_ticket
from widget.invitations.print_links import find_print_link
from widget.invitations.service import find_invitation, state_of
from widget.invitations.steps import read_response_id, show_answered, show_first_step, show_notice, take_step
from widget.sites.doors import links_blueprint
from widget.sites.link_frame import Refusal, add_link_headers
from widget.sites.queries import find_published_site
from widget.surveys.rules import BURST_HITS

blueprint = links_blueprint("surveys", __name__)
blueprint.after_request(add_link_headers)


@blueprint.route("/s/<token>")
def show_invited_page(token: str) -> str:
    """Show the survey of an invitation; `score` in the address only preselects."""
    ticket = _open_invitation(token)
    return show_answered(ticket) if ticket.is_answered else show_first_step(ticket)


@blueprint.route("/s/<token>", methods=["POST"])
def answer_invitation(token: str) -> Any:
    """Store what a step says, and show the next or the thanks."""
    return take_step(_open_invitation(token, for_answer=True), request.form)


@blueprint.route("/q/<site_key>/<code>")
def show_printed_page(site_key: str, code: str) -> str:
    """Show the survey of a printed card; the form carries an answer's id for whoever opened it."""
    return show_first_step(_open_print_link(site_key, code))


@blueprint.route("/q/<site_key>/<code>", methods=["POST"])
def answer_print_link(site_key: str, code: str) -> Any:
    """Store what a step says under the id its form carries."""
    return take_step(_open_print_link(site_key, code), request.form)


@blueprint.route("/o/<token>")
def show_opt_out(token: str) -> str:
    """Ask whether an address shall get no more invitations and requests."""
    site_id, _ = _read_opt_out(token)
    return show_notice("stop", site_id=site_id)


@blueprint.route("/o/<token>", methods=["POST"])
def opt_out(token: str) -> str:
    """End what is asked of an address, for the reader's button and for the mail program's (RFC 8058)."""
    site_id, email_hash = _read_opt_out(token)
    suppress_address(site_id, email_hash)
    return show_notice("stopped", site_id=site_id)


@blueprint.errorhandler(Refusal)
def show_refusal(refusal: Refusal) -> tuple[str, int]:
    """Say politely, in the reader's language, why there is nothing to answer."""
    page = show_notice(refusal.notice, site_id=refusal.site_id, language=refusal.language)
    return page, refusal.status


@blueprint.errorhandler(TooManyRequests)
def show_busy(problem: TooManyRequests) -> tuple[str, int, dict[str, str]]:
    """Ask for patience in the reader's language."""
    return show_notice("busy"), problem.status, problem.headers


def _open_invitation(token: str, *, for_answer: bool = False) -> Ticket:
    """Return who may answer, or has; raise Refusal."""
    invitation = find_invitation(token, for_answer=for_answer)
    if invitation is None:
        raise Refusal("unknown", 404)
    ticket = make_ticket(invitation.site_id, invitation.survey_id, invitation.id, invitation=invitation)
    if ticket.is_answered:
        return ticket
    if state_of(invitation, utc_now()) == "expired":
        raise Refusal("expired", 410, invitation.site_id, invitation.language)
    if ticket.survey.state != "live":
        raise Refusal("closed", 410, invitation.site_id, invitation.language)
    return ticket


def _open_print_link(site_key: str, code: str) -> Ticket:
    """Return who may answer; raise Refusal."""
    site = find_published_site(site_key)
    if site is None:
        raise Refusal("unknown", 404)
    limits, prefix = current_app.config, address_prefix(request.remote_addr)
    _, hits = require_within_limits(
        {f"print {site.key}": limits["SITE_LIMIT"], f"print {site.key} {prefix}": limits["PREFIX_LIMIT"]}
    )
    link = find_print_link(site.id, code)
    if link is None:
        raise Refusal("unknown", 404, site.id)
    flag = "burst" if hits > BURST_HITS else None
    ticket = make_ticket(site.id, link.survey_id, read_response_id(request.form), flag=flag)
    if link.closed_at is not None or ticket.survey.state != "live":
        raise Refusal("closed", 410, site.id)
    return ticket


def _read_opt_out(token: str) -> tuple[uuid.UUID, str]:
    """Return the site and the hash of an address; raise Refusal."""
    try:
        return read_link_token(OPT_OUT_PURPOSE, token)
    except NotAuthenticated as error:
        raise Refusal("unknown", 404) from error
