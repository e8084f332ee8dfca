"""Codes: how they are made of a name, and when two spellings are one; and who wins a contest. Pure."""

import hashlib
import unicodedata
from collections.abc import Iterable

MAX_NAME_LETTERS = 8
RANDOM_LETTERS = 6


def code_key(code: str) -> str:
    """Return the form in which two spellings of a code are equal.

    >>> code_key(" carol-7kqmzp "), code_key("CAROL-7KQMZP")
    ('CAROL-7KQMZP', 'CAROL-7KQMZP')
    """
    return code.strip().upper()


def spell_code(name: str | None, random_letters: str) -> str:
    """Return a code that begins with the first name, as far as it can be typed anywhere.

    >>> spell_code("Zoë Müller", "7kqmzp"), spell_code("Maximiliane", "7kqmzp"), spell_code("李雷", "7kqmzp")
    ('ZOE-7KQMZP', 'MAXIMILI-7KQMZP', 'FRIEND-7KQMZP')
    """
    first = (name or "").strip().partition(" ")[0]
    plain = unicodedata.normalize("NFKD", first).encode("ascii", "ignore").decode().upper()
    letters = "".join(letter for letter in plain if letter.isalpha())[:MAX_NAME_LETTERS]
    return f"{letters or 'FRIEND'}-{random_letters.upper()}"


def mask_name(name: str | None, email: str | None) -> str:
    """Return a friend's name as their advocate may read it.

    >>> mask_name("Frank Miller", None), mask_name(None, "frank@shop.example"), mask_name(None, None)
    ('F•••', 'f•••', '•••')
    """
    return f"{(name or email or '').strip()[:1]}•••"


def hash_seed(seed: str) -> str:
    """Return what is published of a seed at the start: who has it could not choose another seed later.

    >>> hash_seed("tea")[:16]
    'a9f74d1ec36ebdeb'
    """
    return hashlib.sha256(seed.encode()).hexdigest()


def ticket(seed: str, entry_id: str) -> str:
    """Return the number an entry draws: the SHA-256 of the seed, a colon and the entry's id, in hexadecimal.

    >>> ticket("tea", "0197a2c0-0000-7000-8000-000000000001")[:16]
    '6f4bb7757cc9a4dc'
    """
    return hashlib.sha256(f"{seed}:{entry_id}".encode()).hexdigest()


def draw(seed: str, entry_ids: Iterable[str]) -> str | None:
    """Return the entry that wins: the one with the lowest ticket, in whatever order they stand; None without any.

    Taking away an entry that did not win never changes who did.

    >>> entries = [f"0197a2c0-0000-7000-8000-00000000000{number}" for number in range(1, 6)]
    >>> draw("tea", entries) == draw("tea", reversed(entries)), draw("tea", entries)[-1], draw("coffee", entries)[-1]
    (True, '4', '2')
    >>> draw("tea", []) is None
    True
    """
    return min(entry_ids, key=lambda entry_id: ticket(seed, entry_id), default=None)
