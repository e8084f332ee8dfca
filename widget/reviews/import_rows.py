"""Reading one row of a file as a review."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import orjson

from widget.core.import_values import DayOrderUnknown, read_count, read_moment, read_text
from widget.core.importing import RowRefused, SourceRow
from widget.customers.rules import email_key
from widget.reviews.import_attributes import AttributeReader
from widget.reviews.import_formats import Format, Values, name_target
from widget.reviews.import_values import (
    Outcome,
    find_country,
    give_reason,
    read_addresses,
    read_body,
    read_country,
    read_customer,
    read_language,
    read_line,
    read_list,
    read_outcome,
    read_rating,
    says_yes,
)
from widget.reviews.models import MAX_BODY_LENGTH, MAX_NAME_LENGTH, MAX_PRODUCT_LENGTH, MAX_TITLE_LENGTH
from widget.reviews.rules import ATTRIBUTE_FACET, name_shown

CLOCKS_DIFFER_BY = timedelta(days=1)
PRODUCT_NAMES = ("product", "handle", "sku")
# What makes two rows the same review, as it stands in the file: neither what became of it nor what was answered.
IDENTITY = (*PRODUCT_NAMES, "rating", "title", "body", "author", "email", "customer", "written_at")
TIMES = ("written_at", "published_at", "edited_at", "replied_at", "reply_edited_at")
LINES = {
    "title": MAX_TITLE_LENGTH,
    "author": MAX_NAME_LENGTH,
    "reply_author": MAX_NAME_LENGTH,
    "incentive": 200,
    "provider": 40,
}
_NO_TIME = "0000-00-00"
_QUOTABLE = re.compile(r"[\d/.:+ -]{1,40}")


@dataclass(frozen=True)
class Reply:
    """What the store answered."""

    body: str
    author: str | None
    replied_at: datetime | None
    edited_at: datetime | None = None


@dataclass(frozen=True)
class ImportedReview:
    """One review of a file.

    `products` are the product's names in the order of preference; `content` is a digest that equal reviews share;
    `values` are columns of the table.
    """

    file_id: str
    content: str
    products: tuple[str, ...]
    outcome: Outcome
    customer: str | None
    email: str | None
    written_at: datetime | None
    published_at: datetime | None
    values: Mapping[str, Any]
    reply: Reply | None
    photos: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """What a file is read with: its format, and what the file itself does not say."""

    form: Format
    mapping: Mapping[str, str]
    attributes: AttributeReader
    name_form: str
    day_order: str | None
    now: datetime


class RowReader:
    """Reads rows as reviews; raises RowRefused. `replies` are answers that stand in rows of their own, by review."""

    def __init__(self, reading: Reading, replies: Mapping[str, Reply]) -> None:
        self._form, self._mapping, self._attributes = reading.form, reading.mapping, reading.attributes
        self._name_form, self._day_order = reading.name_form, reading.day_order
        self._latest = reading.now + CLOCKS_DIFFER_BY
        self._replies = replies

    def take(self, row: SourceRow) -> Values:
        """Return what a row says, by our names."""
        if self._form.targets:
            pairs = ((name, row.values.get(column)) for column, name in self._form.targets.items())
        else:
            pairs = ((name_target(column, self._mapping), value) for column, value in row.values.items())
        values = {name: value for name, value in pairs if name and value is not None and str(value).strip()}
        # WooCommerce has no time of UTC for what was never published.
        if "local_at" in values and str(values.get("written_at", _NO_TIME)).startswith(_NO_TIME):
            values["written_at"] = values["local_at"]
        return values

    def read(self, row: SourceRow) -> ImportedReview:
        """Return the review a row holds."""
        values = self.take(row)
        texts = {name: self.read_cell(values, name, read_line, longest) for name, longest in LINES.items()}
        times = {name: self.read_cell(values, name, self._read_time) for name in TIMES}
        if "written_at" in self._form.targets.values() and times["written_at"] is None:
            raise self._refuse("written_at", "The time is missing.")
        rating = self.read_cell(values, "rating", read_rating)
        if rating is None:
            raise self._refuse("rating", "The stars are missing.")
        outcome = self._read_outcome(values)
        return ImportedReview(
            file_id=self.read_cell(values, "id", read_text, 200) or "",
            content=_digest([str(values.get(name, "")).strip() for name in IDENTITY]),
            products=self._read_products(values),
            outcome=outcome,
            customer=self.read_cell(values, "customer", read_customer),
            email=self._read_email(values),
            written_at=times["written_at"],
            published_at=times["published_at"],
            values={
                "rating": rating,
                "title": texts["title"] or "",
                "body": self.read_cell(values, "body", read_body, MAX_BODY_LENGTH) or "",
                "author_name": self._show_name(values, texts["author"]),
                "attributes": self._read_attributes(values),
                "language": self.read_cell(values, "language", read_language),
                "country": self.read_cell(values, "country", read_country) or find_country(values.get("place", "")),
                "flags": self.read_cell(values, "flags", read_list) or [],
                "verified_by": "import" if says_yes(values.get("verified", "")) else None,
                "is_incentivized": says_yes(values.get("incentivized", "")),
                "incentive": texts["incentive"],
                "is_featured": says_yes(values.get("featured", "")),
                "helpful": self.read_cell(values, "helpful", read_count) or 0,
                "provider": texts["provider"] or self._form.provider,
                "edited_at": times["edited_at"],
            },
            reply=self._read_reply(values, texts["reply_author"], times),
            photos=tuple(self.read_cell(values, "photos", read_addresses) or ()),
        )

    def read_cell(self, values: Values, name: str, read: Callable[..., Any], *more: Any) -> Any:
        """Return a value as it is stored, None where there is none; raise RowRefused."""
        if name not in values:
            return None
        try:
            return read(values[name], *more)
        except (ValueError, TypeError, OverflowError) as error:
            raise self._refuse(name, str(error)) from error

    def read_reply_row(self, row: SourceRow) -> Reply:
        """Return the answer a row holds; raise RowRefused."""
        values = self.take(row)
        return Reply(
            self.read_cell(values, "body", read_body, MAX_BODY_LENGTH) or "",
            None,
            self.read_cell(values, "written_at", self._read_time),
        )

    def _refuse(self, name: str, message: str) -> RowRefused:
        return RowRefused(self._form.name_column(name), message)

    def _read_time(self, value: Any) -> datetime:
        try:
            moment = read_moment(value, self._day_order)
        except DayOrderUnknown:
            raise
        except ValueError as error:
            # A cell that holds something else may hold anything, a person's name too.
            said = f"{value.strip()} is no time" if _QUOTABLE.fullmatch(str(value).strip()) else "This is no time"
            raise ValueError(f"{said}: write it like 2026-05-31T12:00:00Z.") from error
        if moment > self._latest:
            raise ValueError("The time lies in the future.")
        return moment

    def _read_products(self, values: Values) -> tuple[str, ...]:
        names = [self.read_cell(values, name, read_text, MAX_PRODUCT_LENGTH) for name in PRODUCT_NAMES]
        products = tuple(dict.fromkeys(name for name in names if name))
        if not products:
            raise self._refuse("product", "The product is missing.")
        if not all(product.isprintable() for product in products):
            raise self._refuse("product", "The product's id must be printable.")
        return products

    def _read_email(self, values: Values) -> str | None:
        email: str | None = self.read_cell(values, "email", read_text, 320)
        if email and email_key(email) is None:
            raise self._refuse("email", "This is no e-mail address.")
        return email

    def _show_name(self, values: Values, name: str | None) -> str:
        name = name or self.read_cell(values, "full_name", read_line, MAX_NAME_LENGTH) or ""
        return name if self._form.is_as_shown else name_shown(name, self._name_form)

    def _read_attributes(self, values: Values) -> dict[str, Any]:
        read: dict[str, Any] = {}
        for name, value in values.items():
            if name.startswith(ATTRIBUTE_FACET):
                key, attribute = self.read_cell(values, name, lambda value, key: self._attributes.read(key, value),
                                                name.removeprefix(ATTRIBUTE_FACET))  # fmt: skip
                if attribute is not None:
                    read[key] = attribute
        return read

    def _read_outcome(self, values: Values) -> Outcome:
        taken = self._form.targets.values()
        said = [values.get(name, "") for name in ("state", "approved") if name in taken or name in values]
        # Okendo's two columns: one that is empty says nothing beside the other.
        said = [value for value in said if value != ""] or said
        if not said:
            return Outcome("published")
        words = self._form.state_words
        outcome: Outcome = self.read_cell({"state": said}, "state", read_outcome, words)
        if "reason" in values and outcome.state != "published":
            outcome = self.read_cell(values, "reason", lambda reason: give_reason(outcome, str(reason).strip()))
        return outcome

    def _read_reply(self, values: Values, author: str | None, times: Mapping[str, datetime | None]) -> Reply | None:
        beside = self._replies.get(str(values.get("id", "")).strip())
        body = self.read_cell(values, "reply", read_body, MAX_BODY_LENGTH)
        is_private = "reply_public" in self._form.targets.values() and not says_yes(values.get("reply_public", ""))
        if not body or is_private:
            return beside
        return replace(Reply(body, author, times["replied_at"]), edited_at=times["reply_edited_at"])


def _digest(texts: list[str]) -> str:
    return hashlib.sha256(orjson.dumps(texts)).hexdigest()
