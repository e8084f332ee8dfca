"""What shoppers write, as it is kept and compared. Pure."""

import hashlib
import unicodedata
from collections.abc import Mapping
from typing import Any

import orjson

# What of a submission is no part of the review: a repeat may have another of these.
_CIRCUMSTANCES = ("elapsed_ms", "website", "page_url")


def tidy_words(text: str) -> str:
    r"""Return a text as it is kept: composed, with plain line ends, without other control characters.

    >>> tidy_words("  Cafe\u0301\r\nnice\x07 \x1b[31m\ud800 ")
    'Café\nnice [31m'
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(letter for letter in text if letter in "\n\t" or not _is_control(letter)).strip()


def tidy_line(text: str) -> str:
    r"""Return a title or a name as it is kept, on one line.

    >>> tidy_line(" Carol\r\n Ann\tWinter ")
    'Carol Ann Winter'
    """
    return " ".join(tidy_words(text).split())


def digest_submission(product_id: str, said: Mapping[str, Any]) -> str:
    """Return what tells a repeat of a submission from another under the same id.

    >>> said = {"rating": 4, "elapsed_ms": 9000}
    >>> digest_submission("POT-03", said) == digest_submission("POT-03", {**said, "elapsed_ms": 12000})
    True
    >>> digest_submission("POT-03", said) == digest_submission("POT-03", {**said, "rating": 5})
    False
    """
    kept = {name: value for name, value in said.items() if name not in _CIRCUMSTANCES}
    return hashlib.sha256(orjson.dumps([product_id, kept], option=orjson.OPT_SORT_KEYS)).hexdigest()


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cs")
