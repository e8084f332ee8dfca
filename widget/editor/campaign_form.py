"""The form of a campaign: what an owner has typed so far, and the document it makes."""

from collections.abc import Mapping, Sequence
from typing import Any

from widget.core.problems import FieldError, InvalidFields, flatten_messages
from widget.core.shopper_languages import LANGUAGE_NAMES
from widget.core.typed_values import TypedValues
from widget.editor import campaign_words
from widget.editor.campaign_fields import (
    TEXTS,
    Document,
    list_marked,
    list_places,
    list_variant_keys,
    read_campaign,
    spell_campaign,
)
from widget.popups.campaign_checks import find_campaign_errors
from widget.popups.rules import VARIANT_KEYS
from widget.popups.texts import UI_TEXTS

# What a campaign begins with: leaving asks once, and who is on a phone is asked in a small sheet.
_STARTED = {
    "goal": "coupon", "display": "modal", "default_language": "en", "languages.en": "1", "variants.a.name": "A",
    "variants.a.weight": "1", "triggers.exit": "1", "triggers.exit.after_seconds": "5", "triggers.touch": "1",
    "triggers.touch.depth_percent": "30", "every_days": "30", "per_session": "1", "is_search_safe": "1",
    "is_double_opt_in": "1", "holdout_percent": "10",
}  # fmt: skip
_RENAMED = {"holdout_basis_points": "holdout_percent", "rules.cart_minor": "rules.cart_min"}
_ROWS = ("rules.urls", "rules.referrer", "rules.devices", "rules.countries", "rules.segments", "rules.tiers", "fields")


class CampaignForm:
    """A campaign as it was typed, and what is wrong by the field's name."""

    words = campaign_words

    def __init__(self, given: Mapping[str, str], currency: str | None, kept: Document | None = None) -> None:
        """Take what was typed; `kept` is the campaign as it is, for what the form has no field for."""
        self.given, self.currency, self.kept = dict(given), currency or "EUR", kept or {}
        self.errors: dict[str, list[str]] = {}

    @classmethod
    def started(cls, currency: str | None, goal: str) -> "CampaignForm":
        """Return the form of a campaign nobody has typed anything into."""
        return cls({**_STARTED, "goal": goal}, currency)

    @classmethod
    def of(cls, document: Document, currency: str | None) -> "CampaignForm":
        """Return the form of a campaign as it is."""
        return cls(spell_campaign(document, currency or "EUR"), currency, document)

    @property
    def variant_keys(self) -> list[str]:
        return list_variant_keys(self.given)

    @property
    def languages(self) -> list[tuple[str, str]]:
        """The campaign's languages with their names, the default one first."""
        default = self.value("default_language") or "en"
        chosen = [default, *(one for one in list_marked(self.given, "languages") if one != default)]
        return [(one, LANGUAGE_NAMES.get(one, one)) for one in chosen]

    @property
    def language_choices(self) -> list[tuple[str, str]]:
        """Every language there may be: those we have words in, and those the campaign has."""
        return list({**{one: LANGUAGE_NAMES[one] for one in UI_TEXTS}, **dict(self.languages)}.items())

    def value(self, name: str) -> str:
        """Return what a field holds."""
        return self.given.get(name, "")

    def has(self, name: str) -> bool:
        """Return whether a box is ticked."""
        return bool(self.value(name))

    def has_any(self, base: str, rows: Sequence[tuple[Any, ...]]) -> bool:
        """Return whether something is typed into any of these texts, or wrong with it."""
        return any(self.has(f"{base}.{name}") or f"{base}.{name}" in self.errors for name, *_ in rows)

    def name_field(self, name: str) -> str:
        """Return what a field is called, with the content and the language it belongs to."""
        first, *rest = name.split(".")
        called = str(campaign_words.FIELD_NAMES.get(first, name))
        if first != "variants" or not rest:
            return called
        words = {word: str(label) for word, label, *_ in (*campaign_words.TEXTS, *campaign_words.MORE_TEXTS)}
        return ", ".join((self.value(f"variants.{rest[0]}.name") or rest[0].upper(), words.get(rest[-1], called)))

    def fallback(self, language: str, name: str) -> str:
        """Return what stands where a text is empty."""
        ui = UI_TEXTS.get(language, UI_TEXTS["en"])
        return ui.get(self.value("goal"), "") if name == "button" else ui.get(name, "")

    def rows(self, base: str) -> list[tuple[str, str]]:
        """Return the rows of rules on an address, with two empty ones to be filled."""
        rows = [
            (self.value(f"{base}.{place}.match"), self.value(f"{base}.{place}.text"))
            for place in list_places(self.given, base)
        ]
        return [row for row in rows if row[1]] + [("contains", "")] * 2

    def act(self, action: str) -> None:
        """Do what a button says: add a variant like the first, or take one away."""
        verb, _, key = action.partition(":")
        if verb == "variant-remove" and len(self.variant_keys) > 1:
            self.given = {name: value for name, value in self.given.items() if not name.startswith(f"variants.{key}.")}
        elif verb == "variant-add":
            self._add_variant()

    def read(self) -> Document | None:
        """Return the checked document, None where something is wrong."""
        typed = TypedValues(self.given, self.currency)
        document = read_campaign(typed, self.kept)
        self.errors = dict(typed.errors)
        self._add(document, flatten_messages(find_campaign_errors(document)))
        return None if self.errors else document

    def add_problem(self, problem: InvalidFields, document: Document) -> None:
        """Put what a service refused to the fields it belongs to."""
        self._add(document, problem.errors)

    def _add(self, document: Document, errors: list[FieldError]) -> None:
        for error in errors:
            self.errors.setdefault(_name_field(document, error.pointer), []).append(error.detail)

    def _add_variant(self) -> None:
        free = next((key for key in VARIANT_KEYS if key not in self.variant_keys), None)
        if free is None:
            return
        first = f"variants.{self.variant_keys[0]}."
        copied = {
            name.replace(first, f"variants.{free}.", 1): value
            for name, value in self.given.items()
            if name.startswith(first)
        }
        self.given |= {**copied, f"variants.{free}.name": free.upper()}


def _name_field(document: Document, pointer: str) -> str:
    """Return the name of the field that holds what a pointer names."""
    parts = pointer.removeprefix("#/").split("/")
    if parts[0] == "variants" and len(parts) > 2 and parts[1].isdecimal():
        parts[1] = str(document["variants"][int(parts[1])]["key"])
        # A variant's text that has no field of its own belongs to its first one.
        if parts[2] == "texts" and parts[-1] not in TEXTS:
            return ".".join((*parts[:2], "name"))
    name = ".".join(parts)
    return next((rows for rows in _ROWS if name.startswith(f"{rows}.")), _RENAMED.get(name, name))
