"""Reading a batch of impressions: what is plainly right at once, all else by the schema, which says what is wrong.

The schema alone takes a fifth of the time of a whole batch (`bench/popup_impressions.py`).
"""

import re
import uuid
from collections.abc import Mapping
from typing import Any, NamedTuple

from widget.core.parsing import load_document
from widget.popups.rules import TRIGGERS
from widget.popups.schemas import MAX_IMPRESSIONS, PopupImpressionsIn

_NAMES = frozenset({"id", "campaign", "arm", "trigger", "page_url", "dismissed", "converted"})
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_ADDRESS = re.compile(r"https?://[^\s\x00]{1,1990}")
_ARM = re.compile(r"[a-z]{1,7}")
_TRIGGERS = frozenset({None, *TRIGGERS})
_schema = PopupImpressionsIn()


class Said(NamedTuple):
    """What a page says of one impression; ids are their hexadecimal digits."""

    id: str
    campaign: str
    trigger: str | None
    page_url: str | None
    dismissed: bool
    converted: bool


def read_impressions(document: Any) -> list[Said]:
    """Return a batch as a body of JSON says it; raise InvalidFields.

    >>> one = {"id": "0190f3a0-0000-7000-8000-000000000001", "campaign": "0190f3a0-0000-7000-8000-000000000002"}
    >>> read_impressions({"impressions": [one]})[0].campaign
    '0190f3a0000070008000000000000002'
    >>> shouted = {**one, "id": one["id"].upper()}
    >>> read_impressions({"impressions": [shouted]}) == read_impressions({"impressions": [one]})
    True
    """
    batch = document.get("impressions") if isinstance(document, dict) and len(document) == 1 else None
    if isinstance(batch, list) and 0 < len(batch) <= MAX_IMPRESSIONS and all(map(_is_plain, batch)):
        return [
            Said(
                said["id"].replace("-", ""),
                said["campaign"].replace("-", ""),
                said.get("trigger"),
                said.get("page_url"),
                said.get("dismissed", False),
                said.get("converted", False),
            )
            for said in batch
        ]
    return [_take(said) for said in load_document(_schema, document)["impressions"]]


def _is_plain(said: Any) -> bool:
    """Tell whether an impression is right for certain; of others the schema decides."""
    if not isinstance(said, dict) or not said.keys() <= _NAMES:
        return False
    ids, words = (said.get("id"), said.get("campaign")), (said.get("trigger"), said.get("page_url"), said.get("arm"))
    if not all(isinstance(value, str) and _ID.fullmatch(value) for value in ids):
        return False
    if not all(value is None or isinstance(value, str) for value in words):
        return False
    trigger, page_url, arm = words
    return (
        trigger in _TRIGGERS
        and (page_url is None or _ADDRESS.fullmatch(page_url) is not None)
        and (arm is None or _ARM.fullmatch(arm) is not None)
        and all(isinstance(said.get(name, False), bool) for name in ("dismissed", "converted"))
    )


def _take(said: Mapping[str, Any]) -> Said:
    ids: tuple[uuid.UUID, uuid.UUID] = (said["id"], said["campaign"])
    words = (said["trigger"], said["page_url"], said["dismissed"], said["converted"])
    return Said(ids[0].hex, ids[1].hex, *words)
