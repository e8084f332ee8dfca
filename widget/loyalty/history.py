"""The history of a customer's points, in which each line says why it is what it is."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from widget.loyalty.explaining import explain_entry
from widget.loyalty.member_queries import list_entries, map_reward_texts
from widget.loyalty.models import LedgerEntry
from widget.loyalty.program import Program
from widget.loyalty.rules import THOUSAND, day_in
from widget.loyalty.texts import Words, choose_text
from widget.loyalty.ways import name_action

PAGE_SIZE = 20
_OF_REWARDS = ("redeem", "hold", "release", "give_back")


def build_history(
    site_id: uuid.UUID, customer_id: uuid.UUID, program: Program, words: Words, before: int | None
) -> dict[str, Any]:
    """Return one page of the history, newest first."""
    entries, rest = list_entries(site_id, customer_id, before, PAGE_SIZE)
    rewards = map_reward_texts(site_id, _list_reward_ids(entries))
    teller = _Teller(program, words, rewards)
    return {"items": [teller.tell(entry) for entry in entries], "next_cursor": None if rest is None else str(rest)}


class _Teller:
    """Tells of entries in one language."""

    def __init__(self, program: Program, words: Words, rewards: Mapping[uuid.UUID, Mapping[str, Any]]) -> None:
        self._program, self._words, self._rewards = program, words, rewards

    def tell(self, entry: LedgerEntry) -> dict[str, Any]:
        """Return a line of the history."""
        words = self._words
        sign = "+" if entry.delta > 0 else ""
        return {
            "number": entry.number,
            "at": entry.occurred_at,
            "day": self._day(entry.occurred_at),
            "delta": entry.delta,
            "kind": entry.kind,
            "title": self._name(entry),
            "text": sign + words.number(entry.delta),
            "why": words.texts.WHY["why"].format(points=words.number(abs(entry.delta))),
            "because": self._list_reasons(entry),
            "explanation": self._explain(entry),
        }

    @staticmethod
    def _explain(entry: LedgerEntry) -> dict[str, Any]:
        """Return every number that led to the entry's; what an owner noted for themselves is not the shopper's."""
        reason = {name: value for name, value in entry.reason.items() if name != "note"}
        return explain_entry(entry.kind, entry.delta, entry.source, entry.rule, entry.rule_version, reason)

    def _name(self, entry: LedgerEntry) -> str:
        titles, reason, rule = self._words.texts.ENTRIES, entry.reason, entry.rule or ""
        if entry.kind in _OF_REWARDS:
            reward = self._find_reward(reason)
            return str(titles[entry.kind].format(reward=reward) if reward else titles["other"])
        if entry.kind in ("earn", "claw") and rule == "spend":
            title = titles["spend" if entry.kind == "earn" else "spend_claw"]
            return str(title.format(order=reason.get("order", "")))
        if entry.kind == "gift":
            return str(titles["tier"].format(tier=self._find_tier(reason)))
        if entry.kind == "earn":
            return (
                str(titles[rule])
                if rule in titles
                else name_action(rule, self._words)
                if "." in rule
                else titles["other"]
            )
        return str(titles.get(entry.kind, titles["other"]))

    def _list_reasons(self, entry: LedgerEntry) -> list[str]:
        why, reason, kind = self._words.texts.WHY, entry.reason, entry.kind
        if kind in ("earn", "claw") and entry.rule == "spend":
            sentences = self._explain_order(entry)
        elif kind == "earn":
            sentences = self._explain_action(reason)
        elif kind == "redeem" and "price" in reason:
            sentences = [why["redeem"].format(points=self._words.points(reason["price"]))]
        elif kind == "gift":
            sentences = [why["tier"].format(tier=self._find_tier(reason))]
        else:
            sentences = [why["merge" if kind in ("merge_in", "merge_out") else kind]] if kind in why else []
        start = self._day(entry.available_at)
        if entry.delta > 0 and entry.available_at > entry.occurred_at and start != self._day(entry.occurred_at):
            sentences.append(why["from"].format(date=start))
        return sentences

    def _explain_order(self, entry: LedgerEntry) -> list[str]:
        words, why, reason = self._words, self._words.texts.WHY, entry.reason
        before, after = reason.get("before", 0), reason.get("after", 0)
        multiplier = reason.get("multiplier_thousandths", THOUSAND)
        sentences = []
        if reason.get("refunded_minor"):
            currency = reason.get("order_currency") or reason["currency"]
            sentences.append(why["refunded"].format(amount=words.money(reason["refunded_minor"], currency)))
        if reason.get("per_minor") and "basis_minor" in reason:
            plain = reason["basis_minor"] // reason["per_minor"] * reason["points"]
            names = {
                "amount": words.money(reason["basis_minor"], reason["currency"]),
                "per": words.money(reason["per_minor"], reason["currency"]),
                "points": words.points(reason["points"]),
                "result": words.points(plain),
            }
            sentences.append(why["counts"].format(**names))
        if multiplier != THOUSAND:
            sentences.append(why["multiplied"].format(factor=words.factor(multiplier), result=words.points(after)))
        if before:
            difference = words.number(after - before)
            sentences.append(why["before"].format(before=words.points(before), difference=difference))
        return sentences

    def _explain_action(self, reason: Mapping[str, Any]) -> list[str]:
        why, words, extra = self._words.texts.WHY, self._words, reason.get("extra", 0)
        if "points" not in reason:
            return []
        sentences = [why["action"].format(points=words.points(reason["points"] + extra))]
        return sentences + ([why["extra"].format(points=words.points(extra))] if extra else [])

    def _find_reward(self, reason: Mapping[str, Any]) -> str:
        reward_id = reason.get("reward")
        texts = self._rewards.get(uuid.UUID(reward_id)) if reward_id else None
        return str((choose_text(texts or {}, self._words.language) or {}).get("name", ""))

    def _find_tier(self, reason: Mapping[str, Any]) -> str:
        tier = self._program.find_tier(reason.get("tier"))
        return str(choose_text(tier.names, self._words.language) or tier.key) if tier else str(reason.get("tier", ""))

    def _day(self, moment: datetime) -> str:
        return self._words.day(day_in(moment, self._program.zone))


def _list_reward_ids(entries: Sequence[LedgerEntry]) -> set[uuid.UUID]:
    ids = {entry.reason.get("reward") for entry in entries if entry.kind in _OF_REWARDS}
    return {uuid.UUID(reward_id) for reward_id in ids if reward_id}
