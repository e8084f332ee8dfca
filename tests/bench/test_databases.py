"""What measures the promises about speed still fits the tables."""

from flask import Flask
from sqlalchemy import func, select

from bench.databases import fill_survey
from tests.cast import Cast
from tests.embed.shopper import make_survey
from widget.core.db import db
from widget.surveys.models import Survey, SurveyResponse


def test_a_survey_is_filled_in_the_database_itself(app: Flask, cast: Cast) -> None:
    survey_id = make_survey(app, cast.maple)
    with app.app_context():
        fill_survey(db.session.get_one(Survey, (cast.maple.id, survey_id)), 22)
        assert db.session.scalar(select(func.count()).select_from(SurveyResponse)) == 22
