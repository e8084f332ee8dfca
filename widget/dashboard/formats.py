"""Numbers, days and times as owners read them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal

NOT_AVAILABLE = "n/a"
# A space that keeps a number and its unit on one line.
HARD_SPACE = "\u00a0"


def format_number(value: int | None) -> str:
    """Return a count with its thousands apart.

    >>> format_number(2353), format_number(None)
    ('2,353', 'n/a')
    """
    return NOT_AVAILABLE if value is None else f"{value:,}"


def format_decimal(value: float | None, digits: int = 2) -> str:
    """Return a figure rounded half away from zero; no figure is n/a, never 0.

    >>> format_decimal(-24.6918), format_decimal(-28.5, 0), format_decimal(-0.001), format_decimal(None)
    ('-24.69', '-29', '0.00', 'n/a')
    """
    if value is None:
        return NOT_AVAILABLE
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f"{rounded if rounded else abs(rounded):,}"


def format_ratio(value: float | None) -> str:
    """Return a share of one as a percentage.

    >>> format_ratio(0.1234).replace(HARD_SPACE, " "), format_ratio(None)
    ('12.3 %', 'n/a')
    """
    return NOT_AVAILABLE if value is None else f"{format_decimal(100 * value, 1)}{HARD_SPACE}%"


def split_figure(text: str) -> tuple[str, str]:
    """Return what stands before a figure's decimal point, and the rest, to be set smaller.

    >>> split_figure("-24.69"), split_figure("n/a")
    (('-24', '.69'), ('n/a', ''))
    """
    whole, point, rest = text.partition(".")
    return whole, point + rest


def format_day(value: date | None) -> str:
    """Return a day.

    >>> format_day(date(2026, 5, 1)).replace(HARD_SPACE, " ")
    '1 May 2026'
    """
    return NOT_AVAILABLE if value is None else f"{value.day} {value:%b %Y}".replace(" ", HARD_SPACE)


def format_moment(value: datetime | None) -> str:
    """Return a time in UTC, which is said with it.

    >>> format_moment(datetime(2026, 5, 1, 9, 5, tzinfo=UTC)).replace(HARD_SPACE, " ")
    '1 May 2026, 09:05 UTC'
    """
    if value is None:
        return NOT_AVAILABLE
    moment = value.astimezone(UTC)
    return f"{format_day(moment.date())}, {moment:%H:%M}{HARD_SPACE}UTC"


FILTERS: dict[str, Callable[..., object]] = {
    "number": format_number,
    "figure": format_decimal,
    "ratio": format_ratio,
    "split_figure": split_figure,
    "day": format_day,
    "moment": format_moment,
}
