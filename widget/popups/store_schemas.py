"""What campaigns and leads look like at the store's door."""

from typing import Any

from marshmallow import INCLUDE, Schema, fields, post_load, pre_load, validate

from widget.core.parsing import Identifier, PageQuery, RequestSchema, Text
from widget.core.problems import FieldError, InvalidFields
from widget.customers.schemas import EmailAddress
from widget.popups.lead_models import Lead, LeadConsent
from widget.popups.lead_queries import LeadFilter
from widget.popups.models import Campaign
from widget.popups.rules import DISPLAYS, GOALS, LEAD_STATES, STATES
from widget.popups.service import SETTINGS, describe_campaign


class CampaignDocument(RequestSchema):
    """What may be said of a campaign; each value is checked as a whole (`campaign_checks.py`)."""

    class Meta:
        unknown = INCLUDE

    _NAMES = (*SETTINGS, "variants", "state")

    @pre_load
    def refuse_unknown(self, data: Any, **_kwargs: Any) -> Any:
        """Name what no campaign has, before anything else is looked at."""
        if not isinstance(data, dict):
            return data
        errors = [FieldError(f"#/{_escape(name)}", "Unknown field.") for name in data if name not in self._NAMES]
        if errors:
            raise InvalidFields(errors=errors)
        return data


def _escape(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


class CampaignIn(CampaignDocument):
    """A new campaign."""

    state = Text(load_default="draft", validate=validate.OneOf(["draft", "live"]))


class CampaignChanges(CampaignDocument):
    """What to change of a campaign."""

    state = Text(validate=validate.OneOf(STATES))


class CampaignOut(Schema):
    """A campaign with its variants."""

    id = fields.UUID()
    name = fields.String()
    state = fields.String(validate=validate.OneOf(STATES))
    goal = fields.String(validate=validate.OneOf(GOALS))
    display = fields.String(validate=validate.OneOf(DISPLAYS))
    triggers = fields.Dict(metadata={"description": "What opens it, such as {'exit': {'after_seconds': 5}}"})
    rules = fields.Dict(metadata={"description": "For whom and where it opens"})
    fields_ = fields.List(fields.Dict(), data_key="fields", attribute="fields")
    consents = fields.Dict(metadata={"description": "The line of consent by language, over the default one"})
    every_days = fields.Integer()
    per_session = fields.Integer()
    is_search_safe = fields.Boolean()
    holdout_basis_points = fields.Integer(metadata={"description": "The share of visitors who see nothing, of 10,000"})
    is_double_opt_in = fields.Boolean()
    pool_id = fields.UUID(allow_none=True)
    fixed_code = fields.String(allow_none=True)
    survey_id = fields.UUID(allow_none=True)
    download_url = fields.String(allow_none=True)
    default_language = fields.String()
    languages = fields.List(fields.String())
    variants = fields.List(fields.Dict())
    version = fields.Integer()
    created_at = fields.AwareDateTime()
    live_at = fields.AwareDateTime(allow_none=True)
    ended_at = fields.AwareDateTime(allow_none=True)


class CampaignsOut(Schema):
    """One page of campaigns."""

    items = fields.List(fields.Nested(CampaignOut()))
    next_cursor = fields.String(allow_none=True)


class LeadsQuery(PageQuery):
    """Which leads a page shows."""

    state = Text(validate=validate.OneOf(LEAD_STATES))
    campaign = Identifier()
    email = EmailAddress(metadata={"description": "In whatever spelling of the same mailbox"})

    @post_load
    def choose(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Put what is chosen into one value."""
        chosen = LeadFilter(data.pop("state", None), data.pop("campaign", None), data.pop("email", None))
        return {**data, "chosen": chosen}


class StoredLeadOut(Schema):
    """A lead."""

    id = fields.UUID()
    email = fields.String()
    name = fields.String(allow_none=True)
    fields_ = fields.Dict(data_key="fields", attribute="fields")
    state = fields.String(validate=validate.OneOf(LEAD_STATES))
    source = fields.String(metadata={"description": "popup, inline, import or api"})
    campaign = fields.UUID(allow_none=True)
    arm = fields.String(allow_none=True)
    customer = fields.String(allow_none=True, metadata={"description": "The store's id, null for nobody or a guest"})
    code = fields.String(allow_none=True)
    language = fields.String(allow_none=True)
    created_at = fields.AwareDateTime()
    confirmed_at = fields.AwareDateTime(allow_none=True)
    unsubscribed_at = fields.AwareDateTime(allow_none=True)


class LeadsOut(Schema):
    """One page of leads."""

    items = fields.List(fields.Nested(StoredLeadOut()))
    next_cursor = fields.String(allow_none=True)


class ConsentOut(Schema):
    """One step of a consent, as it was shown."""

    kind = fields.String(metadata={"description": "given, confirmed or withdrawn"})
    text = fields.String(allow_none=True)
    text_hash = fields.String(allow_none=True, metadata={"description": "SHA-256 of the text"})
    campaign = fields.UUID(allow_none=True)
    version = fields.Integer(allow_none=True)
    language = fields.String(allow_none=True)
    page_url = fields.String(allow_none=True)
    happened_at = fields.AwareDateTime()


class LeadWithConsentsOut(StoredLeadOut):
    """A lead with the consents it rests on."""

    consents = fields.List(fields.Nested(ConsentOut()))


def describe(campaign: Campaign) -> dict[str, Any]:
    """Return a campaign as it goes out."""
    names = ("id", "state", "version", "created_at", "live_at", "ended_at")
    return {**describe_campaign(campaign), **{name: getattr(campaign, name) for name in names}}


def describe_lead(lead: Lead, customer: str | None, code: str | None) -> dict[str, Any]:
    """Return a lead as it goes out."""
    names = ("id", "email", "name", "fields", "state", "source", "arm", "language")
    times = ("created_at", "confirmed_at", "unsubscribed_at")
    told = {name: getattr(lead, name) for name in (*names, *times)}
    return {**told, "campaign": lead.campaign_id, "customer": customer, "code": code}


def describe_consent(consent: LeadConsent) -> dict[str, Any]:
    """Return one step of a consent as it goes out."""
    names = ("kind", "text", "text_hash", "language", "page_url", "happened_at")
    told = {name: getattr(consent, name) for name in names}
    return {**told, "campaign": consent.campaign_id, "version": consent.campaign_version}
