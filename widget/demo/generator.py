"""Made-up shoppers: who was asked on a day and what they answered, the same for the same day each time."""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import pi, sin

from widget.demo.catalogue import PRODUCTS, Product
from widget.demo.phrases import BAD, GOOD, MIDDLING, PHRASES
from widget.surveys.rules import bucket_of

LANGUAGE_SHARES = {"en": 0.62, "it": 0.24, "id": 0.14}
# Shoppers are busiest after dinner; the weights are those of the hours of a UTC day.
HOUR_WEIGHTS = (2, 1, 1, 1, 1, 2, 3, 5, 6, 7, 7, 6, 6, 7, 7, 6, 6, 7, 9, 11, 12, 10, 7, 4)
WEEKDAY_FACTORS = (1.0, 0.9, 0.9, 0.95, 1.0, 1.15, 1.25)
# How likely each score is from a happy and from an unhappy shopper.
HAPPY = {"nps": (0, 0, 0, 0, 1, 2, 3, 9, 18, 26, 41), "csat": (1, 2, 8, 38, 51)}
UNHAPPY = {"nps": (14, 8, 9, 10, 9, 14, 12, 12, 7, 3, 2), "csat": (28, 30, 22, 14, 6)}
FIRST_SCORE = {"nps": 0, "csat": 1}
MOODS = {
    "promoter": GOOD,
    "satisfied": GOOD,
    "passive": MIDDLING,
    "neutral": MIDDLING,
    "detractor": BAD,
    "dissatisfied": BAD,
}
FAST_MS, CHOOSING_MS, WRITING_MS = (60, 380), (2_500, 20_000), (9_000, 90_000)
COMMENT_SHARES = {GOOD: 0.38, MIDDLING: 0.34, BAD: 0.62}
# The pepper mill's grinder jams, and everybody likes the throw: something for the owner to find.
UNHAPPY_PRODUCTS = {"MILL-06": 0.34, "CANDLE-05": 0.05, "THROW-04": -0.1}
# In its fourth month the shop's carrier went on strike: something to see in the trend.
STRIKE_DAYS, STRIKE_UNHAPPY = range(104, 117), 0.33


@dataclass(frozen=True)
class AskPlan:
    """How often a survey is shown and answered."""

    kind: str
    shown_a_day: float
    response_ratio: float
    dismissed_ratio: float
    has_order: bool


NPS_PLAN = AskPlan("nps", shown_a_day=22, response_ratio=0.42, dismissed_ratio=0.37, has_order=True)
CSAT_PLAN = AskPlan("csat", shown_a_day=38, response_ratio=0.19, dismissed_ratio=0.0, has_order=False)


@dataclass(frozen=True)
class MadeUpAnswer:
    """What a shopper answered; an unfinished answer has no comment."""

    score: int
    comment: str | None
    is_complete: bool
    flag: str | None
    elapsed_ms: int


@dataclass(frozen=True)
class MadeUpAsk:
    """One time a shopper was asked; `answer` is None when nothing came back."""

    id: uuid.UUID
    at: datetime
    product: Product
    language: str
    page_path: str
    hidden: dict[str, str]
    bucket: int
    shopper_number: int
    is_dismissed: bool
    answer: MadeUpAnswer | None


def make_asks(plan: AskPlan, opened_on: date, day: date) -> Iterator[MadeUpAsk]:
    """Yield everybody who was asked on a UTC day; the day and the kind of survey seed the chance."""
    is_strike = (day - opened_on).days in STRIKE_DAYS
    rng = random.Random(f"maple {plan.kind} {day.isoformat()}")  # noqa: S311 - made-up people, no secrets.
    season = 1 + 0.3 * sin(2 * pi * (day.timetuple().tm_yday - 250) / 365)
    expected = plan.shown_a_day * WEEKDAY_FACTORS[day.weekday()] * season
    for number in range(max(0, round(rng.gauss(expected, expected**0.5)))):
        yield _make_ask(rng, plan, day, number, is_strike)


def _make_ask(rng: random.Random, plan: AskPlan, day: date, number: int, is_strike: bool) -> MadeUpAsk:
    (hour,) = rng.choices(range(24), HOUR_WEIGHTS)
    at = datetime.combine(day, time(hour), UTC) + timedelta(seconds=rng.random() * 3600)
    product = rng.choice(PRODUCTS)
    (language,) = rng.choices(list(LANGUAGE_SHARES), list(LANGUAGE_SHARES.values()))
    has_answered = rng.random() < plan.response_ratio
    order_id = f"M{day:%y%m%d}{number:02}"
    return MadeUpAsk(
        id=make_id(rng, at),
        at=at,
        product=product,
        language=language,
        page_path=f"/shop/orders/{order_id}" if plan.has_order else f"/shop/products/{product.slug}",
        hidden={"product": product.sku, **({"order-id": order_id} if plan.has_order else {})},
        bucket=rng.randrange(10_000),
        shopper_number=rng.randrange(10**6),
        is_dismissed=not has_answered and rng.random() < plan.dismissed_ratio,
        answer=_make_answer(rng, plan.kind, product, language, is_strike) if has_answered else None,
    )


def _make_answer(rng: random.Random, kind: str, product: Product, language: str, is_strike: bool) -> MadeUpAnswer:
    weights = UNHAPPY if rng.random() < unhappy_share(product, is_strike) else HAPPY
    (score,) = rng.choices(range(FIRST_SCORE[kind], FIRST_SCORE[kind] + len(weights[kind])), weights[kind])
    mood = MOODS[bucket_of(kind, score)]
    is_complete = rng.random() > 0.08
    is_suspicious = rng.random() < 0.012
    writes = is_complete and not is_suspicious and rng.random() < COMMENT_SHARES[mood]
    return MadeUpAnswer(
        score=score,
        comment=_make_comment(rng, language, mood, product) if writes else None,
        is_complete=is_complete,
        flag="too_fast" if is_suspicious else None,
        elapsed_ms=rng.randrange(60, 380) if is_suspicious else rng.randrange(2_500, 70_000 if writes else 20_000),
    )


def unhappy_share(product: Product, is_strike: bool) -> float:
    """Return the share of a product's buyers who are unhappy, 0..1."""
    return min(0.9, 0.2 + UNHAPPY_PRODUCTS.get(product.sku, 0) + (STRIKE_UNHAPPY if is_strike else 0))


def _make_comment(rng: random.Random, language: str, mood: str, product: Product) -> str:
    phrases = PHRASES[language][mood]
    if rng.random() < 0.25:
        return rng.choice(phrases.short)
    comment = rng.choice(phrases.first).format(product=product.short_names[language])
    if rng.random() < 0.45:
        comment += " " + rng.choice(phrases.second)
    return comment


def make_id(rng: random.Random, at: datetime) -> uuid.UUID:
    """Return a UUIDv7 (RFC 9562) of the moment with chance for its random bits."""
    milliseconds = int(at.timestamp() * 1000)
    value = milliseconds << 80 | 0x7 << 76 | rng.getrandbits(12) << 64 | 0b10 << 62 | rng.getrandbits(62)
    return uuid.UUID(int=value)
