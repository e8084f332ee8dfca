"""The rows of the program's form: what customers do, tiers, campaigns; each with its place in the rules."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from widget.core.ids import new_id
from widget.core.typed_values import TypedValues, spell_all, spell_moment, spell_money, spell_scaled
from widget.loyalty.program import ACTIONS
from widget.loyalty.program_parts import MAX_CAMPAIGNS, MAX_STEPS
from widget.loyalty.rules import THOUSAND

# How many rows of each kind a form may have.
ROWS = {"actions": 30, "steps": MAX_STEPS, "campaigns": MAX_CAMPAIGNS}
KINDS_OF_OWN = ("event", "social")
Rules = Mapping[str, Any]
# Where a row of the rules stands in the form: actions/0 is known.review, or actions.2.
Places = dict[str, str]


def read_actions(typed: TypedValues, count: int, places: Places) -> list[dict[str, Any]]:
    """Return the actions that give points: known ones with points, and those with a name of the store's own."""
    actions: list[dict[str, Any]] = []
    for key in ACTIONS:
        if typed.has(f"known.{key}.points"):
            places[f"actions/{len(actions)}"] = f"known.{key}"
            actions.append(_read_action(typed, f"known.{key}", key))
    for place in range(count):
        row = f"actions.{place}"
        if not typed.has(f"{row}.key") and not typed.has(f"{row}.points"):
            continue
        kind = typed.text(f"{row}.kind")
        places[f"actions/{len(actions)}"] = row
        name = typed.text(f"{row}.key").lower().replace(" ", "-")
        action = _read_action(typed, row, f"{kind if kind in KINDS_OF_OWN else 'event'}.{name}")
        actions.append(action | {"url": typed.text(f"{row}.url") or None})
    return actions


def _read_action(typed: TypedValues, row: str, key: str) -> dict[str, Any]:
    limit = typed.whole(f"{row}.limit")
    return {
        "key": key,
        "points": typed.whole(f"{row}.points", must_be=True),
        "extra_points": typed.whole(f"{row}.extra_points", blank=0),
        "limit": limit,
        "per": typed.text(f"{row}.per") if limit is not None else "ever",
    }


def read_steps(typed: TypedValues, count: int, languages: Sequence[str], places: Places) -> list[dict[str, Any]]:
    """Return the tiers, those that ask for less first."""
    found: list[tuple[dict[str, Any], str]] = []
    is_money = typed.text("tiers.measure") == "spend"
    for place in range(count):
        row = f"steps.{place}"
        texts = {language: typed.text(f"{row}.names.{language}") for language in languages}
        names = {language: text for language, text in texts.items() if text}
        if not names and not typed.has(f"{row}.threshold"):
            continue
        read = typed.money if is_money else typed.whole
        step = {
            "key": typed.text(f"{row}.key") or _make_key(names),
            "names": names,
            "threshold": read(f"{row}.threshold", must_be=True),
            "multiplier_thousandths": typed.scaled(f"{row}.multiplier_thousandths", 3, blank=THOUSAND),
            "percent_off_basis_points": typed.scaled(f"{row}.percent_off_basis_points", 2, blank=0),
            "free_shipping_from_minor": typed.money(f"{row}.free_shipping_from_minor"),
            "has_early_access": typed.has(f"{row}.has_early_access"),
            "gift_points": typed.whole(f"{row}.gift_points", blank=0),
            "gift_pool": typed.text(f"{row}.gift_pool") or None,
        }
        found.append((step, row))
    found.sort(key=lambda pair: pair[0]["threshold"] or 0)
    for number, (_step, row) in enumerate(found):
        places[f"tiers/steps/{number}"] = row
    return [step for step, _row in found]


def read_campaigns(typed: TypedValues, count: int, places: Places) -> list[dict[str, Any]]:
    """Return the campaigns."""
    campaigns: list[dict[str, Any]] = []
    for place in range(count):
        row = f"campaigns.{place}"
        if not typed.has(f"{row}.name") and not typed.has(f"{row}.starts_at"):
            continue
        times = {name: typed.moment(f"{row}.{name}", must_be=True) for name in ("starts_at", "ends_at")}
        places[f"campaigns/{len(campaigns)}"] = row
        campaigns.append(
            {
                "key": typed.text(f"{row}.key") or f"c-{new_id().hex[-12:]}",
                "name": typed.text(f"{row}.name"),
                "multiplier_thousandths": typed.scaled(f"{row}.multiplier_thousandths", 3, blank=THOUSAND),
                **{name: moment.isoformat() if moment else None for name, moment in times.items()},
                "segment": typed.text(f"{row}.segment") or None,
                "tier": typed.text(f"{row}.tier") or None,
            }
        )
    return campaigns


def spell_rows(rules: Rules) -> tuple[dict[str, str], dict[str, int]]:
    """Return the fields of the rows of rules by name, and how many rows of each kind there are."""
    currency, zone = rules["currency"], ZoneInfo(rules["time_zone"])
    own = [action for action in rules["actions"] if action["key"] not in ACTIONS]
    values: dict[str, Any] = {}
    for action in rules["actions"]:
        if action["key"] in ACTIONS:
            shown = ("points", "limit", "per", *(("extra_points",) if action["key"] == "review" else ()))
            values |= _name_fields(f"known.{action['key']}", {name: action[name] for name in shown})
    for place, action in enumerate(own):
        kind, _, name = action["key"].partition(".")
        plain = {part: action[part] for part in ("points", "limit", "per", "url")}
        values |= _name_fields(f"actions.{place}", {**plain, "kind": kind, "key": name})
    for place, step in enumerate(rules["tiers"]["steps"]):
        values |= _spell_step(f"steps.{place}", step, currency, is_money=rules["tiers"]["measure"] == "spend")
    for place, campaign in enumerate(rules["campaigns"]):
        times = {name: spell_moment(datetime.fromisoformat(campaign[name]), zone) for name in ("starts_at", "ends_at")}
        multiplier = {"multiplier_thousandths": spell_scaled(campaign["multiplier_thousandths"], 3)}
        values |= _name_fields(f"campaigns.{place}", {**campaign, **times, **multiplier})
    counts = {"actions": len(own), "steps": len(rules["tiers"]["steps"]), "campaigns": len(rules["campaigns"])}
    return {name: spell_all(value) for name, value in values.items()}, counts


def _spell_step(row: str, step: Rules, currency: str, *, is_money: bool) -> dict[str, Any]:
    spelled = {
        **step,
        "threshold": spell_money(step["threshold"], currency) if is_money else step["threshold"],
        "multiplier_thousandths": spell_scaled(step["multiplier_thousandths"], 3),
        "percent_off_basis_points": spell_scaled(step["percent_off_basis_points"], 2),
        "free_shipping_from_minor": spell_money(step["free_shipping_from_minor"], currency),
    }
    names = {f"{row}.names.{language}": name for language, name in step["names"].items()}
    return _name_fields(row, {name: value for name, value in spelled.items() if name != "names"}) | names


def _name_fields(row: str, values: Rules) -> dict[str, Any]:
    return {f"{row}.{name}": value for name, value in values.items()}


def _make_key(names: Mapping[str, str]) -> str:
    """Return a key made of a tier's first name, which stays whatever the tier is called later."""
    plain = unicodedata.normalize("NFKD", next(iter(names.values()), "")).encode("ascii", "ignore").decode().lower()
    key = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40]
    return key or f"t-{new_id().hex[-12:]}"
