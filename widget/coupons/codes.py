"""New codes that cannot be guessed, and can be read aloud."""

import math
import secrets

# Neither O nor 0, neither I nor L nor 1: a code is read aloud and typed.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
MIN_BITS = 64
CODE_LENGTH = math.ceil(MIN_BITS / math.log2(len(ALPHABET)))
GROUP = 5


def make_code(prefix: str = "") -> str:
    """Return a new code of at least 64 random bits, in groups that can be read aloud.

    >>> code = make_code("TEA")
    >>> code.startswith("TEA-"), len(code.replace("-", "")) - 3 >= 13, make_code() != make_code()
    (True, True, True)
    """
    # One draw for all letters: to draw each takes longer than to write the coupon down.
    number = secrets.randbelow(len(ALPHABET) ** CODE_LENGTH)
    letters = "".join(ALPHABET[number // len(ALPHABET) ** place % len(ALPHABET)] for place in range(CODE_LENGTH))
    groups = [letters[place : place + GROUP] for place in range(0, CODE_LENGTH, GROUP)]
    return "-".join([prefix.upper(), *groups] if prefix else groups)
