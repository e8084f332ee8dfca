"""Every language says everything, with the same places for values."""

import re
from typing import Any

import pytest
from babel import Locale

from widget.loyalty.languages import en
from widget.loyalty.texts import LANGUAGES, Words

PARTS = ("UI", "SENTENCES", "DONE", "ENTRIES", "WHY")
COUNTED = ("POINTS", "UNIT", "ORDERS")


def list_places(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


def list_forms(texts: Any) -> list[dict[str, str]]:
    return [getattr(texts, name) for name in COUNTED] + list(texts.LEFT.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_language_says_what_english_says(language: str) -> None:
    texts = Words(language).texts
    for part in PARTS:
        ours, english = getattr(texts, part), getattr(en, part)
        assert list(ours) == list(english)
        assert {key: list_places(text) for key, text in ours.items()} == {
            key: list_places(text) for key, text in english.items()
        }
        assert all(text.strip() for text in ours.values())
    assert texts.LEFT.keys() == en.LEFT.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_counted_texts_have_forms_of_their_language(language: str) -> None:
    known = Locale(language).plural_form.tags | {"other"}
    for forms in list_forms(Words(language).texts):
        assert "other" in forms
        assert forms.keys() <= known


def test_names_of_points_are_the_owner_s_in_every_language() -> None:
    names = {"en": ["leaf", "leaves"], "it": ["foglia", "foglie"]}
    said = {language: Words(language, names).points(2) for language in ("en", "it", "de")}
    assert said == {"en": "2 leaves", "it": "2 foglie", "de": "2 leaves"}
    assert [Words("ar").points(number) for number in (1, 2, 3, 11)] == ["نقطة واحدة", "نقطتان", "3 نقاط", "11 نقطة"]
    assert Words("id").points(1240) == "1.240 poin"
