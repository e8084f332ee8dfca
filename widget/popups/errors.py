"""What the popups room refuses."""

from widget.core.problems import Conflict, NotFound


class CampaignNotFound(NotFound):
    slug, title = "campaign-not-found", "This site has no such campaign"


class LeadNotFound(NotFound):
    slug, title = "lead-not-found", "This site has no such lead"


class CampaignStep(Conflict):
    slug, title = "campaign-step-refused", "A campaign cannot go from its state to this one"


class ArmsFixed(Conflict):
    slug, title = "campaign-arms-fixed", "The campaign's variants and shares stay as visitors were divided by them"


class CampaignEnded(Conflict):
    slug, title = "campaign-ended", "This campaign takes no addresses, or no longer"


class LeadIdTaken(Conflict):
    slug, title = "lead-id-taken", "Another address was sent under this id"
