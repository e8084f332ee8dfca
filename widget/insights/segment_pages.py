"""The owner's pages of segments; every button works without a script."""

import re
import uuid
from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from widget.core.clock import utc_now
from widget.core.downloads import answer_download
from widget.core.problems import InvalidFields
from widget.customers.segment_models import Segment
from widget.customers.segment_queries import list_segments
from widget.insights import segment_queries, segment_words, segments
from widget.insights.conditions import FIELDS
from widget.insights.segment_exports import stream_members
from widget.insights.segment_forms import SegmentForm
from widget.insights.starters import STARTERS
from widget.sites.audit import note_action
from widget.sites.doors import current_site, pages_blueprint

SAVING = ("", "save")

reading = pages_blueprint("segments", __name__)
editing = pages_blueprint("segment_forms", __name__, reading="editor")


@reading.route("/segments")
def show_segments() -> str:
    """Show the site's segments, and what there is to start from."""
    found = list_segments(current_site().id)
    return render_template(
        "insights/segments.html",
        segments=found,
        words={segment.id: _describe(segment) for segment in found},
        starters=STARTERS,
        customers=segments.count_customers(current_site().id),
    )


@reading.route("/segments/<uuid:segment_id>")
def show_segment(segment_id: uuid.UUID) -> str:
    """Show what a segment is, how many are in it, and what can be done with it."""
    segment = _get_segment(segment_id)
    site = current_site()
    currency = site.reporting_currency
    return render_template(
        "insights/segment.html",
        segment=segment,
        conditions=[segment_words.describe_condition(one, currency) for one in segment.conditions],
        customers=segments.count_customers(site.id),
        surveys=segments.list_surveys_for(segment),
    )


@reading.route("/segments/<uuid:segment_id>/export")
def export_segment(segment_id: uuid.UUID) -> Response:
    """Stream a segment's customers as CSV: for people, or with hashed addresses for ad platforms."""
    segment = _get_segment(segment_id)
    is_hashed = request.args.get("hashed") == "1"
    chunks = stream_members(segment, is_hashed=is_hashed, bom=request.args.get("bom") == "1")
    name = re.sub(r"[^a-z0-9]+", "-", segment.name.lower()).strip("-") or "segment"
    return answer_download(chunks, f"{name}{'-hashed' if is_hashed else ''}-{utc_now():%Y-%m-%d}", "csv")


@editing.route("/segments/new")
def show_new_segment() -> str:
    """Show the form of a new segment: empty, or as one of those to start from."""
    currency = current_site().reporting_currency
    starter = next((one for one in STARTERS if one.key == request.args.get("start")), None)
    if starter is None:
        return _render(None, SegmentForm("", "all", [], currency))
    return _render(None, SegmentForm.started(str(starter.name), "all", starter.conditions, currency))


@editing.route("/segments/new", methods=["POST"])
def create_segment() -> Any:
    """Make a segment, or do what another button of the form says."""
    form = _read_form()
    if request.form.get("do", "") not in SAVING:
        return _render(None, form)
    segment = None
    if document := form.validate():
        try:
            segment = segments.create_segment(current_site().id, **document)
        except InvalidFields as problem:
            form.add_problem(problem)
    if segment is None:
        return _render(None, form), 422
    note_action("segment.created", segment.name)
    flash(_("“%(name)s” is saved. Its customers are counted anew every hour.", name=segment.name))
    return _go_to(segment)


@editing.route("/segments/<uuid:segment_id>/edit")
def show_edit_segment(segment_id: uuid.UUID) -> str:
    """Show the form with the segment as it is."""
    segment = _get_segment(segment_id)
    return _render(segment, SegmentForm.of(segment, current_site().reporting_currency))


@editing.route("/segments/<uuid:segment_id>/edit", methods=["POST"])
def change_segment(segment_id: uuid.UUID) -> Any:
    """Change a segment, or do what another button of the form says."""
    segment, form = _get_segment(segment_id), _read_form()
    if request.form.get("do", "") not in SAVING:
        return _render(segment, form)
    document = form.validate()
    if document is not None:
        try:
            segments.change_segment(segment, document)
        except InvalidFields as problem:
            form.add_problem(problem)
            document = None
    if document is None:
        return _render(segment, form), 422
    note_action("segment.changed", segment.name)
    flash(_("“%(name)s” is saved. Its customers are counted anew every hour.", name=segment.name))
    return _go_to(segment)


@editing.route("/segments/count.json")
def count_draft() -> Response:
    """Say how many customers meet the conditions that stand in the form now."""
    form = SegmentForm.submitted(request.args, current_site().reporting_currency)
    return jsonify(words=_say_count(form))


@editing.route("/segments/<uuid:segment_id>/duplicate", methods=["POST"])
def duplicate_segment(segment_id: uuid.UUID) -> BaseResponse:
    """Make a segment with the same conditions and open it."""
    segment = _get_segment(segment_id)
    copy = segments.duplicate_segment(segment)
    note_action("segment.created", copy.name, of=segment.name)
    flash(_("“%(name)s” is a copy. Change what you like.", name=copy.name))
    return redirect(url_for("segment_forms_pages.show_edit_segment", segment_id=copy.id))


@editing.route("/segments/<uuid:segment_id>/delete", methods=["POST"])
def delete_segment(segment_id: uuid.UUID) -> BaseResponse:
    """Delete a segment; its customers stay."""
    segment = _get_segment(segment_id)
    name = segment.name
    segments.delete_segment(segment)
    note_action("segment.deleted", name)
    flash(_("The segment “%(name)s” is deleted. Its customers stay.", name=name))
    return redirect(url_for("segments_pages.show_segments"))


def _get_segment(segment_id: uuid.UUID) -> Segment:
    return segment_queries.get_segment(current_site().id, segment_id)


def _describe(segment: Segment) -> str:
    return segment_words.describe_conditions(segment.meets, segment.conditions, current_site().reporting_currency)


def _read_form() -> SegmentForm:
    form = SegmentForm.submitted(request.form, current_site().reporting_currency)
    action = request.form.get("do", "")
    if action not in SAVING:
        form.act(action, request.form.get("added", ""))
    return form


def _say_count(form: SegmentForm) -> str:
    conditions = form.list_right_conditions()
    if not form.rows:
        return str(_("Add a condition to see how many customers meet it."))
    if conditions is None:
        return str(_("One of the conditions is not complete yet."))
    count, customers = segments.count_members(current_site().id, form.meets, conditions)
    return segment_words.say_count(count, customers)


def _render(segment: Segment | None, form: SegmentForm) -> str:
    return render_template(
        "insights/segment_form.html",
        segment=segment,
        form=form,
        count=_say_count(form),
        fields=FIELDS,
        words=segment_words,
    )


def _go_to(segment: Segment) -> BaseResponse:
    return redirect(url_for("segments_pages.show_segment", segment_id=segment.id))
