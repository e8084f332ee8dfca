"""What shoppers read about bringing friends, said in their language, with the owner's own texts before ours."""

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from widget.core.shopper_languages import choose_language
from widget.coupons.models import CouponPool
from widget.loyalty.texts import Words as PointWords
from widget.loyalty.texts import choose_text
from widget.referrals.languages import ar, de, en, es, fr, it
from widget.referrals.languages import id as indonesian
from widget.referrals.program import Program, Reward

_BUILT_IN: dict[str, ModuleType] = {"en": en, "it": it, "id": indonesian, "es": es, "fr": fr, "de": de, "ar": ar}
LANGUAGES = tuple(_BUILT_IN)
DEFAULT_LANGUAGE = "en"
# What is called the same everywhere.
_BRANDS = {"whatsapp": "WhatsApp", "facebook": "Facebook", "x": "X", "telegram": "Telegram"}
_MONEY_KINDS = ("amount_off", "gift_card")


def choose_texts_language(wanted: str) -> str:
    """Return the first of a comma-separated list of languages in which there are texts.

    >>> choose_texts_language("nl,it-IT"), choose_texts_language("")
    ('it', 'en')
    """
    return choose_language(wanted, DEFAULT_LANGUAGE, LANGUAGES)


def choose_ui(language: str) -> dict[str, str]:
    """Return the words of the element and of our own page in a language; those of refusals by problem or status."""
    ui: dict[str, str] = _BUILT_IN[language].UI
    refusals = {"422": ui["wrong_address"], "429": ui["too_often"]}
    return {**_BRANDS, **ui, **refusals, **_BUILT_IN[language].LINK}


class Words:
    """The texts of one language; `points` says points as the loyalty program calls them."""

    def __init__(self, language: str, points: PointWords, own: Mapping[str, Mapping[str, str]]) -> None:
        self.language, self.points = language, points
        self.own: Mapping[str, str] = choose_text(own, language) or {}

    @property
    def texts(self) -> ModuleType:
        return _BUILT_IN[self.language]

    def say(self, sentence: str, /, **values: Any) -> str:
        """Return a sentence with its values."""
        return str(self.texts.SENTENCES[sentence].format(**values))

    def reward(self, reward: Reward, pools: Mapping[Any, CouponPool]) -> str:
        """Return what a side gets, such as 200 points or €5 off; nothing where it gets nothing."""
        if reward.kind == "points":
            return self.points.points(reward.points)
        pool = pools.get(reward.pool_id) if reward.kind == "coupon" else None
        return self._coupon(pool) if pool is not None else ""

    def offer(self, rules: Program, pools: Mapping[Any, CouponPool]) -> str:
        """Return what both sides get, in one sentence."""
        said = {"friend": self.reward(rules.friend, pools), "advocate": self.reward(rules.advocate, pools)}
        which = [name for name in ("friend", "advocate") if said[name]]
        kind = {2: "both", 0: "none"}.get(len(which)) or which[0]
        return self.own.get("offer") or self.say(f"offer_{kind}", **said)

    def invitation(self, rules: Program, pools: Mapping[Any, CouponPool]) -> str:
        """Return what a friend is invited to, as they read it."""
        friend = self.reward(rules.friend, pools)
        return self.own.get("invitation") or self.say("invited" if friend else "invited_none", friend=friend)

    def friend_terms(self, rules: Program) -> str:
        """Return for which order a friend is invited."""
        return self._from("invited_first", rules)

    def advocate_terms(self, rules: Program) -> list[str]:
        """Return when a friend counts, and when the reward comes."""
        if own := self.own.get("terms"):
            return [own]
        days = self.points.count(self.texts.DAYS, rules.hold_days)
        return [self._from("counts", rules), *([self.say("hold", days=days)] if rules.hold_days else [])]

    def friends(self, number: int) -> str:
        """Return so many friends."""
        return self.points.count(self.texts.FRIENDS, number)

    def earned(self, points: int, coupons: int) -> str:
        """Return what an advocate has got in all."""
        said = [self.points.count(self.texts.COUPONS, coupons)] if coupons else []
        return " + ".join([*([self.points.points(points)] if points or not said else []), *said])

    def _from(self, sentence: str, rules: Program) -> str:
        if not rules.minimum_minor:
            return self.say(sentence)
        return self.say(f"{sentence}_from", amount=self.points.money(rules.minimum_minor, rules.currency))

    def _coupon(self, pool: CouponPool) -> str:
        if pool.kind in _MONEY_KINDS and pool.amount_minor is not None and pool.currency is not None:
            return self.say(pool.kind, amount=self.points.money(pool.amount_minor, pool.currency))
        if pool.kind == "percent_off" and pool.percent_basis_points is not None:
            return self.say(pool.kind, percent=self.points.percent(pool.percent_basis_points))
        return self.say(pool.kind) if pool.kind == "free_shipping" else pool.name
