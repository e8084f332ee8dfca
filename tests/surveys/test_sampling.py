"""Who is asked is drawn once: the share is right, surveys draw independently, and nobody is drawn anew."""

import random
import uuid

import pytest

from tests.long_run import at_length
from widget.surveys.rules import SAMPLE_RANGE, is_sampled

VISITORS = at_length(100_000, otherwise=20_000)
# The 99.9 % quantile of chi-squared with one degree of freedom.
CHI_SQUARED_999 = 10.828
FIRST, SECOND = (str(uuid.UUID(int=number)) for number in (7 << 64, 9 << 64))


@pytest.fixture(scope="module")
def buckets() -> list[int]:
    draw = random.Random(20260531)
    return [draw.randrange(SAMPLE_RANGE) for _ in range(VISITORS)]


def chi_squared(observed: list[int], expected: list[float]) -> float:
    return sum((seen - wanted) ** 2 / wanted for seen, wanted in zip(observed, expected, strict=True))


@pytest.mark.parametrize("ratio", [0.01, 0.05, 0.1, 0.25, 0.5, 0.9])
def test_share_of_visitors_who_are_asked_is_the_one_chosen(buckets: list[int], ratio: float) -> None:
    asked = sum(is_sampled(bucket, FIRST, round(ratio * SAMPLE_RANGE)) for bucket in buckets)
    expected = [VISITORS * ratio, VISITORS * (1 - ratio)]
    assert chi_squared([asked, VISITORS - asked], expected) < CHI_SQUARED_999


def test_nobody_and_everybody_are_exact(buckets: list[int]) -> None:
    assert not any(is_sampled(bucket, FIRST, 0) for bucket in buckets[:1000])
    assert all(is_sampled(bucket, FIRST, SAMPLE_RANGE) for bucket in buckets[:1000])


def test_surveys_draw_independently(buckets: list[int]) -> None:
    basis, share = 2_000, 0.2
    cells = [0, 0, 0, 0]
    for bucket in buckets:
        cells[2 * is_sampled(bucket, FIRST, basis) + is_sampled(bucket, SECOND, basis)] += 1
    expected = [VISITORS * one * two for one in (1 - share, share) for two in (1 - share, share)]
    # The 99.9 % quantile for three degrees of freedom.
    assert chi_squared(cells, expected) < 16.266


def test_a_visitor_gets_the_same_answer_on_every_page_view(buckets: list[int]) -> None:
    once = [is_sampled(bucket, FIRST, 1_000) for bucket in buckets]
    after_ten = [sum(is_sampled(bucket, FIRST, 1_000) for _ in range(10)) > 0 for bucket in buckets]
    assert after_ten == once
    # Rolling anew at every page view, as others do, asks two in three in place of one in ten.
    draw = random.Random(1)
    rolled = sum(any(draw.random() < 0.1 for _ in range(10)) for _ in range(VISITORS))
    assert rolled / VISITORS == pytest.approx(0.65, abs=0.01)
    assert sum(once) / VISITORS == pytest.approx(0.1, abs=0.01)
