"""A store's campaigns, one sure of its winner and one of wrong sizes, and a lead, for the tests of the dashboard."""

import uuid
from dataclasses import dataclass

from tests.orders.builders import NOON
from tests.popups.shown import expose, expose_many, leave_address, make_campaign
from widget.core.db import begin_writing_anew, db
from widget.popups.consents import Agreed, add_consent
from widget.popups.lead_models import Lead
from widget.sites.models import Site


@dataclass(frozen=True)
class Popups:
    """What there is to be opened."""

    sure_id: uuid.UUID
    doubtful_id: uuid.UUID
    draft_id: uuid.UUID
    lead_id: uuid.UUID


def add_popups(site: Site, customer_id: uuid.UUID) -> Popups:
    """Give a site campaigns that were met by some, by too many and by nobody."""
    sure = make_campaign(site.id, "ab", holdout_basis_points=1000, languages=["en", "it"])
    for arm, visitors, converted in (("holdout", 70, 0), ("a", 300, 10), ("b", 300, 90)):
        expose_many(site.id, sure, arm, visitors, converted)
    expose(site.id, sure, "a", customer_id)
    doubtful = make_campaign(site.id, "ab", name="A campaign with a long name that wraps", state="paused")
    expose_many(site.id, doubtful, "a", 300)
    expose_many(site.id, doubtful, "b", 150)
    draft = make_campaign(site.id, "a", name="For the spring", state="draft", live_at=None, goal="message")
    visitor_id = expose(site.id, sure, "b", has_converted=True)
    told = {"arm": "b", "customer_id": customer_id, "name": "Ada", "fields": {"interests": ["tea", "coffee"]}}
    lead_id = leave_address(site.id, sure, visitor_id, "ada.with.a.long.address@shoppers.example", **told)
    begin_writing_anew()
    lead = db.session.get_one(Lead, (site.id, lead_id))
    agreed = Agreed("The store may send me news and offers by e-mail.", sure, 1, "en", "https://shop.example/tea")
    for kind in ("given", "confirmed"):
        add_consent(lead, kind, agreed, NOON)
    db.session.commit()
    return Popups(sure, doubtful, draft, lead_id)
