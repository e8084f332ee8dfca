"""A metric as interface and files say it: names and plain numbers."""

from typing import Any

from widget.insights.rules import Comparison, Metric


def describe_figure(metric: Metric) -> dict[str, Any]:
    """Return a figure with what it rests on."""
    return {
        "value": metric.figure,
        "numerator": metric.numerator,
        "denominator": metric.denominator,
        "n": metric.n,
        "left_out": metric.left_out,
        "low": metric.low,
        "high": metric.high,
    }


def describe_comparison(comparison: Comparison, currency: str | None) -> dict[str, Any]:
    """Return a metric beside that of the period before."""
    now = comparison.now
    return {
        "name": now.name,
        "unit": now.unit,
        "currency": currency if now.unit == "money" else None,
        **describe_figure(now),
        "before": describe_figure(comparison.before),
        "change": comparison.change,
    }
