"""Why a referral waits for the owner: each reason with the numbers it rests on. Pure.

What can never be right is refused before (`outcomes.py`): an advocate who is their own friend, a friend who has bought
before. What is here may be innocent, so it holds the referral and says why; only the owner lets it pass.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from widget.referrals.program import Velocity

Flag = dict[str, Any]


@dataclass(frozen=True)
class Evidence:
    """What is known of a claim and of its advocate.

    `bringers` are those who brought the advocate, then who brought them, and so on. The counts are of the claims within
    the days of the rules before this one and of this one, over all links.
    """

    friend_keys: Collection[str] = ()
    friend_ids: Collection[Any] = ()
    device: str | None = None
    network: str | None = None
    advocate_keys: Collection[str] = ()
    advocate_devices: Collection[str] = ()
    advocate_network: str | None = None
    bringers: Sequence[Any] = ()
    claims_of_advocate: int = 1
    claims_of_network: int = 1
    claims_of_device: int = 1


def list_flags(evidence: Evidence, velocity: Velocity) -> list[Flag]:
    """Return the reasons for which a referral waits for the owner.

    >>> usual = Velocity()
    >>> list_flags(Evidence(["frank@a.example"], advocate_keys=["carol@a.example"]), usual)
    []
    >>> list_flags(Evidence(["ca.rol+2@a.example"], advocate_keys=["carol@a.example"]), usual)
    [{'rule': 'similar_email'}]
    >>> list_flags(Evidence(device="d", advocate_devices=["d"], claims_of_network=6), usual)
    [{'rule': 'same_device'}, {'rule': 'network_velocity', 'claims': 6, 'usual': 5, 'days': 7}]
    >>> list_flags(Evidence(friend_ids=["A"], bringers=["X", "A"]), usual)
    [{'rule': 'ring', 'length': 3}]
    """
    flags: list[Flag] = []
    if not set(map(loose_key, evidence.friend_keys)).isdisjoint(map(loose_key, evidence.advocate_keys)):
        flags.append({"rule": "similar_email"})
    if evidence.device is not None and evidence.device in evidence.advocate_devices:
        flags.append({"rule": "same_device"})
    is_same = evidence.network is not None and evidence.network == evidence.advocate_network
    if is_same and evidence.claims_of_network > velocity.per_own_network:
        flags.append({"rule": "same_network"})
    for place, bringer in enumerate(evidence.bringers):
        if bringer in evidence.friend_ids:
            flags.append({"rule": "ring", "length": place + 2})
            break
    return flags + _list_velocity(evidence, velocity)


def loose_key(key: str) -> str:
    """Return the form in which addresses are alike that may be one person's, whatever their provider does with dots.

    >>> loose_key("jo.do+shop@example.com"), loose_key("jodo@example.com")
    ('jodo@example.com', 'jodo@example.com')
    """
    local, _, domain = key.rpartition("@")
    plain = local.partition("+")[0].replace(".", "")
    return f"{plain or local}@{domain}"


def _list_velocity(evidence: Evidence, velocity: Velocity) -> list[Flag]:
    counted = (
        ("advocate_velocity", evidence.claims_of_advocate, velocity.per_advocate),
        ("network_velocity", evidence.claims_of_network, velocity.per_network),
        ("device_velocity", evidence.claims_of_device, velocity.per_device),
    )
    return [
        {"rule": rule, "claims": claims, "usual": usual, "days": velocity.days}
        for rule, claims, usual in counted
        if claims > usual
    ]
