"""Commands: import and export a survey's answers."""

import uuid
from pathlib import Path
from typing import cast

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from widget.core.commands import open_row_file, read_map, run_import, write_export
from widget.core.db import db
from widget.core.exporting import FORMATS
from widget.core.import_runs import RowImport
from widget.core.importing import FileRefused
from widget.core.problems import Problem
from widget.sites.queries import find_site_by_key
from widget.surveys.exports import stream_responses
from widget.surveys.filters import parse_filter
from widget.surveys.imports import prepare_import
from widget.surveys.models import Survey
from widget.surveys.summaries import summarise

_site = click.option("--site", "site_key", help="The public key of the site; not needed, the survey tells.")
_survey = click.option("--survey", "survey_id", type=click.UUID, required=True, help="The survey's id.")


@click.command("responses")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_site
@_survey
@click.option(
    "--map",
    "map_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help='JSON that names the file\'s columns: {"Rating": "score", "Shop": "hidden.shop", "Row": ""}.',
)
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would happen.")
@with_appcontext
def import_responses(
    file: Path, site_key: str | None, survey_id: uuid.UUID, map_file: Path | None, dry_run: bool
) -> None:
    """Import answers from CSV or JSON Lines (UTF-8).

    Columns: answered_at (UTC unless it says otherwise), score, comment, language, page_url, customer,
    elapsed_ms, flag, completed_at, id; every other column becomes a hidden field. Importing a file again
    adds nothing. Rows that are wrong go to FILE.errors.csv, the others are stored; the exit code is then 3.
    """
    survey = _get_survey(site_key, survey_id)
    rows = open_row_file(file)
    try:
        prepared = prepare_import(survey, rows, read_map(map_file), dry_run=dry_run)
    except FileRefused as refusal:
        raise click.ClickException(f"{file}: {refusal}") from refusal
    db.session.rollback()
    run_import(rows, cast(RowImport[object], prepared), dry_run=dry_run)


@click.command("responses")
@_site
@_survey
@click.option("--format", "file_format", type=click.Choice(FORMATS), default="csv", show_default=True)
@click.option("--bom", is_flag=True, help="Begin a CSV with the byte order mark that Excel knows UTF-8 by.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Else standard output.")
@click.option("--filter", "conditions", multiple=True, metavar="NAME=VALUE", help="As in an address; repeatable.")
@with_appcontext
def export_responses(
    site_key: str | None,
    survey_id: uuid.UUID,
    file_format: str,
    bom: bool,
    output: Path | None,
    conditions: tuple[str, ...],
) -> None:
    """Export answers, oldest first; without a filter all that are not flagged."""
    survey = _get_survey(site_key, survey_id)
    try:
        wanted = parse_filter(survey, MultiDict([_split_condition(condition) for condition in conditions]))
    except Problem as problem:
        detail = "; ".join(f"{error.pointer.removeprefix('#/')}: {error.detail}" for error in problem.errors)
        raise click.BadParameter(detail, param_hint="--filter") from problem
    if wanted.flagged is False and (flagged := summarise(survey, wanted).flagged):
        click.echo(f"{flagged} flagged answers are left out; --filter flagged=all takes them too.", err=True)
    chunks = stream_responses(survey, wanted, file_format, bom=bom)
    db.session.rollback()
    write_export(chunks, output)


def _split_condition(condition: str) -> tuple[str, str]:
    name, sign, value = condition.partition("=")
    if not sign:
        raise click.BadParameter(f"{condition} is not NAME=VALUE", param_hint="--filter")
    return name, value


def _get_survey(site_key: str | None, survey_id: uuid.UUID) -> Survey:
    """Return the survey, which must be the site's where a site is named; ids are unique over all sites."""
    if site_key is not None:
        site = find_site_by_key(site_key)
        if site is None:
            raise click.BadParameter("there is no site with this key", param_hint="--site")
        survey = db.session.get(Survey, (site.id, survey_id))
    else:
        survey = db.session.scalars(select(Survey).where(Survey.id == survey_id)).one_or_none()
    if survey is None:
        raise click.BadParameter("there is no such survey", param_hint="--survey")
    return survey
