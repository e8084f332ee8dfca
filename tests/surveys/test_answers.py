"""What may be answered to a question, and what may not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.surveys.questionnaires import ANSWERS, DEFINITION, given_answers
from widget.surveys.answers import add_outcome, find_answer_errors, tidy_answers
from widget.surveys.questions import find_outcome, list_due_questions

QUIZ = {
    "questions": [
        {
            "key": f"q{number}",
            "type": "multiple",
            "choices": [{"id": "a", "outcome": "calm"}, {"id": "b", "outcome": "wild"}, {"id": "c"}],
        }
        for number in range(3)
    ],
    "outcomes": [{"id": "calm"}, {"id": "wild"}],
}
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=4), values, max_size=3),
    max_leaves=6,
)


def errors_of(answers: dict[str, Any], *, completed: bool = False) -> dict[str, str]:
    return find_answer_errors("form", DEFINITION, tidy_answers(answers), completed=completed)


def test_every_type_of_question_takes_its_answer() -> None:
    assert errors_of(ANSWERS, completed=True) == {}


@pytest.mark.parametrize(
    ("answers", "name"),
    [
        ({"ease": 8}, "ease"),
        ({"ease": -1}, "ease"),
        ({"ease": True}, "ease"),
        ({"ease": 1.0}, "ease"),
        ({"ease": "1"}, "ease"),
        ({"look": 0}, "look"),
        ({"look": 6}, "look"),
        ({"mood": [3]}, "mood"),
        ({"why": "weather"}, "why"),
        ({"why": ["price"]}, "why"),
        ({"why": 1}, "why"),
        ({"why": "price", "why.other": "x"}, "why.other"),
        ({"why": "other", "why.other": "x" * 501}, "why.other"),
        ({"why": "other", "why.other": 5}, "why.other"),
        ({"why.other": "x"}, "why.other"),
        ({"why": "price", "days_late": 3}, "days_late"),
        ({"days_late": 3}, "days_late"),
        ({"liked": "price"}, "liked"),
        ({"liked": ["price", "price"]}, "liked"),
        ({"liked": ["price", "late", "broken"]}, "liked"),
        ({"liked": ["price", "weather"]}, "liked"),
        ({"liked": [["price"]]}, "liked"),
        ({"words": "x" * 201}, "words"),
        ({"words": "a\x00b"}, "words"),
        ({"words": {"a": 1}}, "words"),
        ({"words": "fine", "words.other": "x"}, "words.other"),
        ({"born": "1990-05-31"}, "born.consent"),
        ({"born": "1990-02-30", "born.consent": True}, "born"),
        ({"born": "--02-30", "born.consent": True}, "born"),
        ({"born": "31.05.1990", "born.consent": True}, "born"),
        ({"born": "0990-05-31", "born.consent": True}, "born"),
        ({"born": "1990-05-31", "born.consent": "yes"}, "born.consent"),
        ({"born": "1990-05-31", "born.consent": False}, "born.consent"),
        ({"born.consent": True}, "born.consent"),
        ({"likes": ["other"], "likes.consent": True}, "likes"),
        ({"score": 9}, "score"),
        ({"comment": "Nice"}, "comment"),
        ({"outcome": "calm"}, "outcome"),
        ({"nothing": 1}, "nothing"),
        ({"": 1}, ""),
        ({".other": "x"}, ".other"),
        ({}, ""),
        ({"words": "", "liked": [], "ease": None}, ""),
    ],
)
def test_wrong_answer_is_refused_by_its_name(answers: dict[str, Any], name: str) -> None:
    assert list(errors_of(answers)) == [name]


@pytest.mark.parametrize("day", ["1990-05-31", "--05-31", "--02-29", "2024-02-29", "1900-01-01"])
def test_birthday_needs_no_year(day: str) -> None:
    assert errors_of({"born": day, "born.consent": True}) == {}


def test_finished_answer_holds_what_is_required_and_was_due() -> None:
    assert list(errors_of({"look": 3}, completed=True)) == ["ease"]
    assert list(errors_of({"ease": 3, "why": "late"}, completed=True)) == ["days_late"]
    assert errors_of({"ease": 0, "why": "price"}, completed=True) == {}
    assert errors_of({"look": 3}, completed=False) == {}


def test_comment_is_taken_only_where_it_was_asked() -> None:
    definition = {"comment_if": [{"question": "score", "in": ["difficult"]}]}
    for score, errors in ((2, []), (6, ["comment"])):
        answers = {"score": score, "comment": "Hard"}
        assert list(find_answer_errors("ces", definition, answers, completed=True)) == errors
    assert find_answer_errors("ces", {}, {"comment": "Hard"}, completed=True) == {}


@given(given_answers())
def test_answers_that_can_be_given_are_taken(answers: dict[str, Any]) -> None:
    assert find_answer_errors("form", DEFINITION, answers, completed=True) == {}


@given(st.dictionaries(st.sampled_from([*ANSWERS, "score", "comment", "x", "ease.other", "a.b.c"]), json_values))
def test_nothing_that_is_sent_breaks_the_check(answers: dict[str, Any]) -> None:
    score = answers.get("score")
    if not isinstance(score, int | None) or isinstance(score, bool):
        answers.pop("score")
    tidy = tidy_answers(answers)
    errors = find_answer_errors("nps", DEFINITION, tidy, completed=True)
    due = {question["key"] for question in list_due_questions("nps", DEFINITION, tidy)}
    answered = {name.partition(".")[0] for name in tidy.keys() - {"score", "comment"}}
    assert errors or answered <= due


@given(st.lists(st.lists(st.sampled_from("abc"), unique=True, max_size=3), min_size=3, max_size=3))
def test_outcome_is_the_one_most_choices_name(chosen: list[list[str]]) -> None:
    answers = tidy_answers({f"q{number}": choices for number, choices in enumerate(chosen)})
    calm, wild = (sum(name in choices for choices in chosen) for name in "ab")
    expected = None if calm == wild == 0 else "calm" if calm >= wild else "wild"
    assert find_outcome("quiz", QUIZ, answers) == expected
    assert add_outcome("quiz", QUIZ, answers).get("outcome") == expected
