"""The command that exports a segment."""

import uuid
from pathlib import Path

import click
from flask.cli import with_appcontext

from widget.core.commands import write_export
from widget.core.db import find_in_site
from widget.customers.segment_models import Segment
from widget.insights.segment_exports import stream_members
from widget.sites.queries import find_site_by_key


@click.command("segment")
@click.option("--site", "site_key", required=True, help="The public key of the site.")
@click.option("--segment", "segment_id", type=click.UUID, required=True, help="The segment's id.")
@click.option("--hashed", is_flag=True, help="Only the customer's id and the SHA-256 of the e-mail, for ad platforms.")
@click.option("--bom", is_flag=True, help="Begin with the byte order mark that Excel knows UTF-8 by.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Else standard output.")
@with_appcontext
def export_segment(site_key: str, segment_id: uuid.UUID, hashed: bool, bom: bool, output: Path | None) -> None:
    """Export the customers of a segment as CSV, as they were last counted."""
    site = find_site_by_key(site_key)
    if site is None:
        raise click.BadParameter("there is no site with this key", param_hint="--site")
    segment = find_in_site(Segment, site.id, segment_id)
    if segment is None:
        raise click.BadParameter("there is no such segment", param_hint="--segment")
    write_export(stream_members(segment, is_hashed=hashed, bom=bom), output)
