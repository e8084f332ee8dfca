"""What bringing friends is worth: the rules of one version, read from their document. Pure."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

REWARD_KINDS = ("points", "coupon", "none")
ADVOCATE, FRIEND = "advocate", "friend"


@dataclass(frozen=True)
class Reward:
    """What one side gets: points, a coupon of a pool, or nothing."""

    kind: str
    points: int = 0
    pool_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Step:
    """What an advocate gets besides once so many friends have brought them a reward."""

    friends: int
    reward: Reward

    @property
    def side(self) -> str:
        return f"step:{self.friends}"


@dataclass(frozen=True)
class Velocity:
    """How many claims within some days are usual.

    For one advocate, from one address prefix, from that of the advocate, and from one browser.
    """

    days: int = 7
    per_advocate: int = 20
    per_network: int = 5
    per_own_network: int = 0
    per_device: int = 1


@dataclass(frozen=True)
class Program:
    """The rules of one version."""

    version: int
    advocate: Reward
    friend: Reward
    currency: str
    minimum_minor: int
    hold_days: int
    claim_days: int
    steps: Sequence[Step] = ()
    landing_url: str | None = None
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    velocity: Velocity = Velocity()
    shows_leaderboard: bool = False


def default_rules(currency: str) -> dict[str, Any]:
    """Return the document of a program to start from.

    >>> read_program(1, default_rules("EUR")).advocate.points
    200
    """
    return {
        "advocate": {"kind": "points", "points": 200},
        "friend": {"kind": "points", "points": 100},
        "steps": [],
        "currency": currency,
        "minimum_minor": 0,
        "hold_days": 30,
        "claim_days": 90,
        "landing_url": None,
        "texts": {},
        "velocity": {"days": 7, "per_advocate": 20, "per_network": 5, "per_own_network": 0, "per_device": 1},
        "leaderboard": False,
    }


def read_program(version: int, rules: Mapping[str, Any]) -> Program:
    """Return a program from a document that `program_checks.py` has let through."""
    steps = [Step(step["friends"], read_reward(step["reward"])) for step in rules["steps"]]
    return Program(
        version=version,
        advocate=read_reward(rules["advocate"]),
        friend=read_reward(rules["friend"]),
        currency=rules["currency"],
        minimum_minor=rules["minimum_minor"],
        hold_days=rules["hold_days"],
        claim_days=rules["claim_days"],
        steps=sorted(steps, key=lambda step: step.friends),
        landing_url=rules["landing_url"],
        texts=rules["texts"],
        velocity=Velocity(**rules["velocity"]),
        shows_leaderboard=rules["leaderboard"],
    )


def read_reward(document: Mapping[str, Any]) -> Reward:
    """Return what a side gets.

    >>> read_reward({"kind": "points", "points": 5})
    Reward(kind='points', points=5, pool_id=None)
    """
    pool = document.get("pool_id")
    return Reward(document["kind"], document.get("points", 0), uuid.UUID(pool) if pool else None)
