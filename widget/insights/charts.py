"""What the chart and the table of a trend show: pure data, made from a metric's points."""

from collections.abc import Sequence
from typing import Any

from widget.core.formats import HARD_SPACE, format_day, format_month
from widget.core.money import to_decimal
from widget.insights.periods import PartLength
from widget.insights.queries import TrendPoint
from widget.insights.rules import Metric
from widget.insights.sentences import say_value


def trend_document(points: Sequence[TrendPoint], by: PartLength, currency: str | None) -> dict[str, Any]:
    """Return the chart's document; what is not known is a gap, never a zero."""
    return {
        "type": "bar" if points and points[0].metric.unit in ("count", "money") else "line",
        "labels": [label_part(point, by).replace(HARD_SPACE, " ") for point in points],
        "values": [_plot(point.metric, currency) for point in points],
        "texts": [say_value(point.metric, currency) for point in points],
    }


def label_part(point: TrendPoint, by: PartLength) -> str:
    """Return what a day, week or month is called."""
    return format_month(point.part.from_on) if by == "month" else format_day(point.part.from_on)


def _plot(metric: Metric, currency: str | None) -> float | None:
    figure = metric.figure
    if figure is None:
        return None
    if metric.unit == "money":
        return float(to_decimal(round(figure), currency)) if currency else None
    return 100 * figure if metric.unit == "share" else figure
