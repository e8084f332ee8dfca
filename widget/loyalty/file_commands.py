"""Commands: bring balances over from other programs, and export accounts, entries and redemptions."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import cast

import click
from flask.cli import with_appcontext

from widget.core.clock import utc_now
from widget.core.commands import dates_option, open_row_file, read_map, run_import, write_export
from widget.core.db import db, session_cursor
from widget.core.exporting import FORMATS
from widget.core.import_runs import RowImport
from widget.core.importing import FileRefused
from widget.loyalty.exports import stream_ledger, stream_points, stream_redemptions
from widget.loyalty.import_formats import list_left_out, recognise
from widget.loyalty.import_rows import Reading
from widget.loyalty.imports import list_notes, prepare_import
from widget.loyalty.programs import find_current
from widget.sites.models import Site
from widget.sites.queries import find_site_by_key

ACTOR = "import"
MAX_SOURCE_LENGTH = 60

_site = click.option("--site", "site_key", required=True, help="The public key of the site.")


@click.command("points")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_site
@click.option(
    "--map",
    "map_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help='JSON that names the file\'s columns: {"Score": "points", "Mail": "email", "Row": ""}.',
)
@click.option("--source", help="What the balances are from; each source brings a customer's balance once.")
@dates_option
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would happen.")
@with_appcontext
def import_points(
    file: Path, site_key: str, map_file: Path | None, source: str | None, day_order: str | None, dry_run: bool
) -> None:
    """Import balances of points from CSV or JSON Lines (UTF-8).

    Exports of Smile.io, Yotpo and LoyaltyLion are known by their columns; see docs/imports.md for them and for ours.
    Each row is an entry of the ledger, and importing a file again adds nothing. Rows that are wrong go to
    FILE.errors.csv, the others are stored; the exit code is then 3.
    """
    site = _get_site(site_key)
    rows = open_row_file(file)
    mapping = {name.strip(): target.strip() for name, target in read_map(map_file).items()}
    form = recognise(rows.columns, mapping)
    program = find_current(session_cursor(), site.id)
    rules = program.rules if program else None
    named = (source or form.provider or "a file").strip()[:MAX_SOURCE_LENGTH]
    try:
        importer = prepare_import(site.id, rows, Reading(form, mapping, rules, day_order, utc_now(), named), ACTOR)
    except FileRefused as refusal:
        raise click.ClickException(f"{file}: {refusal}") from refusal
    db.session.rollback()
    click.echo(f"{rows.path.name} is read as {form.title}.")
    if left_out := list_left_out(form, rows.columns, mapping):
        click.echo(f"Left out: {', '.join(left_out)}.", err=True)
    run = cast(RowImport[object], importer.to_run(rows, dry_run=dry_run))
    run_import(rows, run, dry_run=dry_run, notes=partial(list_notes, importer, dry_run=dry_run))


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


export_points = _make_export("points", stream_points, "Export every customer's account of points, oldest first.")
export_ledger = _make_export("ledger", stream_ledger, "Export every entry of the ledger, account by account.")
export_redemptions = _make_export("redemptions", stream_redemptions, "Export every redemption, oldest first.")


def _get_site(site_key: str) -> Site:
    site = find_site_by_key(site_key)
    if site is None:
        raise click.BadParameter("there is no site with this key", param_hint="--site")
    return site
