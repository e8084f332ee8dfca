"""Interface, trend, list and export tell the same of the same answers, whatever the filter."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.applications import wipe
from tests.cast import make_cast
from tests.long_run import at_length
from tests.surveys.builders import make_response, make_survey, name_fields, on
from widget.core.db import db
from widget.surveys import exports
from widget.surveys.filters import ResponseFilter, to_query
from widget.surveys.models import Survey
from widget.surveys.queries import list_responses
from widget.surveys.rules import SCORES, score_and_interval
from widget.surveys.summaries import list_trend, summarise
from widget.surveys.tasks import bring_rollups_forward

answers = st.fixed_dictionaries(
    {
        "score": st.sampled_from([None, *SCORES["csat"]]),
        "hours": st.integers(0, 100),
        "shop": st.sampled_from(["North", "South"]),
        "comment": st.sampled_from([None, "=Nice", "nice, really"]),
        "flag": st.sampled_from([None, None, "burst"]),
        "is_finished": st.booleans(),
    }
)
days = st.none() | st.integers(0, 4).map(lambda later: (on("2026-05-30") + timedelta(later)).date())
filters = st.builds(
    ResponseFilter,
    from_on=days,
    until_on=days,
    score=st.sampled_from([None, None, 5]),
    bucket=st.sampled_from([None, None, "satisfied"]),
    fields=st.sampled_from([(), (), (("shop", "North"),)]),
    text=st.sampled_from([None, None, "NICE"]),
    flagged=st.sampled_from([False, False, None, True]),
).filter(lambda wanted: not (wanted.from_on and wanted.until_on and wanted.from_on > wanted.until_on))


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
@pytest.mark.timeout(240)
def test_all_doors_tell_the_same(database: str, request: pytest.FixtureRequest) -> None:
    app: Flask = request.getfixturevalue(f"{database}_app")

    @settings(
        max_examples=at_length(25, otherwise=8), deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(st.lists(answers, max_size=15), filters)
    def check(rows: list[dict[str, Any]], wanted: ResponseFilter) -> None:
        wipe(app)
        maple = make_cast(app).maple
        with app.app_context():
            survey_id = fill(maple.id, rows)
            bring_rollups_forward()
            survey = db.session.get_one(Survey, (maple.id, survey_id))
            url = f"/api/v1/surveys/{survey_id}"
            query = to_query(wanted)
            compare(survey, wanted)
        told = app.test_client().get(f"{url}/summary", query_string=query, headers=maple.store_headers).get_json()
        with app.app_context():
            summary = summarise(db.session.get_one(Survey, (maple.id, survey_id)), wanted)
        assert (told["score"], told["responses"], told["flagged"]) == (
            summary.score, summary.responses, summary.flagged
        )  # fmt: skip

    check()


def fill(site_id: Any, rows: list[dict[str, Any]]) -> Any:
    survey = make_survey(site_id, kind="csat")
    db.session.flush()
    name_fields(survey, "shop")
    for row in rows:
        answered_at = on("2026-05-30", "00:00") + timedelta(hours=row["hours"])
        make_response(
            survey,
            row["score"],
            comment=row["comment"] or ("-" if row["score"] is None else None),
            hidden={"shop": row["shop"]},
            flag=row["flag"],
            answered_at=answered_at,
            completed_at=answered_at if row["is_finished"] else None,
        )
    db.session.commit()
    return survey.id


def compare(survey: Survey, wanted: ResponseFilter) -> None:
    summary = summarise(survey, wanted)
    listed = list_responses(survey, wanted, None, 100).items
    content = b"".join(exports.stream_responses(survey, wanted, "csv")).decode()
    rows = list(csv.DictReader(io.StringIO(content, newline=""), strict=True))
    assert sorted(row["score"] for row in rows) == sorted("" if row.score is None else str(row.score) for row in listed)
    counted = [row for row in rows if not row["flag"]]
    assert summary.responses == len(counted)
    assert len(rows) - len(counted) == (0 if wanted.flagged is False else summary.flagged)
    buckets = {name: sum(row["bucket"] == name for row in counted) for name in summary.buckets}
    assert (summary.buckets, summary.score, summary.interval) == (buckets, *score_and_interval("csat", buckets))
    for by in ("day", "week", "month"):
        points = list_trend(survey, wanted, by)
        assert sum(point.scored for point in points) == summary.scored
        assert sum(point.responses for point in points) == summary.responses
