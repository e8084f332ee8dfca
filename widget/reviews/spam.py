"""What makes a new review suspicious. Pure, and blind to its stars: they are no argument of anything here."""

import hashlib
import re
import unicodedata

# Nobody rates, reads what is asked and sends within this time; a program does.
TOO_FAST_MS = 1_500
# A filled trap with a short time; alone it is the browser's own filling in.
TRAP_FAST_MS = 8_000
# One address may be where something was bought; more are an advertisement.
MAX_LINKS = 1
# Below this length two people may well write the same.
MIN_TWIN_LETTERS = 30
BURST_REVIEWS = 10
FLAGS = ("too_fast", "trap", "links", "markup", "twin", "burst")
_LINK = re.compile(r"(?:https?://|\bwww\.)\S", re.IGNORECASE)
_MARKUP = re.compile(r"<\s*a\s[^>]*href|\[\s*(?:url|link)\s*[=\]]", re.IGNORECASE)


def find_flags(
    title: str, body: str, elapsed_ms: int | None, *, is_trap_filled: bool, has_twin: bool, is_burst: bool
) -> list[str]:
    """Return why a review should be looked at before it is shown; a filled trap alone is no reason.

    >>> find_flags("", "See https://a.example and www.b.example", 500, is_trap_filled=False, has_twin=False,
    ...     is_burst=False)
    ['too_fast', 'links']
    >>> find_flags("Good", "Pours well", 60_000, is_trap_filled=True, has_twin=False, is_burst=False)
    []
    """
    text = f"{title}\n{body}"
    found = {
        "too_fast": elapsed_ms is not None and elapsed_ms < TOO_FAST_MS,
        "trap": is_trap_filled and (elapsed_ms is None or elapsed_ms < TRAP_FAST_MS),
        "links": len(_LINK.findall(text)) > MAX_LINKS,
        "markup": _MARKUP.search(text) is not None,
        "twin": has_twin,
        "burst": is_burst,
    }
    return [flag for flag in FLAGS if found[flag]]


def digest_text(title: str, body: str) -> str | None:
    """Return what equal words have in common, however they are spaced and pointed; None for too few of them.

    >>> words = "It pours well, and keeps the tea warm for an hour."
    >>> digest_text("", words) == digest_text("It pours", "WELL and keeps the tea warm - for an hour!!")
    True
    >>> digest_text("", "Very good") is None
    True
    """
    text = unicodedata.normalize("NFKC", f"{title} {body}").casefold()
    letters = "".join(letter for letter in text if letter.isalnum())
    return hashlib.sha256(letters.encode()).hexdigest() if len(letters) >= MIN_TWIN_LETTERS else None
