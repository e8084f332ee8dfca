"""What an owner asks beyond stars: the definitions of attributes, and the values shoppers give. Pure.

{"key": "fit", "type": "scale", "labels": {"en": "Fit"}, "low": {"en": "Small"}, "high": {"en": "Large"}}
{"key": "size", "type": "choice", "labels": {"en": "Size"}, "choices": [{"id": "s", "labels": {"en": "S"}}, ...]}
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from widget.core.parsing import is_line
from widget.core.problems import FieldError, InvalidFields

TYPES = ("scale", "choice")
SCALE = (1, 2, 3, 4, 5)
MAX_ATTRIBUTES, MIN_CHOICES, MAX_CHOICES, MAX_LANGUAGES, MAX_LABEL_LENGTH = 8, 2, 12, 40, 60
KEY = re.compile(r"[a-z][a-z0-9_]{0,29}")
LANGUAGE = re.compile(r"[a-z]{2,3}")
_FIELDS = {"scale": {"key", "type", "labels", "low", "high"}, "choice": {"key", "type", "labels", "choices"}}
_KEY_DETAIL = "Must be a small letter, then up to 29 small letters, digits or underscores."


def check_definitions(value: Any, pointer: str = "#/attributes") -> list[dict[str, Any]]:
    """Return the definitions of a site's attributes as they are kept; raise InvalidFields.

    >>> check_definitions([{"key": "fit", "type": "scale", "labels": {"en": " Fit "}}])
    [{'key': 'fit', 'type': 'scale', 'labels': {'en': 'Fit'}}]
    >>> check_definitions([{"key": "Fit", "type": "stars", "labels": {}}])
    Traceback (most recent call last):
    widget.core.problems.InvalidFields: Some fields are not valid
    """
    errors: list[FieldError] = []
    if not isinstance(value, list) or len(value) > MAX_ATTRIBUTES:
        raise InvalidFields(errors=[FieldError(pointer, f"Must be a list of at most {MAX_ATTRIBUTES} attributes.")])
    kept = [_read_definition(item, f"{pointer}/{place}", errors) for place, item in enumerate(value)]
    _refuse_repeated([item.get("key") for item in kept], pointer, "key", errors)
    if errors:
        raise InvalidFields(errors=errors)
    return kept


def check_values(
    definitions: Sequence[Mapping[str, Any]], values: Any, pointer: str = "#/attributes"
) -> dict[str, int | str]:
    """Return what a shopper said of the attributes there are; raise InvalidFields.

    >>> fit = {"key": "fit", "type": "scale", "labels": {"en": "Fit"}}
    >>> size = {"key": "size", "type": "choice", "labels": {"en": "Size"}, "choices": [{"id": "s"}, {"id": "m"}]}
    >>> check_values([fit, size], {"fit": 3, "size": "m"})
    {'fit': 3, 'size': 'm'}
    >>> check_values([fit], {"fit": 6})
    Traceback (most recent call last):
    widget.core.problems.InvalidFields: Some fields are not valid
    """
    if not isinstance(values, dict):
        raise InvalidFields(errors=[FieldError(pointer, "Must be an object.")])
    known = {definition["key"]: definition for definition in definitions}
    errors = [FieldError(f"{pointer}/{_escape(key)}", "Unknown field.") for key in values if key not in known]
    for key, definition in known.items():
        if key in values and (detail := _find_wrong(definition, values[key])):
            errors.append(FieldError(f"{pointer}/{key}", detail))
    if errors:
        raise InvalidFields(errors=errors)
    return {key: values[key] for key in known if key in values}


def label_of(labels: Mapping[str, str], language: str) -> str:
    """Return a label in a language, else in English, else in whatever it has.

    >>> label_of({"it": "Vestibilità", "en": "Fit"}, "it"), label_of({"it": "Vestibilità"}, "fr"), label_of({}, "en")
    ('Vestibilità', 'Vestibilità', '')
    """
    return labels.get(language) or labels.get("en") or next(iter(labels.values()), "")


def make_key(label: str, taken: Sequence[str], fallback: str) -> str:
    """Return a key for what an owner calls something, one that is not taken.

    >>> make_key("Fit & feel", [], "asked"), make_key("Fit", ["fit"], "asked"), make_key("大小", [], "asked")
    ('fit_feel', 'fit_2', 'asked')
    """
    words = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")
    base = words[:24].strip("_") if KEY.fullmatch(words[:24]) else fallback
    numbers = (f"{base}_{number}" for number in range(2, len(taken) + 3))
    return next(key for key in (base, *numbers) if key not in taken)


def _read_definition(item: Any, pointer: str, errors: list[FieldError]) -> dict[str, Any]:
    if not isinstance(item, dict):
        errors.append(FieldError(pointer, "Must be an object."))
        return {}
    kind = item.get("type")
    if kind not in TYPES:
        errors.append(FieldError(f"{pointer}/type", f"Must be one of: {', '.join(TYPES)}."))
        return {}
    errors += [FieldError(f"{pointer}/{_escape(name)}", "Unknown field.") for name in item.keys() - _FIELDS[kind]]
    key = item.get("key")
    if not isinstance(key, str) or not KEY.fullmatch(key):
        errors.append(FieldError(f"{pointer}/key", _KEY_DETAIL))
    kept = {"key": key, "type": kind, "labels": _read_labels(item.get("labels"), f"{pointer}/labels", errors)}
    for end in ("low", "high"):
        if kind == "scale" and item.get(end):
            kept[end] = _read_labels(item[end], f"{pointer}/{end}", errors)
    if kind == "choice":
        kept["choices"] = _read_choices(item.get("choices"), f"{pointer}/choices", errors)
    return kept


def _read_choices(value: Any, pointer: str, errors: list[FieldError]) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not MIN_CHOICES <= len(value) <= MAX_CHOICES:
        errors.append(FieldError(pointer, f"Must be a list of {MIN_CHOICES} to {MAX_CHOICES} choices."))
        return []
    kept = []
    for place, item in enumerate(value):
        if not isinstance(item, dict) or item.keys() != {"id", "labels"}:
            errors.append(FieldError(f"{pointer}/{place}", "Must be an object with an id and labels."))
            continue
        if not isinstance(item["id"], str) or not re.fullmatch(r"[a-z0-9_]{1,30}", item["id"]):
            detail = "Must be up to 30 small letters, digits or underscores."
            errors.append(FieldError(f"{pointer}/{place}/id", detail))
        labels = _read_labels(item["labels"], f"{pointer}/{place}/labels", errors)
        kept.append({"id": item["id"], "labels": labels})
    _refuse_repeated([choice["id"] for choice in kept], pointer, "id", errors)
    return kept


def _read_labels(value: Any, pointer: str, errors: list[FieldError]) -> dict[str, str]:
    if not isinstance(value, dict) or not 1 <= len(value) <= MAX_LANGUAGES:
        errors.append(FieldError(pointer, 'Must be texts by language such as {"en": "Fit"}.'))
        return {}
    kept = {}
    for language, text in value.items():
        line = text.strip() if isinstance(text, str) else ""
        if not LANGUAGE.fullmatch(language):
            detail = "Must be a language of two or three small letters, such as en."
            errors.append(FieldError(f"{pointer}/{_escape(language)}", detail))
        elif not is_line(line, MAX_LABEL_LENGTH):
            detail = f"Must be 1 to {MAX_LABEL_LENGTH} characters, none of them a control character."
            errors.append(FieldError(f"{pointer}/{language}", detail))
        kept[language] = line
    return kept


def _refuse_repeated(names: Sequence[Any], pointer: str, name: str, errors: list[FieldError]) -> None:
    for place, value in enumerate(names):
        if value is not None and value in names[:place]:
            errors.append(FieldError(f"{pointer}/{place}/{name}", "Is given twice."))


def _find_wrong(definition: Mapping[str, Any], value: Any) -> str | None:
    if definition["type"] == "scale":
        is_right = isinstance(value, int) and not isinstance(value, bool) and value in SCALE
        return None if is_right else "Must be a whole number from 1 to 5."
    ids = [choice["id"] for choice in definition["choices"]]
    return None if isinstance(value, str) and value in ids else f"Must be one of: {', '.join(ids)}."


def _escape(key: object) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")
