"""Checks of single values in a survey's definition: conditions, numbers, flags, addresses."""

import re
from collections.abc import Mapping
from typing import Any

MAX_QUESTIONS = 10
_URL = re.compile(r"https?://[^\s\x00-\x1f\"<>]{1,1990}")

# What is wrong, as nested messages that are keyed as the checked document is.
Errors = dict[Any, Any]


def find_condition_errors(conditions: Any, earlier: Mapping[str, list[Any]], *, may_be_empty: bool) -> Any:
    if not is_list(conditions) or len(conditions) > MAX_QUESTIONS:
        return [f"Must be a list of at most {MAX_QUESTIONS} conditions."]
    return without_empty(
        {
            place: _find_condition_error(condition, earlier, may_be_empty=may_be_empty)
            for place, condition in enumerate(conditions)
        }
    )


def _find_condition_error(condition: Any, earlier: Mapping[str, list[Any]], *, may_be_empty: bool) -> Any:
    if not isinstance(condition, dict) or condition.keys() != {"question", "in"}:
        return ['Must be an object such as {"question": "score", "in": ["promoter"]}.']
    values = earlier.get(condition["question"]) if isinstance(condition["question"], str) else None
    if not values:
        names = [name for name, possible in earlier.items() if possible]
        return {"question": [f"Must be one asked before: {', '.join(names) or 'there is none'}."]}
    given = condition["in"]
    if not is_list(given) or not (given or may_be_empty) or not all(_is_among(value, values) for value in given):
        return {"in": [f"Must be a list of: {', '.join(map(str, values))}."]}
    return []


def find_number_error(given: Any, low: int, high: int) -> list[str]:
    is_right = isinstance(given, int) and not isinstance(given, bool) and low <= given <= high
    return [] if is_right else [f"Must be a whole number from {low} to {high}."]


def find_flag_error(given: Any) -> list[str]:
    return [] if isinstance(given, bool) else ["Must be true or false."]


def find_url_error(url: Any) -> list[str]:
    is_right = isinstance(url, str) and _URL.fullmatch(url)
    return [] if is_right else ["Must be an address that begins with https:// or http://."]


def _is_among(value: Any, values: list[Any]) -> bool:
    """Tell whether a value of JSON is one of them; true is not 1."""
    return not isinstance(value, bool) and isinstance(value, (int, str)) and value in values


def is_list(value: Any) -> bool:
    return isinstance(value, list)


def without_empty(errors: Errors) -> Errors:
    return {name: wrong for name, wrong in errors.items() if wrong}
