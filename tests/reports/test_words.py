"""Which words, phrases and themes comments use, by language, and where a word leads."""

import uuid

import pytest
from flask import Flask

from tests.cast import Cast
from tests.dashboard.owner import OwnerBrowser
from tests.surveys.builders import make_response, make_survey
from tests.surveys.test_pages import surveys_of, words
from widget.core.db import begin_writing, db
from widget.reports.stop_words import NEGATIONS, STOP_WORDS
from widget.reports.themes import THEME_NAMES, THEMES
from widget.reports.words import Comment, count_words


def count(language: str, *texts: str, mood: int = 0) -> dict[str, int]:
    found = count_words([Comment(text, language, mood) for text in texts], language)
    return {use.text: use.count for use in (*found.words, *found.phrases)}


def test_words_are_those_of_any_script() -> None:
    assert count("xx", "Доставка ДОСТАВКА", "доставка!") == {"доставка": 2}
    assert count("it", "Perché la qualità?", "QUALITÀ, perché no") == {"qualità": 2}
    assert count("fr", "L’envoi", "l'envoi") == {"l'envoi": 2}


def test_numbers_and_stop_words_are_left_out() -> None:
    assert count("en", "the 24 boxes", "The 24 boxes") == {"boxes": 2}


def test_a_phrase_ends_at_a_sign_and_keeps_its_negation() -> None:
    assert count("en", "Not good. Delivery late", "not good, delivery late") == {
        "good": 2, "delivery": 2, "late": 2, "not good": 2, "delivery late": 2,
    }  # fmt: skip
    assert "good delivery" not in count("en", "good. delivery", "good. delivery")


def test_repeating_oneself_counts_once() -> None:
    assert count("en", "late late late", "late") == {"late": 2}
    assert count("en", "late late late") == {}, "one person's words are nobody else's"


def test_themes_are_known_in_six_languages() -> None:
    said = {
        "en": "Shipping took ages", "it": "La spedizione è lenta", "id": "Pengiriman lambat",
        "es": "El envío tardó", "fr": "La livraison est lente", "de": "Die Lieferung dauert",
    }  # fmt: skip
    for language, text in said.items():
        found = count_words([Comment(text, language, -1)], language)
        assert [(use.text, use.bad) for use in found.themes] == [("delivery", 1)], language
    assert set(THEMES) == set(STOP_WORDS) == set(NEGATIONS)
    assert all(set(themes) == set(THEME_NAMES) for themes in THEMES.values())
    assert not count_words([Comment("I appreciate it", "en", 1)], "en").themes


@pytest.fixture
def survey_id(app: Flask, cast: Cast) -> uuid.UUID:
    with app.app_context():
        begin_writing()
        survey = make_survey(cast.maple.id)
        for score, text, language in (
            (2, "Late delivery", "en-GB"),
            (3, "The delivery was late", "en"),
            (10, "Fast delivery", None),
            (9, "Consegna rapida", "it"),
            (9, "La consegna", "it-CH"),
        ):
            make_response(survey, score, comment=text, language=language)
        make_response(survey, 0, comment="delivery spam", flag="burst")
        db.session.commit()
        return survey.id


def test_page_shows_who_used_a_word_and_leads_to_them(alice: OwnerBrowser, cast: Cast, survey_id: uuid.UUID) -> None:
    path = surveys_of(cast.maple, f"/surveys/{survey_id}/words")
    page = alice.get(path)
    assert page.status_code == 200
    assert "delivery 3 33.3 % 66.7 %" in words(page.text)
    assert "comments?text=delivery&amp;with_comment=1" in page.text
    assert "Italiano (2)" in words(page.text)
    italian = words(alice.get(f"{path}?spoken=it").text)
    assert "consegna 2 100.0 % 0.0 %" in italian
    assert "Delivery consegna" in italian


def test_page_follows_the_filter(alice: OwnerBrowser, cast: Cast, survey_id: uuid.UUID) -> None:
    path = surveys_of(cast.maple, f"/surveys/{survey_id}/words")
    assert "delivery 2 0.0 % 100.0 %" in words(alice.get(f"{path}?bucket=detractor").text)
    assert "No comments to count" in alice.get(f"{path}?from=2040-01-01").text
    for query in ("spoken=xx", "typo=1", "bucket=fan"):
        assert alice.get(f"{path}?{query}").status_code == 422


def test_bob_reads_no_words_of_maple(bob: OwnerBrowser, cast: Cast, survey_id: uuid.UUID) -> None:
    assert bob.get(surveys_of(cast.maple, f"/surveys/{survey_id}/words")).status_code == 404
    assert bob.get(surveys_of(cast.bobs, f"/surveys/{survey_id}/words")).status_code == 404
