"""Commands: bring addresses over from other programs, keep unsubscribes in step, and export both."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import click
from flask.cli import with_appcontext

from widget.core.clock import utc_now
from widget.core.commands import dates_option, open_row_file, read_map, run_import, write_export
from widget.core.exporting import FORMATS
from widget.core.import_runs import RowImport
from widget.core.importing import FileRefused
from widget.popups.exports import stream_leads, stream_unsubscribes
from widget.popups.imports import AddressImporter, UnsubscribeImporter
from widget.sites.models import Site
from widget.sites.queries import find_site_by_key

_site = click.option("--site", "site_key", required=True, help="The public key of the site.")


def _make_import(name: str, importer: type[AddressImporter], description: str) -> click.Command:
    @click.command(name, help=description)
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @_site
    @click.option(
        "--map",
        "map_file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help='JSON that names the file\'s columns: {"Mail": "email", "Row": ""}.',
    )
    @dates_option
    @click.option("--dry-run", is_flag=True, help="Write nothing; say what would happen.")
    @with_appcontext
    def import_addresses(
        file: Path, site_key: str, map_file: Path | None, day_order: str | None, dry_run: bool
    ) -> None:
        rows = open_row_file(file)
        reader = importer(_get_site(site_key).id, read_map(map_file), day_order, utc_now())
        try:
            run = cast(RowImport[object], reader.to_run(rows, dry_run=dry_run))
        except FileRefused as refusal:
            raise click.ClickException(f"{file}: {refusal}") from refusal
        run_import(rows, run, dry_run=dry_run)

    return import_addresses


def _make_export(name: str, stream: Callable[..., Iterator[bytes]], description: str) -> click.Command:
    @click.command(name, help=description)
    @_site
    @click.option("--format", "file_format", type=click.Choice(FORMATS), default="csv", show_default=True)
    @click.option("--bom", is_flag=True, help="Begin a CSV with the byte order mark that Excel knows UTF-8 by.")
    @click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Else standard output.")
    @with_appcontext
    def export(site_key: str, file_format: str, bom: bool, output: Path | None) -> None:
        write_export(stream(_get_site(site_key).id, file_format, bom=bom), output)

    return export


import_leads = _make_import(
    "leads", AddressImporter, "Import addresses that agreed to mails, from CSV or JSON Lines; nobody is mailed."
)
import_unsubscribes = _make_import(
    "unsubscribes", UnsubscribeImporter, "Import addresses whose readers want no more mails, from CSV or JSON Lines."
)
export_leads = _make_export("leads", stream_leads, "Export every lead with the consent it rests on, oldest first.")
export_unsubscribes = _make_export(
    "unsubscribes", stream_unsubscribes, "Export the addresses of leads that ended their mails, oldest first."
)


def _get_site(site_key: str) -> Site:
    site = find_site_by_key(site_key)
    if site is None:
        raise click.BadParameter("there is no site with this key", param_hint="--site")
    return site
