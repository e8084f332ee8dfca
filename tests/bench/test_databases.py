"""What measures the promises about speed still fits the tables."""

from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from bench.databases import fill_survey
from bench.order_days import FIGURES
from bench.orders_database import fill_orders
from bench.orders_import import HEADER, generate_rows
from tests.cast import Cast
from tests.embed.shopper import make_survey
from tests.intake.files import run_import
from tests.orders.builders import count_figures, read_figures
from widget.core.db import db
from widget.surveys.models import Survey, SurveyResponse


def test_a_survey_is_filled_in_the_database_itself(app: Flask, cast: Cast) -> None:
    survey_id = make_survey(app, cast.maple)
    with app.app_context():
        fill_survey(db.session.get_one(Survey, (cast.maple.id, survey_id)), 22)
        assert db.session.scalar(select(func.count()).select_from(SurveyResponse)) == 22


def test_a_site_is_filled_with_orders_and_what_is_kept_of_them(app: Flask, cast: Cast) -> None:
    with app.app_context():
        fill_orders(cast.maple.id, 800)
        kept, counted = read_figures(cast.maple.id), count_figures(cast.maple.id)
        assert kept["totals"] == counted["totals"]
        assert kept["cohorts"] == counted["cohorts"]
        # Days on which nobody bought are those on which customers lapse.
        assert kept["days"] == counted["days"]
        assert all(read(cast.maple.id) for read in FIGURES.values())


def test_the_orders_of_the_measured_import_come_in_whole(app: Flask, cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(HEADER + "".join(generate_rows(60, 12)), encoding="utf-8")
    assert "60 new, 0 known already, 0 refused." in run_import(app, path, cast.maple)
    with app.app_context():
        assert read_figures(cast.maple.id) == count_figures(cast.maple.id)
