"""What owners type into forms, read as what it means."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from widget.core.money import to_decimal, to_minor

_MAX_DIGITS = 15


class TypedValues:
    """Fields of a form by name; what cannot be read is noted in `errors` under the same name."""

    def __init__(self, given: Mapping[str, str], currency: str = "EUR", zone: ZoneInfo | None = None) -> None:
        self.given, self.currency, self.zone = given, currency, zone or ZoneInfo("UTC")
        self.errors: dict[str, list[str]] = {}

    def text(self, name: str) -> str:
        """Return what was typed, without blanks around it."""
        return self.given.get(name, "").strip()

    def has(self, name: str) -> bool:
        """Return whether something was typed, or a box ticked."""
        return bool(self.text(name))

    def whole(self, name: str, *, blank: int | None = None, must_be: bool = False) -> int | None:
        """Return a whole number, `blank` where nothing was typed."""
        text = self.text(name)
        if not text and not must_be:
            return blank
        if text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS:
            return int(text)
        self._refuse(name, _("Type a whole number."))
        return blank

    def money(self, name: str, *, blank: int | None = None, must_be: bool = False) -> int | None:
        """Return an amount in minor units."""
        text = self.text(name)
        if not text and not must_be:
            return blank
        try:
            return to_minor(text.replace(",", "."), self.currency)
        except ValueError:
            self._refuse(name, _("Type an amount such as 12.50."))
            return blank

    def scaled(self, name: str, digits: int, *, blank: int) -> int:
        """Return a number with so many digits after its point as a whole one: 1.25 with three is 1250."""
        text = self.text(name).replace(",", ".").rstrip("%×x ")
        if not text:
            return blank
        try:
            exact = Decimal(text).scaleb(digits)
            whole = int(exact)
        except (InvalidOperation, ValueError, OverflowError):
            self._refuse(name, _("Type a number such as 1.5."))
            return blank
        if exact != whole or abs(whole) >= 10**_MAX_DIGITS:
            self._refuse(name, _("Type a number such as 1.5."))
            return blank
        return whole

    def moment(self, name: str, *, must_be: bool = False) -> datetime | None:
        """Return a time of the store's time zone, in UTC."""
        text = self.text(name)
        if not text and not must_be:
            return None
        try:
            typed = datetime.fromisoformat(text)
            return typed.replace(tzinfo=self.zone).astimezone(UTC)
        except (ValueError, OverflowError):
            self._refuse(name, _("Choose a day and a time."))
            return None

    def _refuse(self, name: str, words: str) -> None:
        self.errors.setdefault(name, []).append(str(words))


def spell_money(minor: int | None, currency: str) -> str:
    """Return an amount as one types it.

    >>> spell_money(5870, "EUR"), spell_money(10000, "EUR"), spell_money(None, "EUR")
    ('58.70', '100', '')
    """
    if minor is None:
        return ""
    amount = to_decimal(minor, currency)
    return str(int(amount)) if amount == int(amount) else f"{amount:f}"


def spell_scaled(value: int, digits: int) -> str:
    """Return a scaled number as one types it.

    >>> spell_scaled(1250, 3), spell_scaled(1000, 2)
    ('1.25', '10')
    """
    exact = Decimal(value).scaleb(-digits).normalize()
    return f"{exact:f}"


def spell_moment(moment: datetime | None, zone: ZoneInfo) -> str:
    """Return a time as the field for a day and a time has it.

    >>> spell_moment(datetime(2026, 5, 31, 22, tzinfo=UTC), ZoneInfo("Europe/Rome"))
    '2026-06-01T00:00'
    """
    return moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if moment else ""


def spell_all(value: Any) -> str:
    """Return a whole number or a text as a field has it, nothing for none.

    >>> spell_all(None), spell_all(5), spell_all(True), spell_all(False)
    ('', '5', '1', '')
    """
    if isinstance(value, bool):
        return "1" if value else ""
    return "" if value is None else str(value)
