"""Single settings of a survey as schemas read them, and the gates: the rarer conditions of asking."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from widget.core.page_addresses import MATCHES
from widget.core.parsing import Flag, Identifier, RequestSchema, Text, WholeNumber

PROPERTY_MATCHES = ("is", "is_not", "at_least", "at_most", "contains")
MAX_RULES = 20
MAX_RULE_LENGTH = 500
MAX_NAME_LENGTH = 100
MAX_DELAY_SECONDS = 90 * 86_400
MAX_CART = 1e12
MAX_SEGMENTS = 20


class Ratio(fields.Field[float]):
    """A JSON number from 0 to 1: neither "0.5" nor true."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
            raise ValidationError("Must be a number from 0 to 1.")
        return float(value)


class Amount(fields.Field[float]):
    """A JSON number that is not negative, in the currency of the store."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> float:
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not is_number or not isfinite(value) or not 0 <= value <= MAX_CART:
            raise ValidationError("Must be a number, and not negative.")
        amount: float = value
        return amount


class Printable(Text):
    """A line of text that is not blank."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not text.strip() or not text.isprintable():
            raise ValidationError("Must be one line of text, and not blank.")
        return text


class UrlRule(fields.Field[list[str]]):
    """A pair such as ["contains", "/order"]."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> list[str]:
        if not isinstance(value, (list, tuple)) or len(value) != 2 or not all(isinstance(v, str) for v in value):
            raise ValidationError('Must be a pair such as ["contains", "/order"].')
        match, text = value
        if match not in MATCHES:
            raise ValidationError(f"The first of the pair must be one of: {', '.join(MATCHES)}.")
        if not 1 <= len(text) <= MAX_RULE_LENGTH or not text.isprintable():
            raise ValidationError(f"The second must be 1 to {MAX_RULE_LENGTH} printable characters.")
        return [match, text]


class PropertyRule(fields.Field[list[str]]):
    """A triple such as ["total", "at_least", "50"]."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> list[str]:
        if not isinstance(value, (list, tuple)) or len(value) != 3 or not all(isinstance(v, str) for v in value):
            raise ValidationError('Must be three texts such as ["total", "at_least", "50"].')
        name, match, text = value
        if not 1 <= len(name) <= MAX_NAME_LENGTH or not name.isprintable():
            raise ValidationError(f"The first must be 1 to {MAX_NAME_LENGTH} printable characters.")
        if match not in PROPERTY_MATCHES:
            raise ValidationError(f"The second must be one of: {', '.join(PROPERTY_MATCHES)}.")
        if len(text) > MAX_RULE_LENGTH or not text.isprintable():
            raise ValidationError(f"The third must be at most {MAX_RULE_LENGTH} printable characters.")
        return [name, match, text]


def list_of_rules(rule: type[fields.Field[Any]], size: int) -> Any:
    """Return the field of a list of rules, each of so many texts."""
    return fields.List(
        rule(metadata={"type": "array", "items": {"type": "string"}, "minItems": size, "maxItems": size}),
        validate=validate.Length(max=MAX_RULES),
    )


class Gates(RequestSchema):
    """The rarer conditions of asking; what is not given, or is null, false or empty, is no condition."""

    exit_intent = Flag(allow_none=True)
    devices = Text(allow_none=True, validate=validate.OneOf(["desktop", "touch"]))
    visitors = Text(allow_none=True, validate=validate.OneOf(["new", "returning"]))
    identity = Text(allow_none=True, validate=validate.OneOf(["customer", "anonymous"]))
    referrers = list_of_rules(UrlRule, 2)
    cart_min = Amount(allow_none=True, metadata={"type": "number", "minimum": 0})
    cart_max = Amount(allow_none=True, metadata={"type": "number", "minimum": 0})
    event_properties = list_of_rules(PropertyRule, 3)
    event_source = Text(allow_none=True, validate=validate.OneOf(["server"]))
    segments = fields.List(
        Identifier(),
        validate=validate.Length(max=MAX_SEGMENTS),
        metadata={"description": "Only customers in one of these segments, by their ids"},
    )
    event_delay_seconds = WholeNumber(allow_none=True, validate=validate.Range(0, MAX_DELAY_SECONDS))

    @validates_schema
    def check_cart(self, data: dict[str, Any], **_kwargs: Any) -> None:
        low, high = data.get("cart_min"), data.get("cart_max")
        if low is not None and high is not None and low > high:
            raise ValidationError({"cart_max": ["Must not lie below cart_min."]})

    @post_load
    def leave_out_empty(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        if "segments" in data:
            data["segments"] = [str(segment_id) for segment_id in dict.fromkeys(data["segments"])]
        return {name: value for name, value in data.items() if value is not None and value is not False and value != []}
