"""The form of the program: what an owner has typed so far, and the rules it makes.

Fields are named by their place. Rows (actions of the store's own, tiers, campaigns) are numbered; one that nothing was
typed into is none.
"""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from widget.core.problems import FieldError
from widget.core.shopper_languages import LANGUAGE_NAMES
from widget.core.typed_values import TypedValues, spell_all, spell_money
from widget.loyalty.field_checks import LANGUAGE
from widget.loyalty.program_rows import ROWS, read_actions, read_campaigns, read_steps, spell_rows

# The languages whose fields stand there; a text in another one, sent by the store's server, has its field too.
LANGUAGES = ("en", "it", "id")
Rules = Mapping[str, Any]


class ProgramForm:
    """Fields by name, how many rows of each kind there are, and what is wrong by the field's name."""

    def __init__(self, values: Mapping[str, str], rows: Mapping[str, int]) -> None:
        self.values, self.rows = dict(values), dict(rows)
        self.errors: dict[str, list[str]] = {}
        self._places: dict[str, str] = {}

    @classmethod
    def of(cls, rules: Rules) -> "ProgramForm":
        """Return the form of rules as they are."""
        values, rows = spell_rows(rules)
        return cls({**_spell_plain(rules), **values}, rows)

    @classmethod
    def submitted(cls, given: Mapping[str, str]) -> "ProgramForm":
        """Return the form as the browser sent it."""
        values = {name: value for name, value in given.items() if name not in ("csrf_token", "do")}
        rows = {kind: _read_count(values.get(f"{kind}.count", "")) for kind in ROWS}
        return cls(values, rows)

    @property
    def languages(self) -> list[str]:
        """Return the languages that have fields."""
        named = {name.split(".")[-1 if ".names." in name else 1] for name in self.values if "names." in name}
        return [*LANGUAGES, *sorted(found for found in named - set(LANGUAGES) if LANGUAGE.fullmatch(found))]

    def value(self, name: str) -> str:
        """Return what a field holds."""
        return self.values.get(name, "")

    def act(self, action: str) -> None:
        """Add a row or take one away, as a button says."""
        what, _, rest = action.partition(".")
        kind, _, place = rest.partition(".")
        if kind not in ROWS:
            return
        if what == "add" and self.rows[kind] < ROWS[kind]:
            self.rows[kind] += 1
        if what == "remove" and place.isdecimal():
            self.values = {
                name: value for name, value in self.values.items() if not name.startswith(f"{kind}.{int(place)}.")
            }

    def read(self) -> dict[str, Any]:
        """Return the rules as the store's server would send them; what cannot be read is noted."""
        self.errors, self._places = {}, {}
        zone_name = self.value("time_zone")
        try:
            zone = ZoneInfo(zone_name)
        except (ValueError, OSError, KeyError):
            zone = ZoneInfo("UTC")
        typed = TypedValues(self.values, self.value("currency") or "EUR", zone)
        rules = self._read_plain(typed) | {
            "actions": read_actions(typed, self.rows["actions"], self._places),
            "campaigns": read_campaigns(typed, self.rows["campaigns"], self._places),
        }
        rules["tiers"]["steps"] = read_steps(typed, self.rows["steps"], self.languages, self._places)
        self.errors = typed.errors
        return rules

    def add_errors(self, errors: list[FieldError]) -> None:
        """Put what is wrong with the rules to the fields it belongs to, unless the field says something already."""
        for error in errors:
            name = self._find_field(error.pointer.removeprefix("#/"))
            if name not in self.errors:
                self.errors[name] = [error.detail]

    def _find_field(self, path: str) -> str:
        """Return the name of the field that holds what a pointer names."""
        for place, row in self._places.items():
            if path == place or path.startswith(f"{place}/"):
                rest = path.removeprefix(place).strip("/").replace("/", ".")
                return f"{row}.{rest}" if rest else f"{row}.points"
        renamed = {"spend/per_minor": "spend.per", "tiers/steps": "steps", "debt_limit": "debt.points"}
        if path.startswith("spend/excluded_products"):
            return "spend.excluded"
        return renamed.get(path, path.replace("/", "."))

    def _read_plain(self, typed: TypedValues) -> dict[str, Any]:
        spend = None
        if typed.has("spend.on"):
            spend = {
                "points": typed.whole("spend.points", must_be=True),
                "per_minor": typed.money("spend.per", must_be=True),
                "earns_on": typed.text("spend.earns_on"),
                "with_tax": typed.has("spend.with_tax"),
                "with_shipping": typed.has("spend.with_shipping"),
                "excluded_products": _read_lines(typed.text("spend.excluded")),
            }
        return {
            "currency": typed.text("currency"),
            "time_zone": typed.text("time_zone"),
            "names": self._read_names(typed),
            "enrolment": typed.text("enrolment"),
            "spend": spend,
            "pending_days": typed.whole("pending_days", blank=0),
            "expiry": {
                "kind": typed.text("expiry.kind"),
                "months": typed.whole("expiry.months", blank=12),
                "to_month_end": typed.has("expiry.to_month_end"),
                "purchases_only": typed.has("expiry.purchases_only"),
            },
            "debt_limit": typed.whole("debt.points", must_be=True) if typed.text("debt.kind") == "limited" else None,
            "tiers": {
                "measure": typed.text("tiers.measure"),
                "window": {
                    "kind": typed.text("tiers.window.kind"),
                    "months": typed.whole("tiers.window.months", blank=12),
                    "grace_days": typed.whole("tiers.window.grace_days", blank=0),
                },
            },
        }

    def _read_names(self, typed: TypedValues) -> dict[str, list[str]]:
        names = {}
        for language in self.languages:
            one, many = typed.text(f"names.{language}.one"), typed.text(f"names.{language}.many")
            self._places[f"names/{language}"] = f"names.{language}"
            if one or many:
                names[language] = [one, many]
        return names


def list_languages(form: ProgramForm) -> list[tuple[str, str]]:
    """Return the languages of a form with their names."""
    return [(language, LANGUAGE_NAMES.get(language, language)) for language in form.languages]


def _spell_plain(rules: Rules) -> dict[str, str]:
    spend, expiry, window, debt = rules["spend"], rules["expiry"], rules["tiers"]["window"], rules["debt_limit"]
    usual = {"points": 1, "per_minor": 100, "earns_on": "paid", "with_tax": False, "with_shipping": False}
    said = spend or {**usual, "excluded_products": []}
    values = {
        **{name: rules[name] for name in ("currency", "time_zone", "enrolment", "pending_days")},
        "spend.on": spend is not None,
        **{f"spend.{name}": said[name] for name in ("points", "earns_on", "with_tax", "with_shipping")},
        "spend.per": spell_money(said["per_minor"], rules["currency"]),
        "spend.excluded": "\n".join(said["excluded_products"]),
        **{f"expiry.{name}": expiry[name] for name in ("kind", "months", "to_month_end", "purchases_only")},
        "debt.kind": "unlimited" if debt is None else "limited",
        "debt.points": debt,
        "tiers.measure": rules["tiers"]["measure"],
        **{f"tiers.window.{name}": window[name] for name in ("kind", "months", "grace_days")},
    }
    for language, (one, many) in rules["names"].items():
        values |= {f"names.{language}.one": one, f"names.{language}.many": many}
    return {name: spell_all(value) for name, value in values.items()}


def _read_lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _read_count(text: str) -> int:
    return min(int(text), max(ROWS.values())) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
