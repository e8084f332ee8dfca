"""A campaign's results as a document: what the interface answers, and what the page's file holds."""

from collections.abc import Iterator
from typing import Any

from widget.core.export_rows import Document, stream_documents
from widget.popups.experiments import RATIO_ALPHA, Difference
from widget.popups.results import Arm, Measure, Results

COLUMNS = (
    "arm", "name", "share", "visitors", "known_visitors", "conversions", "leads", "confirmed", "buyers", "orders",
    "revenue_minor", "coupon_minor", "claim_minor", "currency",
)  # fmt: skip


def describe_results(results: Results) -> dict[str, Any]:
    """Return the results as a document; what cannot be said is None."""
    ratio = results.ratio
    return {
        "campaign": results.campaign.id,
        "state": results.campaign.state,
        "currency": results.currency,
        "confidence": results.confidence,
        "arms": [_describe_arm(arm) for arm in results.arms],
        "measures": [_describe_measure(measure) for measure in results.measures.values()],
        "sample_ratio": ratio and {**vars(ratio), "threshold": RATIO_ALPHA},
    }


def stream_results(results: Results, file_format: str, *, bom: bool = False) -> Iterator[bytes]:
    """Yield the results as a file, an arm a row."""
    rows: list[Document] = [{**_describe_arm(arm), "currency": results.currency} for arm in results.arms]
    return stream_documents(COLUMNS, [[{name: row[name] for name in COLUMNS} for row in rows]], file_format, bom=bom)


def _describe_arm(arm: Arm) -> dict[str, Any]:
    bought = arm.bought
    return {
        "arm": arm.key,
        "name": arm.name,
        "share": arm.share,
        "visitors": arm.visitors,
        "known_visitors": arm.known,
        "conversions": arm.conversions,
        "leads": arm.leads,
        "confirmed": arm.confirmed,
        "buyers": len(bought.people),
        "orders": bought.orders,
        "orders_left_out": bought.left_out,
        "revenue_minor": bought.revenue_minor,
        "coupon_minor": bought.by_way["coupon"],
        "claim_minor": bought.by_way["claim"],
        "known_minor": bought.by_way["known"],
        "by_currency": [
            {"currency": currency, "net_minor": minor} for currency, minor in sorted(bought.by_currency.items())
        ],
    }


def _describe_measure(measure: Measure) -> dict[str, Any]:
    return {
        "name": measure.name,
        "control": measure.control,
        "winner": measure.winner,
        "arms": [
            {"arm": arm, "mean": mean, **_describe_difference(measure.differences.get(arm))}
            for arm, mean in measure.means.items()
        ],
    }


def _describe_difference(difference: Difference | None) -> dict[str, Any]:
    if difference is None:
        return {"difference": None, "interval": None, "verdict": None}
    is_bounded = difference.low is not None
    return {
        "difference": difference.estimate,
        "interval": [difference.low, difference.high] if is_bounded else None,
        "verdict": difference.verdict,
    }
