"""Links, and the addresses by which each channel shares them. Pure."""

from collections.abc import Iterable
from itertools import groupby
from urllib.parse import quote, urlencode

# By what a channel is opened; the text holds the link.
_ADDRESSES = {
    "whatsapp": "https://wa.me/?text={text}",
    "email": "mailto:?subject={subject}&body={text}",
    "sms": "sms:?&body={text}",
    "facebook": "https://www.facebook.com/sharer/sharer.php?u={link}",
    "x": "https://twitter.com/intent/tweet?text={text}",
    "telegram": "https://t.me/share/url?url={link}&text={text}",
}
SHARED_BY = tuple(_ADDRESSES)


def link_of(base_url: str, code: str, channel: str | None = None) -> str:
    """Return an advocate's link, which says by which channel it was shared.

    >>> link_of("https://feedback.example", "ZOE-7KQMZP", "sms")
    'https://feedback.example/r/ZOE-7KQMZP?via=sms'
    """
    return f"{base_url}/r/{quote(code)}" + (f"?{urlencode({'via': channel})}" if channel else "")


def address_of(channel: str, link: str, text: str, subject: str) -> str:
    """Return what a channel's button opens.

    >>> address_of("whatsapp", "https://f.example/r/ZOE", "Look & see https://f.example/r/ZOE", "")
    'https://wa.me/?text=Look%20%26%20see%20https%3A%2F%2Ff.example%2Fr%2FZOE'
    """
    said = {"link": quote(link, safe=""), "text": quote(text, safe=""), "subject": quote(subject, safe="")}
    return _ADDRESSES[channel].format(**said)


def draw_path(matrix: Iterable[Iterable[int]]) -> str:
    """Return the dark squares of a QR code as one path, which a page can draw whatever pictures it allows.

    >>> draw_path([[1, 1, 0], [0, 0, 1]])
    'M0 0h2v1h-2zM2 1h1v1h-1z'
    """
    parts = []
    for y, row in enumerate(matrix):
        x = 0
        for is_dark, squares in groupby(row):
            length = len(list(squares))
            if is_dark:
                parts.append(f"M{x} {y}h{length}v1h-{length}z")
            x += length
    return "".join(parts)
