"""The filter of answers: one reading of the query string for page, API and export."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, validate
from werkzeug.datastructures import MultiDict

from widget.core.parsing import RequestSchema, Text
from widget.core.problems import FieldError, InvalidFields, flatten_messages
from widget.customers.segment_queries import find_unknown_segments
from widget.surveys import queries
from widget.surveys.models import Survey
from widget.surveys.rules import BUCKETS, SCORES

HIDDEN_PREFIX = "hidden."
ANSWER_PREFIX = "q."
# Names that stand beside a filter in an address and say how to show its answers.
DISPLAY_NAMES = frozenset({"by", "cursor", "limit", "format", "bom"})
MAX_VALUE_LENGTH = 500
SOURCES = ("widget", "link", "import")


@dataclass(frozen=True)
class ResponseFilter:
    """Which answers are meant: all that meet every condition given.

    Days are UTC and both ends belong to the range. `customer` is the store's id or the e-mail address;
    `segment` is a segment of customers by its id;
    `answers` are (question, choice or value) pairs, with "*" for any; `outcome` is a quiz's.
    `flagged` False leaves suspicious answers out, True takes only them, None takes all.
    """

    from_on: date | None = None
    until_on: date | None = None
    score: int | None = None
    bucket: str | None = None
    fields: tuple[tuple[str, str], ...] = ()
    language: str | None = None
    page: str | None = None
    customer: str | None = None
    text: str | None = None
    with_comment: bool = False
    flagged: bool | None = False
    answers: tuple[tuple[str, str], ...] = ()
    outcome: str | None = None
    source: str | None = None
    tag: str | None = None
    segment: UUID | None = None

    @property
    def is_dates_only(self) -> bool:
        return self == ResponseFilter(from_on=self.from_on, until_on=self.until_on)


def _text(description: str, *, longest: int = MAX_VALUE_LENGTH) -> Text:
    return Text(validate=validate.Length(max=longest), metadata={"description": description})


class FilterQuery(RequestSchema):
    """The names a filter has in an address, besides hidden.<name> for hidden fields and q.<key> for questions."""

    from_on = fields.Date(data_key="from", metadata={"description": "First UTC day"})
    until_on = fields.Date(data_key="until", metadata={"description": "Last UTC day, included"})
    score = fields.Integer(metadata={"description": "Answers with this score"})
    bucket = _text("promoter, passive, detractor; satisfied, neutral, dissatisfied")
    language = _text("Such as it; takes it-IT too", longest=35)
    page = _text("Part of the page's address")
    customer = _text("The store's id of a customer, or the e-mail address")
    text = _text("Words of the comment")
    with_comment = Text(validate=validate.OneOf(["1"]), metadata={"description": "1 for answers with a comment alone"})
    flagged = Text(
        validate=validate.OneOf(["only", "all"]),
        metadata={"description": "Suspicious answers, which are left out without it"},
    )
    outcome = _text("The outcome of a quiz, by its id", longest=60)
    source = Text(
        validate=validate.OneOf(SOURCES), metadata={"description": "widget: in a page; link: by a link; import"}
    )
    tag = _text("Answers with this tag", longest=40)
    segment = fields.UUID(metadata={"description": "Answers of the customers in this segment, by its id"})


_query = FilterQuery()
_FLAGGED = {"only": True, "all": None}


def parse_filter(survey: Survey, args: MultiDict[str, str]) -> ResponseFilter:
    """Return the filter an address names; empty values are no condition.

    Raise InvalidFields for a name that is none, so that a typo never shows an unfiltered number.
    """
    given = dict(_list_given(args))
    hidden = _take_prefixed(given, HIDDEN_PREFIX)
    answers = _take_prefixed(given, ANSWER_PREFIX)
    bare = given.keys() - {field.data_key or name for name, field in _query.fields.items()}
    if bare:
        known = bare & set(queries.list_field_names(survey))
        hidden |= {name: given.pop(name) for name in known}
    try:
        loaded = _query.load(given)
        _require_in_scale(survey.kind, loaded)
        _require_known_segment(survey, loaded)
        _require_storable(HIDDEN_PREFIX, hidden)
        _require_storable(ANSWER_PREFIX, answers)
        _require_asked(survey, answers)
    except ValidationError as error:
        raise InvalidFields(errors=flatten_messages(error.messages)) from error
    return ResponseFilter(
        **{
            **loaded,
            "fields": tuple(sorted(hidden.items())),
            "answers": tuple(sorted(answers.items())),
            "tag": loaded["tag"].lower() if "tag" in loaded else None,
            "with_comment": "with_comment" in loaded,
            "flagged": _FLAGGED[loaded["flagged"]] if "flagged" in loaded else False,
        }
    )


def to_query(response_filter: ResponseFilter) -> dict[str, str]:
    """Return the filter as the names and values of an address, which parse to the same filter."""
    query = {
        field.data_key or name: value.isoformat() if isinstance(value, date) else str(value)
        for name, field in _query.fields.items()
        if name not in ("with_comment", "flagged") and (value := getattr(response_filter, name)) is not None
    }
    query |= {HIDDEN_PREFIX + name: value for name, value in response_filter.fields}
    query |= {ANSWER_PREFIX + key: value for key, value in response_filter.answers}
    if response_filter.with_comment:
        query["with_comment"] = "1"
    if response_filter.flagged is not False:
        query["flagged"] = "only" if response_filter.flagged else "all"
    return query


def _list_given(args: MultiDict[str, str]) -> Iterator[tuple[str, str]]:
    for name, values in args.lists():
        given = [value for value in values if value != ""]
        if len(set(given)) > 1:
            raise InvalidFields(errors=[FieldError(f"#/{name}", "Is given twice.")])
        if given and name not in DISPLAY_NAMES:
            yield name, given[0]


def _take_prefixed(given: dict[str, str], prefix: str) -> dict[str, str]:
    """Take the values whose names begin with a prefix out of what was given, by the rest of their names."""
    names = [name for name in given if name.startswith(prefix) and name != prefix]
    return {name.removeprefix(prefix): given.pop(name) for name in names}


def _require_in_scale(kind: str, loaded: dict[str, Any]) -> None:
    scale, buckets = SCORES.get(kind) or range(0), BUCKETS.get(kind, ())
    for name in () if scale else ("score", "bucket"):
        if name in loaded:
            raise ValidationError({name: ["This survey asks for no score."]})
    if "score" in loaded and loaded["score"] not in scale:
        raise ValidationError({"score": [f"Must be between {scale[0]} and {scale[-1]}."]})
    if "bucket" in loaded and loaded["bucket"] not in buckets:
        raise ValidationError({"bucket": [f"Must be one of: {', '.join(buckets)}."]})
    if "from_on" in loaded and "until_on" in loaded and loaded["from_on"] > loaded["until_on"]:
        raise ValidationError({"until": ["Must not lie before the first day."]})


def _require_known_segment(survey: Survey, loaded: dict[str, Any]) -> None:
    if "segment" in loaded and find_unknown_segments(survey.site_id, {loaded["segment"]}):
        raise ValidationError({"segment": ["There is no such segment."]})


def _require_asked(survey: Survey, answers: dict[str, str]) -> None:
    for key in answers.keys() - queries.list_question_keys(survey) if answers else ():
        raise ValidationError({ANSWER_PREFIX + key: ["This survey has no such question."]})


def _require_storable(prefix: str, values: dict[str, str]) -> None:
    for name, value in values.items():
        if "\x00" in name + value or len(value) > MAX_VALUE_LENGTH:
            raise ValidationError(
                {prefix + name: [f"Must be at most {MAX_VALUE_LENGTH} characters, none of them NUL."]}
            )
