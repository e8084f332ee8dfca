"""A comparison in one plain sentence."""

from math import copysign, floor

from flask_babel import gettext as _

from widget.reports.comparing import Comparison
from widget.reports.rules import MIN_COMPARED


def say_change(comparison: Comparison) -> str:
    """Return what became of a score from the first period to the second."""
    if comparison.verdict == "too_few" or comparison.interval is None or comparison.difference is None:
        return str(_("Too few answers to tell: each period needs at least %(count)s scores.", count=MIN_COMPARED))
    low, high = comparison.interval
    if comparison.verdict == "no_evidence":
        return str(
            _(
                "No evidence of a change: the difference may lie anywhere between %(low)s and %(high)s.",
                low=signed(low),
                high=signed(high),
            )
        )
    size = plain(abs(comparison.difference))
    if comparison.verdict == "higher":
        return str(_("It went up by %(size)s points, likely between %(low)s and %(high)s.", size=size,
                 low=plain(low), high=plain(high)))  # fmt: skip
    return str(_("It went down by %(size)s points, likely between %(low)s and %(high)s.", size=size,
             low=plain(-high), high=plain(-low)))  # fmt: skip


def say_difference(comparison: Comparison) -> str:
    """Return how the second group's score differs from the first's."""
    if comparison.verdict == "too_few" or comparison.interval is None or comparison.difference is None:
        return str(_("Too few answers to tell: each group needs at least %(count)s scores.", count=MIN_COMPARED))
    low, high = comparison.interval
    if comparison.verdict == "no_evidence":
        return str(
            _(
                "No evidence of a difference: it may lie anywhere between %(low)s and %(high)s.",
                low=signed(low),
                high=signed(high),
            )
        )
    size = plain(abs(comparison.difference))
    if comparison.verdict == "higher":
        return str(_("B is higher by %(size)s points, likely between %(low)s and %(high)s.", size=size,
                 low=plain(low), high=plain(high)))  # fmt: skip
    return str(_("B is lower by %(size)s points, likely between %(low)s and %(high)s.", size=size,
             low=plain(-high), high=plain(-low)))  # fmt: skip


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
