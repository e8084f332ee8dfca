"""The form of the program: what an owner has typed so far, and the rules it makes.

Fields are named by their place. Steps are numbered rows; one that nothing was typed into is none.
"""

from collections.abc import Mapping
from typing import Any

from widget.core.problems import FieldError
from widget.core.shopper_languages import LANGUAGE_NAMES
from widget.core.typed_values import TypedValues, spell_money
from widget.referrals.program_checks import MAX_STEPS

# The languages and the texts whose fields stand there; others, sent by the store's server, have their fields too.
LANGUAGES = ("en", "it", "id")
TEXTS = ("offer", "message")
VELOCITY = ("days", "per_advocate", "per_network", "per_own_network", "per_device")
Rules = Mapping[str, Any]


class ProgramForm:
    """Fields by name, how many steps there are, and what is wrong by the field's name."""

    def __init__(self, values: Mapping[str, str], steps: int) -> None:
        self.values, self.steps = dict(values), steps
        self.errors: dict[str, list[str]] = {}
        self._places: dict[int, int] = {}

    @classmethod
    def of(cls, rules: Rules) -> "ProgramForm":
        """Return the form of rules as they are."""
        return cls(_spell(rules), len(rules["steps"]))

    @classmethod
    def submitted(cls, given: Mapping[str, str]) -> "ProgramForm":
        """Return the form as the browser sent it."""
        values = {name: value for name, value in given.items() if name not in ("csrf_token", "do")}
        count = values.get("steps.count", "")
        steps = int(count) if count.isascii() and count.isdecimal() and len(count) < 4 else 0
        return cls(values, min(steps, MAX_STEPS))

    @property
    def texts(self) -> list[tuple[str, str, list[str]]]:
        """Return the languages that have fields, what they are called, and the texts each has."""
        given = [name.split(".", 2)[1:] for name in self.values if name.startswith("texts.") and name.count(".") == 2]
        languages = [*LANGUAGES, *sorted({language for language, _ in given} - set(LANGUAGES))]
        return [
            (
                language,
                LANGUAGE_NAMES.get(language, language),
                [*TEXTS, *sorted({name for own, name in given if own == language} - set(TEXTS))],
            )
            for language in languages
        ]

    def value(self, name: str) -> str:
        """Return what a field holds."""
        return self.values.get(name, "")

    def act(self, action: str) -> None:
        """Add a step or take one away, as a button says."""
        what, _, place = action.partition(".")
        if what == "add" and self.steps < MAX_STEPS:
            self.steps += 1
        if what == "remove" and place.isascii() and place.isdecimal():
            row = f"steps.{place}."
            self.values = {name: value for name, value in self.values.items() if not name.startswith(row)}

    def read(self) -> dict[str, Any]:
        """Return the rules as the store's server would send them; what cannot be read is noted."""
        typed = TypedValues(self.values, self.value("currency") or "EUR")
        rules = {
            "advocate": _read_reward(typed, "advocate"),
            "friend": _read_reward(typed, "friend"),
            "steps": self._read_steps(typed),
            "currency": typed.text("currency"),
            "minimum_minor": typed.money("minimum_minor", blank=0),
            "hold_days": typed.whole("hold_days", must_be=True),
            "claim_days": typed.whole("claim_days", must_be=True),
            "landing_url": typed.text("landing_url") or None,
            "texts": self._read_texts(typed),
            "velocity": {name: typed.whole(f"velocity.{name}", must_be=True) for name in VELOCITY},
            "leaderboard": typed.has("leaderboard"),
        }
        self.errors = typed.errors
        return rules

    def add_errors(self, errors: list[FieldError]) -> None:
        """Put what is wrong with the rules to the fields it belongs to, unless the field says something already."""
        for error in errors:
            name = self._find_field(error.pointer.removeprefix("#/"))
            if name not in self.errors:
                self.errors[name] = [error.detail]

    def _find_field(self, path: str) -> str:
        parts = path.split("/")
        if parts[0] == "steps" and len(parts) > 1:
            row = self._places.get(int(parts[1]), 0)
            rest = [part for part in parts[2:] if part != "reward"]
            return ".".join(["steps", str(row), *(rest or ["friends"])])
        return ".".join(parts)

    def _read_steps(self, typed: TypedValues) -> list[dict[str, Any]]:
        steps: list[dict[str, Any]] = []
        self._places = {}
        for place in range(self.steps):
            row = f"steps.{place}"
            if typed.has(f"{row}.friends") or typed.has(f"{row}.points"):
                self._places[len(steps)] = place
                friends = typed.whole(f"{row}.friends", must_be=True)
                steps.append({"friends": friends, "reward": _read_reward(typed, row)})
        return steps

    def _read_texts(self, typed: TypedValues) -> dict[str, dict[str, str]]:
        texts = {}
        for language, _, names in self.texts:
            said = {name: typed.text(f"texts.{language}.{name}").replace("\r\n", "\n") for name in names}
            if own := {name: text for name, text in said.items() if text}:
                texts[language] = own
        return texts


def _read_reward(typed: TypedValues, row: str) -> dict[str, Any]:
    kind = typed.text(f"{row}.kind") or "none"
    if kind == "points":
        return {"kind": kind, "points": typed.whole(f"{row}.points", must_be=True)}
    return {"kind": kind, "pool_id": typed.text(f"{row}.pool_id")} if kind == "coupon" else {"kind": kind}


def _spell_reward(row: str, reward: Rules) -> dict[str, str]:
    return {f"{row}.{name}": str(value) for name, value in reward.items()}


def _spell(rules: Rules) -> dict[str, str]:
    values = {name: str(rules[name]) for name in ("currency", "hold_days", "claim_days")}
    values |= {"minimum_minor": spell_money(rules["minimum_minor"], rules["currency"])}
    values |= {"landing_url": rules["landing_url"] or "", "leaderboard": "1" if rules["leaderboard"] else ""}
    for side in ("advocate", "friend"):
        values |= _spell_reward(side, rules[side])
    for place, step in enumerate(rules["steps"]):
        values |= {f"steps.{place}.friends": str(step["friends"])} | _spell_reward(f"steps.{place}", step["reward"])
    for language, texts in rules["texts"].items():
        values |= {f"texts.{language}.{name}": text for name, text in texts.items()}
    return values | {f"velocity.{name}": str(rules["velocity"][name]) for name in VELOCITY}
