"""Commands: import reviews from other providers, and export them."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import cast

import click
from flask.cli import with_appcontext

from widget.core.clock import utc_now
from widget.core.commands import dates_option, open_row_file, read_map, run_import, write_export
from widget.core.db import db
from widget.core.exporting import FORMATS
from widget.core.import_runs import RowImport
from widget.core.importing import FileRefused, RowFile
from widget.core.problems import Problem
from widget.reviews.exports import stream_reviews
from widget.reviews.import_attributes import AttributeReader
from widget.reviews.import_formats import list_left_out, recognise
from widget.reviews.import_notes import list_notes
from widget.reviews.import_rows import Reading
from widget.reviews.imports import Wishes, prepare_import
from widget.reviews.media_fetching import fetch_photos
from widget.reviews.owner_filters import parse_filter
from widget.reviews.queries import read_settings
from widget.sites.models import Site
from widget.sites.queries import find_site_by_key

_site = click.option("--site", "site_key", required=True, help="The public key of the site.")


@click.command("reviews")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_site
@click.option(
    "--map",
    "map_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help='JSON that names the file\'s columns: {"Stars": "rating", "Item": "product", "Row": ""}.',
)
@dates_option
@click.option("--known-products", is_flag=True, help="Refuse reviews of products that neither orders nor you told of.")
@click.option("--photos", is_flag=True, help="Fetch pictures from their addresses, which are passed over otherwise.")
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would happen.")
@with_appcontext
def import_reviews(
    file: Path,
    site_key: str,
    map_file: Path | None,
    day_order: str | None,
    known_products: bool,
    photos: bool,
    dry_run: bool,
) -> None:
    """Import reviews from CSV or JSON Lines (UTF-8).

    Files of Judge.me, Loox, Shopify Product Reviews, Okendo, Yotpo, Stamped and WooCommerce are known by their columns;
    see docs/imports.md for them and for ours. Importing a file again adds nothing. Rows that are wrong go to
    FILE.errors.csv, the others are stored; the exit code is then 3.
    """
    site = _get_site(site_key)
    rows = open_row_file(file)
    mapping = {name.strip(): target.strip() for name, target in read_map(map_file).items()}
    settings = read_settings(site.id)
    reading = Reading(
        recognise(rows.columns, mapping),
        mapping,
        AttributeReader(settings.attributes),
        settings.name_form,
        day_order,
        utc_now(),
    )
    wishes = Wishes(only_known_products=known_products, fetch=fetch_photos if photos and not dry_run else None)
    _tell_format(rows, reading)
    try:
        importer = prepare_import(site, rows, reading, wishes)
    except FileRefused as refusal:
        raise click.ClickException(f"{file}: {refusal}") from refusal
    db.session.rollback()
    run = cast(RowImport[object], importer.to_run(rows, dry_run=dry_run))
    run_import(rows, run, dry_run=dry_run, notes=partial(list_notes, importer, reading, wishes))


def _tell_format(rows: RowFile, reading: Reading) -> None:
    click.echo(f"{rows.path.name} is read as {reading.form.title}.")
    if left_out := list_left_out(reading.form, rows.columns, reading.mapping):
        click.echo(f"Left out: {', '.join(left_out)}.", err=True)


@click.command("reviews")
@_site
@click.option("--format", "file_format", type=click.Choice(FORMATS), default="csv", show_default=True)
@click.option("--bom", is_flag=True, help="Begin a CSV with the byte order mark that Excel knows UTF-8 by.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Else standard output.")
@click.option("--filter", "conditions", multiple=True, metavar="NAME=VALUE", help="As in an address; repeatable.")
@with_appcontext
def export_reviews(
    site_key: str, file_format: str, bom: bool, output: Path | None, conditions: tuple[str, ...]
) -> None:
    """Export reviews, oldest first, in every state and with their e-mails; `import reviews` takes the file in again."""
    site = _get_site(site_key)
    try:
        wanted = parse_filter(dict(_split_conditions(conditions)))
    except Problem as problem:
        detail = "; ".join(f"{error.pointer.removeprefix('#/')}: {error.detail}" for error in problem.errors)
        raise click.BadParameter(detail, param_hint="--filter") from problem
    chunks = stream_reviews(site, wanted, file_format, bom=bom)
    db.session.rollback()
    write_export(chunks, output)


def _split_conditions(conditions: Sequence[str]) -> Iterator[tuple[str, str]]:
    for condition in conditions:
        name, sign, value = condition.partition("=")
        if not sign:
            raise click.BadParameter(f"{condition} is not NAME=VALUE", param_hint="--filter")
        yield name, value


def _get_site(site_key: str) -> Site:
    site = find_site_by_key(site_key)
    if site is None:
        raise click.BadParameter("there is no site with this key", param_hint="--site")
    return site
