"""What a survey may ask, and in which words; what is wrong is said by its place."""

import copy
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import Cast
from tests.embed.shopper import assert_problem
from tests.surveys.questionnaires import DEFINITION, QUESTIONS, TEXTS
from tests.surveys.test_answers import json_values
from widget.surveys.definitions import find_definition_errors
from widget.surveys.rules import SCORES
from widget.surveys.templates_catalogue import TEMPLATES
from widget.surveys.texts import LANGUAGES, SURVEY_TEXTS, UI_TEXTS
from widget.surveys.wording import find_missing_texts, find_text_errors, list_required_texts

ONE = {"key": "q1", "type": "single", "choices": [{"id": "a"}, {"id": "b"}]}
TWO = {"key": "q2", "type": "text"}


def after(earlier: dict[str, Any], **condition: Any) -> list[dict[str, Any]]:
    return [earlier, {**TWO, "ask_if": [condition]}]


def refusals(client: FlaskClient, cast: Cast, **body: Any) -> list[str]:
    response = client.post(
        "/api/v1/surveys", json={"kind": "nps", "name": "x", **body}, headers=cast.maple.store_headers
    )
    return [error["pointer"].removeprefix("#/") for error in assert_problem(response, 422)["errors"]]


@pytest.mark.parametrize(
    ("questions", "place"),
    [
        ("many", ""),
        ([TWO] * 11, ""),
        ([1], "/0"),
        ([{"type": "text"}], "/0/key"),
        ([{"key": "q1"}], "/0/type"),
        ([{"key": "q1", "type": ["text"]}], "/0/type"),
        ([{"key": "Q1", "type": "text"}], "/0/key"),
        ([{"key": "score", "type": "text"}], "/0/key"),
        ([{"key": "comment", "type": "text"}], "/0/key"),
        ([{"key": "q1.other", "type": "text"}], "/0/key"),
        ([TWO, TWO], "/1/key"),
        ([{**TWO, "size": 3}], "/0/size"),
        ([{**TWO, "max_length": 5001}], "/0/max_length"),
        ([{**TWO, "max_length": None}], "/0/max_length"),
        ([{**TWO, "required": "yes"}], "/0/required"),
        ([{**TWO, "long": 1}], "/0/long"),
        ([{"key": "q1", "type": "stars", "min": 1}], "/0/min"),
        ([{"key": "q1", "type": "scale", "min": 2, "max": 7}], "/0/min"),
        ([{"key": "q1", "type": "scale", "min": 1}], "/0/max"),
        ([{"key": "q1", "type": "scale", "min": 1, "max": 11}], "/0/max"),
        ([{"key": "q1", "type": "single"}], "/0/choices"),
        ([{**ONE, "choices": [{"id": "a"}]}], "/0/choices"),
        ([{**ONE, "choices": [{"id": "a"}, {"id": "a"}]}], "/0/choices/1/id"),
        ([{**ONE, "choices": [{"id": "a"}, {"id": "other"}]}], "/0/choices/1/id"),
        ([{**ONE, "choices": [{"id": "a"}, "b"]}], "/0/choices/1"),
        ([{**ONE, "choices": [{"id": "a"}, {"id": "b", "label": "B"}]}], "/0/choices/1/label"),
        ([{**ONE, "choices": [{"id": "a"}, {"id": "b", "outcome": "x"}]}], "/0/choices/1/outcome"),
        ([{**ONE, "choices": [{"id": "a"}, {"id": "b", "outcome": ["x"]}]}], "/0/choices/1/outcome"),
        ([{**ONE, "max_choices": 1}], "/0/max_choices"),
        ([{**ONE, "type": "multiple", "max_choices": 3}], "/0/max_choices"),
        ([{**ONE, "type": "interests", "other": True}], "/0/other"),
        ([{**TWO, "ask_if": {}}], "/0/ask_if"),
        ([{**TWO, "ask_if": [{"question": "score"}]}], "/0/ask_if/0"),
        ([{**TWO, "ask_if": [{"question": "q2", "in": ["x"]}]}], "/0/ask_if/0/question"),
        ([{**TWO, "ask_if": [{"question": ["score"], "in": ["x"]}]}], "/0/ask_if/0/question"),
        (after(TWO | {"key": "q1"}, question="q1", **{"in": ["x"]}), "/1/ask_if/0/question"),
        (after(ONE, question="q1", **{"in": ["c"]}), "/1/ask_if/0/in"),
        (after(ONE, question="q1", **{"in": []}), "/1/ask_if/0/in"),
        (after(ONE, question="q1", **{"in": "a"}), "/1/ask_if/0/in"),
        (after(ONE, question="q1", **{"in": [["a"]]}), "/1/ask_if/0/in"),
        (after({"key": "q1", "type": "stars"}, question="q1", **{"in": [True]}), "/1/ask_if/0/in"),
        (after({"key": "q1", "type": "stars"}, question="q1", **{"in": [6]}), "/1/ask_if/0/in"),
        (after(ONE, question="score", **{"in": ["satisfied"]}), "/1/ask_if/0/in"),
    ],
)
def test_wrong_question_is_refused_by_its_place(client: FlaskClient, cast: Cast, questions: Any, place: str) -> None:
    assert refusals(client, cast, definition={"questions": questions}) == [f"definition/questions{place}"]


@pytest.mark.parametrize(
    ("kind", "definition", "pointer"),
    [
        ("nps", {"surprise": 1}, "definition/surprise"),
        ("nps", {"outcomes": [{"id": "a"}, {"id": "b"}]}, "definition/outcomes"),
        ("nps", {"links": {"all": "https://maple.example"}}, "definition/links/all"),
        ("nps", {"links": {"promoter": "javascript:alert(1)"}}, "definition/links/promoter"),
        ("nps", {"links": {"promoter": "https://maple.example/\x00"}}, "definition/links/promoter"),
        ("nps", {"comment_if": [{"question": "q1", "in": ["a"]}]}, "definition/comment_if/0/question"),
        ("form", {"comment_if": []}, "definition/comment_if"),
        ("form", {"questions": []}, "definition/questions"),
        ("quiz", {"questions": [TWO], "outcomes": [{"id": "a"}]}, "definition/outcomes"),
        (
            "quiz",
            {"outcomes": [{"id": "a", "url": "/x"}, {"id": "b"}]},
            "definition/outcomes/0/url",
        ),
    ],
)
def test_wrong_definition_is_refused_by_its_place(
    client: FlaskClient, cast: Cast, kind: str, definition: dict[str, Any], pointer: str
) -> None:
    assert refusals(client, cast, kind=kind, definition=definition) == [pointer]


@pytest.mark.parametrize(
    ("texts", "pointer"),
    [
        ({"questions": {"q9": {"question": "?"}}}, "questions/q9"),
        ({"questions": {"look": {"choices": {"a": "A"}}}}, "questions/look/choices"),
        ({"questions": {"why": {"choices": {"weather": "A"}}}}, "questions/why/choices/weather"),
        ({"questions": {"why": {"question": "x" * 501}}}, "questions/why/question"),
        ({"questions": {"why": {"consent": "Yes"}}}, "questions/why/consent"),
        ({"questions": {"why": {"question": "a\x00"}}}, "questions/why/question"),
        ({"questions": 1}, "questions"),
        ({"outcomes": {"calm": {"title": "Calm"}}}, "outcomes/calm"),
        ({"links": {"promoter": "Go"}}, "links/promoter"),
        ({"ui": {"next": 1}}, "ui/next"),
        ({"ui": {"nothing": "x"}}, "ui/nothing"),
        ({"follow_up": {"promoter": "Why?"}}, "follow_up"),
    ],
)
def test_wrong_text_is_refused_by_its_place(
    client: FlaskClient, cast: Cast, texts: dict[str, Any], pointer: str
) -> None:
    wrong = {"en": {**copy.deepcopy(TEXTS["en"]), **texts}}
    assert refusals(client, cast, kind="form", definition=DEFINITION, texts=wrong) == [f"texts/en/{pointer}"]


def test_language_is_two_or_three_small_letters(client: FlaskClient, cast: Cast) -> None:
    assert refusals(client, cast, texts={"english": {}}) == ["texts/english"]
    assert refusals(client, cast, languages=["en", "EN"]) == ["languages/1"]
    assert refusals(client, cast, languages=["en", "en"]) == ["languages"]
    assert refusals(client, cast, languages=[]) == ["languages"]
    assert refusals(client, cast, default_language="e") == ["default_language"]


@pytest.mark.parametrize(
    ("gates", "pointer"),
    [
        ({"exit_intent": "yes"}, "exit_intent"),
        ({"devices": "tv"}, "devices"),
        ({"visitors": "old"}, "visitors"),
        ({"identity": "me"}, "identity"),
        ({"referrers": [["like", "x"]]}, "referrers/0"),
        ({"cart_min": -1}, "cart_min"),
        ({"cart_min": "5"}, "cart_min"),
        ({"cart_min": 5, "cart_max": 4}, "cart_max"),
        ({"event_properties": [["total", "is"]]}, "event_properties/0"),
        ({"event_properties": [["total", "above", "5"]]}, "event_properties/0"),
        ({"event_source": "page"}, "event_source"),
        ({"event_delay_seconds": 7_776_001}, "event_delay_seconds"),
        ({"weather": "rain"}, "weather"),
    ],
)
def test_wrong_gate_is_refused_by_its_name(
    client: FlaskClient, cast: Cast, gates: dict[str, Any], pointer: str
) -> None:
    assert refusals(client, cast, gates=gates) == [f"gates/{pointer}"]


def test_gates_keep_only_what_is_set(client: FlaskClient, cast: Cast) -> None:
    gates = {"exit_intent": False, "devices": None, "referrers": [], "cart_min": 0, "event_delay_seconds": 60}
    body = {"kind": "nps", "name": "x", "gates": gates}
    made = client.post("/api/v1/surveys", json=body, headers=cast.maple.store_headers)
    assert made.json is not None
    assert made.json["gates"] == {"cart_min": 0, "event_delay_seconds": 60}


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
def test_template_is_ready_in_every_language_of_its_texts(template: Any) -> None:
    definition, texts = template.settings["definition"], template.settings["texts"]
    assert find_definition_errors(template.kind, definition) == {}
    assert find_text_errors(template.kind, texts, definition) == {}
    assert set(texts) == set(template.names) == set(template.about) == {"en", "it", "id"}
    assert all(find_missing_texts(definition, texts, language) == {} for language in texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_default_texts_are_whole_in_every_language(language: str) -> None:
    assert UI_TEXTS[language].keys() == UI_TEXTS["en"].keys()
    assert all("%d" in text for name, text in UI_TEXTS[language].items() if "%d" in UI_TEXTS["en"][name])
    for kind in SCORES:
        texts = SURVEY_TEXTS[kind][language]
        assert find_text_errors(kind, {language: texts}, {}) == {}
        for name, default in SURVEY_TEXTS[kind]["en"].items():
            assert len(texts[name]) == len(default) or isinstance(default, str)


def test_every_question_of_the_questionnaire_needs_its_text() -> None:
    assert ("questions", "why", "choices", "late") in list_required_texts(DEFINITION)
    assert find_missing_texts(DEFINITION, TEXTS, "en") == {}
    assert set(find_missing_texts(DEFINITION, TEXTS, "it")["questions"]) == {item["key"] for item in QUESTIONS}


loose_questions = st.lists(
    st.dictionaries(
        st.sampled_from(["key", "type", "choices", "ask_if", "id", "min", "max", "max_choices"]),
        json_values | st.sampled_from(["single", "scale", "text"]),
    ),
    max_size=3,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(list(SCORES)),
    st.dictionaries(st.sampled_from(["questions", "outcomes", "links", "comment_if"]), json_values | loose_questions),
)
def test_nothing_that_is_sent_breaks_the_check(kind: str, definition: dict[str, Any]) -> None:
    find_definition_errors(kind, definition)
