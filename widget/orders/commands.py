"""Commands: export orders and customers."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from widget.core.commands import write_export
from widget.core.db import db
from widget.core.exporting import FORMATS
from widget.core.problems import Problem
from widget.orders.customer_exports import stream_customers
from widget.orders.exports import stream_orders
from widget.orders.filters import parse_filter
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


def get_site(site_key: str) -> Site:
    """Return the site of a key; end the command where there is none."""
    site = find_site_by_key(site_key)
    if site is None:
        raise click.BadParameter("there is no site with this key", param_hint="--site")
    return site
