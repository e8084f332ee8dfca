"""What templates call the ways of writing numbers, days and times."""

from collections.abc import Callable

from widget.core.formats import (
    format_day,
    format_decimal,
    format_iso_day,
    format_moment,
    format_money,
    format_month,
    format_number,
    format_ratio,
    split_figure,
)
from widget.core.money import spell_rate

FILTERS: dict[str, Callable[..., object]] = {
    "number": format_number,
    "figure": format_decimal,
    "ratio": format_ratio,
    "money": format_money,
    "split_figure": split_figure,
    "day": format_day,
    "iso_day": format_iso_day,
    "month": format_month,
    "moment": format_moment,
    "rate": spell_rate,
}
