"""Editing a live survey changes no old answer, export or score."""

import copy
import json
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import Cast
from tests.long_run import at_length
from tests.surveys.builders import make_response, make_survey, on
from tests.surveys.questionnaires import DEFINITION, QUESTIONS, TEXTS, given_answers
from widget.core.db import db
from widget.sites.models import Site
from widget.surveys.exports import stream_responses
from widget.surveys.filters import ResponseFilter
from widget.surveys.models import Survey
from widget.surveys.queries import list_versions
from widget.surveys.service import change_survey
from widget.surveys.summaries import list_trend, summarise

EVERYTHING = ResponseFilter(flagged=None)


@st.composite
def edits(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a change of a live survey: other words, fewer questions, another order, a new one."""
    texts = copy.deepcopy(TEXTS)
    kept = [question for question in QUESTIONS if draw(st.booleans())]
    keys = {question["key"] for question in kept}
    kept = [question for question in kept if "ask_if" not in question or "why" in keys]
    if draw(st.booleans()):
        kept.append({"key": "new", "type": "text"})
        texts["en"]["questions"]["new"] = {"question": "Anything else?"}
    texts["en"]["questions"] = {
        question["key"]: {**texts["en"]["questions"][question["key"]], "question": draw(st.text("ab?", min_size=1))}
        for question in kept
    }
    return {"definition": {"questions": kept}, "texts": texts}


@settings(
    max_examples=at_length(25, otherwise=8),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(answers=st.lists(given_answers(), min_size=1, max_size=4), changes=st.lists(edits(), min_size=1, max_size=3))
def test_editing_a_live_survey_changes_no_old_answer_export_or_score(
    app: Flask, cast: Cast, answers: list[dict[str, Any]], changes: list[dict[str, Any]]
) -> None:
    with app.app_context():
        survey = make_survey(cast.maple.id, "nps", definition=DEFINITION, texts=TEXTS)
        db.session.flush()
        for place, said in enumerate(answers):
            make_response(survey, place * 3, answers=said, answered_at=on("2026-05-01", f"12:0{place}"))
        db.session.flush()
        key = (survey.site_id, survey.id)
        before = look(survey)
        for change in changes:
            survey = db.session.get_one(Survey, key)
            change_survey(db.session.get_one(Site, survey.site_id), survey, **change)
            db.session.flush()
            # The rows and the figures are as they were; a file may have gained columns, which they leave empty.
            assert look(survey) == before
        asked = {version.version: version for version in list_versions(survey)}
        assert (asked[1].definition, asked[1].texts) == (DEFINITION, TEXTS)
        assert len(asked) == survey.version
        db.session.rollback()


def look(survey: Survey) -> tuple[Any, ...]:
    """Return everything an owner reads of a survey's answers."""
    db.session.commit()
    lines = b"".join(stream_responses(survey, EVERYTHING, "jsonl")).splitlines()
    return summarise(survey, EVERYTHING), list_trend(survey, EVERYTHING, "day"), [json.loads(line) for line in lines]
