"""Which arm of a campaign a visitor is in: the page and the server compute the same from the two ids.

`static/js/popups/assignment-state.js` mirrors it. FNV-1a alone is not enough: the lowest bit of its hash is the parity
of the text's lowest bits, so whoever sees variant A of one campaign would see A of every other one, and two campaigns
could not be told apart in their results. Murmur3's finaliser, which mixes every bit into every other, ends that.
"""

import uuid
from collections.abc import Mapping

HOLDOUT = "holdout"
BUCKETS = 10_000
_FNV_OFFSET, _FNV_PRIME, _LOW_32 = 0x811C9DC5, 0x01000193, 0xFFFFFFFF


def assign_arm(
    campaign_id: uuid.UUID, visitor_id: uuid.UUID, holdout_basis_points: int, weights: Mapping[str, int]
) -> str:
    """Return the arm of a visitor: the hold-out group first, then the variants by their weights in the order of keys.

    >>> campaign = uuid.UUID("01890000-0000-7000-8000-000000000001")
    >>> carol, frank = (uuid.UUID(f"01890000-0000-7000-8000-00000000000{last}") for last in "a8")
    >>> assign_arm(campaign, carol, 0, {"a": 1, "b": 1}), assign_arm(campaign, frank, 0, {"a": 1, "b": 1})
    ('a', 'b')
    >>> assign_arm(campaign, carol, 5000, {"a": 1, "b": 1})
    'holdout'
    """
    if hash_text(f"{campaign_id}:{visitor_id}") % BUCKETS < holdout_basis_points:
        return HOLDOUT
    point = hash_text(f"{campaign_id}:{visitor_id}:arm") % sum(weights.values())
    for key in sorted(weights):
        if point < weights[key]:
            return key
        point -= weights[key]
    raise AssertionError("the point lies within the sum of the weights")


def hash_text(text: str) -> int:
    """Return FNV-1a of a text in UTF-8, 32 bits, mixed by the finaliser of Murmur3.

    >>> hash_text(""), hash_text("a"), hash_text("foobar")
    (2872998923, 444641715, 202221276)
    """
    mixed = _FNV_OFFSET
    for byte in text.encode():
        mixed = ((mixed ^ byte) * _FNV_PRIME) & _LOW_32
    mixed = ((mixed ^ (mixed >> 16)) * 0x85EBCA6B) & _LOW_32
    mixed = ((mixed ^ (mixed >> 13)) * 0xC2B2AE35) & _LOW_32
    return mixed ^ (mixed >> 16)
