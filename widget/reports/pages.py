"""Reading with others: comparisons, the words of comments, and links to reports."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from widget.core.clock import utc_now
from widget.core.db import db
from widget.core.problems import FieldError, InvalidFields, NotFound
from widget.reports import comparing, queries, service
from widget.reports.sentences import say_change, say_difference, signed
from widget.reports.themes import THEME_NAMES
from widget.reports.words import count_words
from widget.sites.audit import note_action
from widget.sites.doors import current_site, pages_blueprint
from widget.surveys.filter_context import filter_context
from widget.surveys.filters import parse_filter, to_query
from widget.surveys.models import Survey
from widget.surveys.queries import get_survey

FILTER_FIELD = "filter."

blueprint = pages_blueprint("reports", __name__)


@blueprint.route("/surveys/<uuid:survey_id>/comparison")
def show_comparison(survey_id: uuid.UUID) -> str:
    """Compare two filters; without sides, the days of a filter with as many before them."""
    survey = _get_survey(survey_id)
    args = MultiDict(request.args)
    is_of_groups = bool(args.poplist("groups"))
    has_sides = any(name.startswith(("a.", "b.")) for name in args)
    if not has_sides and not is_of_groups:
        before, shown = comparing.find_days_before(parse_filter(survey, args), utc_now().date())
        args = MultiDict({f"a.{name}": value for name, value in before.items()})
        args.update({f"b.{name}": value for name, value in shown.items()})
    a, b = comparing.parse_sides(survey, args)
    comparison = comparing.compare(survey, a, b)
    queries_of_sides = [to_query(a), to_query(b)]
    others = [comparing.list_others(query) for query in queries_of_sides]
    is_of_groups = is_of_groups or others[0] != others[1]
    return render_template(
        "reports/comparison.html",
        comparison=comparison,
        sentence=say_difference(comparison) if is_of_groups else say_change(comparison),
        is_of_groups=is_of_groups,
        is_asked=has_sides or not is_of_groups,
        sides=[("a", a, queries_of_sides[0], comparison.a), ("b", b, queries_of_sides[1], comparison.b)],
        signed=signed,
        **filter_context(survey, b),
    )


@blueprint.route("/surveys/<uuid:survey_id>/words")
def show_words(survey_id: uuid.UUID) -> str:
    """Show the words, phrases and themes of the comments a filter picks, for one language."""
    survey = _get_survey(survey_id)
    args = MultiDict(request.args)
    spoken = args.pop("spoken", "")
    wanted = parse_filter(survey, args)
    languages = queries.count_comment_languages(survey, wanted)
    if spoken and spoken not in languages:
        raise InvalidFields(errors=[FieldError("#/spoken", "There are no comments in this language.")])
    language = spoken or (languages.most_common(1)[0][0] if languages else survey.default_language)
    return render_template(
        "reports/words.html",
        found=count_words(queries.stream_comments(survey, wanted, language), language),
        languages=languages.most_common(),
        language=language,
        latest=queries.LATEST_COMMENTS,
        theme_names=THEME_NAMES,
        **filter_context(survey, wanted),
    )


@blueprint.route("/surveys/<uuid:survey_id>/share")
def show_links(survey_id: uuid.UUID) -> str:
    """Show the links to the survey's reports and the form that makes one, with the filter that was shown."""
    survey = _get_survey(survey_id)
    wanted = parse_filter(survey, request.args)
    links = [(link, service.link_state(link), service.link_url(link)) for link in queries.list_links(survey)]
    return render_template("reports/share.html", links=links, days=service.LINK_DAYS, **filter_context(survey, wanted))


@blueprint.route("/surveys/<uuid:survey_id>/share", methods=["POST"])
def create_link(survey_id: uuid.UUID) -> BaseResponse:
    """Make a link to a report."""
    survey = _get_survey(survey_id)
    given: Any = [
        (name.removeprefix(FILTER_FIELD), value)
        for name, value in request.form.items(multi=True)
        if name.startswith(FILTER_FIELD)
    ]
    link = service.create_link(
        survey,
        name=request.form.get("name", ""),
        query=to_query(parse_filter(survey, MultiDict(given))),
        shows_comments="shows_comments" in request.form,
        days=request.form.get("days", 0, type=int),
    )
    note_action("report.shared", survey.name, name=link.name, shows_comments=link.shows_comments)
    flash(_("The link “%(name)s” is made. Whoever has it can read the report until it ends.", name=link.name))
    return redirect(url_for(".show_links", survey_id=survey.id))


@blueprint.route("/surveys/<uuid:survey_id>/share/<uuid:link_id>/revoke", methods=["POST"])
def revoke_link(survey_id: uuid.UUID, link_id: uuid.UUID) -> BaseResponse:
    """End a link at once."""
    survey = _get_survey(survey_id)
    link = queries.find_link(survey.site_id, link_id)
    if link is None or link.survey_id != survey.id:
        raise NotFound()
    if link.revoked_at is None:
        service.revoke_link(link)
        note_action("report.revoked", survey.name, name=link.name)
    flash(_("The link “%(name)s” is revoked.", name=link.name))
    return redirect(url_for(".show_links", survey_id=survey.id))


@blueprint.errorhandler(InvalidFields)
def show_refusal(problem: InvalidFields) -> tuple[str, int]:
    """Say what is wrong with a filter or a link, and show no number that it would seem to describe."""
    db.session.rollback()
    survey = _get_survey((request.view_args or {})["survey_id"])
    page = "surveys/refused.html" if request.method == "POST" else "surveys/bad_filter.html"
    return render_template(page, survey=survey, problem=problem), problem.status


def _get_survey(survey_id: uuid.UUID) -> Survey:
    return get_survey(current_site().id, survey_id)
