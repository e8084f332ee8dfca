"""What an element shows: each text falls back by itself, and every language has its direction."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.embed.shopper import make_survey, read_json
from tests.surveys.questionnaires import DEFINITION, TEXTS
from widget.surveys.costs import estimate_cost
from widget.surveys.published import PublishedSurvey
from widget.surveys.templates_catalogue import TEMPLATES

UNSET: dict[str, Any] = dict.fromkeys(PublishedSurvey.__annotations__) | {
    "version": 1,
    "display": "sheet",
    "default_language": "en",
    "languages": ["en", "it", "id"],
    "definition": {},
    "texts": {},
}
SCORE_FIELDS = {"choices", "low_label", "high_label", "buckets", "follow_up"}


def content(client: FlaskClient, app: Flask, cast: Cast, lang: str, kind: str = "nps", **settings: Any) -> Any:
    survey_id = make_survey(app, cast.maple, kind, **settings)
    response = client.get(f"/embed/v1/{cast.maple.key}/surveys/{survey_id}", query_string={"lang": lang})
    return read_json(response)


def test_one_missing_text_falls_back_alone(app: Flask, client: FlaskClient, cast: Cast) -> None:
    texts = {
        "en": {"question": "Again?", "thanks": {"passive": "Ta!"}, "ui": {"send": "Go"}},
        "it": {"question": "Ancora?", "thanks": {"promoter": "Evviva!"}},
    }
    shown = content(client, app, cast, "it", texts=texts)
    assert (shown["language"], shown["question"]) == ("it", "Ancora?")
    # The owner's own words in the default language go before ours in the shopper's.
    assert shown["thanks"] == {
        "promoter": "Evviva!",
        "passive": "Ta!",
        "detractor": "Grazie di avercelo detto. Ce ne occuperemo.",
    }
    assert (shown["ui"]["send"], shown["ui"]["close"]) == ("Go", "Chiudi")
    assert shown["low_label"] == "Per niente probabile"


def test_language_of_the_owners_own_falls_back_to_english(app: Flask, client: FlaskClient, cast: Cast) -> None:
    shown = content(client, app, cast, "nl,en", languages=["en", "nl"], texts={"nl": {"question": "Nog eens?"}})
    assert (shown["language"], shown["question"], shown["ui"]["send"]) == ("nl", "Nog eens?", "Send")


@pytest.mark.parametrize(
    ("wanted", "language", "direction"),
    [("ar-EG", "ar", "rtl"), ("he,en", "he", "rtl"), ("iw", "he", "rtl"), ("de", "en", "ltr"), ("", "en", "ltr")],
)
def test_languages_are_those_offered_with_their_direction(
    app: Flask, client: FlaskClient, cast: Cast, wanted: str, language: str, direction: str
) -> None:
    shown = content(client, app, cast, wanted, languages=["en", "ar", "he"])
    assert (shown["language"], shown["dir"]) == (language, direction)


def test_ces_is_asked_from_1_to_7(app: Flask, client: FlaskClient, cast: Cast) -> None:
    shown = content(client, app, cast, "en", "ces")
    assert [choice["score"] for choice in shown["choices"]] == [1, 2, 3, 4, 5, 6, 7]
    assert shown["buckets"] == ["difficult"] * 3 + ["neutral"] + ["easy"] * 3
    assert (shown["low_label"], shown["high_label"]) == ("Very difficult", "Very easy")


def test_form_shows_its_questions_and_no_score(app: Flask, client: FlaskClient, cast: Cast) -> None:
    shown = content(client, app, cast, "en", "form", definition=DEFINITION, texts=TEXTS)
    assert not shown.keys() & (SCORE_FIELDS | {"comment_if", "outcomes", "links"})
    assert shown["question"] == shown["questions"][0]["question"] == "What about ease?"
    by_key = {question["key"]: question for question in shown["questions"]}
    assert by_key["why"] == {
        "key": "why",
        "type": "single",
        "question": "What about why?",
        "choices": [{"id": name, "label": name.title()} for name in ("price", "late", "broken")],
        "other": "Other",
    }
    assert by_key["born"]["consent"] == "You may keep my birthday to send me a greeting."
    assert (by_key["look"]["min"], by_key["look"]["max"], by_key["words"]["max_length"]) == (1, 5, 200)
    assert shown["thanks"] == {"all": "Thank you for your answers!"}


def test_survey_without_questions_is_sent_without_words_for_them(app: Flask, client: FlaskClient, cast: Cast) -> None:
    shown = content(client, app, cast, "en")
    assert "questions" not in shown
    assert "next" not in shown["ui"]


def test_links_and_outcomes_have_their_labels(app: Flask, client: FlaskClient, cast: Cast) -> None:
    links = {"links": {"promoter": "https://maple.example/reviews"}}
    assert content(client, app, cast, "it", definition=links)["links"] == {
        "promoter": {"url": "https://maple.example/reviews", "label": "Scopri di più"}
    }
    quiz = TEMPLATES["product_quiz"]
    assert [item["title"] for item in content(client, app, cast, "id", quiz.kind, **quiz.settings)["outcomes"]] == [
        "Si tenang",
        "Si berani",
        "Si hangat",
    ]


@pytest.mark.parametrize(
    ("template", "least", "most"),
    [
        ("post_purchase_csat", 2, 3),
        ("relationship_nps", 2, 3),
        ("delivery_ces", 1, 3),
        ("why_leaving", 1, 2),
        ("product_quiz", 3, 3),
    ],
)
def test_cost_counts_questions_along_the_branches(template: str, least: int, most: int) -> None:
    chosen = TEMPLATES[template]
    cost = estimate_cost(PublishedSurvey(**{**UNSET, **chosen.settings, "kind": chosen.kind}))
    assert (cost.least, cost.most) == (least, most)
    assert 5 <= cost.seconds <= 120
    plain = estimate_cost(PublishedSurvey(**{**UNSET, "kind": "nps"}))
    assert plain.bytes < cost.bytes < 30_000
