"""Print how often results of campaigns are wrong, and how often they are right, when looked at every day.

Run: python -m bench.popup_experiments [REPEATS]
"""

import sys
from random import Random

from tests.popups.simulated import (
    DAYS,
    VISITORS,
    Truth,
    draw_days,
    find_first_claim,
    is_claimed_naively,
    is_ratio_doubted,
)
from widget.popups.experiments import ALPHA, RATIO_ALPHA

REPEATS = 2_000
SPLITS = {"50:50": (0.5, 0.5), "10:90": (0.1, 0.9), "5:95": (0.05, 0.95), "four arms": (0.25,) * 4}
RATES = (0.2, 0.05, 0.02, 0.01, 0.005)
SPREADS = (0.5, 1.2, 1.8)
DIFFERENCES = ((0.03, 0.035), (0.03, 0.04), (0.03, 0.045), (0.03, 0.05), (0.10, 0.12))
# So many standard errors above the stated rate could be chance.
TOLERANCE = 3


def main() -> int:
    """Measure; the exit code tells whether the stated rates hold."""
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else REPEATS
    print(f"{repeats:,} campaigns each of {VISITORS:,} visitors, looked at on each of {DAYS} days")
    rates = [_measure_false(repeats, name, shares, rate, 0) for name, shares in SPLITS.items() for rate in RATES]
    rates += [_measure_false(repeats, name, SPLITS[name], 0.03, one) for name in SPLITS for one in SPREADS]
    _measure_power(repeats // 4)
    doubted = _measure_ratio(repeats)
    is_kept = max(rates) <= _limit(ALPHA, repeats) and doubted <= _limit(RATIO_ALPHA, repeats)
    print("stated rates kept" if is_kept else "STATED RATES NOT KEPT")
    return 0 if is_kept else 1


def _limit(stated: float, repeats: int) -> float:
    return float(stated + TOLERANCE * (stated * (1 - stated) / repeats) ** 0.5)


def _measure_false(repeats: int, name: str, shares: tuple[float, ...], rate: float, spread: float) -> float:
    random, truths = Random(2026), [Truth(share, rate, spread) for share in shares]
    wrong = naive = 0
    for _ in range(repeats):
        days = draw_days(random, truths)
        wrong += find_first_claim(days) is not None
        naive += is_claimed_naively(days)
    what = f"revenue (spread {spread})" if spread else "conversion"
    said = f"{wrong / repeats:6.2%} (stated {ALPHA:.0%}; an interval made for one look: {naive / repeats:.0%})"
    print(f"no difference, {name}, {rate:.1%}, {what}: false winners {said}", flush=True)
    return wrong / repeats


def _measure_power(repeats: int) -> None:
    for control, arm in DIFFERENCES:
        random = Random(2026)
        claims = [find_first_claim(draw_days(random, [Truth(0.5, control), Truth(0.5, arm)])) for _ in range(repeats)]
        found = sorted(claim[0] for claim in claims if claim)
        middle = f", in the middle on day {found[len(found) // 2]}" if found else ""
        print(f"{control:.1%} against {arm:.1%}, 50:50: found {len(found) / repeats:.0%}{middle}", flush=True)


def _measure_ratio(repeats: int) -> float:
    shares = {"holdout": 0.1, "a": 0.6, "b": 0.3}
    random, truths = Random(2026), [Truth(share, 0.001) for share in shares.values()]
    doubted = sum(is_ratio_doubted(draw_days(random, truths), shares) for _ in range(repeats)) / repeats
    print(f"right sizes doubted: {doubted:.2%} (stated {RATIO_ALPHA:.1%})")
    for lost in (0.05, 0.1, 0.2):
        truths = [Truth(0.1 + 0.9 * lost, 0.001), Truth(0.9 * (1 - lost), 0.001)]
        found = sum(
            is_ratio_doubted(draw_days(random, truths), {"holdout": 0.1, "a": 0.9}) for _ in range(repeats // 4)
        )
        print(f"one variant's visitors, {lost:.0%} of them counted as hold-out: doubted {4 * found / repeats:.0%}")
    return doubted


if __name__ == "__main__":
    sys.exit(main())
