"""What owners do with answers: tags, notes, and filters kept under a name. Everything is safe to repeat."""

import re
import uuid
from collections.abc import Mapping

from sqlalchemy import delete, func, select

from widget.core.clock import utc_now
from widget.core.db import db, insert_unless_known
from widget.core.ids import new_id
from widget.core.problems import FieldError, InvalidFields
from widget.surveys.desk_models import ResponseNote, ResponseTag, SavedFilter
from widget.surveys.models import Survey, SurveyResponse

MAX_TAG_LENGTH = 40
MAX_TAGS = 20
MAX_NOTE_LENGTH = 2000
MAX_NOTES = 50
MAX_FILTER_NAME_LENGTH = 100
MAX_SAVED_FILTERS = 30


def tidy_tag(text: str) -> str:
    """Return a tag as it is kept; raise InvalidFields for a text that is none.

    >>> tidy_tag("  Late   Delivery ")
    'late delivery'
    """
    # Databases lower the letters of ASCII alone: a tag is kept as Python and they agree on.
    tag = re.sub(r"\s+", " ", text).strip().lower()
    if not 1 <= len(tag) <= MAX_TAG_LENGTH or not tag.isprintable() or "," in tag:
        wrong = f"Must be 1 to {MAX_TAG_LENGTH} printable characters, none of them a comma."
        raise InvalidFields(errors=[FieldError("#/tag", wrong)])
    return tag


def add_tag(response: SurveyResponse, text: str) -> str:
    """Put a tag on an answer and return it; one that is there stays."""
    tag = tidy_tag(text)
    is_same = (ResponseTag.site_id == response.site_id, ResponseTag.response_id == response.id)
    others = db.session.scalar(select(func.count()).select_from(ResponseTag).where(*is_same, ResponseTag.tag != tag))
    if (others or 0) >= MAX_TAGS:
        raise InvalidFields(errors=[FieldError("#/tag", f"An answer has at most {MAX_TAGS} tags.")])
    db.session.execute(
        insert_unless_known(ResponseTag)
        .values(site_id=response.site_id, response_id=response.id, tag=tag)
        .on_conflict_do_nothing()
    )
    return tag


def remove_tag(response: SurveyResponse, tag: str) -> None:
    """Take a tag off an answer; one that is not there is no mistake."""
    db.session.execute(
        delete(ResponseTag).where(
            ResponseTag.site_id == response.site_id,
            ResponseTag.response_id == response.id,
            ResponseTag.tag == tag.strip().lower(),
        )
    )


def add_note(response: SurveyResponse, text: str, author_email: str) -> None:
    """Write a note on an answer; the author's same words twice in a row are one note."""
    note = text.replace("\r\n", "\n").strip()
    if not 1 <= len(note) <= MAX_NOTE_LENGTH or "\x00" in note:
        raise InvalidFields(errors=[FieldError("#/text", f"Must be 1 to {MAX_NOTE_LENGTH} characters.")])
    on_response = (ResponseNote.site_id == response.site_id, ResponseNote.response_id == response.id)
    count = db.session.scalar(select(func.count()).select_from(ResponseNote).where(*on_response)) or 0
    if count >= MAX_NOTES:
        raise InvalidFields(errors=[FieldError("#/text", f"An answer has at most {MAX_NOTES} notes.")])
    order = (ResponseNote.created_at.desc(), ResponseNote.id.desc())
    latest = db.session.scalar(select(ResponseNote).where(*on_response).order_by(*order).limit(1))
    if latest is not None and (latest.text, latest.author_email) == (note, author_email):
        return
    db.session.add(
        ResponseNote(
            site_id=response.site_id,
            id=new_id(),
            response_id=response.id,
            text=note,
            author_email=author_email,
            created_at=utc_now(),
        )
    )


def save_filter(survey: Survey, name: str, query: Mapping[str, str]) -> SavedFilter:
    """Keep a filter under a name; the same name again takes the new filter."""
    tidy = " ".join(name.split())
    if not 1 <= len(tidy) <= MAX_FILTER_NAME_LENGTH or not tidy.isprintable():
        raise InvalidFields(
            errors=[FieldError("#/name", f"Must be 1 to {MAX_FILTER_NAME_LENGTH} printable characters.")]
        )
    if not query:
        raise InvalidFields(errors=[FieldError("#/filter", "There is no condition to keep.")])
    of_survey = (SavedFilter.site_id == survey.site_id, SavedFilter.survey_id == survey.id)
    known = db.session.scalar(select(SavedFilter).where(*of_survey, SavedFilter.name == tidy))
    if known is not None:
        known.query = dict(query)
        return known
    count = db.session.scalar(select(func.count()).select_from(SavedFilter).where(*of_survey)) or 0
    if count >= MAX_SAVED_FILTERS:
        raise InvalidFields(errors=[FieldError("#/name", f"A survey keeps at most {MAX_SAVED_FILTERS} filters.")])
    saved = SavedFilter(
        site_id=survey.site_id, id=new_id(), survey_id=survey.id, name=tidy, query=dict(query), created_at=utc_now()
    )
    db.session.add(saved)
    return saved


def find_saved_filter(survey: Survey, filter_id: uuid.UUID) -> SavedFilter | None:
    """Return a filter of this survey, None when it is gone."""
    saved = db.session.get(SavedFilter, (survey.site_id, filter_id))
    return saved if saved is not None and saved.survey_id == survey.id else None
