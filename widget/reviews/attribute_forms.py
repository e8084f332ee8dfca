"""The form of one attribute: read into its definition, and laid out language by language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from widget.core.shopper_languages import LANGUAGE_NAMES
from widget.reviews.attributes import MAX_CHOICES, TYPES, make_key

# Empty lines for choices to come.
SPARE_CHOICES = 2
ENDS = ("low", "high")


@dataclass(frozen=True)
class AttributeForm:
    """What the form shows: the definition as typed, its languages, and the lines of its choices."""

    definition: Mapping[str, Any]
    languages: Sequence[str]

    @property
    def choices(self) -> list[Mapping[str, Any]]:
        given = list(self.definition.get("choices", []))
        spare = min(SPARE_CHOICES, MAX_CHOICES - len(given)) if given else SPARE_CHOICES + 1
        return given + [{"id": "", "labels": {}} for _ in range(spare)]

    @property
    def more_languages(self) -> list[tuple[str, str]]:
        """Return the languages that may be added, by their own names."""
        return [(code, name) for code, name in LANGUAGE_NAMES.items() if code not in self.languages]


def begin_form(kind: str, language: str) -> AttributeForm:
    """Return the form of an attribute that is new, in an owner's language."""
    return AttributeForm({"key": "", "type": kind if kind in TYPES else TYPES[0], "labels": {}}, [language])


def open_form(definition: Mapping[str, Any]) -> AttributeForm:
    """Return the form of an attribute there is."""
    return AttributeForm(definition, list(definition["labels"]))


def read_form(form: Any, key: str, taken: Sequence[str]) -> AttributeForm:
    """Return the form as it was typed; an attribute or a choice that is new gets its key from what it is called."""
    languages = [code for code in dict.fromkeys(form.getlist("language")) if code in LANGUAGE_NAMES] or ["en"]
    kind = form.get("type") if form.get("type") in TYPES else TYPES[0]
    labels = _read_labels(form, "label", languages)
    definition: dict[str, Any] = {
        "key": key or make_key(next(iter(labels.values()), ""), taken, "asked"),
        "type": kind,
        "labels": labels,
    }
    if kind == "scale":
        definition |= {end: texts for end in ENDS if (texts := _read_labels(form, end, languages))}
    else:
        definition["choices"] = _read_choices(form, languages)
    if (more := form.get("more_language")) in LANGUAGE_NAMES and more not in languages:
        languages.append(more)
    return AttributeForm(definition, languages)


def move(definitions: Sequence[Mapping[str, Any]], key: str, by: int) -> list[Mapping[str, Any]]:
    """Return the definitions with one of them further up or down; at the end it stays where it is.

    >>> [one["key"] for one in move([{"key": "a"}, {"key": "b"}, {"key": "c"}], "c", -1)]
    ['a', 'c', 'b']
    """
    moved = list(definitions)
    place = next((place for place, one in enumerate(moved) if one["key"] == key), None)
    if place is not None and 0 <= place + by < len(moved):
        moved.insert(place + by, moved.pop(place))
    return moved


def _read_choices(form: Any, languages: Sequence[str]) -> list[dict[str, Any]]:
    choices: list[dict[str, Any]] = []
    given = {form.get(f"choice.{line}.id", "") for line in range(MAX_CHOICES)} - {""}
    for line in range(MAX_CHOICES):
        labels = _read_labels(form, f"choice.{line}", languages)
        if labels:
            taken = [*given, *(choice["id"] for choice in choices)]
            choice_id = form.get(f"choice.{line}.id") or make_key(next(iter(labels.values())), taken, "choice")
            choices.append({"id": choice_id, "labels": labels})
    return choices


def _read_labels(form: Any, name: str, languages: Sequence[str]) -> dict[str, str]:
    texts = {language: form.get(f"{name}.{language}", "").strip() for language in languages}
    return {language: text for language, text in texts.items() if text}
