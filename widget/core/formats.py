"""Numbers, days and times as people read them, in the language of the page or the mail."""

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal

from babel import Locale, dates, numbers
from flask_babel import get_locale
from flask_babel import gettext as _

from widget.core.money import to_decimal

# A space that keeps a number and its unit on one line.
HARD_SPACE = "\u00a0"
ENGLISH = Locale("en")


def current_locale() -> Locale:
    """Return whose habits count; outside of a request and a mail it is English."""
    return get_locale() or ENGLISH


def not_available() -> str:
    """Return what stands where there is no figure."""
    return str(_("n/a"))


def format_number(value: int | None) -> str:
    """Return a count with its thousands apart.

    >>> format_number(2353), format_number(None)
    ('2,353', 'n/a')
    """
    return not_available() if value is None else numbers.format_decimal(value, "#,##0", current_locale())


def format_decimal(value: float | None, digits: int = 2) -> str:
    """Return a figure rounded half away from zero; no figure is n/a, never 0.

    >>> format_decimal(-24.6918), format_decimal(-28.5, 0), format_decimal(-0.001), format_decimal(None)
    ('-24.69', '-29', '0.00', 'n/a')
    """
    if value is None:
        return not_available()
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    pattern = "#,##0." + "0" * digits if digits else "#,##0"
    return numbers.format_decimal(rounded if rounded else abs(rounded), pattern, current_locale())


def format_money(minor: int | None, currency: str | None) -> str:
    """Return an amount of minor units in its currency.

    >>> format_money(123450, "EUR"), format_money(None, "EUR")
    ('€1,234.50', 'n/a')
    """
    if minor is None or currency is None:
        return not_available()
    return numbers.format_currency(to_decimal(minor, currency), currency, locale=current_locale())


def format_ratio(value: float | None) -> str:
    """Return a share of one as a percentage.

    >>> format_ratio(0.1234).replace(HARD_SPACE, " "), format_ratio(None)
    ('12.3 %', 'n/a')
    """
    return not_available() if value is None else f"{format_decimal(100 * value, 1)}{HARD_SPACE}%"


def split_figure(text: str) -> tuple[str, str]:
    """Return what stands before a figure's decimal point, and the rest, to be set smaller.

    >>> split_figure("-24.69"), split_figure("n/a")
    (('-24', '.69'), ('n/a', ''))
    """
    if not any(sign.isdigit() for sign in text):
        return text, ""
    whole, point, rest = text.partition(numbers.get_decimal_symbol(current_locale()))
    return whole, point + rest


def format_day(value: date | None) -> str:
    """Return a day.

    >>> format_day(date(2026, 5, 1)).replace(HARD_SPACE, " ")
    '1 May 2026'
    """
    return not_available() if value is None else _format_date(value, "d MMM y")


def format_iso_day(value: str) -> str:
    """Return a day that an address names; what names none stays as it is.

    >>> format_iso_day("2026-05-01").replace(HARD_SPACE, " "), format_iso_day("soon")
    ('1 May 2026', 'soon')
    """
    try:
        return format_day(date.fromisoformat(value))
    except ValueError:
        return value


def format_month(value: date) -> str:
    """Return the month a day lies in.

    >>> format_month(date(2026, 5, 1)).replace(HARD_SPACE, " ")
    'May 2026'
    """
    return _format_date(value, "MMM y")


def format_moment(value: datetime | None) -> str:
    """Return a time in UTC, which is said with it.

    >>> format_moment(datetime(2026, 5, 1, 9, 5, tzinfo=UTC)).replace(HARD_SPACE, " ")
    '1 May 2026, 09:05 UTC'
    """
    if value is None:
        return not_available()
    moment = value.astimezone(UTC)
    # "Hm" is each language's own way of writing hours and minutes: Indonesian has a point between them.
    return f"{format_day(moment.date())}, {dates.format_skeleton('Hm', moment, locale=current_locale())}{HARD_SPACE}UTC"


def _format_date(value: date, pattern: str) -> str:
    return dates.format_date(value, pattern, current_locale()).replace(" ", HARD_SPACE)
