"""Money: whole minor units with their currency, never floats."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from functools import cache

from babel.numbers import get_currency_precision, list_currencies

RATE_UNIT = 1_000_000_000
MAX_MINOR = 10**15
MAX_RATE_BILLIONTHS = 10**18
CURRENCIES = frozenset(code for code in list_currencies() if len(code) == 3)


def read_currency(text: str) -> str:
    """Return a currency code (ISO 4217) in capitals; raise ValueError for what is none.

    >>> read_currency("eur")
    'EUR'
    """
    code = text.strip().upper()
    if code not in CURRENCIES:
        raise ValueError("this is not a currency code such as EUR")
    return code


@cache
def count_digits(currency: str) -> int:
    """Return how many digits a currency has after the point.

    >>> count_digits("EUR"), count_digits("JPY"), count_digits("KWD")
    (2, 0, 3)
    """
    return int(get_currency_precision(currency))


def read_rate(text: str) -> int:
    """Return an exchange rate times a billion, exactly; raise ValueError for what is none.

    >>> read_rate("1.0523"), read_rate("0.0061")
    (1052300000, 6100000)
    >>> read_rate("0.12345678901")
    Traceback (most recent call last):
    ValueError: a rate has at most nine digits after the point
    """
    try:
        exact = Decimal(text.strip()).scaleb(9)
        billionths = int(exact)
    except (ArithmeticError, ValueError, OverflowError) as error:
        raise ValueError("this is no rate such as 1.0523") from error
    if not 0 < exact <= MAX_RATE_BILLIONTHS:
        raise ValueError("a rate is more than 0 and at most 1000000000")
    if exact != billionths:
        raise ValueError("a rate has at most nine digits after the point")
    return billionths


def spell_rate(rate_billionths: int) -> str:
    """Return a rate as people write it.

    >>> spell_rate(1052300000), spell_rate(2000000000)
    ('1.0523', '2')
    """
    return format(Decimal(rate_billionths).scaleb(-9).normalize(), "f")


def to_minor(amount: str | int | float | Decimal, currency: str) -> int:
    """Return an amount in minor units, rounded half up beyond them; raise ValueError for what is no amount.

    How many digits a currency has is CLDR's word (ISO 4217 with what people use).

    >>> to_minor("12.30", "EUR"), to_minor("1200", "JPY"), to_minor("-1.5", "KWD"), to_minor(195.66, "USD")
    (1230, 1200, -1500, 19566)
    >>> to_minor("1e30", "EUR")
    Traceback (most recent call last):
    ValueError: this is no amount of money
    """
    try:
        exact = Decimal(str(amount).strip()).scaleb(count_digits(currency))
        minor = int(exact.to_integral_value(ROUND_HALF_UP))
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise ValueError("this is no amount of money") from error
    if abs(minor) > MAX_MINOR:
        raise ValueError("this is no amount of money")
    return minor


def to_decimal(minor: int, currency: str) -> Decimal:
    """Return minor units as the amount people read.

    >>> to_decimal(1230, "EUR"), to_decimal(1200, "JPY")
    (Decimal('12.30'), Decimal('1200'))
    """
    return Decimal(minor).scaleb(-count_digits(currency))


def convert_minor(minor: int, currency: str, into: str, rate_billionths: int) -> int:
    """Return an amount in another currency, rounded half to even once at the end.

    The rate is what one unit of the first currency is worth in the second, times a billion.

    >>> convert_minor(1000, "EUR", "USD", 1_085_000_000), convert_minor(1000, "JPY", "EUR", 6_100_000)
    (1085, 610)
    """
    return round(minor * minor_unit_in(currency, into, rate_billionths))


def minor_unit_in(currency: str, into: str, rate_billionths: int) -> Fraction:
    """Return what one minor unit of a currency is in minor units of another, exactly.

    >>> minor_unit_in("JPY", "EUR", 6_100_000)
    Fraction(61, 100)
    """
    digits = count_digits(into) - count_digits(currency)
    return Fraction(rate_billionths, RATE_UNIT) * Fraction(10) ** digits
