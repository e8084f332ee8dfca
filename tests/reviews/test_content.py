"""What shoppers read about reviews: every word in every language, and how reviews come about."""

import re
import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.reviews.builders import store
from widget.core.db import begin_writing_anew, db
from widget.reviews.authenticity import ReviewCounts, count_reviews, describe_authenticity
from widget.reviews.content_api import CONTENT_CACHE
from widget.reviews.reader_models import ReviewSettings
from widget.reviews.rules import OTHER_REJECT_REASONS, REJECT_REASONS
from widget.reviews.texts import LANGUAGES, find_reasons, find_sentences, find_words

PLURALS = {"zero", "one", "two", "few", "many", "other"}
NOTHING = ReviewCounts(0, 0, 0, {})


def list_texts(words: Any, path: str = "") -> dict[str, list[str]]:
    """Return what is filled in into each text, by where it stands; forms by number are one text."""
    if isinstance(words, str):
        assert words.strip() == words != "", path
        return {path: sorted(re.findall(r"\{\w+\}", words))}
    if "other" in words and words.keys() <= PLURALS:
        return list_texts(words["other"], path)
    return {name: filled for key, inner in words.items() for name, filled in list_texts(inner, f"{path}.{key}").items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_says_everything_and_fills_in_the_same(language: str) -> None:
    assert list_texts(find_words(language)) == list_texts(find_words("en"))
    assert list_texts(find_sentences(language)) == list_texts(find_sentences("en"))
    assert set(find_reasons(language)) == {*REJECT_REASONS, *OTHER_REJECT_REASONS}


def make_settings(**changes: Any) -> ReviewSettings:
    usual: dict[str, Any] = {"moderation": "publish", "allows_unsigned": True, "default_sort": "newest"}
    return ReviewSettings(**usual | changes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_authenticity_follows_the_settings_in_each_language(language: str) -> None:
    usual = set(describe_authenticity(make_settings(), NOTHING, language))
    other = {"moderation": "hold", "allows_unsigned": False, "default_sort": "helpful"}
    for name, value in other.items():
        changed = set(describe_authenticity(make_settings(**{name: value}), NOTHING, language))
        assert len(changed - usual) == len(usual - changed) == 1, name


def test_counts_say_what_was_hidden_and_why() -> None:
    tallies = {
        ("published", "", 5): 1200,
        ("published", "", 1): 34,
        ("pending", "moderation", 3): 2,
        ("rejected", "spam", 5): 3,
        ("rejected", "author", 2): 1,
    }
    said = describe_authenticity(make_settings(), count_reviews(tallies), "en")
    assert said[-2:] == [
        "In the whole store: 1,240 received, 1,234 published, 2 still to be looked at, 4 hidden.",
        "Hidden, by reason: withdrawn by its writer 1, spam or advertising 3.",
    ]


def ask(client: FlaskClient, key: str, languages: str) -> dict[str, Any]:
    response = client.get(f"/embed/v1/{key}/reviews/content?lang={languages}")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == CONTENT_CACHE
    return dict(response.get_json())


def test_content_follows_reviews_and_settings(app: Flask, cast: Cast) -> None:
    client = app.test_client()
    first = ask(client, cast.maple.key, "it,en")
    assert (first["language"], first["dir"], first["received"]) == ("it", "ltr", 0)
    assert first["asks"] == {"photos": True, "video": True, "unsigned": True}
    with app.app_context():
        store(cast.maple.id, {}, {"state": "rejected", "reject_reason": "spam"}, hold_unconfirmed())
    counted = ask(client, cast.maple.key, "it,en")
    assert (counted["received"], counted["published"], counted["hidden"]) == (2, 1, {"spam": 1})
    assert ask(client, cast.bobs.key, "it,en")["received"] == 0
    with app.app_context():
        change_settings(cast.maple.id, moderation="hold", allows_unsigned=False)
    changed = ask(client, cast.maple.key, "it,en")
    assert changed["asks"]["unsigned"] is False
    assert find_sentences("it")["hold"] in changed["authenticity"]


def test_arabic_is_read_from_the_right_and_an_unknown_language_is_english(app: Flask, cast: Cast) -> None:
    client = app.test_client()
    assert ask(client, cast.maple.key, "ar-EG")["dir"] == "rtl"
    assert ask(client, cast.maple.key, "xx,,-")["language"] == "en"


@pytest.mark.parametrize("languages", ["%00", "a" * 300])
def test_bad_languages_are_refused(app: Flask, cast: Cast, languages: str) -> None:
    response = app.test_client().get(f"/embed/v1/{cast.maple.key}/reviews/content?lang={languages}")
    assert response.status_code == 422


def hold_unconfirmed() -> dict[str, Any]:
    return {"state": "pending", "hold_reason": "unconfirmed"}


def change_settings(site_id: uuid.UUID, **changes: Any) -> None:
    begin_writing_anew()
    usual = {"moderation": "publish", "allows_unsigned": True, "allows_photos": True, "allows_video": True}
    row = {**usual, "name_form": "initial", "default_sort": "newest", "attributes": [], **changes}
    db.session.add(ReviewSettings(site_id=site_id, **row))
    db.session.commit()
