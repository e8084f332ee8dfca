"""What a segment looks like on its way in and out."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from widget.core.parsing import RequestSchema, Text
from widget.customers.segment_models import Segment
from widget.insights.conditions import MAX_CONDITIONS, MEETS, Condition, find_condition_errors, list_condition_schemas
from widget.insights.segments import MAX_NAME_LENGTH


class ConditionField(fields.Field[Condition]):
    """A condition such as `{"field": "orders", "comparison": "at_least", "value": 3}`."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> Condition:
        if errors := find_condition_errors(value):
            raise ValidationError(errors)
        condition: Condition = value
        text = condition["value"]
        return {**condition, "value": text.strip() if isinstance(text, str) else text}


class SegmentName(Text):
    """The name of a segment: one line that is not blank."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        tidy = " ".join(text.split())
        if not 1 <= len(tidy) <= MAX_NAME_LENGTH or not tidy.isprintable():
            raise ValidationError(f"Must be 1 to {MAX_NAME_LENGTH} printable characters.")
        return tidy


def _list_of_conditions(**options: Any) -> Any:
    return fields.List(
        ConditionField(metadata={"oneOf": list_condition_schemas()}),
        validate=validate.Length(1, MAX_CONDITIONS),
        **options,
    )


class SegmentIn(RequestSchema):
    """A segment as the store's server makes it."""

    name = SegmentName(
        required=True,
        metadata={
            "minLength": 1,
            "maxLength": MAX_NAME_LENGTH,
            "pattern": r"^[^\u0000-\u0020\u007f-\u00a0][^\u0000-\u001f\u007f-\u009f]*$",
        },
    )
    meets = Text(validate=validate.OneOf(MEETS), load_default="all")
    conditions = _list_of_conditions(required=True)


class SegmentChanges(SegmentIn):
    """What may be changed of a segment."""

    name = SegmentName(metadata={"minLength": 1, "maxLength": MAX_NAME_LENGTH})
    meets = Text(validate=validate.OneOf(MEETS))
    conditions = _list_of_conditions()


class SegmentOut(Schema):
    """A segment with how many members it had when it was last counted."""

    id = fields.UUID()
    name = fields.String()
    meets = fields.String()
    conditions = fields.List(fields.Dict())
    members = fields.Integer()
    counted_at = fields.AwareDateTime(allow_none=True)
    created_at = fields.AwareDateTime()


class SegmentsOut(Schema):
    """One page of segments."""

    items = fields.List(fields.Nested(SegmentOut()))
    next_cursor = fields.String(allow_none=True)


class MemberOut(Schema):
    """One customer in a segment."""

    id = fields.UUID(metadata={"description": "Our id, which guests have too"})
    customer = fields.String(allow_none=True, metadata={"description": "The store's id, null for a guest"})
    email = fields.String(allow_none=True)
    name = fields.String(allow_none=True)


class MembersOut(Schema):
    """One page of a segment's customers."""

    items = fields.List(fields.Nested(MemberOut()))
    next_cursor = fields.String(allow_none=True)


def describe_segment(segment: Segment) -> dict[str, Any]:
    """Return a segment as it goes out."""
    names = ("id", "name", "meets", "conditions", "members", "counted_at", "created_at")
    return {name: getattr(segment, name) for name in names}
