"""Reading single values of review files. Pure; raises ValueError that says why, and repeats nothing personal."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import orjson

from widget.core.import_values import read_text
from widget.reviews.rules import HOLD_REASONS, OTHER_REJECT_REASONS, REJECT_REASONS

MAX_CELL_LENGTH, MAX_CUSTOMER_LENGTH = 100_000, 200
_YES = frozenset({"yes", "true", "1", "y", "order", "import", "verified_buyer"})
_STATES = {
    **dict.fromkeys(("published", "ok", "active", "approved", "visible", "true", "yes", "1"), "published"),
    **dict.fromkeys(("pending", "not-yet", "hold", "unapproved", "flagged"), "pending"),
    **dict.fromkeys(("rejected", "unpublished", "hidden", "inactive", "disabled", "false", "no", "0"), "hidden"),
    **dict.fromkeys(("trash", "post-trashed", "archived", "deleted"), "hidden"),
    "spam": "spam",
}
_MOST_HIDDEN_FIRST = ("spam", "hidden", "pending", "published")
# No reader sees them, and one of them makes a feed invalid.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_COUNTRY = re.compile(r"[A-Za-z]{2}")
_LANGUAGE = re.compile(r"[A-Za-z0-9-]{1,35}")
_NUMBER = re.compile(r"\d{1,3}(?:[.,]\d{1,6})?")
# What parts addresses in a cell, unless it is a part of one: some have commas of their own.
_BETWEEN_ADDRESSES = re.compile(r"[\s,;|]+(?=[A-Za-z][A-Za-z0-9+.-]*:|//|$)")


class Outcome(NamedTuple):
    """What became of a review where it comes from, in the words of our own states."""

    state: str
    hold_reason: str | None = None
    reject_reason: str | None = None


OUTCOMES = {
    "published": Outcome("published"),
    "pending": Outcome("pending", hold_reason="moderation"),
    "spam": Outcome("rejected", reject_reason="spam"),
    "hidden": Outcome("rejected", reject_reason="imported"),
}


def read_rating(value: Any) -> int:
    """Return whole stars, also where they are written 4.0 or 4,0; nothing is rounded, for nobody said it.

    >>> read_rating("5"), read_rating("4,0"), read_rating(" 3.00 ")
    (5, 4, 3)
    >>> read_rating("4,6")
    Traceback (most recent call last):
    ValueError: A rating is a whole number of stars, and this one has a part of a star: it is not rounded.
    """
    text = str(value).strip()
    if isinstance(value, bool) or not _NUMBER.fullmatch(text):
        raise ValueError("The rating must be a number of stars from 1 to 5.")
    stars = Decimal(text.replace(",", "."))
    if stars != int(stars):
        raise ValueError("A rating is a whole number of stars, and this one has a part of a star: it is not rounded.")
    if not 1 <= stars <= 5:
        raise ValueError("The rating must be a number of stars from 1 to 5.")
    return int(stars)


def says_yes(value: Any) -> bool:
    """Tell whether a cell says yes; anything else is no.

    >>> says_yes("Yes"), says_yes(True), says_yes("Verified Buyer"), says_yes("maybe"), says_yes("")
    (True, True, True, False, False)
    """
    return str(value).strip().lower().replace(" ", "_") in _YES


def read_outcome(said: list[Any], words: Mapping[str, str]) -> Outcome:
    """Return what became of a review by all that is said of it: the most hidden holds, nothing said is undecided.

    >>> read_outcome(["spam"], {}), read_outcome(["0"], {}).reject_reason, read_outcome(["0"], {"0": "pending"}).state
    (Outcome(state='rejected', hold_reason=None, reject_reason='spam'), 'imported', 'pending')
    >>> read_outcome(["true", "pending"], {}).state, read_outcome([""], {}).state
    ('pending', 'pending')
    """
    meanings = set()
    for value in said:
        word = str(value).strip().lower().replace(" ", "-")
        meaning = words.get(word) or _STATES.get(word) or ("" if word else "pending")
        if not meaning:
            raise ValueError("This is no state known here: write published, pending, rejected or spam.")
        meanings.add(meaning)
    return OUTCOMES[next(meaning for meaning in _MOST_HIDDEN_FIRST if meaning in meanings)]


def give_reason(outcome: Outcome, reason: str) -> Outcome:
    """Return an outcome with the reason that our own export states.

    >>> give_reason(Outcome("rejected", reject_reason="imported"), "abusive").reject_reason
    'abusive'
    """
    if outcome.state == "pending" and reason in HOLD_REASONS:
        return outcome._replace(hold_reason=reason)
    if outcome.state == "rejected" and reason in REJECT_REASONS + OTHER_REJECT_REASONS:
        return outcome._replace(reject_reason=reason)
    raise ValueError("This is no reason for this state.")


def read_line(value: Any, longest: int) -> str:
    """Return a text of one line.

    >>> read_line(" Pours\\n well ", 20)
    'Pours well'
    """
    return read_text(" ".join(_tidy(value).split()), longest)


def read_body(value: Any, longest: int) -> str:
    """Return a text of several lines.

    >>> read_body("One\\r\\ntwo\\x07 ", 20)
    'One\\ntwo'
    """
    return read_text(_tidy(value).replace("\r\n", "\n"), longest)


def _tidy(value: Any) -> str:
    return _CONTROLS.sub("", unicodedata.normalize("NFC", read_text(value, MAX_CELL_LENGTH)))


def read_customer(value: Any) -> str:
    """Return the store's own id of a customer.

    >>> read_customer(" 0042 ")
    '0042'
    """
    text = read_text(value, MAX_CUSTOMER_LENGTH)
    if not text.isprintable():
        raise ValueError("The customer's id must be printable.")
    return text


def find_country(value: Any) -> str | None:
    """Return a country's code, None for any other place.

    >>> find_country("it"), find_country("Toronto, Canada")
    ('IT', None)
    """
    text = str(value).strip()
    return text.upper() if _COUNTRY.fullmatch(text) else None


def read_country(value: Any) -> str:
    """Return a country's code.

    >>> read_country("it")
    'IT'
    """
    country = find_country(value)
    if country is None:
        raise ValueError("The country must be a code of two letters, such as IT.")
    return country


def read_language(value: Any) -> str:
    """Return a language's tag.

    >>> read_language("en_GB")
    'en-GB'
    """
    tag = str(value).strip().replace("_", "-")
    if not _LANGUAGE.fullmatch(tag):
        raise ValueError("The language must be a tag such as it or en-GB.")
    return tag


def read_list(value: Any) -> list[str]:
    """Return a list of texts, or the one a cell spells, apart by commas or as JSON.

    >>> read_list("fast, links"), read_list('["a,b"]'), read_list(["a"])
    (['fast', 'links'], ['a,b'], ['a'])
    """
    if isinstance(value, str):
        value = orjson.loads(value) if value.lstrip().startswith("[") else value.split(",")
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError("The value must be a list of texts.")
    return [item.strip() for item in value if item.strip()]


def read_addresses(value: Any) -> list[str]:
    """Return the addresses of pictures in a cell; what parts them differs from provider to provider.

    >>> read_addresses("https://a.example/w_1,h_2/x.jpg,https://a.example/y.jpg;//b.example/z.jpg")
    ['https://a.example/w_1,h_2/x.jpg', 'https://a.example/y.jpg', '//b.example/z.jpg']
    >>> read_addresses('["https://a.example/x.jpg"]'), read_addresses("javascript:alert(1)")
    (['https://a.example/x.jpg'], ['javascript:alert(1)'])
    """
    if isinstance(value, list) or (isinstance(value, str) and value.lstrip().startswith("[")):
        return read_list(value)
    return [part for part in _BETWEEN_ADDRESSES.split(str(value).strip()) if part]
