"""The owner's pages that make and change campaigns; every button works without a script."""

import uuid
from collections.abc import Sequence
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from widget.core.clock import utc_now
from widget.core.db import begin_writing, db
from widget.core.pictures import BadPicture
from widget.core.problems import Conflict, FieldError, InvalidFields
from widget.coupons import queries as coupon_queries
from widget.coupons import words as coupon_words
from widget.customers.segment_queries import list_segments
from widget.editor import campaign_revisions as revisions
from widget.editor.campaign_fields import Document
from widget.editor.campaign_form import CampaignForm
from widget.loyalty.program_queries import find_rules
from widget.popups import queries, service
from widget.popups.models import Campaign
from widget.popups.pictures import MAX_UPLOAD_BYTES, store_picture
from widget.popups.rules import GOALS, STATES
from widget.sites.audit import note_action
from widget.sites.doors import current_site, pages_blueprint
from widget.sites.frames import holding_preview
from widget.surveys.queries import list_surveys

SAVING = ("", "save", "publish", "overwrite")

editing = pages_blueprint("popup_forms", __name__, reading="editor", writing="editor")


@editing.url_value_preprocessor
def allow_pictures(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let pictures be sent with the form: the door reads it before the view does."""
    if endpoint in ("popup_forms_pages.create_campaign", "popup_forms_pages.change_campaign"):
        request.max_content_length = 3 * MAX_UPLOAD_BYTES


@editing.route("/popups/new")
def show_new_campaign() -> Response:
    """Show the form of a new campaign."""
    goal = request.args.get("goal", "coupon")
    return _show(None, CampaignForm.started(current_site().reporting_currency, goal if goal in GOALS else "coupon"))


@editing.route("/popups/new", methods=["POST"])
def create_campaign() -> BaseResponse:
    """Make a campaign, and set it live where that is asked for."""
    return _save(None)


@editing.route("/popups/<uuid:campaign_id>/edit")
def show_edit_campaign(campaign_id: uuid.UUID) -> Response:
    """Show the form with the campaign as it is."""
    campaign = _get_campaign(campaign_id)
    return _show(campaign, CampaignForm.of(service.describe_campaign(campaign), current_site().reporting_currency))


@editing.route("/popups/<uuid:campaign_id>/edit", methods=["POST"])
def change_campaign(campaign_id: uuid.UUID) -> BaseResponse:
    """Change a campaign. A form older than the campaign is shown again, with what others changed."""
    return _save(_get_campaign(campaign_id))


@editing.route("/popups/<uuid:campaign_id>/state", methods=["POST"])
def change_state(campaign_id: uuid.UUID) -> BaseResponse:
    """Publish, pause or archive a campaign."""
    campaign, state = _get_campaign(campaign_id), request.form.get("state", "")
    if state not in STATES:
        raise InvalidFields(errors=[FieldError("#/state", f"Must be one of: {', '.join(STATES)}.")])
    document = service.describe_campaign(campaign)
    form = CampaignForm.of(document, current_site().reporting_currency)
    try:
        _set_state(campaign, state)
    except InvalidFields as problem:
        form.add_problem(problem, document)
        return _show(campaign, form, 422)
    return redirect(url_for("popups_pages.show_campaigns"))


@editing.route("/popups/<uuid:campaign_id>/duplicate", methods=["POST"])
def duplicate_campaign(campaign_id: uuid.UUID) -> BaseResponse:
    """Make a draft that is as the campaign is, and open it."""
    campaign = _get_campaign(campaign_id)
    copy = service.duplicate_campaign(current_site(), campaign, _("%(name)s (copy)", name=campaign.name[:180]))
    note_action("campaign.duplicated", copy.name, of=campaign.name)
    flash(_("“%(name)s” is a draft now. The visitors stay with the original.", name=copy.name))
    return redirect(url_for("popup_forms_pages.show_edit_campaign", campaign_id=copy.id))


def _save(campaign: Campaign | None) -> BaseResponse:
    """Save what was typed, or show the form again: with what a button did to it, or with what is wrong."""
    changes = _list_changes(campaign) if campaign else []
    kept = service.describe_campaign(campaign) if campaign else None
    form = CampaignForm(request.form, current_site().reporting_currency, kept)
    if _take_pictures(form):
        # A form that is shown again was refused, and with it is undone whatever this transaction wrote.
        db.session.commit()
        begin_writing()
        changes = _list_changes(campaign) if campaign else []
    document = _read_document(form)
    if document is None:
        return _show(campaign, form, 422 if form.errors else 200)
    if changes:
        return _show(campaign, form, 409, changes)
    try:
        saved = _store(campaign, document)
    except InvalidFields as problem:
        form.add_problem(problem, document)
        return _show(campaign, form, problem.status)
    except Conflict as problem:
        form.errors["holdout_percent"] = [problem.detail or problem.title]
        return _show(campaign, form, problem.status)
    return redirect(url_for("popup_forms_pages.show_edit_campaign", campaign_id=saved.id))


def _list_changes(campaign: Campaign) -> list[str]:
    """Return what others have changed of a campaign since the form was opened, or since they were shown it."""
    action = request.form.get("do", "")
    if action not in SAVING:
        return []
    return revisions.list_changes(campaign, request.form.get("seen" if action == "overwrite" else "opened", ""))


def _store(campaign: Campaign | None, document: Document) -> Campaign:
    if campaign is None:
        campaign = service.create_campaign(current_site(), document)
        note_action("campaign.created", campaign.name)
    else:
        service.change_campaign(current_site(), campaign, document)
        note_action("campaign.changed", campaign.name)
    if request.form.get("do") == "publish":
        _set_state(campaign, "live")
    else:
        flash(_("“%(name)s” is saved.", name=campaign.name))
    return campaign


def _read_document(form: CampaignForm) -> Document | None:
    """Return what is to be saved, None where a button asked for something else or something is wrong."""
    action = request.form.get("do", "")
    if action not in SAVING:
        form.act(action)
        return None
    wrong = dict(form.errors)
    document = form.read()
    form.errors |= wrong
    return None if wrong else document


def _take_pictures(form: CampaignForm) -> bool:
    """Keep the pictures that were sent, for the form to show again; return whether there were any."""
    is_any_kept = False
    for key in form.variant_keys:
        name = f"variants.{key}.picture"
        if form.has(f"{name}_remove"):
            form.given[f"{name}_id"] = ""
        upload = request.files.get(name)
        if upload is None or not upload.filename:
            continue
        with upload.stream:
            body = upload.stream.read(MAX_UPLOAD_BYTES + 1)
        try:
            if len(body) > MAX_UPLOAD_BYTES:
                raise BadPicture("too_large")
            form.given[f"{name}_id"] = str(store_picture(current_site().id, body, utc_now()).id)
            is_any_kept = True
        except BadPicture as error:
            form.errors[f"{name}_id"] = [_explain(str(error))]
    return is_any_kept


def _set_state(campaign: Campaign, state: str) -> None:
    if service.set_state(current_site(), campaign, state):
        note_action(f"campaign.{state}", campaign.name)
        flash(_say_state(campaign.name, state))


def _show(campaign: Campaign | None, form: CampaignForm, status: int = 200, changes: Sequence[str] = ()) -> Response:
    site = current_site()
    rules = find_rules(site.id)
    revision = revisions.sign_revision(campaign) if campaign else ""
    html = render_template(
        "popups/edit.html",
        campaign=campaign,
        form=form,
        changes=changes,
        # The form's revision stays while buttons render it anew.
        opened=request.form.get("opened") or revision,
        revision=revision,
        pools=coupon_queries.list_pools(site.id),
        describe_worth=coupon_words.describe_worth,
        surveys=list_surveys(site),
        segments=list_segments(site.id),
        tiers=rules.tiers if rules else (),
        is_divided=campaign is not None and queries.has_exposures(site.id, campaign.id),
    )
    return holding_preview(html, status)


def _explain(reason: str) -> str:
    words: dict[str, str] = {
        "too_large": _("This file is larger than 5 MB. Save the picture smaller and try again."),
        "too_many_pixels": _("This picture has too many pixels. Save it smaller and try again."),
        "not_a_picture": _("This file is no picture we can read. Take a PNG, JPEG or WebP."),
    }
    return words[reason]


def _say_state(name: str, state: str) -> str:
    sentences: dict[str, str] = {
        "live": _("“%(name)s” is live. Store pages follow within a minute.", name=name),
        "paused": _("“%(name)s” is paused: nobody sees it until you publish it again.", name=name),
        "archived": _("“%(name)s” is archived. Its results and leads stay.", name=name),
    }
    return sentences[state]


def _get_campaign(campaign_id: uuid.UUID) -> Campaign:
    return queries.get_campaign(current_site().id, campaign_id)
