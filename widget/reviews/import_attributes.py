"""Attributes of reviews from the columns of a file, by the owner's definitions where there are any. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

# What a key may be, so that an owner can define the attribute later.
KEY = re.compile(r"[a-z][a-z0-9_]{0,29}")
MAX_VALUE_LENGTH = 60
_SCALE = re.compile(r"[1-5]")


class AttributeReader:
    """Reads attributes; `unknown` gathers the names of those nobody defined, `too_long` counts what is left out."""

    def __init__(self, definitions: Sequence[Mapping[str, Any]]) -> None:
        self._definitions = {definition["key"]: definition for definition in definitions}
        self._keys = {_fold(label): key for key, one in self._definitions.items() for label in one["labels"].values()}
        self.unknown: set[str] = set()
        self.too_long = 0

    def read(self, name: str, value: Any) -> tuple[str, Any]:
        """Return an attribute's key and value, which is None where it is left out; raise ValueError.

        >>> fit = {"key": "fit", "type": "scale", "labels": {"en": "How does it fit?"}}
        >>> AttributeReader([fit]).read("how_does_it_fit", "3"), AttributeReader([]).read("age", "18-25")
        (('fit', 3), ('age', '18-25'))
        """
        if not KEY.fullmatch(name) or not isinstance(value, (str, int)):
            raise ValueError("An attribute's key is made of small letters, digits and underscores, its value a text.")
        key = name if name in self._definitions else self._keys.get(_fold(name), name)
        definition = self._definitions.get(key)
        text = str(value).strip()
        if definition is None:
            return key, self._read_unknown(key, text)
        if definition["type"] == "scale":
            if not _SCALE.fullmatch(text):
                raise ValueError("The attribute must be a whole number from 1 to 5.")
            return key, int(text)
        return key, _find_choice(definition, text)

    def _read_unknown(self, key: str, text: str) -> Any:
        """Return a value nobody has defined: a number of a scale, or a text that can be filtered by."""
        self.unknown.add(key)
        if len(text) > MAX_VALUE_LENGTH or not text.isprintable():
            self.too_long += 1
            return None
        return int(text) if _SCALE.fullmatch(text) else text


def _find_choice(definition: Mapping[str, Any], text: str) -> str:
    for choice in definition["choices"]:
        if text == choice["id"] or _fold(text) in map(_fold, choice["labels"].values()):
            return str(choice["id"])
    raise ValueError("The attribute has no such choice.")


def _fold(text: str) -> str:
    return re.sub(r"\W+", "_", text.lower()).strip("_")
