"""Commands: export referrals."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from widget.core.commands import write_export
from widget.core.exporting import FORMATS
from widget.referrals.exports import stream_referrals
from widget.sites.queries import find_site_by_key


@click.command("referrals")
@click.option("--site", "site_key", required=True, help="The public key of the site.")
@click.option("--format", "file_format", type=click.Choice(FORMATS), default="csv", show_default=True)
@click.option("--bom", is_flag=True, help="Begin a CSV with the byte order mark that Excel knows UTF-8 by.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Else standard output.")
@with_appcontext
def export_referrals(site_key: str, file_format: str, bom: bool, output: Path | None) -> None:
    """Export every referral with its state and its reasons, the first claimed first."""
    site = find_site_by_key(site_key)
    if site is None:
        raise click.BadParameter("there is no site with this key", param_hint="--site")
    write_export(stream_referrals(site.id, file_format, bom=bom), output)
