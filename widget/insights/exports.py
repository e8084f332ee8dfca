"""The metrics of a period as a file: a row for each."""

from collections.abc import Iterator
from typing import Any

from widget.core.exporting import FORMATS, stream_csv, stream_json_lines, stream_xlsx
from widget.insights.descriptions import describe_comparison
from widget.insights.periods import Period
from widget.insights.queries import compare_metrics
from widget.sites.models import Site

COLUMNS = (
    "metric", "unit", "currency", "from", "until", "as_of", "value", "numerator", "denominator", "n", "left_out",
    "low", "high", "before", "before_n", "change",
)  # fmt: skip


def stream_metrics(site: Site, period: Period, file_format: str, *, bom: bool = False) -> Iterator[bytes]:
    """Yield the metrics as a file; money is in minor units of the currency, a share is 0 to 1."""
    if file_format not in FORMATS:
        raise ValueError(f"a file is one of {', '.join(FORMATS)}")
    rows = [
        _describe_row(describe_comparison(comparison, site.reporting_currency), period)
        for comparison in compare_metrics(site, period).values()
    ]
    if file_format == "jsonl":
        return stream_json_lines([rows])
    columns = [[row[name] for row in rows] for name in COLUMNS]
    return stream_xlsx(COLUMNS, [columns]) if file_format == "xlsx" else stream_csv(COLUMNS, [columns], bom=bom)


def _describe_row(described: dict[str, Any], period: Period) -> dict[str, Any]:
    before = described["before"]
    days = {"from": period.from_on, "until": period.until_on, "as_of": period.as_of}
    row = {
        **described,
        "metric": described["name"],
        **{name: day.isoformat() for name, day in days.items()},
        "before": before["value"],
        "before_n": before["n"],
    }
    return {name: row[name] for name in COLUMNS}
