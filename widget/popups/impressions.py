"""Storing what visitors were shown, a batch in one durable transaction; the hot path of the room.

A batch is one statement a table, whatever its size: rows travel as one JSON document (`bench/popup_impressions.py`).
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from widget.core.hot import HotCursor, HotStatement, hot_engine
from widget.core.page_addresses import strip_page_url
from widget.popups.impression_reading import Said
from widget.popups.published import PublishedCampaign
from widget.popups.rules import is_from_country

_FROM_JSON = {
    "sqlite": """(SELECT json_extract(value, '$[0]') AS id, json_extract(value, '$[1]') AS campaign_id,
        json_extract(value, '$[2]') AS arm, json_extract(value, '$[3]') AS "trigger",
        json_extract(value, '$[4]') AS page_url, json_extract(value, '$[5]') AS dismissed
        FROM json_each(:rows)) AS r""",
    "postgresql": """(SELECT (value->>0)::uuid AS id, (value->>1)::uuid AS campaign_id, value->>2 AS arm,
        value->>3 AS "trigger", value->>4 AS page_url, (value->>5)::integer AS dismissed
        FROM json_array_elements((:rows)::json)) AS r""",
}
_MOMENT = {"sqlite": ":now", "postgresql": "(:now)::timestamptz"}


def _spell(dialect: str, template: str) -> HotStatement:
    return HotStatement(template.replace("{rows}", _FROM_JSON[dialect]).replace("{now}", _MOMENT[dialect]))


# A visitor who was erased since the token was signed has no rows: the look-up leaves them out.
_ADD_IMPRESSIONS = {
    dialect: _spell(
        dialect,
        """
        INSERT INTO popup_impressions (site_id, id, campaign_id, visitor_id, arm, "trigger", page_url, shown_at,
            dismissed_at)
        SELECT v.site_id, r.id, r.campaign_id, v.id, r.arm, r."trigger", r.page_url, {now},
            CASE WHEN r.dismissed = 1 THEN {now} END
        FROM {rows} JOIN visitors v ON v.site_id = :site_id AND v.id = :visitor_id
        WHERE true
        ON CONFLICT (site_id, id) DO UPDATE SET
            dismissed_at = COALESCE(popup_impressions.dismissed_at, excluded.dismissed_at)
        WHERE popup_impressions.campaign_id = excluded.campaign_id
            AND popup_impressions.visitor_id = excluded.visitor_id
        """,
    )
    for dialect in _FROM_JSON
}
_ADD_EXPOSURES = {
    dialect: _spell(
        dialect,
        """
        INSERT INTO popup_exposures (site_id, campaign_id, visitor_id, arm, first_at)
        SELECT v.site_id, r.campaign_id, v.id, r.arm, {now}
        FROM {rows} JOIN visitors v ON v.site_id = :site_id AND v.id = :visitor_id
        WHERE true
        ON CONFLICT DO NOTHING
        """,
    )
    for dialect in _FROM_JSON
}


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
    rows: dict[str, list[Any]] = {}
    arms: dict[str, str] = {}
    stored = 0
    for said in impressions:
        campaign = known.get(said.campaign)
        if campaign is None or not is_from_country(campaign.rules.get("countries"), country):
            continue
        stored += 1
        if said.campaign not in arms:
            arms[said.campaign] = campaign.arm_of(visitor_id)
        before = rows.get(said.id)
        if before is None:
            page_url = strip_page_url(said.page_url) if said.page_url else None
            dismissed = int(said.dismissed)
            rows[said.id] = [said.id, said.campaign, arms[said.campaign], said.trigger, page_url, dismissed]
        elif said.dismissed and before[1] == said.campaign:
            before[5] = 1
    if rows:
        _write(cursor, {"site_id": site_id, "visitor_id": visitor_id, "now": now}, rows, arms)
    return stored


def _write(
    cursor: HotCursor, values: Mapping[str, Any], rows: Mapping[str, list[Any]], arms: Mapping[str, str]
) -> None:
    dialect = hot_engine().dialect.name
    exposed = [[None, campaign_id, arm] for campaign_id, arm in sorted(arms.items())]
    # In one order everywhere, so that two batches with the same rows wait for each other and do not lock.
    shown = [row for _, row in sorted(rows.items())]
    cursor.execute(_ADD_EXPOSURES[dialect], {**values, "rows": orjson.dumps(exposed).decode()})
    cursor.execute(_ADD_IMPRESSIONS[dialect], {**values, "rows": orjson.dumps(shown).decode()})
