"""What somebody without a log-in opens: a shared report, and the end of the weekly digest."""

import re
import uuid
from typing import Any

from flask import Response, make_response, render_template
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from widget.core.clock import utc_now
from widget.core.problems import InvalidFields, NotAuthenticated
from widget.core.tokens import read_link_token
from widget.reports import digest, queries, service
from widget.reports.models import ReportLink
from widget.sites.doors import links_blueprint
from widget.sites.models import Membership
from widget.surveys import charts, summaries
from widget.surveys.filter_context import filter_context
from widget.surveys.filters import HIDDEN_PREFIX, ResponseFilter, parse_filter
from widget.surveys.models import Survey
from widget.surveys.queries import get_survey
from widget.surveys.question_report import report_questions

COMMENTS_SHOWN = 50
_ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")

blueprint = links_blueprint("reports", __name__)


@blueprint.app_template_filter("blot_addresses")
def blot_addresses(text: str) -> str:
    """Return a text without the e-mail addresses in it.

    >>> blot_addresses("Write to carol@shop.example, please")
    'Write to [e-mail], please'
    """
    return _ADDRESS.sub(lambda found: "[e-mail]" + ("," if found.group().endswith(",") else ""), text)


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """Keep what a link shows out of search engines, caches and the addresses of other sites."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.route("/r/<token>")
def show_report(token: str) -> Any:
    """Show a survey's figures, as the link's owner filtered them."""
    link = _find_link(token)
    if link is None:
        return _say(404, _("This report does not exist"), _("The link may have been cut off. Ask for it again."))
    state = service.link_state(link)
    if state != "open":
        text = _("Its owner has ended the link.") if state == "revoked" else _("The link has come to its end.")
        return _say(410, _("This report is no longer open"), text + " " + _("Ask for a new one."))
    survey = get_survey(link.site_id, link.survey_id)
    try:
        wanted = parse_filter(survey, MultiDict(link.query))
    except InvalidFields:
        return _say(410, _("This report is no longer open"), _("What it showed is no longer asked."))
    return render_template("reports/report.html", link=link, **_describe(survey, wanted, link))


@blueprint.route("/d/<token>")
def show_unsubscribe(token: str) -> Any:
    """Ask whether the weekly digest should end; opening the link changes nothing."""
    if _find_membership(token) is None:
        return _say_unknown()
    return _say(
        200,
        _("No more weekly digests?"),
        _("You can still read all figures in the dashboard."),
        button=_("Stop the digest"),
    )


@blueprint.route("/d/<token>", methods=["POST"])
def unsubscribe(token: str) -> Any:
    """End the weekly digest for one owner at one site; mail programs send this by themselves."""
    membership = _find_membership(token)
    if membership is None:
        return _say_unknown()
    digest.end_digest(membership)
    text = _("You will get no more weekly digests of %(site)s.", site=membership.site.name)
    return _say(200, _("The digest is stopped"), text)


def _find_link(token: str) -> ReportLink | None:
    try:
        site_id, value = read_link_token(service.REPORT_PURPOSE, token)
        return queries.find_link(site_id, uuid.UUID(hex=value))
    except (NotAuthenticated, ValueError):
        return None


def _find_membership(token: str) -> Membership | None:
    try:
        site_id, value = read_link_token(digest.UNSUBSCRIBE_PURPOSE, token)
        return digest.find_membership(site_id, uuid.UUID(hex=value))
    except (NotAuthenticated, ValueError):
        return None


def _say(status: int, title: str, text: str, *, button: str = "") -> Response:
    page = render_template("reports/message.html", title=title, text=text, button=button)
    return make_response(page, status)


def _say_unknown() -> Response:
    return _say(404, _("This link does not work"), _("It may have been cut off, or you are no longer a member."))


def _describe(survey: Survey, wanted: ResponseFilter, link: ReportLink) -> dict[str, Any]:
    by = charts.choose_period(wanted.from_on, wanted.until_on, utc_now().date())
    summary = summaries.summarise(survey, wanted)
    context = filter_context(survey, wanted)
    # What pages say beside an answer, and how customers are sorted, is the store's own: the report tells that it
    # was chosen by, not its value.
    query = {
        name: "…" if name.startswith(HIDDEN_PREFIX) or name == "segment" else value
        for name, value in context["query"].items()
    }
    return {
        **context,
        "query": query,
        "site_name": digest.name_site(survey.site_id),
        "now": utc_now(),
        "summary": summary,
        "bars": charts.list_bars(summary),
        "points": summaries.list_trend(survey, wanted, by),
        "by": by,
        "report": report_questions(survey, wanted),
        "comments": queries.list_latest_comments(survey, wanted, COMMENTS_SHOWN) if link.shows_comments else [],
    }
