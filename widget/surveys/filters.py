"""The filter of answers: one reading of the query string for page, API and export."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, validate
from werkzeug.datastructures import MultiDict

from widget.core.parsing import RequestSchema, Text
from widget.core.problems import FieldError, InvalidFields, flatten_messages
from widget.surveys import queries
from widget.surveys.models import Survey
from widget.surveys.rules import BUCKETS, SCORES

HIDDEN_PREFIX = "hidden."
# Names that stand beside a filter in an address and say how to show its answers.
DISPLAY_NAMES = frozenset({"by", "cursor", "limit", "format", "bom"})
MAX_VALUE_LENGTH = 500


@dataclass(frozen=True)
class ResponseFilter:
    """Which answers are meant: all that meet every condition given.

    Days are UTC and both ends belong to the range. `customer` is the store's id or the e-mail address;
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

    @property
    def is_dates_only(self) -> bool:
        return self == ResponseFilter(from_on=self.from_on, until_on=self.until_on)


def _text(description: str, *, longest: int = MAX_VALUE_LENGTH) -> Text:
    return Text(validate=validate.Length(max=longest), metadata={"description": description})


class FilterQuery(RequestSchema):
    """The names a filter has in an address, besides hidden.<name> for each hidden field."""

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


_query = FilterQuery()
_FLAGGED = {"only": True, "all": None}


def parse_filter(survey: Survey, args: MultiDict[str, str]) -> ResponseFilter:
    """Return the filter an address names; empty values are no condition.

    Raise InvalidFields for a name that is none, so that a typo never shows an unfiltered number.
    """
    given = dict(_list_given(args))
    hidden = {name.removeprefix(HIDDEN_PREFIX): given.pop(name) for name in list(given) if _is_hidden(name)}
    bare = given.keys() - {field.data_key or name for name, field in _query.fields.items()}
    if bare:
        known = bare & set(queries.list_field_names(survey))
        hidden |= {name: given.pop(name) for name in known}
    try:
        loaded = _query.load(given)
        _require_in_scale(survey.kind, loaded)
        _require_storable(hidden)
    except ValidationError as error:
        raise InvalidFields(errors=flatten_messages(error.messages)) from error
    return ResponseFilter(
        **{
            **loaded,
            "fields": tuple(sorted(hidden.items())),
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


def _is_hidden(name: str) -> bool:
    return name.startswith(HIDDEN_PREFIX) and name != HIDDEN_PREFIX


def _require_in_scale(kind: str, loaded: dict[str, Any]) -> None:
    scale = SCORES[kind]
    if "score" in loaded and loaded["score"] not in scale:
        raise ValidationError({"score": [f"Must be between {scale[0]} and {scale[-1]}."]})
    if "bucket" in loaded and loaded["bucket"] not in BUCKETS[kind]:
        raise ValidationError({"bucket": [f"Must be one of: {', '.join(BUCKETS[kind])}."]})
    if "from_on" in loaded and "until_on" in loaded and loaded["from_on"] > loaded["until_on"]:
        raise ValidationError({"until": ["Must not lie before the first day."]})


def _require_storable(hidden: dict[str, str]) -> None:
    for name, value in hidden.items():
        if "\x00" in name + value or len(value) > MAX_VALUE_LENGTH:
            raise ValidationError(
                {HIDDEN_PREFIX + name: [f"Must be at most {MAX_VALUE_LENGTH} characters, none of them NUL."]}
            )
