"""Points and multipliers, in the owner's language."""

from collections.abc import Mapping
from typing import Any

from flask_babel import ngettext

from widget.core.formats import format_decimal, format_number
from widget.loyalty.rules import THOUSAND

Rules = Mapping[str, Any]
# What is said of a program, one thing after the other: what it is called, and what it is.
Facts = list[tuple[str, str]]


def say_points(points: int) -> str:
    """Return a number of points."""
    said: str = ngettext("%(shown)s point", "%(shown)s points", points, shown=format_number(points))
    return said


def say_times(multiplier_thousandths: int) -> str:
    """Return a multiplier with its sign."""
    digits = next(digits for digits in range(4) if multiplier_thousandths % 10 ** (3 - digits) == 0)
    figure = format_decimal(multiplier_thousandths / THOUSAND, digits)
    return f"{figure}×"
