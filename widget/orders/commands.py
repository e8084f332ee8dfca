"""Commands: export orders and customers, import exchange rates."""

import uuid
from pathlib import Path
from typing import cast

import click
from flask.cli import with_appcontext

from widget.core.background import pause
from widget.core.commands import open_row_file, run_import, write_export
from widget.core.db import begin_writing_anew, db
from widget.core.exporting import FORMATS
from widget.core.import_runs import RowImport, Rows, Stored
from widget.core.importing import RowRefused
from widget.core.problems import Problem
from widget.orders.customer_exports import stream_customers
from widget.orders.exports import stream_orders
from widget.orders.filters import parse_filter
from widget.orders.rate_files import COLUMNS, LineRefused, read_rate_row
from widget.orders.rate_queries import list_rates
from widget.orders.service import RateKey, save_rates
from widget.sites.models import Site
from widget.sites.queries import find_site_by_key

_site = click.option("--site", "site_key", required=True, help="The public key of the site.")
_format = click.option("--format", "file_format", type=click.Choice(FORMATS), default="csv", show_default=True)
_bom = click.option("--bom", is_flag=True, help="Begin a CSV with the byte order mark that Excel knows UTF-8 by.")
_output = click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Else standard output.")


@click.command("orders")
@_site
@_format
@_bom
@_output
@click.option("--from", "first_day", default="", help="The first day, such as 2026-01-01 (UTC).")
@click.option("--until", "last_day", default="", help="The last day.")
@click.option("--state", default="", help="Orders in this state alone.")
@click.option("--customer", default="", help="Orders of this customer alone: the store's id, or the e-mail.")
@with_appcontext
def export_orders(
    site_key: str,
    file_format: str,
    bom: bool,
    output: Path | None,
    first_day: str,
    last_day: str,
    state: str,
    customer: str,
) -> None:
    """Export orders, oldest first, with their lines and refunds; `import orders` takes the file in again."""
    site = get_site(site_key)
    try:
        wanted = parse_filter({"from": first_day, "until": last_day, "state": state, "customer": customer})
    except Problem as problem:
        detail = "; ".join(f"--{error.pointer.removeprefix('#/')}: {error.detail}" for error in problem.errors)
        raise click.BadParameter(detail) from problem
    chunks = stream_orders(site.id, wanted, file_format, bom=bom)
    db.session.rollback()
    write_export(chunks, output)


@click.command("customers")
@_site
@_format
@_bom
@_output
@with_appcontext
def export_customers(site_key: str, file_format: str, bom: bool, output: Path | None) -> None:
    """Export customers with what they bought and what they told of themselves."""
    chunks = stream_customers(get_site(site_key).id, file_format, bom=bom)
    db.session.rollback()
    write_export(chunks, output)


@click.command("rates")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_site
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would happen.")
@with_appcontext
def import_rates(file: Path, site_key: str, dry_run: bool) -> None:
    """Import exchange rates from CSV or JSON Lines with the columns currency, valid_on and rate.

    A rate is what one unit of a currency is worth in the site's reporting currency from a day on. One of the same
    day takes the place of the one there. The worker then reckons the orders anew.
    """
    site = get_site(site_key)
    if site.reporting_currency is None:
        raise click.ClickException("The site has no reporting currency yet: choose it under Settings first.")
    site_id, currency = site.id, site.reporting_currency
    rows = open_row_file(file)
    if rows.columns and (missing := set(COLUMNS) - set(rows.columns)):
        raise click.ClickException(f"{file}: No column is called {min(missing)}.")
    db.session.rollback()

    def parse(rows: Rows) -> tuple[RateKey, int]:
        try:
            return read_rate_row(rows[0].values, currency)
        except LineRefused as refusal:
            raise RowRefused(refusal.column, refusal.message) from refusal

    def store(batch: list[tuple[RateKey, int]]) -> Stored:
        return _store_rates(site_id, dict(batch), dry_run=dry_run)

    run_import(rows, cast(RowImport[object], RowImport(rows, parse, store)), dry_run=dry_run)


def _store_rates(site_id: uuid.UUID, rates: dict[RateKey, int], *, dry_run: bool) -> Stored:
    begin_writing_anew()
    known = {(rate.currency, rate.valid_on): rate.rate_billionths for rate in list_rates(site_id)}
    new = {key for key in rates if key not in known}
    changed = {key for key in rates if key in known and known[key] != rates[key]}
    if not dry_run:
        save_rates(site_id, {key: rates[key] for key in new | changed})
        db.session.commit()
        pause()
    db.session.rollback()
    return Stored(len(new), len(changed))


def get_site(site_key: str) -> Site:
    """Return the site of a key; end the command where there is none."""
    site = find_site_by_key(site_key)
    if site is None:
        raise click.BadParameter("there is no site with this key", param_hint="--site")
    return site
