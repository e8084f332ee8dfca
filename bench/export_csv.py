"""Measure the CSV export against a bare cursor whose rows go through csv.writer.

Run: python -m bench.export_csv [ROWS]
"""

import csv
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from bench.databases import fill_survey, open_product
from bench.product import DATABASES
from widget.core.db import db
from widget.surveys.exports import BATCH_ROWS, stream_responses
from widget.surveys.filters import ResponseFilter
from widget.surveys.models import Survey

ROUNDS = 3
MAX_RATIO = 1.3
MAX_GROWTH_MB = 20
MAX_FIRST_SECONDS = 1.0
SELECT = """
    SELECT r.id, r.answered_at, r.completed_at, r.score, r.comment, r.language, r.page_url, c.external_id,
        r.flag, r.elapsed_ms, r.source, r.survey_version, r.hidden, r.answers
    FROM survey_responses r LEFT JOIN customers c ON c.site_id = r.site_id AND c.id = r.customer_id
    WHERE r.site_id = {0} AND r.survey_id = {0} AND r.flag IS NULL ORDER BY r.answered_at, r.id
"""


def main() -> int:
    """Measure on both databases; the exit code tells whether every floor is reached."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    reached = [_measure_database(database, rows) for database in DATABASES]
    return 0 if all(reached) else 1


def _measure_database(database: str, rows: int) -> bool:
    with open_product(database) as (_, product):
        survey = db.session.get_one(Survey, (product.cast.maple.id, product.survey_id))
        fill_survey(survey, rows)
        survey = db.session.get_one(Survey, (product.cast.maple.id, product.survey_id))
        key = (survey.site_id, survey.id)
        bare = _bare_sqlite if database == "sqlite" else _bare_postgresql
        first_seconds, growth_mb = _measure_once(survey)
        pairs = [(_time(lambda: bare(product.environ, key)), _time(lambda: _export(survey))) for _ in range(ROUNDS)]
    (own, own_cpu), (other, other_cpu) = (_median([pair[i] for pair in pairs]) for i in (1, 0))
    ratio = own / other
    is_reached = ratio <= MAX_RATIO and growth_mb < MAX_GROWTH_MB and first_seconds < MAX_FIRST_SECONDS
    print(
        f"CSV export of {rows:,} answers, {database}\n"
        f"  seconds:       {own:6.1f}   bare cursor {other:6.1f}   ratio {ratio:.2f} (at most {MAX_RATIO})\n"
        f"  CPU seconds:   {own_cpu:6.1f}   bare cursor {other_cpu:6.1f}   ratio {own_cpu / other_cpu:.2f}\n"
        f"  first answers: {first_seconds:6.2f} s (less than {MAX_FIRST_SECONDS})\n"
        f"  growth:        {growth_mb:6.1f} MB (less than {MAX_GROWTH_MB})\n"
        f"  {'reached' if is_reached else 'NOT REACHED'}; median of {ROUNDS} interleaved rounds",
        flush=True,
    )
    return is_reached


def _export(survey: Survey) -> None:
    with Path("/dev/null").open("wb") as file:
        for chunk in stream_responses(survey, ResponseFilter(), "csv"):
            file.write(chunk)


def _bare_sqlite(environ: dict[str, str], key: tuple[Any, Any]) -> None:
    connection = sqlite3.connect(f"{environ['DATA_DIR']}/regulars.db")
    with Path("/dev/null").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(connection.execute(SELECT.format("?"), [part.hex for part in key]))
    connection.close()


def _bare_postgresql(environ: dict[str, str], key: tuple[Any, Any]) -> None:
    with (
        psycopg.connect(environ["DATABASE_URL"]) as connection,
        connection.cursor("bare") as cursor,
        Path("/dev/null").open("w", encoding="utf-8", newline="") as file,
    ):
        cursor.itersize = BATCH_ROWS
        cursor.execute(SELECT.format("%s"), key)
        csv.writer(file).writerows(cursor)


def _measure_once(survey: Survey) -> tuple[float, float]:
    """Return the seconds until the first answers and how many MB the process grows over a whole export."""
    _export_first(survey)
    # Writing 5 makes the kernel forget the highest memory so far.
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = _read_memory("VmRSS")
    first_seconds = _time(lambda: _export_first(survey))
    _export(survey)
    return first_seconds[0], (_read_memory("VmHWM") - before) / 1024


def _export_first(survey: Survey) -> None:
    chunks = stream_responses(survey, ResponseFilter(), "csv")
    while b"https://" not in next(chunks):
        pass
    chunks.close()


def _read_memory(name: str) -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise LookupError(name)


def _time(work: Callable[[], None]) -> tuple[float, float]:
    """Return the seconds a piece of work takes, and those it keeps the processor busy."""
    started, cpu_started = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - started, time.process_time() - cpu_started


def _median(times: list[tuple[float, float]]) -> tuple[float, float]:
    return statistics.median(wall for wall, _ in times), statistics.median(cpu for _, cpu in times)


if __name__ == "__main__":
    sys.exit(main())
