"""The report as rows and as a document: the same figures for the page's file and the interface."""

from collections.abc import Iterator
from typing import Any

from widget.core.export_rows import Document, stream_documents
from widget.loyalty.liability import Expiring, Flows, PointCost, Report

COLUMNS = ("part", "figure", "from", "until", "points", "ratio", "cost_minor", "currency")
FLOWS = ("earned", "gifts", "adjusted", "issued", "redeemed", "expired", "clawed_back")
STANDING = ("outstanding", "pending", "held", "debt", "owed")


def describe_report(report: Report) -> dict[str, Any]:
    """Return the report as a document; what cannot be said is None."""
    return {
        "from_on": report.days.from_on,
        "until_on": report.days.until_on,
        "time_zone": report.zone,
        "members": report.standing.members,
        "in_debt": report.standing.in_debt,
        "points": {name: getattr(report.standing, name) for name in STANDING},
        "cost": _describe_cost(report.cost, report),
        "expiring": [_describe_expiring(row) for row in report.expiring],
        "ever": _describe_flows(report.ever),
        "period": _describe_flows(report.period),
        "parts": [
            {"from_on": days.from_on, "until_on": days.until_on, **_describe_flows(flows)}
            for days, flows in report.parts
        ],
        "adds_up": report.adds_up,
        "difference": report.difference,
        "lots_difference": report.lots_difference,
    }


def stream_report(report: Report, file_format: str, *, bom: bool = False) -> Iterator[bytes]:
    """Yield the report as a file, a figure a row."""
    return stream_documents(COLUMNS, [list(_list_rows(report))], file_format, bom=bom)


def _list_rows(report: Report) -> Iterator[Document]:
    currency = report.cost.currency if report.cost else None
    for name in STANDING:
        points = getattr(report.standing, name)
        yield {"part": "now", "figure": name, "points": points, "cost_minor": report.cost_of(points)} | {
            "currency": currency
        }
    for row in report.expiring:
        until = row.month.isoformat()[:7] if row.month else None
        figure = "good_for_ever" if row.is_never else "good_until" if until else "good_for_longer"
        yield {"part": "expiring", "figure": figure, "until": until, "points": row.points}
    spans = [("ever", None, report.ever), ("period", report.days, report.period)]
    spans += [(report.days.by, days, flows) for days, flows in report.parts]
    for part, days, flows in spans:
        place = {"from": days.from_on.isoformat(), "until": days.until_on.isoformat()} if days else {}
        for name in FLOWS:
            yield {"part": part, "figure": name, **place, "points": getattr(flows, name)}
        for name in ("redemption_ratio", "breakage_ratio"):
            yield {"part": part, "figure": name, **place, "ratio": getattr(flows, name)}
    for name in ("difference", "lots_difference"):
        yield {"part": "check", "figure": name, "points": getattr(report, name)}


def _describe_flows(flows: Flows) -> dict[str, Any]:
    return {name: getattr(flows, name) for name in (*FLOWS, "redemption_ratio", "breakage_ratio")}


def _describe_expiring(row: Expiring) -> dict[str, Any]:
    return {"month": row.month.isoformat()[:7] if row.month else None, "never": row.is_never, "points": row.points}


def _describe_cost(cost: PointCost | None, report: Report) -> dict[str, Any] | None:
    if cost is None:
        return None
    return {
        "thousand_minor": cost.thousand_minor,
        "currency": cost.currency,
        "source": cost.source,
        "owed_minor": cost.of(report.standing.owed),
    }
