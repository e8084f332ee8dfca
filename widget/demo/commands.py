"""The command that stocks the demo store."""

import time

import click
from flask import current_app
from flask.cli import with_appcontext

from widget.demo.accounts import describe_login
from widget.demo.service import stock_shop


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Make Maple Store with an owner, surveys, half a year of answers and more of orders; twice doubles nothing."""
    settings = current_app.config["SETTINGS"]
    started = time.monotonic()
    account = stock_shop(settings.data_dir, settings.base_url)
    click.echo(f"Maple Store is stocked ({time.monotonic() - started:.1f} seconds).")
    click.echo(f"Log in as {describe_login(account)} (kept in {settings.data_dir / 'demo.json'}).")
    if not settings.demo:
        click.echo("Start the server with DEMO=1 to serve the shop at /shop/.")
