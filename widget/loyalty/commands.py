"""Commands: check the ledger."""

import sys

import click
from flask.cli import AppGroup
from sqlalchemy import select

from widget.core.db import db
from widget.customers.queries import map_customers
from widget.loyalty.verifying import Fault, find_faults
from widget.sites.models import Site

EXIT_ALTERED = 1

loyalty_commands = AppGroup("loyalty", help="Points.")


@loyalty_commands.command("verify")
@click.option("--site", "site_key", help="The public key of a site; else every site.")
def verify(site_key: str | None) -> None:
    """Check every account from its first entry, and name of each the first row that was altered, added or left out."""
    sites = db.session.scalars(
        select(Site).where(*([Site.key == site_key] if site_key else [])).order_by(Site.created_at)
    ).all()
    if site_key and not sites:
        raise click.BadParameter("there is no site with this key", param_hint="--site")
    faults = 0
    for site in sites:
        for fault in find_faults(site.id):
            faults += 1
            click.echo(_tell(site, fault))
    outcome = f"{faults} accounts are not as they were written" if faults else "every account agrees"
    click.echo(f"{len(sites)} sites: {outcome}.")
    if faults:
        sys.exit(EXIT_ALTERED)


def _tell(site: Site, fault: Fault) -> str:
    customer = map_customers(site.id, [fault.customer_id]).get(fault.customer_id)
    name = (customer and customer.external_id) or str(fault.customer_id)
    place = f"entry {fault.number}" if fault.number else "account"
    return f"{site.key} customer {name}, {place}: {fault.what}"
