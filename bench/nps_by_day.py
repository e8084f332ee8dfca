"""Measure NPS by day over few and over many answers of the same days: read from the rollup, it costs the same.

Run: python -m bench.nps_by_day [MANY]
"""

import statistics
import sys
import time

from bench.databases import fill_survey, open_product
from bench.product import DATABASES
from widget.core.db import begin_writing, db
from widget.sites.models import Site
from widget.surveys.filters import ResponseFilter
from widget.surveys.models import Survey
from widget.surveys.service import create_survey
from widget.surveys.summaries import list_trend
from widget.surveys.tasks import bring_rollups_forward

FEW = 10_000
ROUNDS = 41
MAX_RATIO = 1.25
# A filter that the rollup does not know makes the rows themselves count.
LIVE = ResponseFilter(language="it")


def main() -> int:
    """Measure on both databases; the exit code tells whether the cost is the same."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    reached = [_measure_database(database, many) for database in DATABASES]
    return 0 if all(reached) else 1


def _measure_database(database: str, many: int) -> bool:
    with open_product(database) as (_, product):
        site_id = product.cast.maple.id
        begin_writing()
        other_id = create_survey(db.session.get_one(Site, site_id), kind="nps", name="Few").id
        db.session.commit()
        for survey_id, rows in ((product.survey_id, many), (other_id, FEW)):
            fill_survey(db.session.get_one(Survey, (site_id, survey_id)), rows)
        started = time.perf_counter()
        bring_rollups_forward()
        counting = time.perf_counter() - started
        full, sparse = (db.session.get_one(Survey, (site_id, key)) for key in (product.survey_id, other_id))
        pairs = [(_time(sparse, ResponseFilter()), _time(full, ResponseFilter())) for _ in range(ROUNDS)]
        live = _time(full, LIVE)
    few_seconds, many_seconds = (statistics.median(pair[i] for pair in pairs) for i in (0, 1))
    ratio = many_seconds / few_seconds
    print(
        f"NPS by day over a year, {database}\n"
        f"  {FEW:,} answers: {1000 * few_seconds:.1f} ms   {many:,} answers: {1000 * many_seconds:.1f} ms"
        f"   ratio {ratio:.2f} (at most {MAX_RATIO})\n"
        f"  for comparison, counting the rows of one language: {1000 * live:.0f} ms;"
        f" bringing the rollup forward from nothing: {counting:.1f} s\n"
        f"  {'reached' if ratio <= MAX_RATIO else 'NOT REACHED'}; median of {ROUNDS} interleaved rounds",
        flush=True,
    )
    return ratio <= MAX_RATIO


def _time(survey: Survey, wanted: ResponseFilter) -> float:
    started = time.perf_counter()
    list_trend(survey, wanted, "day")
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
