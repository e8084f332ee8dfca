"""What a form asks beyond the address, checked against the campaign that asks it. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from widget.customers.rules import find_attribute_error

_MISSING = "This field is needed."


def find_profile_errors(asked: Sequence[Mapping[str, Any]], name: str | None, profile: Mapping[str, Any]) -> Any:
    """Return what is wrong with what was told, by field; empty where nothing is.

    >>> asked = [{"key": "name", "required": True}, {"key": "interests", "required": False, "choices": ["tea"]}]
    >>> find_profile_errors(asked, "", {"interests": ["rum"], "area": "Rome"})
    {'name': ['This field is needed.'], 'fields': {'interests': ['Must be among: tea.'], 'area': ['Unknown field.']}}
    >>> find_profile_errors(asked, "Erin", {"interests": ["tea"]})
    {}
    """
    known = {field["key"]: field for field in asked}
    errors: dict[str, Any] = {}
    if known.get("name", {}).get("required") and not name:
        errors["name"] = [_MISSING]
    wrong = {key: [_find_error(known.get(key), key, value)] for key, value in profile.items()}
    wrong = {key: messages for key, messages in wrong.items() if messages != [None]}
    missing = [key for key, field in known.items() if field["required"] and key != "name" and key not in profile]
    wrong |= {key: [_MISSING] for key in missing}
    return {**errors, **({"fields": wrong} if wrong else {})}


def _find_error(field: Mapping[str, Any] | None, key: str, value: Any) -> str | None:
    if field is None or key == "name":
        return "Unknown field."
    error = find_attribute_error(key, value)
    if error is None and key == "interests" and not set(value) <= set(field["choices"]):
        return f"Must be among: {', '.join(field['choices'])}."
    return error
