"""Commands: import orders."""

from datetime import datetime
from pathlib import Path
from typing import cast

import click
from flask.cli import with_appcontext

from widget.core.clock import utc_now
from widget.core.commands import dates_option, open_row_file, read_map, run_import
from widget.core.db import db
from widget.core.import_runs import RowImport
from widget.core.import_values import read_moment
from widget.core.importing import FileRefused, RowFile
from widget.core.money import read_currency
from widget.intake.import_formats import list_left_out, recognise
from widget.intake.import_orders import Reading
from widget.intake.imports import prepare_import
from widget.sites.models import Site
from widget.sites.queries import find_site_by_key


@click.command("orders")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--site", "site_key", required=True, help="The public key of the site.")
@click.option(
    "--map",
    "map_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help='JSON that names the file\'s columns: {"Sum": "total", "Bought on": "placed_at", "Row": ""}.',
)
@click.option("--currency", help="The currency of orders that name none; else the site's reporting currency.")
@dates_option
@click.option("--as-of", help="When the file was made, where it does not say when each order last changed.")
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would happen.")
@with_appcontext
def import_orders(
    file: Path,
    site_key: str,
    map_file: Path | None,
    currency: str | None,
    day_order: str | None,
    as_of: str | None,
    dry_run: bool,
) -> None:
    """Import orders from CSV or JSON Lines (UTF-8).

    Shopify's order export and WooCommerce's are known by their columns; see docs/imports.md for ours. Importing
    a file again changes nothing. Rows that are wrong go to FILE.errors.csv, the others are stored; the exit code
    is then 3.
    """
    site = find_site_by_key(site_key)
    if site is None:
        raise click.BadParameter("there is no site with this key", param_hint="--site")
    rows = open_row_file(file)
    mapping = {name.strip(): target.strip() for name, target in read_map(map_file).items()}
    form = recognise(rows.columns, mapping)
    reading = Reading(form, mapping, _choose_currency(site, currency), day_order, utc_now())
    try:
        prepared = prepare_import(site.id, rows, reading, _read_as_of(as_of), dry_run=dry_run)
    except FileRefused as refusal:
        raise click.ClickException(f"{file}: {refusal}") from refusal
    db.session.rollback()
    _tell_format(rows, reading)
    run_import(rows, cast(RowImport[object], prepared), dry_run=dry_run, things="orders")


def _tell_format(rows: RowFile, reading: Reading) -> None:
    click.echo(f"{rows.path.name} is read as {reading.form.title}.")
    left_out = [name for name in list_left_out(reading.form, rows.columns) if reading.mapping.get(name) != ""]
    if left_out:
        click.echo(f"Left out: {', '.join(left_out)}.", err=True)


def _choose_currency(site: Site, currency: str | None) -> str | None:
    if currency is None:
        return site.reporting_currency
    try:
        return read_currency(currency)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--currency") from error


def _read_as_of(text: str | None) -> datetime | None:
    try:
        return None if text is None else read_moment(text)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--as-of") from error
