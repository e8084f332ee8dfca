"""Made-up answers that look like a shop's."""

from collections import Counter
from datetime import UTC, date, timedelta

from widget.demo.catalogue import PRODUCTS_BY_SKU
from widget.demo.generator import CSAT_PLAN, NPS_PLAN, STRIKE_DAYS, MadeUpAnswer, make_asks
from widget.demo.phrases import PHRASES
from widget.surveys.rules import BUCKETS, SCORES, bucket_of, score_and_interval
from widget.surveys.settings import NEW_LANGUAGES

OPENED_ON = date(2026, 1, 1)
DAYS = [OPENED_ON + timedelta(days=number) for number in range(180)]
NPS_ASKS = [ask for day in DAYS for ask in make_asks(NPS_PLAN, OPENED_ON, day)]
CSAT_ASKS = [ask for day in DAYS for ask in make_asks(CSAT_PLAN, OPENED_ON, day)]


def nps_of(answers: list[MadeUpAnswer]) -> float:
    counts = Counter(bucket_of("nps", answer.score) for answer in answers)
    score, _ = score_and_interval("nps", {bucket: counts[bucket] for bucket in BUCKETS["nps"]})
    assert score is not None
    return score


def test_same_day_has_the_same_asks_each_time() -> None:
    assert list(make_asks(NPS_PLAN, OPENED_ON, DAYS[7])) == list(make_asks(NPS_PLAN, OPENED_ON, DAYS[7]))


def test_every_ask_has_an_id_of_its_own_and_lies_on_its_day() -> None:
    asks = NPS_ASKS + CSAT_ASKS
    assert len({ask.id for ask in asks}) == len(asks)
    assert all(ask.id.version == 7 for ask in asks)
    assert {ask.at.astimezone(UTC).date() for ask in asks} == set(DAYS)


def test_scores_lie_in_their_survey_s_scale() -> None:
    for plan, asks in ((NPS_PLAN, NPS_ASKS), (CSAT_PLAN, CSAT_ASKS)):
        assert {ask.answer.score for ask in asks if ask.answer} == set(SCORES[plan.kind])


def test_charts_have_something_to_show() -> None:
    answers = [ask.answer for ask in NPS_ASKS if ask.answer]
    assert len(answers) > 1000
    assert {ask.language for ask in NPS_ASKS} == set(NEW_LANGUAGES)
    assert {ask.product.sku for ask in NPS_ASKS} == set(PRODUCTS_BY_SKU)
    assert any(not answer.is_complete for answer in answers)
    assert any(answer.flag for answer in answers)
    assert any(ask.is_dismissed for ask in NPS_ASKS)
    assert len({answer.comment for answer in answers}) > 200


def test_owner_can_find_the_strike_and_the_jamming_mill() -> None:
    strike = [OPENED_ON + timedelta(days=number) for number in STRIKE_DAYS]
    during = [ask.answer for ask in NPS_ASKS if ask.answer and ask.at.date() in strike]
    before = [ask.answer for ask in NPS_ASKS if ask.answer and ask.at.date() < strike[0]]
    mill = [ask.answer for ask in NPS_ASKS if ask.answer and ask.product.sku == "MILL-06"]
    assert nps_of(during) < nps_of(before) - 20
    assert nps_of(mill) < nps_of(before) - 15


def test_every_language_a_new_survey_speaks_has_comments() -> None:
    assert set(PHRASES) == set(NEW_LANGUAGES)
    for moods in PHRASES.values():
        for mood in moods.values():
            for sentence in (*mood.first, *mood.second, *mood.short):
                assert sentence.format(product="mug").strip()
