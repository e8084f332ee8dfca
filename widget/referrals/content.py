"""What the element of referrals shows: words, direction, theme, and what came of a link as rows to read."""

from collections.abc import Mapping, Sequence
from typing import Any

from widget.core.shopper_languages import RIGHT_TO_LEFT
from widget.referrals.texts import choose_ui
from widget.sites.queries import PublishedSite
from widget.sites.theme import build_theme

FIGURES = ("clicks", "claims", "pending")


def add_content(site: PublishedSite, overview: Mapping[str, Any]) -> dict[str, Any]:
    """Return an overview with the words of the element in its language, and the look of the site's widgets."""
    language = overview["language"]
    ui = choose_ui(language)
    content = {
        "language": language,
        "dir": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "theme": build_theme(site.theme, site.key),
        "ui": ui,
    }
    return {**overview, "content": content, "parts": _list_parts(overview, ui) if "stats" in overview else []}


def _list_parts(overview: Mapping[str, Any], ui: Mapping[str, str]) -> list[dict[str, Any]]:
    stats = overview["stats"]
    figures = [[f"{stats[name]}", ui[name]] for name in FIGURES]
    steps = [[step["label"], step["text"], step["note"]] for step in overview["steps"]]
    friends = [[friend["name"], friend["text"]] for friend in overview["referrals"]]
    leaders = [
        [leader["name"], leader["text"], *([ui["you"]] if leader["is_you"] else [])]
        for leader in overview.get("leaderboard", ())
    ]
    return [
        _describe_part("figures", ui["so_far"], [*figures, [stats["earned"]["text"], ui["earned"]]]),
        *([_describe_part("rows", ui["steps"], steps)] if steps else []),
        _describe_part("rows", ui["friends"], friends or [["", ui["nobody"]]]),
        *([_describe_part("rows", ui["leaders"], leaders)] if leaders else []),
    ]


def _describe_part(kind: str, title: str, rows: Sequence[Sequence[str]]) -> dict[str, Any]:
    return {"kind": kind, "title": title, "rows": rows}
