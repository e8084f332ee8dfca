"""A campaign that is there for every request: whatever was made of it, it is live again."""

import uuid
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import Flask
from PIL import Image
from sqlalchemy import update

from tests.cast import SiteOfCast
from tests.core.writing_routes import make_lead
from tests.popups.builders import ERIN
from widget.core.clock import utc_now
from widget.core.db import begin_writing_anew, db
from widget.popups.models import Campaign
from widget.popups.pictures import store_picture
from widget.sites.models import Site
from widget.sites.service import publish_change

SAID: dict[str, dict[str, Any]] = {
    "name": {"enum": ["Tea time"]},
    "goal": {"enum": ["subscribe"]},
    "triggers": {"enum": [{"exit": {"after_seconds": 5}}, {"scroll_percent": 50}]},
    "every_days": {"type": "integer", "minimum": 0, "maximum": 3650},
}


@dataclass(frozen=True)
class KeptCampaign:
    """A live campaign with a lead, and a picture of the site's."""

    site_id: uuid.UUID
    campaign_id: uuid.UUID
    lead_id: uuid.UUID
    picture_id: uuid.UUID

    @property
    def ids(self) -> dict[str, str]:
        """Return what addresses name, by the name it has there."""
        return {name: str(getattr(self, name)) for name in ("campaign_id", "lead_id", "picture_id")}

    def keep(self) -> None:
        """Let the campaign be live, in the caller's transaction."""
        is_ours = (Campaign.site_id == self.site_id, Campaign.id == self.campaign_id)
        db.session.execute(update(Campaign).where(*is_ours).values(state="live", ended_at=None))
        publish_change(db.session.get_one(Site, self.site_id))

    def narrow(self, document: dict[str, Any]) -> None:
        """Let a document know only what is there: one campaign that asks for nothing but an address."""
        components = document["components"]["schemas"]
        for name, required in (("CampaignIn", ["name", "goal", "triggers"]), ("CampaignChanges", [])):
            components[name]["properties"] |= SAID
            components[name] |= {"required": required, "additionalProperties": False}
        campaign = {"enum": [str(self.campaign_id)]}
        components["PopupImpressionIn"]["properties"]["campaign"] = campaign
        components["LeadIn"]["properties"] |= {
            "campaign": campaign,
            "email": {"enum": [ERIN]},
            "fields": {"type": "object", "maxProperties": 0},
        }
        components["ConsentIn"]["properties"]["version"] = {"type": "integer", "enum": [1]}


def keep_campaign(app: Flask, site: SiteOfCast) -> KeptCampaign:
    """Start a campaign that has a lead, and store a picture."""
    made: Any = make_lead(app, site)
    drawn = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(drawn, "PNG")
    with app.app_context():
        begin_writing_anew()
        picture_id = store_picture(site.id, drawn.getvalue(), utc_now()).id
        db.session.commit()
    return KeptCampaign(site.id, made["campaign_id"], made["lead_id"], picture_id)
