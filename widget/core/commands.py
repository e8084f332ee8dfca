"""The commands `import`, `export` and `worker`, filled with what the rooms offer."""

import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import orjson
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from widget.core.background import PeriodicTask, run_worker
from widget.core.import_runs import ErrorFile, ImportReport, RowImport
from widget.core.import_values import DAY_ORDERS
from widget.core.importing import FileRefused, RowFile

EXIT_ROWS_REFUSED = 3

dates_option = click.option(
    "--dates",
    "day_order",
    type=click.Choice(list(DAY_ORDERS)),
    callback=lambda _context, _parameter, said: DAY_ORDERS.get(said),
    help="Which comes first in days such as 03/04/2024.",
)


def make_group(name: str, description: str, commands: Sequence[click.Command]) -> AppGroup:
    """Return a group of one command for each kind of rows."""
    group = AppGroup(name, help=description)
    for command in commands:
        group.add_command(command)
    return group


def make_worker_command(tasks: Sequence[PeriodicTask]) -> click.Command:
    """Return the command that runs the periodic tasks."""

    @click.command("worker")
    @with_appcontext
    def worker() -> None:
        """Run the background work until told to end; a running task is finished first."""
        settings = current_app.config["SETTINGS"]
        run_worker(current_app._get_current_object(), tasks, settings.data_dir, settings.redis_url)  # type: ignore[attr-defined]

    return worker


def open_row_file(path: Path) -> RowFile:
    """Open a file to import; end the command with the reason where it cannot be read."""
    try:
        return RowFile(path)
    except FileRefused as refusal:
        raise click.ClickException(f"{path}: {refusal}") from refusal


def read_map(path: Path | None) -> dict[str, str]:
    """Return what a map file says columns are called here; an empty name leaves a column out."""
    if path is None:
        return {}
    try:
        mapping: Any = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise click.BadParameter(f"{path} is no JSON: {error}", param_hint="--map") from error
    if not isinstance(mapping, dict) or not all(isinstance(name, str) for name in mapping.values()):
        raise click.BadParameter('must be like {"their column": "ours"}', param_hint="--map")
    return mapping


def run_import(
    file: RowFile,
    row_import: RowImport[object],
    *,
    dry_run: bool,
    things: str = "",
    notes: Callable[[], Iterable[str]] = tuple,
) -> None:
    """Run an import with a progress bar, say what it did, and end with a code that tells of refused rows.

    `things` is what several rows may be one of, such as orders; `notes` are said after the counts.
    """
    errors = None if dry_run else ErrorFile(file)
    with _show_progress(f"Reading {file.path.name}", file.size) as advance:
        report = row_import.run(errors, advance)
    _tell(report, errors.path if errors else None, things, dry_run=dry_run)
    for note in notes():
        click.echo(note)
    if report.refused:
        sys.exit(EXIT_ROWS_REFUSED)


def write_export(chunks: Iterable[bytes], output: Path | None) -> None:
    """Write a file's chunks to standard output, or to a path that appears when it is whole."""
    if output is None:
        for chunk in chunks:
            sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()
        return
    descriptor, name = tempfile.mkstemp(dir=output.resolve().parent, prefix=f".{output.name}.")
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file, _show_progress(f"Writing {output.name}", None) as advance:
            for chunk in chunks:
                file.write(chunk)
                advance(file.tell())
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o644 & ~_umask())
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _tell(report: ImportReport, errors: Path | None, things: str, *, dry_run: bool) -> None:
    would_be = "would be " if dry_run else ""
    counts = [f"{report.stored} {would_be}new"]
    if report.changed:
        counts.append(f"{report.changed} {would_be}changed")
    counts.append(f"{report.known} known already")
    if report.older:
        counts.append(f"{report.older} older than what is known")
    counts.append(f"{report.refused} refused")
    of = f" with {report.things} {things}" if report.things != report.rows else ""
    click.echo(f"{report.rows} rows{of}: {', '.join(counts)}.")
    for line in report.first_errors:
        click.echo(f"  {line}", err=True)
    if report.refused > len(report.first_errors):
        click.echo(f"  and {report.refused - len(report.first_errors)} more", err=True)
    if report.refused and errors is not None:
        click.echo(f"The refused rows are in {errors}; correct them there and import that file.", err=True)


@contextmanager
def _show_progress(description: str, total: int | None) -> Iterator[Callable[[int], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(description, total=total)
        yield lambda done: progress.update(task, completed=done)
