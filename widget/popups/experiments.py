"""What may be said of a campaign's arms, however often somebody looks.

Intervals are asymptotic confidence sequences: with 95 % the true difference lies within them at every moment at once,
so that looking every day, and stopping when one pleases, makes no false winner. The method is that of Waudby-Smith,
Arbour, Sinha, Kennedy and Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences" (Annals of
Statistics 2024, arXiv:2103.06476), theorem 2.2. With n visitors in both arms and V the variance of the difference,

    difference +- sqrt(V) * sqrt(2 * (1 + 1 / r) * log(sqrt(r + 1) / alpha)),   r = n * rho**2

where rho makes the sequence tightest at 5,000 visitors: rho**2 = (log(alpha**-2) + log(log(alpha**-2)) + 1) / 5000.
V is the larger of what each arm's own variance says and of what both together say: the own variance of a hold-out
group of few visitors is often far too small, and who trusts it finds false winners beyond the rate.

Several arms and measures share the 5 % (Bonferroni). The check of the arms' sizes is the sequential one of Lindon and
Malek, "Anytime-valid inference for multinomial count data" (NeurIPS 2022); chi-squared is told beside it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ALPHA = 0.05
TIGHTEST_AT = 5_000
MIN_VISITORS = 100
MIN_EVENTS = 20
RATIO_ALPHA = 0.001
# The prior of the arms' shares weighs like so many visitors: small deviations are found soonest.
PRIOR_VISITORS = 100


@dataclass(frozen=True)
class Sample:
    """What an arm's visitors brought: how many brought something, the sum of it, and the sum of its squares."""

    visitors: int
    events: int
    total: int
    squares: float

    @classmethod
    def of_events(cls, visitors: int, events: int) -> "Sample":
        """Return the sample of something that each visitor did or did not do."""
        return cls(visitors, events, events, events)

    @property
    def mean(self) -> float | None:
        """Return what a visitor brought on average, None of an arm without any."""
        return self.total / self.visitors if self.visitors else None


@dataclass(frozen=True)
class Difference:
    """How much more a visitor of an arm brings than one of the control arm; without bounds while there are too few.

    >>> Difference(0.02, 0.005, 0.035).verdict, Difference(0.02, -0.01, 0.05).verdict, Difference(0.02).verdict
    ('better', 'open', 'too_few')
    """

    estimate: float | None
    low: float | None = None
    high: float | None = None

    @property
    def verdict(self) -> str:
        """Return better or worse where the interval excludes zero, open where it does not, or too_few."""
        if self.low is None or self.high is None:
            return "too_few"
        return "better" if self.low > 0 else "worse" if self.high < 0 else "open"


@dataclass(frozen=True)
class RatioCheck:
    """Whether the arms have the share of visitors they should have."""

    is_suspicious: bool
    chi_squared: float
    p_value: float
    expected: Mapping[str, float]


def share_alpha(comparisons: int) -> float:
    """Return the rate of error that one comparison may have, so that all of them together keep theirs.

    >>> share_alpha(1), share_alpha(4)
    (0.05, 0.0125)
    """
    return ALPHA / max(1, comparisons)


def compare(control: Sample, arm: Sample, alpha: float = ALPHA) -> Difference:
    """Return how much more an arm's visitors bring than the control's, with an interval good at every look.

    >>> found = compare(Sample.of_events(5000, 150), Sample.of_events(5000, 230))
    >>> found.verdict, round(found.low, 4), round(found.high, 4)
    ('better', 0.0043, 0.0277)
    >>> compare(Sample.of_events(5000, 150), Sample.of_events(5000, 160)).verdict
    'open'
    >>> compare(Sample.of_events(99, 5), Sample.of_events(5000, 230)).verdict
    'too_few'
    """
    if control.mean is None or arm.mean is None:
        return Difference(None)
    estimate = arm.mean - control.mean
    if min(control.visitors, arm.visitors) < MIN_VISITORS or control.events + arm.events < MIN_EVENTS:
        return Difference(estimate)
    visitors = control.visitors + arm.visitors
    own = _variance(control) / control.visitors + _variance(arm) / arm.visitors
    both = Sample(visitors, 0, control.total + arm.total, control.squares + arm.squares)
    together = _variance(both) * (1 / control.visitors + 1 / arm.visitors)
    half = math.sqrt(max(own, together)) * _stretch(visitors, alpha)
    return Difference(estimate, estimate - half, estimate + half)


def find_winner(control: str, differences: Mapping[str, Difference]) -> str | None:
    """Return the arm that is better than every other one, the control among them, or the control where all are worse.

    The intervals hold together, so an arm whose interval lies above another's is better than that one too.

    >>> better, worse, unclear = Difference(2, 1.5, 2.5), Difference(-1, -1.5, -0.5), Difference(1, -0.5, 2)
    >>> find_winner("a", {"b": better, "c": worse}), find_winner("a", {"b": worse, "c": worse})
    ('b', 'a')
    >>> find_winner("a", {"b": better, "c": unclear}), find_winner("a", {"b": better, "c": Difference(0)})
    (None, None)
    >>> find_winner("a", {"b": better, "c": Difference(1, 0.5, 1.4)}), find_winner("a", {"b": better, "c": better})
    ('b', None)
    >>> find_winner("a", {"b": worse, "c": unclear}), find_winner("a", {})
    (None, None)
    """
    for arm, difference in differences.items():
        others = [other for key, other in differences.items() if key != arm]
        if difference.verdict == "better" and all(_is_above(difference, other) for other in others):
            return arm
    return control if {one.verdict for one in differences.values()} == {"worse"} else None


def check_ratio(visitors: Mapping[str, int], shares: Mapping[str, float]) -> RatioCheck | None:
    """Return whether arms are as large as their shares say, None where there is nothing to compare.

    It is suspicious once the evidence against the shares is a thousand to one, which by chance alone happens to one
    campaign in a thousand, however often it is looked at.

    >>> check_ratio({"a": 5070, "b": 4930}, {"a": 1, "b": 1}).is_suspicious
    False
    >>> found = check_ratio({"a": 5300, "b": 4700}, {"a": 1, "b": 1})
    >>> found.is_suspicious, found.chi_squared, found.expected
    (True, 36.0, {'a': 5000.0, 'b': 5000.0})
    >>> check_ratio({"a": 10}, {"a": 1}), check_ratio({"a": 0, "b": 0}, {"a": 1, "b": 1})
    (None, None)
    """
    total, whole = sum(visitors.get(arm, 0) for arm in shares), sum(shares.values())
    if len(shares) < 2 or not total:
        return None
    expected = {arm: total * share / whole for arm, share in shares.items()}
    chi_squared = sum((visitors.get(arm, 0) - count) ** 2 / count for arm, count in expected.items())
    evidence = _weigh_counts({arm: visitors.get(arm, 0) for arm in shares}, shares, whole)
    return RatioCheck(
        evidence >= math.log(1 / RATIO_ALPHA), chi_squared, chi_squared_p(chi_squared, len(shares) - 1), expected
    )


def chi_squared_p(statistic: float, freedom: int) -> float:
    """Return how often chance alone brings a chi-squared statistic at least this large.

    >>> [round(chi_squared_p(10.83, freedom), 4) for freedom in (1, 2, 3, 4)]
    [0.001, 0.0044, 0.0127, 0.0285]
    """
    half = statistic / 2
    if freedom % 2:
        tail, term, first = math.erfc(math.sqrt(half)), math.sqrt(half / math.pi) * 2 * math.exp(-half), 1
    else:
        tail, term, first = math.exp(-half), math.exp(-half) * half, 2
    for step in range(first, freedom, 2):
        tail += term
        term *= half / ((step + 2) / 2)
    return min(1.0, tail)


def _is_above(difference: Difference, other: Difference) -> bool:
    """Tell whether an interval lies above another as a whole, which is unknown where one has no bounds."""
    return difference.low is not None and other.high is not None and difference.low > other.high


def _variance(sample: Sample) -> float:
    mean = sample.total / sample.visitors
    return max(0.0, sample.squares / sample.visitors - mean * mean)


def _stretch(visitors: int, alpha: float) -> float:
    """Return how many standard errors an interval is wide to each side, to be good at every look at once."""
    twice = -2 * math.log(alpha)
    spread = visitors * (twice + math.log(twice) + 1) / TIGHTEST_AT
    return math.sqrt(2 * (1 + 1 / spread) * math.log(math.sqrt(spread + 1) / alpha))


def _weigh_counts(counts: Mapping[str, int], shares: Mapping[str, float], whole: float) -> float:
    """Return the logarithm of the evidence of counts against shares."""
    priors: Sequence[tuple[float, int, float]] = [
        (PRIOR_VISITORS * shares[arm] / whole, count, shares[arm] / whole) for arm, count in counts.items()
    ]
    total = sum(counts.values())
    weighed = math.lgamma(PRIOR_VISITORS) - math.lgamma(PRIOR_VISITORS + total)
    for prior, count, share in priors:
        weighed += math.lgamma(prior + count) - math.lgamma(prior) - count * math.log(share)
    return weighed
