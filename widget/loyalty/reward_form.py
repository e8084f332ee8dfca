"""The form of a reward with its coupon: what an owner has typed so far, and the document it makes."""

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import Schema, ValidationError

from widget.core.problems import InvalidFields, flatten_messages
from widget.core.shopper_languages import LANGUAGE_NAMES
from widget.core.typed_values import TypedValues, spell_all, spell_moment
from widget.coupons.pool_form import field_of, read_pool, start_pool
from widget.loyalty.program import Program
from widget.loyalty.program_form import LANGUAGES
from widget.loyalty.reward_models import Reward
from widget.loyalty.reward_schemas import RewardChanges, RewardIn

NOT_FOR_SALE = "none"


class RewardForm:
    """A reward as it was typed, and what is wrong by the field's name."""

    def __init__(self, given: Mapping[str, str], rules: Program | None, reward: Reward | None = None) -> None:
        self.given, self.reward = given, reward
        self._rules = rules
        self.errors: dict[str, list[str]] = {}

    @classmethod
    def started(cls, rules: Program | None, currency: str | None) -> "RewardForm":
        """Return the form of a reward nobody has typed anything into."""
        coupon = start_pool(rules.currency if rules else currency)
        return cls({f"coupon.{name}": value for name, value in coupon.items()} | {"pool_id": ""}, rules)

    @classmethod
    def of(cls, reward: Reward, rules: Program | None) -> "RewardForm":
        """Return the form of a reward as it is."""
        form = cls({}, rules, reward)
        form.given = form._spell(reward)
        return form

    @property
    def tiers(self) -> Sequence[Any]:
        """Return the tiers that may have a price of their own."""
        return self._rules.tiers if self._rules else ()

    @property
    def languages(self) -> list[tuple[str, str]]:
        """Return the languages that have fields, with their names."""
        known = [language for language in (self.reward.texts if self.reward else ()) if language not in LANGUAGES]
        return [(language, LANGUAGE_NAMES.get(language, language)) for language in (*LANGUAGES, *known)]

    def value(self, name: str) -> str:
        """Return what a field holds."""
        return self.given.get(name, "")

    def read_new(self) -> dict[str, Any] | None:
        """Return the checked document of a new reward, None where something is wrong."""
        typed = self._type(self.value("coupon.currency"))
        document = self._read(typed)
        if pool := typed.text("pool_id"):
            return self._check(RewardIn(), document | {"pool_id": pool}, typed)
        coupon = {"name": _name_of(document["texts"]), **read_pool(typed, "coupon.")}
        return self._check(RewardIn(), document | {"coupon": coupon}, typed)

    def read_changes(self) -> dict[str, Any] | None:
        """Return the checked changes of a reward, None where something is wrong."""
        typed = self._type("")
        return self._check(RewardChanges(), self._read(typed), typed)

    def add_problem(self, problem: InvalidFields) -> None:
        """Put what a service refused to the fields it belongs to."""
        for error in problem.errors:
            self.errors.setdefault(_name_field(error.pointer), [error.detail])

    def _type(self, currency: str) -> TypedValues:
        return TypedValues(self.given, currency or "EUR", self._rules.zone if self._rules else None)

    def _read(self, typed: TypedValues) -> dict[str, Any]:
        times = {name: typed.moment(name) for name in ("starts_at", "ends_at")}
        return {
            "texts": self._read_texts(typed),
            "price": typed.whole("price", must_be=True),
            "tier_prices": self._read_prices(typed),
            "stock": typed.whole("stock"),
            "customer_limit": typed.whole("customer_limit"),
            **{name: moment.isoformat() if moment else None for name, moment in times.items()},
        }

    def _read_texts(self, typed: TypedValues) -> dict[str, dict[str, str]]:
        texts = {}
        for language, _name in self.languages:
            name, terms = typed.text(f"texts.{language}.name"), typed.text(f"texts.{language}.terms")
            if name or terms:
                texts[language] = {"name": name} | ({"terms": terms} if terms else {})
        return texts

    def _read_prices(self, typed: TypedValues) -> dict[str, int | None]:
        """Return the prices that differ; those of tiers the program has no more stay as they are."""
        kept = {} if self.reward is None else dict(self.reward.tier_prices)
        prices = {key: price for key, price in kept.items() if key not in {tier.key for tier in self.tiers}}
        for tier in self.tiers:
            field = f"tier_prices.{tier.key}"
            if typed.has(f"{field}.none"):
                prices[tier.key] = None
            elif typed.has(field):
                prices[tier.key] = typed.whole(field)
        return prices

    def _check(self, schema: Schema, document: dict[str, Any], typed: TypedValues) -> dict[str, Any] | None:
        loaded: dict[str, Any] | None = None
        self.errors = dict(typed.errors)
        try:
            loaded = schema.load(document)
        except ValidationError as error:
            for each in flatten_messages(error.messages):
                self.errors.setdefault(_name_field(each.pointer), [each.detail])
        return None if self.errors else loaded

    def _spell(self, reward: Reward) -> dict[str, str]:
        zone = self._type("").zone
        plain = {name: spell_all(getattr(reward, name)) for name in ("price", "stock", "customer_limit")}
        times = {name: spell_moment(getattr(reward, name), zone) for name in ("starts_at", "ends_at")}
        texts = {
            f"texts.{language}.{part}": text for language, said in reward.texts.items() for part, text in said.items()
        }
        prices = {
            f"tier_prices.{key}{'.none' if price is None else ''}": "1" if price is None else str(price)
            for key, price in reward.tier_prices.items()
        }
        return {**plain, **times, **texts, **prices}


def _name_of(texts: Mapping[str, Mapping[str, str]]) -> str:
    """Return what a pool is called that is made with a reward."""
    return next((said["name"] for said in texts.values() if said["name"]), "")


def _name_field(pointer: str) -> str:
    """Return the name of the field that holds what a pointer names."""
    # A pool is called as its reward is.
    return "texts" if pointer in ("#/coupon/name", "#/texts") else field_of(pointer)
