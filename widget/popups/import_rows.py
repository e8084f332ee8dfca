"""Reading rows of files of addresses: of ours, and of others by what they call their columns. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from widget.core.import_values import read_moment, read_text
from widget.core.importing import ERROR_PREFIX, FileRefused, RowRefused, SourceRow
from widget.customers.rules import email_key
from widget.popups.rules import LEAD_STATES

OURS = (
    "email", "name", "first_name", "last_name", "language", "state", "consent", "created_at", "confirmed_at",
    "unsubscribed_at",
)  # fmt: skip
# What others call a column of ours; Mailchimp's export has the last four. Spaces are underscores, letters small.
SYNONYMS = {
    "e-mail": "email",
    "mail": "email",
    "full_name": "name",
    "firstname": "first_name",
    "lastname": "last_name",
    "email_address": "email",
    "optin_time": "created_at",
    "confirm_time": "confirmed_at",
    "unsub_time": "unsubscribed_at",
}
_LENGTHS = {"email": 320, "name": 200, "first_name": 100, "last_name": 99, "state": 20, "consent": 1_000}
_TIMES = ("created_at", "confirmed_at", "unsubscribed_at")
_LANGUAGE = re.compile(r"[A-Za-z0-9-]{1,35}")
# What others call somebody who gets mails, and somebody who does not.
_STATES = {"subscribed": "confirmed", "active": "confirmed", "cleaned": "unsubscribed"}


@dataclass(frozen=True)
class AddressRow:
    """One address of a file, with what is told of it."""

    email: str
    key: str
    name: str | None
    language: str | None
    state: str
    consent: str | None
    created_at: datetime | None
    confirmed_at: datetime | None
    unsubscribed_at: datetime | None


def choose_targets(columns: Sequence[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """Return which columns of a file are which of ours; raise FileRefused.

    >>> choose_targets(["Email Address", "MEMBER_RATING", "OPTIN_TIME"], {})
    {'Email Address': 'email', 'OPTIN_TIME': 'created_at'}
    """
    targets = {}
    for column in columns:
        plain = column.strip().lower().replace(" ", "_")
        target = mapping.get(column, SYNONYMS.get(plain, plain))
        if column in mapping and target and target not in OURS:
            raise FileRefused(f"The map names {target}, which is no column of ours. Ours are: {', '.join(OURS)}.")
        if target in OURS and not column.startswith(ERROR_PREFIX):
            targets[column] = target
    for target in targets.values():
        if list(targets.values()).count(target) > 1:
            raise FileRefused(f'Two columns would be {target}: leave one out with a map to "".')
    if columns and "email" not in targets.values():
        raise FileRefused('No column is called email. Name it with a map: {"their column": "email"}.')
    return targets


def read_address(row: SourceRow, mapping: Mapping[str, str], day_order: str | None) -> AddressRow:
    """Return what a row says of an address; raise RowRefused."""
    targets = choose_targets(list(row.values), mapping) if row.values else {}
    said = {target: row.values[column] for column, target in targets.items()}
    names = {target: column for column, target in targets.items()}

    def read(target: str, parse: Any) -> Any:
        value = said.get(target)
        if value is None or value == "":
            return None
        try:
            return parse(value)
        except ValueError as error:
            raise RowRefused(names[target], str(error)) from error

    texts = {name: read(name, lambda value, n=name: read_text(value, _LENGTHS[n])) for name in _LENGTHS}
    times = {name: read(name, lambda value: read_moment(value, day_order)) for name in _TIMES}
    key = email_key(texts["email"])
    if texts["email"] is None or key is None:
        raise RowRefused(names.get("email", "email"), "The row needs an e-mail address.")
    parts = [part for part in (texts["first_name"], texts["last_name"]) if part]
    name = texts["name"] or " ".join(parts) or None
    if name is not None and not name.isprintable():
        raise RowRefused(names.get("name", "first_name"), "The name must be printable.")
    return AddressRow(
        email=texts["email"].strip().lower(),
        key=key,
        name=name,
        language=read("language", _read_language),
        state=_read_state(texts["state"], times, names),
        consent=texts["consent"],
        **times,
    )


def _read_language(value: Any) -> str:
    text = read_text(value, 35)
    if not _LANGUAGE.fullmatch(text):
        raise ValueError("The language must be such as it or pt-BR.")
    return text


def _read_state(text: str | None, times: Mapping[str, datetime | None], names: Mapping[str, str]) -> str:
    """Return a row's state, which its times tell where it says none."""
    if text is None:
        return "unsubscribed" if times["unsubscribed_at"] else "confirmed"
    state = _STATES.get(text.lower(), text.lower())
    if state not in LEAD_STATES:
        raise RowRefused(names["state"], f"The state must be one of: {', '.join(LEAD_STATES)}.")
    return state
