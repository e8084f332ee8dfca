"""How much is drawn where tests draw by chance: enough for every run, all that was meant with LONG_RUN=1."""

import os
from typing import TypeVar

Amount = TypeVar("Amount")
IS_LONG_RUN = os.environ.get("LONG_RUN") == "1"


def at_length(long: Amount, *, otherwise: Amount) -> Amount:
    """Return how much a long run draws, or what is enough otherwise."""
    return long if IS_LONG_RUN else otherwise
