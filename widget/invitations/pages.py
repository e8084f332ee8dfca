"""The owner's page "Send": one invitation by mail, a card to print, and what became of the invitations."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from marshmallow import ValidationError
from werkzeug.wrappers import Response as BaseResponse

from widget.core.clock import utc_now
from widget.core.paging import Cursor
from widget.core.problems import NotFound
from widget.core.shopper_languages import LANGUAGE_NAMES
from widget.invitations import print_links
from widget.invitations.hosted import build_page_content, pipe_page_text
from widget.invitations.schemas import InvitationIn
from widget.invitations.service import SUPPRESSED, Guest, invite, list_invitations, state_of
from widget.sites.audit import note_action
from widget.sites.doors import current_site, pages_blueprint
from widget.surveys.models import Survey
from widget.surveys.queries import get_survey

INVITATIONS_A_PAGE = 25

sending = pages_blueprint("survey_sending", __name__, reading="editor", writing="editor")
_guest = InvitationIn()


@dataclass(frozen=True)
class GuestForm:
    """What was typed into the form for one invitation, and what is wrong with it by field."""

    typed: Mapping[str, str]
    errors: Mapping[str, list[str]]
    guest: Guest | None = None


@sending.route("/surveys/<uuid:survey_id>/send")
def show_send(survey_id: uuid.UUID) -> str:
    """Show the ways to send a survey, and the invitations so far."""
    return _render(_get_survey(survey_id), GuestForm({}, {}))


@sending.route("/surveys/<uuid:survey_id>/send", methods=["POST"])
def send_invitation(survey_id: uuid.UUID) -> Any:
    """Invite one person by mail."""
    survey = _get_survey(survey_id)
    form = _read_form(request.form)
    if form.guest is None:
        return _render(survey, form), 422
    if survey.state != "live":
        return _back(survey, _("Set the survey live first: its links take answers only then."), "error")
    invited = invite(current_site(), survey, [form.guest])[0]
    if invited.mail == SUPPRESSED:
        wanted_no_more = _("This person wants no more invitations from your store, so nothing was sent.")
        return _render(survey, GuestForm(form.typed, {"email": [wanted_no_more]})), 409
    note_action("survey.invited", survey.name, email=form.guest.email)
    return _back(survey, _("The invitation to %(email)s is on its way.", email=form.guest.email))


@sending.route("/surveys/<uuid:survey_id>/send/print", methods=["POST"])
def open_print_link(survey_id: uuid.UUID) -> BaseResponse:
    """Make a code to print; one that was printed before stops working."""
    survey = _get_survey(survey_id)
    print_links.open_print_link(survey)
    note_action("survey.print_link_opened", survey.name)
    return _back(survey, _("The code is ready to print."), anchor="paper")


@sending.route("/surveys/<uuid:survey_id>/send/print/close", methods=["POST"])
def close_print_link(survey_id: uuid.UUID) -> BaseResponse:
    """Stop the code that was printed."""
    survey = _get_survey(survey_id)
    print_links.close_print_link(survey)
    note_action("survey.print_link_closed", survey.name)
    return _back(survey, _("The printed code takes no more answers."), anchor="paper")


@sending.route("/surveys/<uuid:survey_id>/send/qr.svg")
def show_qr_svg(survey_id: uuid.UUID) -> Response:
    """Return the code as a drawing, which prints sharp at any size."""
    return _answer_qr(survey_id, "svg", "image/svg+xml")


@sending.route("/surveys/<uuid:survey_id>/send/qr.png")
def show_qr_png(survey_id: uuid.UUID) -> Response:
    """Return the code as a picture."""
    return _answer_qr(survey_id, "png", "image/png")


@sending.route("/surveys/<uuid:survey_id>/send/card")
def show_card(survey_id: uuid.UUID) -> str:
    """Show a card to print: the question, the code, the address."""
    survey = _get_survey(survey_id)
    content = build_page_content(current_site(), survey, request.args.get("lang", survey.default_language))
    return render_template(
        "invitations/print_card.html",
        survey=survey,
        content=content,
        question=pipe_page_text(content, content.get("question", survey.name), {}, {}),
        address=_require_print_url(survey),
        languages=_list_languages(survey),
    )


def _render(survey: Survey, form: GuestForm) -> str:
    cursor = request.args.get("cursor")
    page = list_invitations(survey, Cursor.decode(cursor) if cursor else None, INVITATIONS_A_PAGE)
    link = print_links.find_open_print_link(survey)
    now = utc_now()
    return render_template(
        "invitations/send.html",
        survey=survey,
        form=form,
        page=page,
        is_first_page=cursor is None,
        states={invitation.id: state_of(invitation, now) for invitation in page.items},
        print_address=print_links.print_url(current_site(), link) if link else None,
        languages=_list_languages(survey),
        api_address=f"{current_app.config['BASE_URL']}/api/v1/surveys/{survey.id}/invitations",
    )


def _read_form(typed: Mapping[str, str]) -> GuestForm:
    document: dict[str, Any] = {"email": typed.get("email", "").strip(), "send": True}
    document |= {name: typed[name].strip() for name in ("name", "language") if typed.get(name, "").strip()}
    try:
        return GuestForm(typed, {}, _guest.load({**document, "hidden": _read_hidden(typed.get("hidden", ""))}))
    except ValidationError as error:
        wrong = error.messages if isinstance(error.messages, dict) else {}
    words = {
        "email": _("Type an e-mail address."),
        "name": _("One line of at most 200 characters."),
        "language": _("Choose one of the survey's languages."),
        "hidden": _("One field a line, such as order-id: 1001."),
    }
    return GuestForm(typed, {name: [words[name]] for name in words if name in wrong})


def _read_hidden(text: str) -> dict[str, str]:
    """Return the fields of lines such as `order-id: 1001`; raise ValidationError."""
    fields = {}
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        if line.strip():
            if not colon or not name.strip():
                raise ValidationError({"hidden": ["Must be lines such as name: value."]})
            fields[name.strip()] = value.strip()
    return fields


def _answer_qr(survey_id: uuid.UUID, file_format: str, content_type: str) -> Response:
    survey = _get_survey(survey_id)
    response = Response(print_links.draw_qr(_require_print_url(survey), file_format), content_type=content_type)
    if "download" in request.args:
        response.headers["Content-Disposition"] = f'attachment; filename="survey-qr.{file_format}"'
    return response


def _require_print_url(survey: Survey) -> str:
    link = print_links.find_open_print_link(survey)
    if link is None:
        raise NotFound()
    return print_links.print_url(current_site(), link)


def _list_languages(survey: Survey) -> list[tuple[str, str]]:
    offered = dict.fromkeys((survey.default_language, *survey.languages))
    return [(language, LANGUAGE_NAMES.get(language, language)) for language in offered]


def _back(survey: Survey, message: str, category: str = "message", anchor: str | None = None) -> BaseResponse:
    flash(message, category)
    return redirect(url_for("survey_sending_pages.show_send", survey_id=survey.id, _anchor=anchor))


def _get_survey(survey_id: uuid.UUID) -> Survey:
    return get_survey(current_site().id, survey_id)
