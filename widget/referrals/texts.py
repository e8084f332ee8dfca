"""What shoppers read about bringing friends, said in their language, with the owner's own texts before ours."""

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from widget.core.shopper_languages import choose_language
from widget.coupons.models import CouponPool
from widget.loyalty.texts import Words as PointWords
from widget.loyalty.texts import choose_text
from widget.referrals.languages import en
from widget.referrals.program import Program, Reward

_BUILT_IN: dict[str, ModuleType] = {"en": en}
LANGUAGES = tuple(_BUILT_IN)
DEFAULT_LANGUAGE = "en"
_MONEY_KINDS = ("amount_off", "gift_card")


def choose_texts_language(wanted: str) -> str:
    """Return the first of a comma-separated list of languages in which there are texts.

    >>> choose_texts_language("nl,en-GB"), choose_texts_language("")
    ('en', 'en')
    """
    return choose_language(wanted, DEFAULT_LANGUAGE, LANGUAGES)


class Words:
    """The texts of one language; `points` says points as the loyalty program calls them."""

    def __init__(self, language: str, points: PointWords, own: Mapping[str, Mapping[str, str]]) -> None:
        self.language, self.points = language, points
        self.own: Mapping[str, str] = choose_text(own, language) or {}

    def say(self, sentence: str, /, **values: Any) -> str:
        """Return a sentence with its values."""
        return str(_BUILT_IN[self.language].SENTENCES[sentence].format(**values))

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

    def _coupon(self, pool: CouponPool) -> str:
        if pool.kind in _MONEY_KINDS and pool.amount_minor is not None and pool.currency is not None:
            return self.say(pool.kind, amount=self.points.money(pool.amount_minor, pool.currency))
        if pool.kind == "percent_off" and pool.percent_basis_points is not None:
            return self.say(pool.kind, percent=self.points.percent(pool.percent_basis_points))
        return self.say(pool.kind) if pool.kind == "free_shipping" else pool.name
