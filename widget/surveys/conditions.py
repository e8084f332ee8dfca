"""A filter as SQL conditions, and the expressions that SQLite and PostgreSQL spell differently."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Date, String, and_, bindparam, case, cast, exists, func, or_, select, type_coerce
from sqlalchemy.dialects.postgresql import TIMESTAMP

from widget.core.db import UTCDateTime, db
from widget.customers.queries import is_customer_called
from widget.customers.segment_queries import is_in_segment
from widget.surveys.desk_models import ResponseTag
from widget.surveys.models import Survey, SurveyResponse
from widget.surveys.rules import SCORES, bucket_of

if TYPE_CHECKING:
    from widget.surveys.filters import ResponseFilter

Condition = ColumnElement[bool]
# Instead of a value, in the filter of an answer to a question: whatever was answered.
ANY_ANSWER = "*"


def start_of(day: date) -> datetime:
    """Return when a UTC day begins.

    >>> start_of(date(2026, 5, 31)).isoformat()
    '2026-05-31T00:00:00+00:00'
    """
    return datetime.combine(day, time(), UTC)


def is_within_days(at: Any, from_on: date | None, until_on: date | None) -> list[Condition]:
    """Return the conditions that a moment lies in a range of UTC days, both ends included."""
    conditions = []
    if from_on is not None:
        conditions.append(at >= start_of(from_on))
    if until_on is not None and until_on < date.max:
        conditions.append(at < start_of(until_on + timedelta(days=1)))
    return conditions


def utc_day(at: Any) -> ColumnElement[date]:
    """Return the UTC day of a moment's column."""
    if _is_sqlite():
        return type_coerce(func.substr(at, 1, 10), Date())
    return cast(func.timezone("UTC", at), Date())


def is_between_days(at: Any, first: ColumnElement[date], last: ColumnElement[date]) -> Condition:
    """Return the condition that a moment's column lies between two days of SQL, both ends included."""
    if _is_sqlite():
        # Times are stored as text that begins with the day, so text compares them with days.
        text = type_coerce(at, String())
        return and_(text >= type_coerce(first, String()), text < func.date(last, "+1 day"))
    start = func.timezone("UTC", cast(first, TIMESTAMP()), type_=UTCDateTime())
    end = func.timezone("UTC", cast(last + 1, TIMESTAMP()), type_=UTCDateTime())
    return and_(at >= start, at < end)


def hidden_value(name: str) -> ColumnElement[str]:
    """Return the value of a hidden field, NULL where an answer does not carry it."""
    if not _is_sqlite():
        return SurveyResponse.hidden.op("->>", return_type=String())(bindparam(None, name, type_=String()))
    if '"' in name or "\\" in name:
        # SQLite's paths cannot spell such a name.
        pairs = func.json_each(SurveyResponse.hidden).table_valued("key", "atom")
        return select(cast(pairs.c.atom, String())).where(pairs.c.key == name).scalar_subquery()
    return func.json_extract(SurveyResponse.hidden, f'$."{name}"', type_=String())


def answer_text(key: str) -> ColumnElement[str]:
    """Return what an answer says under a key, as text; NULL where it says nothing."""
    if _is_sqlite():
        return cast(func.json_extract(SurveyResponse.answers, f'$."{key}"'), String())
    return SurveyResponse.answers.op("->>", return_type=String())(bindparam(None, key, type_=String()))


def has_answer(key: str) -> Condition:
    """Return the condition that an answer says something under a key."""
    return answer_text(key).is_not(None)


def answer_values(key: str) -> Any:
    """Return a table of what each answer says under a key, in `value`: one row for each of several choices.

    It joins itself to the answers that the same statement reads. Compare and show `value` as text.
    """
    if _is_sqlite():
        return func.json_each(SurveyResponse.answers, f'$."{key}"').table_valued("value", joins_implicitly=True)
    value = SurveyResponse.answers.op("->")(bindparam(None, key, type_=String()))
    listed = case((func.jsonb_typeof(value) == "array", value), else_=func.jsonb_build_array(value))
    return func.jsonb_array_elements_text(listed).table_valued("value", joins_implicitly=True)


def has_value(key: str, values: Iterable[str]) -> Condition:
    """Return the condition that an answer says one of some values under a key."""
    said = answer_values(key)
    return exists().select_from(said).where(cast(said.c.value, String()).in_(sorted(values)))


def list_conditions(survey: Survey, response_filter: "ResponseFilter") -> list[Condition]:
    """Return the conditions of a filter, without the one on suspicious answers."""
    wanted = response_filter
    conditions: list[Condition] = [
        SurveyResponse.site_id == survey.site_id,
        SurveyResponse.survey_id == survey.id,
        *is_within_days(SurveyResponse.answered_at, wanted.from_on, wanted.until_on),
        *(hidden_value(name) == value for name, value in wanted.fields),
        *(has_answer(key) if value == ANY_ANSWER else has_value(key, [value]) for key, value in wanted.answers),
    ]
    if wanted.outcome is not None:
        conditions.append(answer_text("outcome") == wanted.outcome)
    if wanted.source is not None:
        conditions.append(SurveyResponse.source == wanted.source)
    if wanted.tag is not None:
        conditions.append(_has_tag(wanted.tag))
    if wanted.segment is not None:
        customer_id = SurveyResponse.customer_id.expression
        conditions.append(is_in_segment(customer_id, survey.site_id, wanted.segment))
    if wanted.score is not None:
        conditions.append(SurveyResponse.score == wanted.score)
    if wanted.bucket is not None:
        scores = [score for score in SCORES.get(survey.kind, ()) if bucket_of(survey.kind, score) == wanted.bucket]
        conditions.append(SurveyResponse.score.in_(scores))
    if wanted.with_comment:
        conditions.append(SurveyResponse.comment.is_not(None))
    return conditions + _list_text_conditions(survey, wanted)


def list_shown_conditions(survey: Survey, response_filter: "ResponseFilter") -> list[Condition]:
    """Return all conditions of a filter: those of the rows that lists and exports show."""
    conditions = list_conditions(survey, response_filter)
    if response_filter.flagged is not None:
        is_flagged = SurveyResponse.flag.is_not(None)
        conditions.append(is_flagged if response_filter.flagged else ~is_flagged)
    return conditions


def _has_tag(tag: str) -> Condition:
    return exists().where(
        ResponseTag.site_id == SurveyResponse.site_id,
        ResponseTag.response_id == SurveyResponse.id,
        ResponseTag.tag == tag,
    )


def _list_text_conditions(survey: Survey, wanted: "ResponseFilter") -> list[Condition]:
    conditions: list[Condition] = []
    if wanted.language is not None:
        language = func.lower(SurveyResponse.language)
        primary = wanted.language.lower()
        conditions.append(or_(language == primary, language.startswith(primary + "-", autoescape=True)))
    if wanted.page is not None:
        conditions.append(SurveyResponse.page_url.icontains(wanted.page, autoescape=True))
    if wanted.customer is not None:
        customer_id = SurveyResponse.customer_id.expression
        conditions.append(is_customer_called(customer_id, survey.site_id, wanted.customer))
    if wanted.text is not None:
        # Databases fold the case of ASCII letters everywhere and of others only in some locales.
        spellings = {wanted.text, wanted.text.lower(), wanted.text.upper(), wanted.text.capitalize()}
        conditions.append(or_(*(SurveyResponse.comment.icontains(text, autoescape=True) for text in sorted(spellings))))
    return conditions


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"
