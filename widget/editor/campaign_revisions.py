"""Two owners at one campaign: what a campaign was when a form of it was opened."""

from widget.core.db import db
from widget.editor.campaign_fields import Document
from widget.editor.revisions import digest_values
from widget.popups.models import Campaign
from widget.popups.service import describe_campaign

# What an owner would name when told that somebody else changed it: the cards of the form.
PARTS = {
    "about": ("name", "goal", "display"),
    "content": ("default_language", "languages", "variants"),
    "asks": ("fields", "consents", "is_double_opt_in"),
    "gives": ("pool_id", "fixed_code", "download_url", "survey_id"),
    "when": ("triggers", "rules", "every_days", "per_session", "is_search_safe"),
    "test": ("holdout_basis_points",),
}


def sign_revision(campaign: Campaign) -> str:
    """Return what a form carries to tell whether the campaign has changed since it was opened."""
    document = describe_campaign(campaign)
    return "-".join(_digest(document, names) for names in PARTS.values())


def list_changes(campaign: Campaign, opened: str) -> list[str]:
    """Return the parts of a campaign that differ from what a form was opened with; no revision differs in none.

    The campaign is read anew, and nobody else changes it until this transaction ends.
    """
    db.session.refresh(campaign, with_for_update=True)
    if not opened:
        return []
    document, digests = describe_campaign(campaign), dict(zip(PARTS, opened.split("-"), strict=False))
    return [name for name, names in PARTS.items() if digests.get(name) != _digest(document, names)]


def _digest(document: Document, names: tuple[str, ...]) -> str:
    return digest_values([document[name] for name in names])
