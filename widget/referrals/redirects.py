"""Where an advocate's link may lead: pages of the site's registered origins, and nowhere else. Pure."""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

MARK, VIA = "regulars_ref", "regulars_via"
# Browsers drop tabs and line breaks and take a backslash for a slash: an address with any of these is none of ours.
_PLAIN = re.compile(r"[!-\[\]-~]{1,2000}", re.ASCII)


def is_of_origins(address: str, origins: Iterable[str]) -> bool:
    """Return whether an address begins with one of the origins, letter by letter, and goes on behind it.

    >>> shop = ["https://shop.example"]
    >>> is_of_origins("https://shop.example/tea?x=1", shop), is_of_origins("https://shop.example", shop)
    (True, True)
    >>> is_of_origins("https://shop.example.evil/", shop), is_of_origins("https://shop.example@evil/", shop)
    (False, False)
    >>> is_of_origins("//evil", shop), is_of_origins("https://shop.example:8443/", shop)
    (False, False)
    """
    if not _PLAIN.fullmatch(address):
        return False
    return any(address == origin or address.startswith((f"{origin}/", f"{origin}?")) for origin in origins)


def choose_address(wanted: Sequence[str | None], origins: Iterable[str]) -> str | None:
    """Return the first of the wanted addresses that is a page of an origin, None where none is."""
    own = list(origins)
    return next((address for address in wanted if address is not None and is_of_origins(address, own)), None)


def find_front_page(origins: Iterable[str], own_origin: str) -> str | None:
    """Return the front page of a store: of its first origin, rather not of the one that serves us.

    >>> find_front_page(["https://feedback.example", "https://shop.example"], "https://feedback.example")
    'https://shop.example/'
    """
    ordered = sorted(origins, key=lambda origin: (origin == own_origin, origin.startswith("http://")))
    return f"{ordered[0]}/" if ordered else None


def mark_address(address: str, code: str, channel: str) -> str:
    """Return an address that says to the page whose link it was; what it said of one before is taken away.

    >>> mark_address("https://shop.example/tea?size=2&regulars_ref=EVE#top", "ZOE-7KQMZP", "sms")
    'https://shop.example/tea?size=2&regulars_ref=ZOE-7KQMZP&regulars_via=sms#top'
    """
    before, hash_mark, fragment = address.partition("#")
    page, _, query = before.partition("?")
    kept = [part for part in query.split("&") if part and not part.startswith((f"{MARK}=", f"{VIA}="))]
    said = "&".join([*kept, urlencode({MARK: code, VIA: channel})])
    return f"{page}?{said}{hash_mark}{fragment}"
