"""Codes: how they are made of a name, and when two spellings are one. Pure."""

import unicodedata

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
