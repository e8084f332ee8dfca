"""Passwords of tests are hashed with little work: a slow hash by the thousand is most of what log-ins cost."""

import pytest
from argon2 import PasswordHasher

from widget.sites import owners

PRODUCT_HASHER = owners._hasher
QUICK_HASHER = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


def hash_quickly(patch: pytest.MonkeyPatch) -> None:
    """Let this process hash with little work; servers that tests start hash as the product does."""
    patch.setattr(owners, "_hasher", QUICK_HASHER)
    patch.setattr(owners, "_UNKNOWN_ACCOUNT_HASH", QUICK_HASHER.hash("no account has this password"))
