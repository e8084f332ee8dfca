"""What is said of a campaign's arms holds, however often somebody looks."""

import uuid
from collections import Counter
from random import Random

import pytest
from uuid_utils.compat import uuid7

from tests.popups.simulated import (
    Truth,
    draw_days,
    find_first_claim,
    is_claimed_naively,
    is_ratio_doubted,
)
from widget.popups.assignment import HOLDOUT, assign_arm
from widget.popups.experiments import ALPHA, RATIO_ALPHA, Sample, check_ratio, chi_squared_p, compare, share_alpha

REPEATS = 200
EQUAL_HALVES = [Truth(0.5, 0.03), Truth(0.5, 0.03)]
SMALL_HOLDOUT = [Truth(0.1, 0.02), Truth(0.9, 0.02)]
FOUR_ARMS = [Truth(0.25, 0.04)] * 4
UNEQUAL_BASKETS = [Truth(0.2, 0.03, 1.2), Truth(0.8, 0.03, 1.2)]


@pytest.mark.parametrize("truths", [EQUAL_HALVES, SMALL_HOLDOUT, FOUR_ARMS, UNEQUAL_BASKETS])
def test_looking_every_day_finds_no_more_false_winners_than_is_stated(truths: list[Truth]) -> None:
    random = Random(2026)
    claims = [find_first_claim(draw_days(random, truths)) for _ in range(REPEATS)]
    assert sum(claim is not None for claim in claims) <= ALPHA * REPEATS


def test_looking_every_day_with_an_interval_made_for_one_look_finds_many_false_winners() -> None:
    random = Random(2026)
    naive = sum(is_claimed_naively(draw_days(random, EQUAL_HALVES)) for _ in range(REPEATS))
    assert naive > 3 * ALPHA * REPEATS


def test_a_real_difference_is_found_and_has_the_right_sign() -> None:
    random = Random(2026)
    claims = [find_first_claim(draw_days(random, [Truth(0.5, 0.03), Truth(0.5, 0.05)])) for _ in range(60)]
    verdicts = Counter(claim[1] for claim in claims if claim)
    assert verdicts["better"] >= 54
    assert verdicts["worse"] == 0


def test_more_money_of_as_many_buyers_is_found() -> None:
    control, arm = Sample(5000, 250, 500_000, 250 * 2000**2), Sample(5000, 250, 1_000_000, 250 * 4000**2)
    assert compare(control, arm).verdict == "better"


def test_the_interval_holds_the_true_difference_at_every_look() -> None:
    random, missed = Random(7), 0
    for _ in range(REPEATS):
        looks = [compare(*day) for day in draw_days(random, [Truth(0.5, 0.03), Truth(0.5, 0.04)])]
        missed += any(look.low is not None and not look.low <= 0.01 <= (look.high or 0) for look in looks)
    assert missed <= ALPHA * REPEATS


def test_nothing_is_said_of_few_visitors() -> None:
    assert compare(Sample.of_events(99, 0), Sample.of_events(99, 99)).verdict == "too_few"
    assert compare(Sample.of_events(5000, 9), Sample.of_events(5000, 10)).verdict == "too_few"
    assert compare(Sample.of_events(0, 0), Sample.of_events(5000, 10)).estimate is None


def test_more_comparisons_make_wider_intervals() -> None:
    control, arm = Sample.of_events(4000, 100), Sample.of_events(4000, 130)
    one, of_six = compare(control, arm, share_alpha(1)), compare(control, arm, share_alpha(6))
    assert (of_six.low or 0) < (one.low or 0)


def test_right_sizes_of_arms_are_hardly_ever_doubted() -> None:
    random = Random(11)
    shares = {"a": 0.5, "b": 0.3, "c": 0.2}
    truths = [Truth(share, 0.01) for share in shares.values()]
    repeats = 100
    doubted = sum(is_ratio_doubted(draw_days(random, truths), shares) for _ in range(repeats))
    assert doubted <= max(1, RATIO_ALPHA * repeats)


def test_sizes_that_lost_visitors_are_doubted() -> None:
    random = Random(11)
    days = draw_days(random, [Truth(0.55, 0.01), Truth(0.45, 0.01)])
    assert is_ratio_doubted(days, {"a": 1, "b": 1})


def test_visitors_are_divided_as_the_shares_say() -> None:
    weights = {"a": 2, "b": 1, "c": 1}
    campaign = uuid.UUID(str(uuid7()))
    sizes = Counter(assign_arm(campaign, uuid7(), 1000, weights) for _ in range(10_000))
    found = check_ratio(sizes, {HOLDOUT: 0.1, "a": 0.45, "b": 0.225, "c": 0.225})
    assert found is not None
    assert found.p_value > 1e-6


def test_two_campaigns_divide_the_same_visitors_independently() -> None:
    first, second = uuid7(), uuid7()
    weights = {"a": 1, "b": 1}
    pairs = Counter(
        (assign_arm(first, visitor, 1000, weights), assign_arm(second, visitor, 1000, weights))
        for visitor in (uuid7() for _ in range(5_000))
    )
    rows, columns = Counter[str](), Counter[str]()
    for (row, column), count in pairs.items():
        rows[row] += count
        columns[column] += count
    expected = {(row, column): rows[row] * columns[column] / 5_000 for row in rows for column in columns}
    statistic = sum((pairs[pair] - count) ** 2 / count for pair, count in expected.items())
    assert chi_squared_p(statistic, (len(rows) - 1) * (len(columns) - 1)) > 1e-6


def test_a_visitor_stays_in_an_arm() -> None:
    campaign, visitor = uuid7(), uuid7()
    assert len({assign_arm(campaign, visitor, 2000, {"a": 1, "b": 3}) for _ in range(5)}) == 1
