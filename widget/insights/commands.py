"""Commands: export a site's metrics."""

from datetime import datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from widget.core.clock import utc_now
from widget.core.commands import write_export
from widget.core.exporting import FORMATS
from widget.core.problems import InvalidFields
from widget.insights.exports import stream_metrics
from widget.insights.periods import choose_period
from widget.sites.queries import find_site_by_key

_day = click.DateTime(["%Y-%m-%d"])


@click.command("metrics")
@click.option("--site", "site_key", required=True, help="The public key of the site.")
@click.option("--from", "from_on", type=_day, help="First UTC day; without it 28 days.")
@click.option("--until", "until_on", type=_day, help="Last UTC day, included; without it today.")
@click.option("--as-of", "as_of", type=_day, help="The day figures look back from; without it the last one.")
@click.option("--format", "file_format", type=click.Choice(FORMATS), default="csv", show_default=True)
@click.option("--bom", is_flag=True, help="Begin a CSV with the byte order mark that Excel knows UTF-8 by.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Else standard output.")
@with_appcontext
def export_metrics(
    site_key: str,
    from_on: datetime | None,
    until_on: datetime | None,
    as_of: datetime | None,
    file_format: str,
    bom: bool,
    output: Path | None,
) -> None:
    """Export every metric of a period beside the one before."""
    site = find_site_by_key(site_key)
    if site is None:
        raise click.BadParameter("there is no site with this key", param_hint="--site")
    first, last, back_from = (day.date() if day else None for day in (from_on, until_on, as_of))
    try:
        period = choose_period(first, last, back_from, utc_now().date())
    except InvalidFields as problem:
        detail = "; ".join(f"{error.pointer.removeprefix('#/')}: {error.detail}" for error in problem.errors)
        raise click.ClickException(detail) from problem
    write_export(stream_metrics(site, period, file_format, bom=bom), output)
