"""What the report calls its figures, and its charts, in the owner's language."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from widget.core.formats import HARD_SPACE, format_day, format_month
from widget.loyalty.liability import Expiring, Report
from widget.loyalty.point_words import say_points
from widget.loyalty.report_days import Days


def list_flow_names() -> list[tuple[str, str]]:
    """Return the rows of the table of what happened, with what they are called."""
    return [
        ("earned", str(_("Earned"))),
        ("gifts", str(_("Gifts of tiers"))),
        ("adjusted", str(_("By hand and brought over"))),
        ("issued", str(_("Issued"))),
        ("redeemed", str(_("Redeemed"))),
        ("expired", str(_("Expired"))),
        ("clawed_back", str(_("Taken back with refunds"))),
    ]


def name_expiring(row: Expiring) -> str:
    """Return until when points are good."""
    if row.month:
        return format_month(row.month)
    return str(_("do not expire") if row.is_never else _("later"))


def name_part(part: Days, by: str) -> str:
    """Return what a day, week or month of the period is called."""
    return format_month(part.from_on) if by == "month" else format_day(part.from_on)


def draw_expiring(rows: Sequence[Expiring]) -> dict[str, Any]:
    """Return the chart of what is lost when; what never is has no bar."""
    shown = [row for row in rows if not row.is_never]
    return {
        "type": "bar",
        "labels": [_plain(name_expiring(row)) for row in shown],
        "values": [row.points for row in shown],
        "texts": [say_points(row.points) for row in shown],
    }


def draw_flows(report: Report) -> dict[str, Any]:
    """Return the chart of what came beside what was used and what was lost."""
    names = {"by_rules": _("Earned"), "redeemed": _("Redeemed"), "expired": _("Expired")}
    return {
        "labels": [_plain(name_part(days, report.days.by)) for days, _flows in report.parts],
        "series": [
            {"name": str(name), "tone": tone, "values": [getattr(flows, key) for _days, flows in report.parts]}
            for (key, name), tone in zip(names.items(), ("--accent", "--good", "--middling"), strict=True)
        ],
    }


def _plain(text: str) -> str:
    return text.replace(HARD_SPACE, " ")
