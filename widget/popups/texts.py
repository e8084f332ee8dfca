"""What shoppers read of campaigns: the owner's wording, and the default one where there is none."""

from collections.abc import Collection, Mapping
from typing import Any

from widget.core.shopper_languages import choose_language
from widget.popups.languages import ar, de, en, es, fr, it
from widget.popups.languages import id as indonesian

_BUILT_IN = {"en": en, "it": it, "id": indonesian, "es": es, "fr": fr, "de": de, "ar": ar}
UI_TEXTS: dict[str, dict[str, str]] = {language: module.UI for language, module in _BUILT_IN.items()}
LINK_TEXTS: dict[str, dict[str, str]] = {language: module.LINK for language, module in _BUILT_IN.items()}


def find_own(texts: Mapping[str, Any], language: str, default_language: str, name: str) -> Any:
    """Return an owner's text in a language, else in the campaign's first, None where nobody has written it.

    >>> find_own({"en": {"title": "Wait!"}, "it": {"title": ""}}, "it", "en", "title")
    'Wait!'
    """
    own = (texts.get(language, {}), texts.get(default_language, {}))
    return next((wording[name] for wording in own if wording.get(name)), None)


def choose_ui(language: str) -> dict[str, str]:
    """Return the default wording in a language, English where we do not speak it."""
    return UI_TEXTS.get(language, UI_TEXTS["en"])


def choose_link_texts(wanted: str, site_name: str) -> tuple[str, dict[str, str]]:
    """Return the first of the wanted languages that we speak, and its texts with the store's name in them.

    >>> language, ui = choose_link_texts("tlh,it-IT", "Maple")
    >>> language, ui["mail_stop"]
    ('it', "Annulla l'iscrizione a Maple")
    """
    language = choose_language(wanted, "en", LINK_TEXTS)
    return language, {name: text.replace("{site}", site_name) for name, text in LINK_TEXTS[language].items()}


def word_consents(
    own: Mapping[str, str], languages: Collection[str], default_language: str, site_name: str
) -> dict[str, str]:
    """Return the line of consent in every language of a campaign, word for word as its form shows it.

    >>> word_consents({"en": "Yes, write to me."}, ["en", "it"], "en", "Maple")["it"]
    'Maple può inviarmi novità e offerte via e-mail. Posso interromperle in qualsiasi momento.'
    """
    return {
        language: own.get(language) or _word_consent(own, language, default_language).replace("{site}", site_name)
        for language in {*languages, default_language}
    }


def _word_consent(own: Mapping[str, str], language: str, default_language: str) -> str:
    """Return ours in a language, else the owner's first one, else ours in English."""
    ours = UI_TEXTS[language]["consent"] if language in UI_TEXTS else None
    return ours or own.get(default_language) or UI_TEXTS["en"]["consent"]
