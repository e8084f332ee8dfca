"""What a segment's conditions may be: the fields, how they compare, and with what. Pure.

A condition is a document such as `{"field": "orders", "comparison": "at_least", "value": 3}`. Money is in minor
units of the site's reporting currency.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MEETS = ("all", "any")
MAX_CONDITIONS = 20
MAX_DAYS = 36_500
MAX_ORDERS = 1_000_000
# Times a customer's number of orders it still fits into 64 bits.
MAX_AMOUNT_MINOR = 10**12
MAX_TEXT_LENGTH = 200
QUINTILES = (1, 5)

_NUMBER = ("at_least", "at_most", "exactly")
COMPARISONS = {
    "flag": ("is",),
    "choice": ("is", "is_not"),
    "text": ("is", "is_not"),
    "number": _NUMBER,
    "quintile": _NUMBER,
    "money": ("at_least", "at_most"),
    "days": ("within_days", "before_days"),
}


@dataclass(frozen=True)
class Field:
    """One thing a condition may be about; `choices` are the values of a choice."""

    name: str
    kind: str
    choices: tuple[str | int, ...] = ()

    @property
    def comparisons(self) -> tuple[str, ...]:
        return COMPARISONS[self.kind]


FIELDS = {
    field.name: field
    for field in (
        Field("has_ordered", "flag"),
        Field("is_guest", "flag"),
        Field("orders", "number"),
        Field("coupons", "choice", ("always", "sometimes", "never")),
        Field("average_receipt_minor", "money"),
        Field("revenue_minor", "money"),
        Field("first_order", "days"),
        Field("last_order", "days"),
        Field("rfm_recency", "quintile"),
        Field("rfm_frequency", "quintile"),
        Field("rfm_monetary", "quintile"),
        Field("expected_minor", "money"),
        Field("newsletter", "flag"),
        Field("lead", "flag"),
        Field("subscriber_without_promo", "flag"),
        Field("friends_brought", "number"),
        Field("last_nps", "choice", ("promoter", "passive", "detractor")),
        Field("last_csat", "choice", ("satisfied", "neutral", "dissatisfied")),
        Field("birthday_month", "choice", tuple(range(1, 13))),
        Field("gender", "text"),
        Field("area", "text"),
        Field("interests", "text"),
    )
}

Condition = Mapping[str, Any]
_PARTS = ("field", "comparison", "value")


def find_condition_errors(condition: Any) -> dict[str, list[str]]:
    """Return what is wrong with a condition, by its parts; empty when nothing is.

    >>> find_condition_errors({"field": "orders", "comparison": "at_least", "value": 3})
    {}
    >>> find_condition_errors({"field": "orders", "comparison": "is", "value": 3})
    {'comparison': ['Must be one of: at_least, at_most, exactly.']}
    >>> find_condition_errors({"field": "sql", "comparison": "is"})["value"]
    ['Missing data for required field.']
    """
    if not isinstance(condition, Mapping):
        return {"_schema": ["Must be an object."]}
    errors = {name: ["Unknown field."] for name in condition if name not in _PARTS}
    errors |= {name: ["Missing data for required field."] for name in _PARTS if name not in condition}
    name = condition.get("field")
    field = FIELDS.get(name) if isinstance(name, str) else None
    if field is None:
        return {"field": [f"Must be one of: {', '.join(FIELDS)}."]} | errors
    if "comparison" in condition and condition["comparison"] not in field.comparisons:
        errors["comparison"] = [f"Must be one of: {', '.join(field.comparisons)}."]
    if "value" in condition and (wrong := find_value_error(field, condition["value"])):
        errors["value"] = [wrong]
    return errors


def find_value_error(field: Field, value: Any) -> str | None:
    """Return what is wrong with the value of a condition on a field.

    >>> find_value_error(FIELDS["birthday_month"], 5), find_value_error(FIELDS["lead"], 1)
    (None, 'Must be true or false.')
    >>> find_value_error(FIELDS["coupons"], "often"), find_value_error(FIELDS["area"], " ")
    ('Must be one of: always, sometimes, never.', 'Must be 1 to 200 printable characters.')
    """
    if field.kind == "flag":
        return None if isinstance(value, bool) else "Must be true or false."
    if field.kind == "choice":
        is_one = any(type(value) is type(choice) and value == choice for choice in field.choices)
        return None if is_one else f"Must be one of: {', '.join(map(str, field.choices))}."
    if field.kind == "text":
        is_text = isinstance(value, str) and value.strip() and len(value) <= MAX_TEXT_LENGTH and value.isprintable()
        return None if is_text else f"Must be 1 to {MAX_TEXT_LENGTH} printable characters."
    low, high = range_of(field)
    is_number = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
    return None if is_number else f"Must be a whole number from {low} to {high}."


def range_of(field: Field) -> tuple[int, int]:
    """Return the smallest and the largest number a condition on a field may name.

    >>> range_of(FIELDS["rfm_recency"]), range_of(FIELDS["last_order"])
    ((1, 5), (1, 36500))
    """
    return {
        "number": (0, MAX_ORDERS),
        "quintile": QUINTILES,
        "money": (0, MAX_AMOUNT_MINOR),
        "days": (1, MAX_DAYS),
    }[field.kind]


def list_condition_schemas() -> list[dict[str, Any]]:
    """Return what a condition may be as JSON schemas, one for each field.

    >>> list_condition_schemas()[0]["properties"]["comparison"]
    {'type': 'string', 'enum': ['is']}
    """
    return [
        {
            "type": "object",
            "properties": {
                "field": {"type": "string", "enum": [field.name]},
                "comparison": {"type": "string", "enum": list(field.comparisons)},
                "value": _describe_value(field),
            },
            "required": list(_PARTS),
            "additionalProperties": False,
        }
        for field in FIELDS.values()
    ]


def _describe_value(field: Field) -> dict[str, Any]:
    if field.kind == "flag":
        return {"type": "boolean"}
    if field.kind == "choice":
        return {"enum": list(field.choices)}
    if field.kind == "text":
        letters = r"^[^\u0000-\u0020\u007f-\u00a0][^\u0000-\u001f\u007f-\u009f]*$"
        return {"type": "string", "minLength": 1, "maxLength": MAX_TEXT_LENGTH, "pattern": letters}
    low, high = range_of(field)
    return {"type": "integer", "minimum": low, "maximum": high}
