"""Storing what is said on the page behind a link: plainly, in the door's transaction, once and for good."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from widget.core.clock import utc_now
from widget.core.db import db, insert_unless_known, session_cursor
from widget.customers.service import save_attribute
from widget.invitations.models import SurveyInvitation
from widget.sites.models import Site
from widget.surveys.answers import add_outcome
from widget.surveys.definitions import PROFILE_TYPES
from widget.surveys.models import Survey, SurveyField, SurveyResponse, SurveyVersion
from widget.surveys.queries import get_survey
from widget.surveys.questions import Document
from widget.surveys.recording import MAX_FIELD_NAMES, mark_day_stale
from widget.surveys.rewarding import reward_answer

SOURCE = "link"


@dataclass(frozen=True)
class Ticket:
    """Who may answer what under which id; `invitation` is None for a printed card."""

    site: Site
    survey: Survey
    response_id: uuid.UUID
    invitation: SurveyInvitation | None = None
    flag: str | None = None

    @property
    def is_answered(self) -> bool:
        """Tell whether the invitation has done its work; a printed card never has."""
        return self.invitation is not None and self.invitation.used_at is not None

    @property
    def hidden(self) -> Mapping[str, str]:
        return self.invitation.hidden if self.invitation else {}


def make_ticket(
    site_id: uuid.UUID,
    survey_id: uuid.UUID,
    response_id: uuid.UUID,
    *,
    invitation: SurveyInvitation | None = None,
    flag: str | None = None,
) -> Ticket:
    """Return who may answer a survey under an id."""
    site = db.session.get_one(Site, site_id)
    return Ticket(site, get_survey(site_id, survey_id), response_id, invitation, flag)


def find_stored(ticket: Ticket, *, for_answer: bool = False) -> SurveyResponse | None:
    """Return the answer under a ticket's id, also an unfinished one; `for_answer` keeps others from it."""
    statement = select(SurveyResponse).where(
        SurveyResponse.site_id == ticket.site.id, SurveyResponse.id == ticket.response_id
    )
    if for_answer:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(statement)


def list_stored_answers(stored: SurveyResponse | None) -> dict[str, Any]:
    """Return what an answer says by the answers' names; nothing for none."""
    if stored is None:
        return {}
    said = {name: value for name, value in stored.answers.items() if name != "outcome"}
    said |= {"score": stored.score, "comment": stored.comment}
    return {name: value for name, value in said.items() if value is not None}


def find_version(survey: Survey, version: int) -> SurveyVersion | None:
    """Return a version that a survey had before; None for the present one and for what it never had."""
    if version == survey.version:
        return None
    return db.session.get(SurveyVersion, (survey.site_id, survey.id, version))


def save_answers(
    ticket: Ticket,
    answers: Document,
    *,
    content: Document,
    definition: Document,
    is_completed: bool,
) -> bool:
    """Store checked answers under a ticket's id, as its page asked; return False where another request was first."""
    now = utc_now()
    said = {
        "score": answers.get("score"),
        "comment": answers.get("comment"),
        "answers": add_outcome(ticket.survey.kind, definition, answers),
        "completed_at": now if is_completed else None,
    }
    stored = find_stored(ticket)
    if stored is None:
        shown = {"survey_version": content["version"], "language": content["language"]}
        if not _insert(ticket, {**said, **shown, "answered_at": now}):
            return False
    else:
        mark_day_stale(
            db.session.connection(), ticket.site.id, ticket.survey.id, stored.answered_at.astimezone(UTC).date()
        )
        for name, value in said.items():
            setattr(stored, name, value)
    if ticket.invitation is not None and ticket.invitation.customer_id is not None:
        customer_id = ticket.invitation.customer_id
        _keep_profile(ticket, customer_id, content, answers, now)
        if ticket.flag is None:
            reward_answer(session_cursor(), ticket.site.id, ticket.survey.id, customer_id, is_completed=is_completed)
    if is_completed and ticket.invitation is not None:
        ticket.invitation.used_at, ticket.invitation.response_id = now, ticket.response_id
    return True


def _insert(ticket: Ticket, values: Mapping[str, Any]) -> bool:
    _remember_field_names(ticket)
    inserted = db.session.scalar(
        insert_unless_known(SurveyResponse)
        .values(
            site_id=ticket.site.id,
            id=ticket.response_id,
            survey_id=ticket.survey.id,
            kind=ticket.survey.kind,
            hidden=dict(ticket.hidden),
            customer_id=ticket.invitation.customer_id if ticket.invitation else None,
            source=SOURCE,
            flag=ticket.flag,
            **values,
        )
        .on_conflict_do_nothing()
        .returning(SurveyResponse.id)
    )
    return inserted is not None


def _keep_profile(
    ticket: Ticket, customer_id: uuid.UUID, content: Document, answers: Document, said_at: datetime
) -> None:
    """Keep what the customer has told of themselves, with the sentence they agreed to."""
    for question in content.get("questions", ()):
        if question["type"] in PROFILE_TYPES and question["key"] in answers:
            save_attribute(
                db.session.connection(),
                ticket.site.id,
                customer_id,
                question["type"],
                answers[question["key"]],
                consent_text=question["consent"],
                language=content["language"],
                source=f"survey:{ticket.survey.id}",
                given_at=said_at,
            )


def _remember_field_names(ticket: Ticket) -> None:
    of_survey = (SurveyField.site_id == ticket.site.id, SurveyField.survey_id == ticket.survey.id)
    known = set(db.session.scalars(select(SurveyField.name).where(*of_survey)))
    for name in sorted(ticket.hidden.keys() - known)[: max(0, MAX_FIELD_NAMES - len(known))]:
        db.session.execute(
            insert_unless_known(SurveyField)
            .values(site_id=ticket.site.id, survey_id=ticket.survey.id, name=name)
            .on_conflict_do_nothing()
        )
