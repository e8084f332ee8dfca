"""A comparison in one plain sentence."""

from collections.abc import Mapping
from math import copysign, floor

from flask_babel import lazy_gettext as _l

from widget.reports.comparing import Comparison
from widget.reports.rules import MIN_COMPARED, Verdict

_OF_PERIODS: dict[Verdict, str] = {
    "too_few": _l("Too few answers to tell: each period needs at least %(count)s scores."),
    "no_evidence": _l("No evidence of a change: the difference may lie anywhere between %(low)s and %(high)s."),
    "higher": _l("It went up by %(size)s points, likely between %(low)s and %(high)s."),
    "lower": _l("It went down by %(size)s points, likely between %(low)s and %(high)s."),
}
_OF_GROUPS: dict[Verdict, str] = {
    "too_few": _l("Too few answers to tell: each group needs at least %(count)s scores."),
    "no_evidence": _l("No evidence of a difference: it may lie anywhere between %(low)s and %(high)s."),
    "higher": _l("B is higher by %(size)s points, likely between %(low)s and %(high)s."),
    "lower": _l("B is lower by %(size)s points, likely between %(low)s and %(high)s."),
}


def say_change(comparison: Comparison) -> str:
    """Return what became of a score from the first period to the second."""
    return _say(comparison, _OF_PERIODS)


def say_difference(comparison: Comparison) -> str:
    """Return how the second group's score differs from the first's."""
    return _say(comparison, _OF_GROUPS)


def _say(comparison: Comparison, words: Mapping[Verdict, str]) -> str:
    verdict = comparison.verdict
    if verdict == "too_few" or comparison.interval is None or comparison.difference is None:
        return str(words["too_few"]) % {"count": MIN_COMPARED}
    low, high = comparison.interval
    if verdict == "no_evidence":
        return str(words[verdict]) % {"low": signed(low), "high": signed(high)}
    # A fall is told by its size: its ends change places with their signs.
    ends = (low, high) if verdict == "higher" else (-high, -low)
    return str(words[verdict]) % {
        "size": plain(abs(comparison.difference)), "low": plain(ends[0]), "high": plain(ends[1])
    }  # fmt: skip


def signed(value: float) -> str:
    """Return a whole number with its sign, as differences are read.

    >>> signed(9.4), signed(-4.5), signed(-0.3)
    ('+9', '-5', '0')
    """
    rounded = int(copysign(floor(abs(value) + 0.5), value))
    return f"{rounded:+d}" if rounded else "0"


def plain(value: float) -> str:
    """Return a number as short as it can be told.

    >>> plain(6.04), plain(0.4), plain(12.5)
    ('6', '0.4', '13')
    """
    return f"{value:.1f}" if abs(value) < 1 else f"{floor(value + 0.5)}"
