"""A program for friends that is there for every request: what was made of its referral is made good again."""

import uuid
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import select, update

from tests.cast import SiteOfCast
from tests.core.writing_routes import make_contest, make_referral
from widget.core.clock import utc_now
from widget.core.db import db
from widget.referrals.models import Advocate, Referral
from widget.referrals.program_service import get_program, get_version, set_state
from widget.sites.models import Site

HELD: dict[str, Any] = {"state": "held", "flags": [{"rule": "ring", "length": 2}]}
LINK = "https://pictures.example/tea"


@dataclass(frozen=True)
class KeptFriends:
    """A live program with a referral that is held, an advocate's code and a contest that takes entries."""

    site_id: uuid.UUID
    referral_id: uuid.UUID
    contest_id: uuid.UUID
    code: str
    rules: dict[str, Any]

    @property
    def ids(self) -> dict[str, str]:
        """Return what addresses name, by the name it has there."""
        return {name: str(getattr(self, name)) for name in ("referral_id", "contest_id")}

    def keep(self) -> None:
        """Let everything be as it was made, in the caller's transaction."""
        set_state(db.session.get_one(Site, self.site_id), "live", utc_now())
        db.session.execute(update(Advocate).where(Advocate.site_id == self.site_id).values(blocked_at=None))
        is_ours = (Referral.site_id == self.site_id, Referral.id == self.referral_id)
        undecided = dict.fromkeys(("flags_passed_at", "refused_at"))
        db.session.execute(update(Referral).where(*is_ours).values(HELD | undecided))

    def narrow(self, document: dict[str, Any]) -> None:
        """Let a document know only what is there: one code, one friend, the rules as they are."""
        components = document["components"]["schemas"]
        known: dict[str, dict[str, list[Any]]] = {
            "ReferralProgramIn": {"rules": [self.rules]},
            "ClickIn": {"code": [self.code]},
            "ClaimIn": {"code": [self.code], "email": ["frank@shoppers.example"]},
            "ContestEntryIn": {"link": [LINK]},
        }
        for name, members in known.items():
            for member, values in members.items():
                components[name]["properties"][member] = {"enum": values}


def keep_friends(app: Flask, site: SiteOfCast) -> KeptFriends:
    """Start a program in which the customer known to the store is an advocate, and announce a contest."""
    referral_id, contest_id = make_referral(app, site), make_contest(app, site)
    with app.app_context():
        code = db.session.scalars(select(Advocate.code).where(Advocate.site_id == site.id)).one()
        rules = get_version(get_program(site.id)).rules
    return KeptFriends(site.id, referral_id, contest_id, code, rules)
