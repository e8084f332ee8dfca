"""What the page behind a link shows: a step of the survey, the thanks, or a notice."""

import uuid
from collections.abc import Mapping
from functools import partial
from typing import Any

from babel import Locale, UnknownLocaleError
from flask import render_template, request
from werkzeug.datastructures import MultiDict

from widget.core.db import db
from widget.core.ids import new_id
from widget.core.shopper_languages import LANGUAGE_NAMES, RIGHT_TO_LEFT
from widget.invitations import hosted
from widget.invitations.answers import Ticket, find_stored, find_version, list_stored_answers, save_answers
from widget.invitations.texts import LINK_TEXTS, link_texts
from widget.sites.link_frame import Refusal, list_wanted_languages
from widget.sites.models import Site
from widget.surveys.models import MAX_COMMENT_LENGTH, SurveyResponse
from widget.surveys.questions import find_outcome
from widget.surveys.rules import SCORES, bucket_of


def show_first_step(ticket: Ticket) -> str:
    """Show where the survey begins, with what was said before and the score the address names."""
    stored = find_stored(ticket)
    if stored is not None and stored.completed_at is not None:
        return show_answered(ticket)
    content = _build_content(ticket, stored)
    said = list_stored_answers(stored)
    wanted = request.args.get("score", "")
    if wanted.isascii() and wanted.isdecimal() and int(wanted[:9]) in SCORES[ticket.survey.kind]:
        said["score"] = int(wanted)
    first = hosted.find_next_step(content, said, "")
    if first is None:
        raise Refusal("closed", 410, ticket.site.id)
    return _show_step(ticket, content, first, said)


def take_step(ticket: Ticket, form: "MultiDict[str, str]") -> Any:
    """Store what a step says and show the next, the thanks, or the step again with what is wrong."""
    stored = find_stored(ticket, for_answer=True)
    _require_own(ticket, stored)
    content = _build_content(ticket, stored, form)
    definition = _definition_of(ticket, content)
    before = list_stored_answers(stored)
    steps = hosted.list_steps(content, before)
    if not steps:
        raise Refusal("closed", 410, ticket.site.id)
    step = form["step"] if form.get("step") in steps else steps[0]
    said = hosted.drop_undue(content, {**before, **hosted.read_step(content, step, form)})
    if stored is not None and stored.completed_at is not None:
        return _show_thanks(ticket, content, before) if said == before else (show_answered(ticket), 409)
    following = hosted.find_next_step(content, said, step)
    is_completed = following is None
    errors = hosted.find_page_errors(content, definition, said, step, is_last=is_completed)
    if errors:
        shown = hosted.find_step_with_error(content, said, errors, step)
        return _show_step(ticket, content, shown, said, errors), 422
    if said and not save_answers(ticket, said, content=content, definition=definition, is_completed=is_completed):
        # Another request with the same id was first: what it stored decides.
        return take_step(ticket, form)
    return _show_thanks(ticket, content, said) if following is None else _show_step(ticket, content, following, said)


def show_answered(ticket: Ticket) -> str:
    """Say that the link has been answered, and thank once more without repeating what was said."""
    stored = find_stored(ticket)
    content = _build_content(ticket, stored)
    thanks = _choose_thanks(content, list_stored_answers(stored))
    return _render(ticket, content, "invitations/links/thanks.html", thanks=thanks, is_again=True)


def show_notice(notice: str, *, site_id: uuid.UUID | None = None, language: str | None = None) -> str:
    """Show a page that says one thing, with nothing personal on it."""
    chosen = _choose_notice_language(language)
    site = db.session.get(Site, site_id) if site_id else None
    name = site.name if site else ""
    ui = {key: text.replace("{site}", name) for key, text in link_texts(chosen).items()}
    content = {"language": chosen, "dir": "rtl" if chosen in RIGHT_TO_LEFT else "ltr"}
    return render_template("invitations/links/notice.html", notice=notice, site=site, ui=ui, content=content)


def read_response_id(form: "MultiDict[str, str]") -> uuid.UUID:
    """Return the id a form carries for its answer, or a new one."""
    try:
        return uuid.UUID(hex=form.get("response_id", ""))
    except ValueError:
        return new_id()


def _require_own(ticket: Ticket, stored: SurveyResponse | None) -> None:
    """Raise Refusal for an id of an answer that was not begun by this link."""
    if stored is None or ticket.invitation is not None:
        return
    is_own = stored.survey_id == ticket.survey.id and stored.source == "link" and stored.customer_id is None
    if not is_own:
        raise Refusal("unknown", 404, ticket.site.id)


def _build_content(
    ticket: Ticket, stored: SurveyResponse | None, form: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return the content as it was first shown to who answers: its version stays to the end."""
    number = stored.survey_version if stored else int(_digits((form or {}).get("version", "")) or 0)
    version = find_version(ticket.survey, number)
    wanted = list_wanted_languages(ticket.invitation.language if ticket.invitation else None)
    return hosted.build_page_content(ticket.site, ticket.survey, ",".join(wanted), version)


def _definition_of(ticket: Ticket, content: Mapping[str, Any]) -> Mapping[str, Any]:
    version = find_version(ticket.survey, content["version"])
    return version.definition if version else ticket.survey.definition


def _show_step(
    ticket: Ticket,
    content: dict[str, Any],
    step: str,
    answers: Mapping[str, Any],
    errors: Mapping[str, str] | None = None,
) -> str:
    ui = link_texts(content["language"])
    question = hosted.find_question(content, step) or {}
    limits = {"count": question.get("max_choices") or question.get("max_length") or MAX_COMMENT_LENGTH}
    return _render(
        ticket,
        content,
        "invitations/links/step.html",
        step=step,
        question=question,
        answers=answers,
        errors={name: ui[message].format(**limits) for name, message in (errors or {}).items()},
        languages=_list_languages(ticket, content) if step == hosted.list_steps(content, answers)[0] else [],
        is_last=hosted.is_last_step(content, answers, step),
        follow_up=_choose_follow_up(content, answers, step),
        months=_name_months(content["language"]),
        pipe=partial(hosted.pipe_page_text, content, answers=answers, hidden=ticket.hidden),
    )


def _show_thanks(ticket: Ticket, content: dict[str, Any], answers: Mapping[str, Any]) -> str:
    thanks = _choose_thanks(content, answers, ticket.hidden)
    return _render(ticket, content, "invitations/links/thanks.html", thanks=thanks, is_again=False)


def _render(ticket: Ticket, content: dict[str, Any], template: str, **values: Any) -> str:
    return render_template(
        template,
        site=ticket.site,
        content=content,
        ui={**content["ui"], **link_texts(content["language"])},
        response_id=None if ticket.invitation else ticket.response_id,
        **values,
    )


def _choose_follow_up(content: Mapping[str, Any], answers: Mapping[str, Any], step: str) -> str:
    """Return the question for the comment: beside the scale one that suits every score, after it that of the bucket."""
    score = answers.get("score")
    if step == hosted.COMMENT and score is not None:
        return str(content["follow_up"][bucket_of(content["kind"], score)])
    return link_texts(content["language"])["comment"]


def _choose_thanks(
    content: Mapping[str, Any], answers: Mapping[str, Any], hidden: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return title, text and link of the end, by bucket or outcome.

    Without hidden fields, texts that would repeat what was said are left out: anybody may read the page then.
    """
    score = answers.get("score")
    bucket = "all" if score is None else bucket_of(content["kind"], score)
    end = {"text": content["thanks"].get(bucket, ""), **content.get("links", {}).get(bucket, {})}
    outcome_id = find_outcome(content["kind"], content, answers)
    for outcome in content.get("outcomes", ()):
        if outcome["id"] == outcome_id:
            end = {name: outcome[name] for name in ("title", "text", "url") if outcome.get(name)}
            end["label"] = outcome.get("link", "")
    if hidden is None:
        return {name: text for name, text in end.items() if "{" not in text}
    pipe = partial(hosted.pipe_page_text, content, answers=answers, hidden=hidden)
    return {name: text if name == "url" else pipe(text) for name, text in end.items()}


def _choose_notice_language(language: str | None) -> str:
    for tag in list_wanted_languages(language):
        primary = tag.partition("-")[0].lower()
        if primary in LINK_TEXTS:
            return primary
    return "en"


def _list_languages(ticket: Ticket, content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the other languages of a survey with their own names."""
    others = [language for language in ticket.survey.languages if language != content["language"]]
    return [(language, LANGUAGE_NAMES.get(language, language)) for language in others]


def _name_months(language: str) -> list[str]:
    try:
        names = Locale.parse(language).months["stand-alone"]["wide"]
    except (UnknownLocaleError, ValueError):
        names = Locale.parse("en").months["stand-alone"]["wide"]
    return [str(names[month]) for month in range(1, 13)]


def _digits(text: str) -> str:
    return text if text.isascii() and text.isdecimal() and len(text) < 8 else ""
