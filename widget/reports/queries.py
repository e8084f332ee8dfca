"""Reading comments for their words, and the links to reports."""

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from widget.core.db import db, find_in_site
from widget.reports.models import ReportLink
from widget.reports.words import Comment
from widget.surveys.conditions import list_shown_conditions
from widget.surveys.filters import ResponseFilter
from widget.surveys.models import Survey, SurveyResponse
from widget.surveys.rules import BUCKETS, bucket_of

# Words are counted in so many of the latest comments, so that they cost the same always.
LATEST_COMMENTS = 5_000
BATCH_ROWS = 500


def count_comment_languages(survey: Survey, wanted: ResponseFilter) -> Counter[str]:
    """Return how many of the latest comments are in each language; the survey's own where none is known."""
    latest = _latest_comments(survey, wanted, SurveyResponse.language)
    return Counter(_primary(tag, survey) for (tag,) in db.session.execute(latest))


def stream_comments(survey: Survey, wanted: ResponseFilter, language: str) -> Iterator[Comment]:
    """Yield those of the latest comments that are in a language, without holding more than a batch of them."""
    latest = _latest_comments(survey, wanted, SurveyResponse.comment, SurveyResponse.score, SurveyResponse.language)
    for text, score, tag in db.session.execute(latest.execution_options(yield_per=BATCH_ROWS)):
        if _primary(tag, survey) == language:
            yield Comment(text, language, _mood(survey.kind, score))


def list_latest_comments(survey: Survey, wanted: ResponseFilter, limit: int) -> Sequence[SurveyResponse]:
    """Return the answers with the latest comments of a filter."""
    return db.session.scalars(_latest_comments(survey, wanted, SurveyResponse).limit(limit)).all()


def list_links(survey: Survey) -> Sequence[ReportLink]:
    """Return the links to a survey's reports, newest first."""
    return db.session.scalars(
        select(ReportLink)
        .where(ReportLink.site_id == survey.site_id, ReportLink.survey_id == survey.id)
        .order_by(ReportLink.created_at.desc(), ReportLink.id.desc())
    ).all()


def find_link(site_id: uuid.UUID, link_id: uuid.UUID) -> ReportLink | None:
    """Return a link of this site."""
    return find_in_site(ReportLink, site_id, link_id)


def count_open_links(survey: Survey, now: datetime) -> int:
    """Return how many links to a survey's reports still work."""
    return sum(link.revoked_at is None and link.expires_at > now for link in list_links(survey))


def _latest_comments(survey: Survey, wanted: ResponseFilter, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .where(*list_shown_conditions(survey, wanted), SurveyResponse.comment.is_not(None))
        .order_by(SurveyResponse.answered_at.desc(), SurveyResponse.id.desc())
        .limit(LATEST_COMMENTS)
    )


def _primary(tag: str | None, survey: Survey) -> str:
    return (tag or survey.default_language).partition("-")[0].lower()


def _mood(kind: str, score: int | None) -> int:
    if score is None:
        return 0
    return (1, 0, -1)[BUCKETS[kind].index(bucket_of(kind, score))]
