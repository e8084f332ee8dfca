"""Card, chart, interface, export, digest and report tell one number, whatever was answered."""

import csv
import io
import json
import random
import re
import uuid
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.applications import wipe
from tests.cast import Cast, make_cast
from tests.dashboard.owner import OwnerBrowser, logged_in
from tests.long_run import at_length
from tests.surveys.builders import make_response, make_survey, on
from tests.surveys.test_pages import DATA_PATTERN
from widget.core.db import begin_writing, db
from widget.reports import digest, service
from widget.sites.models import Site
from widget.surveys.models import Survey
from widget.surveys.rules import BUCKETS, SCORES, bucket_of, score_and_interval
from widget.surveys.tasks import bring_rollups_forward

# Two hundred in all at length: others on the one database than on the other, in parts that several processes share.
PARTS = at_length(4, otherwise=1)
# Each kind of survey counted live and rolled up, at least twice.
DATA_SETS = at_length(25, otherwise=12)
MONDAY = on("2026-05-25", "00:00")
FIGURE = re.compile(r'<data value="([^"]+)">')
INTERVAL = re.compile(r"95 % interval (-?[\d.]+) to (-?[\d.]+)")


class Told(NamedTuple):
    """A score and its interval as somebody is told them; None is "n/a"."""

    score: float | None
    low: float | None
    high: float | None


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_one_number_is_told_everywhere(database: str, part: int, request: pytest.FixtureRequest) -> None:
    app: Flask = request.getfixturevalue(f"{database}_app")
    wipe(app)
    house = House(app, make_cast(app))
    chance = random.Random(f"{database} {part}")
    for number in range(DATA_SETS):
        kind = ("nps", "csat", "ces")[number % 3]
        rows = make_rows(chance, kind)
        survey_id, report_path = house.fill(kind, rows, is_rolled_up=bool(number % 2))
        expected = count(kind, [row["score"] for row in rows if not row["flag"]])
        for place, told in house.ask_everybody(kind, survey_id, report_path).items():
            assert told == pytest.approx(expected, abs=0.0051), (place, number, rows)
        house.archive(survey_id)


def make_rows(chance: random.Random, kind: str) -> list[dict[str, Any]]:
    """Return up to 40 answers of one week: some without a score, unfinished, imported or suspicious."""
    scores = [None, *SCORES[kind]]
    return [
        {
            "score": chance.choice(scores),
            "answered_at": MONDAY + timedelta(seconds=chance.randrange(7 * 86_400)),
            "flag": chance.choice([None] * 9 + ["burst"]),
            "source": chance.choice(["widget", "widget", "link", "import"]),
            "is_finished": chance.random() < 0.8,
        }
        for _ in range(chance.choice([0, 1, 3, 12, 40]))
    ]


def count(kind: str, scores: list[int | None]) -> Told:
    buckets = dict.fromkeys(BUCKETS[kind], 0)
    for score in scores:
        if score is not None:
            buckets[bucket_of(kind, score)] += 1
    score, interval = score_and_interval(kind, buckets)
    return Told(score, *(interval or (None, None)))


def read_page(page: str) -> Told:
    """Return what a page with one score says."""
    (figure,) = FIGURE.findall(page)
    if figure == "n/a":
        return Told(None, None, None)
    ((low, high),) = INTERVAL.findall(page)
    return Told(float(figure), float(low), float(high))


class House:
    """Maple Store and everybody who is told its numbers."""

    def __init__(self, app: Flask, cast: Cast) -> None:
        self.app, self.cast = app, cast
        self.alice: OwnerBrowser = logged_in(app, cast.maple.owner_email)
        self.client: FlaskClient = app.test_client()

    def fill(self, kind: str, rows: list[dict[str, Any]], *, is_rolled_up: bool) -> tuple[uuid.UUID, str]:
        with self.app.app_context():
            begin_writing()
            survey = make_survey(self.cast.maple.id, kind)
            for row in rows:
                values = {name: row[name] for name in ("answered_at", "flag", "source")}
                completed_at = row["answered_at"] if row["is_finished"] else None
                make_response(survey, row["score"], completed_at=completed_at, **values)
            link = service.create_link(survey, name="Report", query={}, shows_comments=False, days=7)
            db.session.commit()
            survey_id, url = survey.id, service.link_url(link)
            if is_rolled_up:
                bring_rollups_forward()
        return survey_id, "/l/r/" + url.rpartition("/")[2]

    def ask_everybody(self, kind: str, survey_id: uuid.UUID, report_path: str) -> dict[str, Told]:
        home = f"/dashboard/{self.cast.maple.key}"
        results = self.alice.get(f"{home}/surveys/{survey_id}?by=month").text
        exported = self.alice.get(f"{home}/surveys/{survey_id}/export").text
        rows = csv.DictReader(io.StringIO(exported, newline=""), strict=True)
        return {
            "card": read_page(self.alice.get(f"{home}/surveys").text),
            "results": read_page(results),
            "chart": self._read_chart(results),
            "interface": self._read_interface(survey_id),
            "export": count(kind, [int(row["score"]) if row["score"] else None for row in rows]),
            "digest": self._read_digest(survey_id),
            "report": read_page(self.client.get(report_path).text),
        }

    def archive(self, survey_id: uuid.UUID) -> None:
        with self.app.app_context():
            begin_writing()
            db.session.get_one(Survey, (self.cast.maple.id, survey_id)).state = "archived"
            db.session.commit()

    def _read_chart(self, page: str) -> Told:
        trend = {name: json.loads(body) for name, body in DATA_PATTERN.findall(page)}.get("trend")
        return Told(trend["scores"][0], trend["lows"][0], trend["highs"][0]) if trend else Told(None, None, None)

    def _read_interface(self, survey_id: uuid.UUID) -> Told:
        url = f"/api/v1/surveys/{survey_id}/summary"
        told = self.client.get(url, headers=self.cast.maple.store_headers).get_json()
        return Told(told["score"], *(told["interval"] or (None, None)))

    def _read_digest(self, survey_id: uuid.UUID) -> Told:
        with self.app.app_context():
            weeks = digest.list_weeks(db.session.get_one(Site, self.cast.maple.id), MONDAY.date())
            summary = next((week.summary for week in weeks if week.survey.id == survey_id), None)
            if summary is None:
                return Told(None, None, None)
            return Told(summary.score, *(summary.interval or (None, None)))
