"""Commands: make a site, make an owner."""

import sys

import click
import orjson
from flask.cli import AppGroup

from widget.core.db import begin_writing, db
from widget.core.problems import Problem
from widget.sites import owners, service, two_step
from widget.sites.queries import find_owner_by_email, find_site_by_key
from widget.sites.rules import ROLES, explain_weak_password, normalise_email

site_commands = AppGroup("site", help="Make sites.")
owner_commands = AppGroup("owner", help="Make owners.")


@site_commands.command("create")
@click.argument("name")
@click.option("--origin", "origins", multiple=True, required=True, help="Such as https://shop.example; repeatable.")
def create_site(name: str, origins: tuple[str, ...]) -> None:
    """Make a site and print its keys as JSON; the secrets are shown this once."""
    begin_writing()
    try:
        new = service.create_site(name, list(origins))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--origin") from error
    document = {
        "site_key": new.site.key,
        "secret_key": new.secret_key,
        "signing_key_id": new.signing_key.id,
        "signing_key": new.signing_key.secret,
    }
    db.session.commit()
    click.echo(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode())


@owner_commands.command("create")
@click.argument("email")
@click.option("--site", "site_key", required=True, help="The public key of the site.")
@click.option("--role", type=click.Choice(ROLES), default="owner", show_default=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create_owner(email: str, site_key: str, role: str, password_stdin: bool) -> None:
    """Make an owner of a site; an owner there is already gets the site and keeps the password."""
    try:
        email = normalise_email(email)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="EMAIL") from error
    begin_writing()
    site = find_site_by_key(site_key)
    if site is None:
        raise click.BadParameter("there is no site with this key", param_hint="--site")
    owner = find_owner_by_email(email)
    if owner is None:
        owner = owners.create_owner(email, _read_password(email, from_stdin=password_stdin))
    try:
        owners.add_member(site, owner, role)
    except Problem as problem:
        raise click.ClickException(problem.title) from problem
    db.session.commit()
    click.echo(f"{email} is now {role} of {site.name}.")


@owner_commands.command("two-step-off")
@click.argument("email")
def turn_two_step_off(email: str) -> None:
    """Let an owner who lost phone and recovery codes log in with the password alone."""
    begin_writing()
    owner = find_owner_by_email(email.strip().lower())
    if owner is None:
        raise click.BadParameter("there is no owner with this address", param_hint="EMAIL")
    two_step.turn_off(owner)
    db.session.commit()
    click.echo(f"{owner.email} logs in with the password alone now.")


def _read_password(email: str, *, from_stdin: bool) -> str:
    if from_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    weakness = explain_weak_password(password, email)
    if weakness:
        raise click.ClickException(weakness)
    return password
