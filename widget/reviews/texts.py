"""What shoppers read about reviews: the words of the list and of the form in each language."""

from decimal import ROUND_HALF_UP, Decimal
from types import ModuleType
from typing import Any

from babel import Locale
from babel.numbers import format_decimal

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


def describe_average(average: float | None, reviews: int, language: str) -> str:
    """Return a product's stars as read aloud; nothing is rounded up to five, as in the list.

    >>> describe_average(4.25, 1, "en"), describe_average(4.98, 12, "it"), describe_average(None, 0, "en")
    ('4.3 out of 5, 1 review', '4,9 su 5, 12 recensioni', 'No reviews yet')
    """
    words = find_words(language)
    if average is None:
        return str(words["none"])
    shown = Decimal(str(average)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    shown = min(shown, Decimal("4.9")) if average < 5 else shown
    forms = words["reviews"]
    form = forms.get(Locale(language).plural_form(reviews), forms["other"])
    stars = words["average"].format(average=format_decimal(shown, "#,##0.#", locale=language))
    return f"{stars}, {form.format(n=format_decimal(reviews, locale=language))}"


def begin_upper(text: str) -> str:
    """Return a text as it stands by itself.

    >>> begin_upper("there twice")
    'There twice'
    """
    return text[:1].upper() + text[1:]
