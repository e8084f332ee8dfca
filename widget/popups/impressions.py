"""Storing what visitors were shown, a batch in one durable transaction; the hot path of the room.

Each database is given a batch as it takes it fastest: PostgreSQL as one JSON document a table, SQLite row by row
(`bench/popup_impressions.py`).
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson

from widget.core.hot import HotCursor, HotStatement, hot_engine
from widget.core.page_addresses import strip_page_url
from widget.popups.assignment import HOLDOUT
from widget.popups.impression_reading import Said
from widget.popups.published import PublishedCampaign
from widget.popups.rules import FORM_GOALS, is_from_country

_IMPRESSION = """
    INSERT INTO popup_impressions (site_id, id, campaign_id, visitor_id, arm, "trigger", page_url, shown_at,
        dismissed_at)
    {rows}
    ON CONFLICT (site_id, id) DO UPDATE SET
        dismissed_at = COALESCE(popup_impressions.dismissed_at, excluded.dismissed_at)
    WHERE popup_impressions.campaign_id = excluded.campaign_id AND popup_impressions.visitor_id = excluded.visitor_id
"""
_EXPOSURE = (
    "INSERT INTO popup_exposures (site_id, campaign_id, visitor_id, arm, first_at) {rows} ON CONFLICT DO NOTHING"
)
_ADD_IMPRESSION = HotStatement(
    _IMPRESSION.format(
        rows="VALUES (:site_id, :id, :campaign_id, :visitor_id, :arm, :trigger, :page_url, :now,"
        " CASE WHEN :dismissed THEN :now END)"
    )
)
_ADD_EXPOSURE = HotStatement(_EXPOSURE.format(rows="VALUES (:site_id, :campaign_id, :visitor_id, :arm, :now)"))
_ADD_IMPRESSIONS = HotStatement(
    _IMPRESSION.format(
        rows="""
        SELECT :site_id, (r->>'id')::uuid, (r->>'campaign_id')::uuid, :visitor_id, r->>'arm', r->>'trigger',
            r->>'page_url', (:now)::timestamptz, CASE WHEN r->>'dismissed' = 'true' THEN (:now)::timestamptz END
        FROM json_array_elements((:rows)::json) AS r
        """
    )
)
_ADD_EXPOSURES = HotStatement(
    _EXPOSURE.format(
        rows="""
        SELECT :site_id, (r->>'campaign_id')::uuid, :visitor_id, r->>'arm', (:now)::timestamptz
        FROM json_array_elements((:rows)::json) AS r
        """
    )
)
# Who did what a campaign without a form is for the page alone knows.
_CONVERT = HotStatement(
    "UPDATE popup_exposures SET converted_at = :now WHERE site_id = :site_id AND campaign_id = :campaign_id"
    " AND visitor_id = :visitor_id AND converted_at IS NULL"
)
# The visitor may have been erased since the token was signed; one who is there stays until the batch is stored.
_FIND_VISITOR = HotStatement("SELECT 1 FROM visitors WHERE site_id = :site_id AND id = :visitor_id FOR KEY SHARE")


def record_impressions(
    cursor: HotCursor,
    site_id: uuid.UUID,
    campaigns: Iterable[PublishedCampaign],
    visitor_id: uuid.UUID,
    impressions: Sequence[Said],
    country: str | None,
    now: datetime,
) -> int:
    """Store a batch for a visitor; return how many belong to the site's campaigns.

    The arm is what the server computes of the visitor, whatever the page said. A dismissal completes the impression it
    belongs to, or stands for both when it comes first.
    """
    known = {campaign.id.hex: campaign for campaign in campaigns}
    rows: dict[str, dict[str, Any]] = {}
    arms: dict[str, str] = {}
    converted: set[str] = set()
    stored = 0
    for said in impressions:
        campaign = known.get(said.campaign)
        if campaign is None or not is_from_country(campaign.rules.get("countries"), country):
            continue
        stored += 1
        if said.campaign not in arms:
            arms[said.campaign] = campaign.arm_of(visitor_id)
        if said.converted and campaign.goal not in FORM_GOALS and arms[said.campaign] != HOLDOUT:
            converted.add(said.campaign)
        before = rows.get(said.id)
        if before is None:
            rows[said.id] = _row_of(said, arms[said.campaign])
        elif said.dismissed and before["campaign_id"] == said.campaign:
            before["dismissed"] = True
    values = {"site_id": site_id, "visitor_id": visitor_id, "now": now}
    if rows and cursor.fetch_one(_FIND_VISITOR, values):
        # In one order everywhere, so that two batches with the same rows wait for each other and do not lock.
        exposed = [{"campaign_id": campaign_id, "arm": arm} for campaign_id, arm in sorted(arms.items())]
        _write(cursor, values, [rows[impression_id] for impression_id in sorted(rows)], exposed)
        _convert(cursor, values, converted)
    return stored


def _row_of(said: Said, arm: str) -> dict[str, Any]:
    return {
        "id": said.id,
        "campaign_id": said.campaign,
        "arm": arm,
        "trigger": said.trigger,
        "page_url": strip_page_url(said.page_url) if said.page_url else None,
        "dismissed": said.dismissed,
    }


def _write(
    cursor: HotCursor, values: dict[str, Any], shown: list[dict[str, Any]], exposed: list[dict[str, Any]]
) -> None:
    if hot_engine().dialect.name == "postgresql":
        cursor.execute(_ADD_EXPOSURES, {**values, "rows": orjson.dumps(exposed).decode()})
        cursor.execute(_ADD_IMPRESSIONS, {**values, "rows": orjson.dumps(shown).decode()})
        return
    cursor.execute_many(_ADD_EXPOSURE, exposed, values)
    cursor.execute_many(_ADD_IMPRESSION, shown, values)


def _convert(cursor: HotCursor, values: dict[str, Any], campaign_ids: set[str]) -> None:
    for campaign_id in sorted(campaign_ids):
        cursor.execute(_CONVERT, {**values, "campaign_id": uuid.UUID(hex=campaign_id)})
