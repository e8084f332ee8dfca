"""Reading the rows of a file of balances."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

import orjson

from widget.core.import_values import read_moment, read_text
from widget.core.importing import RowRefused, SourceRow
from widget.customers.rules import Buyer, email_key
from widget.loyalty.import_formats import Format, name_target
from widget.loyalty.program import MAX_POINTS, Program
from widget.loyalty.rules import start_of_day

MAX_IMPORTED = MAX_POINTS * 1000
_LENGTHS = {"customer": 200, "email": 320, "name": 200, "first_name": 200, "last_name": 200}
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+")
_DOTTED = re.compile(r"[+-]?\d{1,3}(\.\d{3})+")
_DAY_ALONE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{4}")


@dataclass(frozen=True)
class Reading:
    """What a file is read with: its format, the program, and what the file itself may not say."""

    form: Format
    mapping: Mapping[str, str]
    program: Program | None
    day_order: str | None
    now: datetime
    source: str


@dataclass(frozen=True)
class Balance:
    """One row: whose balance it is, how many points, until when they are good, and in which tier they are."""

    buyer: Buyer
    points: int
    tier: str | None
    expires_at: datetime | None

    @property
    def who(self) -> str:
        """Return who is meant, the same in every file."""
        return f"id:{self.buyer.external_id}" if self.buyer.external_id else f"e-mail:{email_key(self.buyer.email)}"

    def key(self, source: str) -> str:
        """Return the key of the entry: a balance is brought over once from each source."""
        return f"import:{hashlib.sha256(f'{source}|{self.who}'.encode()).hexdigest()}"

    @property
    def content(self) -> str:
        """Return what tells whether a balance that was brought over before is still the same."""
        expires = self.expires_at.isoformat() if self.expires_at else None
        return hashlib.sha256(orjson.dumps([self.points, self.tier, expires])).hexdigest()[:16]


def read_points(value: Any) -> int:
    """Return a number of points, also below zero; raise ValueError for what could be two numbers.

    >>> read_points("1,250"), read_points("-30"), read_points("12.0"), read_points(7)
    (1250, -30, 12, 7)
    >>> read_points("1.250")
    Traceback (most recent call last):
    ValueError: Is 1.250 one thousand or one? Write it without a point.
    """
    text = str(value).strip().replace("−", "-")
    if _DOTTED.fullmatch(text):
        raise ValueError(f"Is {text} one thousand or one? Write it without a point.")
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    try:
        number = Decimal(text)
        if isinstance(value, bool) or number != int(number) or abs(number) > MAX_IMPORTED:
            raise ValueError
    except (ValueError, ArithmeticError, InvalidOperation) as error:
        raise ValueError(f"The points must be a whole number from -{MAX_IMPORTED} to {MAX_IMPORTED}.") from error
    return int(number)


class BalanceReader:
    """Reads rows; raises RowRefused."""

    def __init__(self, reading: Reading) -> None:
        self._form, self._reading = reading.form, reading

    def read(self, row: SourceRow) -> Balance:
        """Return the balance a row tells of."""
        values = self._take(row)
        buyer = self._read_buyer(values)
        if "points" not in values:
            raise self._refuse("points", "The points are missing.")
        return Balance(
            buyer=buyer,
            points=self._convert("points", values["points"], read_points),
            tier=self._read_tier(values),
            expires_at=self._read_expiry(values),
        )

    def _take(self, row: SourceRow) -> dict[str, Any]:
        targets = self._form.targets or {name: name_target(name, self._reading.mapping) for name in row.values}
        return {
            target: row.values[name]
            for name, target in targets.items()
            if target and row.values.get(name) not in (None, "") and str(row.values[name]).strip()
        }

    def _read_buyer(self, values: Mapping[str, Any]) -> Buyer:
        texts = {
            name: self._convert(name, values[name], partial(read_text, longest=longest))
            for name, longest in _LENGTHS.items()
            if name in values
        }
        email = texts.get("email")
        if email and email_key(email) is None:
            raise self._refuse("email", f"{email[:80]} is no e-mail address.")
        if not email and not texts.get("customer"):
            raise self._refuse("email", "The row names nobody: it needs an e-mail or the store's own id.")
        parts = (texts.get("first_name"), texts.get("last_name"))
        name = texts.get("name") or " ".join(part for part in parts if part)
        return Buyer(external_id=texts.get("customer"), email=email, name=name[:200] or None)

    def _read_tier(self, values: Mapping[str, Any]) -> str | None:
        if "tier" not in values:
            return None
        wanted = str(values["tier"]).strip()
        program = self._reading.program
        for tier in program.tiers if program else ():
            if wanted.casefold() in {name.casefold() for name in (tier.key, *tier.names.values())}:
                return tier.key
        raise self._refuse("tier", f"The program has no tier called {wanted[:80]}.")

    def _read_expiry(self, values: Mapping[str, Any]) -> datetime | None:
        if "expires_at" not in values:
            return None
        text = values["expires_at"]
        moment: datetime = self._convert("expires_at", text, lambda value: read_moment(value, self._reading.day_order))
        if _DAY_ALONE.fullmatch(str(text).strip()):
            # A day is the last one on which points are good, as it is in the store.
            day: date = moment.date() + timedelta(days=1)
            zone = self._reading.program.zone if self._reading.program else None
            moment = start_of_day(day, zone) if zone else datetime(day.year, day.month, day.day, tzinfo=UTC)
        if moment <= self._reading.now:
            raise self._refuse("expires_at", "The points have expired already.")
        return moment

    def _convert(self, name: str, value: Any, read: Any) -> Any:
        try:
            return read(value)
        except ValueError as error:
            raise self._refuse(name, str(error)) from error

    def _refuse(self, name: str, message: str) -> RowRefused:
        return RowRefused(self._form.name_column(name), message)
