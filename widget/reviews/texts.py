"""What shoppers read about reviews: the words of the list and of the form in each language."""

from types import ModuleType
from typing import Any

from widget.core.shopper_languages import choose_language
from widget.reviews.languages import ar, de, en, es, fr, it
from widget.reviews.languages import id as indonesian
from widget.reviews.rules import REPORT_REASONS

_BUILT_IN: dict[str, ModuleType] = {"en": en, "it": it, "id": indonesian, "es": es, "fr": fr, "de": de, "ar": ar}
LANGUAGES = tuple(_BUILT_IN)
DEFAULT_LANGUAGE = "en"


def choose_texts_language(wanted: str) -> str:
    """Return the first of a comma-separated list of languages in which there are texts.

    >>> choose_texts_language("nl,it-IT,en"), choose_texts_language("nl")
    ('it', 'en')
    """
    return choose_language(wanted, DEFAULT_LANGUAGE, LANGUAGES)


def find_words(language: str) -> dict[str, Any]:
    """Return the words of both elements in a language; what the form says is under "form".

    >>> find_words("it")["write"], find_words("de")["form"]["send"], find_words("en")["reasons"]["fake"]
    ('Scrivi una recensione', 'Bewertung senden', 'Not a genuine review')
    """
    texts = _BUILT_IN[language]
    reasons = {reason: begin_upper(texts.REASONS[reason]) for reason in REPORT_REASONS}
    return {**texts.UI, "reasons": reasons, "form": texts.FORM}


def find_sentences(language: str) -> dict[str, str]:
    """Return the sentences of how reviews come about."""
    sentences: dict[str, str] = _BUILT_IN[language].AUTHENTICITY
    return sentences


def find_reasons(language: str) -> dict[str, str]:
    """Return why reviews are hidden, as said within a sentence."""
    reasons: dict[str, str] = _BUILT_IN[language].REASONS
    return reasons


def begin_upper(text: str) -> str:
    """Return a text as it stands by itself.

    >>> begin_upper("there twice")
    'There twice'
    """
    return text[:1].upper() + text[1:]
