"""Which questions are asked, what a quiz ends with, what texts repeat: the cases the browser's modules run too."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from widget.surveys.questions import find_outcome, is_comment_due, list_due_questions, name_values, pipe_text

CASES: list[dict[str, Any]] = orjson.loads((Path(__file__).parent / "files" / "question_cases.json").read_bytes())


@pytest.fixture(params=CASES, ids=lambda case: case["name"].replace(" ", "-"))
def case(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = request.param
    return found


def test_questions_that_are_due_follow_from_the_answers(case: dict[str, Any]) -> None:
    due = list_due_questions(case["kind"], case["content"], case["answers"])
    assert [question["key"] for question in due] == case["due"]
    assert is_comment_due(case["kind"], case["content"], case["answers"]) is case["comment"]


def test_outcome_follows_from_the_choices(case: dict[str, Any]) -> None:
    assert find_outcome(case["kind"], case["content"], case["answers"]) == case["outcome"]


def test_texts_repeat_what_was_said(case: dict[str, Any]) -> None:
    values = name_values(case["kind"], case["content"], case["answers"], case["hidden"])
    assert [pipe_text(text, values) for text, _ in case["piped"]] == [expected for _, expected in case["piped"]]
