"""Reading the amounts of order files. Pure; raises ValueError that says why."""

import re
from decimal import Decimal
from typing import Any

from widget.core.money import count_digits, to_minor

# What nearly every file has; read without more ado, for an import is mostly amounts.
_USUAL = re.compile(r"(\d{1,12})\.(\d{2})")
_PLAIN = re.compile(r"-?\d+(\.\d+)?")
_GROUPED = re.compile(r"-?\d{1,3}(?:([ .,'])\d{3})(?:\1\d{3})*(?:([.,])\d+)?")
_COMMA = re.compile(r"-?\d+,\d+")
_ONE_MARK = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}")


def read_amount(value: Any, currency: str) -> int:
    """Return an amount in minor units, with a decimal point or comma, and with thousands apart or not.

    >>> [read_amount(text, "EUR") for text in ("12.30", "12,3", "1.234,50", "1,234.50", "1 234,50", "0.125")]
    [1230, 1230, 123450, 123450, 123450, 13]
    >>> read_amount("1.234", "EUR")
    Traceback (most recent call last):
    ValueError: Is 1.234 more than a thousand, or a little more than 1? Write 1234, or 1.2340.
    """
    if isinstance(value, str) and (usual := _USUAL.fullmatch(value)) and count_digits(currency) == 2:
        return int(usual[1] + usual[2])
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError("The value must be an amount.")
    # Spaces that keep the thousands together, as spreadsheets write them.
    text = str(value).strip().replace("\u00a0", " ").replace("\u202f", " ")
    if _ONE_MARK.fullmatch(text) and isinstance(value, str) and not ("." in text and count_digits(currency) == 3):
        whole, mark, rest = text.replace(",", ".").partition(".")
        raise ValueError(
            f"Is {text} more than a thousand, or a little more than {whole}? "
            f"Write {whole}{rest}, or {whole}{mark}{rest}0."
        )
    if not isinstance(value, str) or _PLAIN.fullmatch(text):
        plain = text
    elif _COMMA.fullmatch(text):
        plain = text.replace(",", ".")
    elif (grouped := _GROUPED.fullmatch(text)) and grouped[1] != grouped[2]:
        plain = text.replace(grouped[1], "")
        plain = plain.replace(grouped[2], ".") if grouped[2] else plain
    else:
        raise ValueError(f"{text[:40]} is no amount: write it like 1234.50, without a currency sign.")
    try:
        minor = to_minor(Decimal(plain), currency)
    except (ValueError, ArithmeticError) as error:
        raise ValueError("This is no amount of money.") from error
    if minor < 0:
        raise ValueError("The amount is below zero.")
    return minor
