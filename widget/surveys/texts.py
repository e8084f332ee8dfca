"""What a survey says in a shopper's language: the owner's wording, and the default one where there is none."""

from collections.abc import Collection, Mapping
from typing import Any

from widget.surveys.languages import ar, de, en, es, fr, it
from widget.surveys.languages import id as indonesian
from widget.surveys.rules import SCORES

_BUILT_IN = {"en": en, "it": it, "id": indonesian, "es": es, "fr": fr, "de": de, "ar": ar}
# The languages that have default texts; a survey may be offered in others, with texts of its owner's.
LANGUAGES = tuple(_BUILT_IN)

UI_TEXTS: dict[str, dict[str, str]] = {language: module.UI for language, module in _BUILT_IN.items()}
SURVEY_TEXTS: dict[str, dict[str, dict[str, Any]]] = {
    kind: {language: module.SURVEYS[kind] for language, module in _BUILT_IN.items()} for kind in SCORES
}


class Wording:
    """A survey's texts in one language; each is looked for by itself.

    It is the owner's in this language, else the owner's in the default language, else ours in this language,
    else ours in English.

    >>> Wording("nps", "it", "en", {"en": {"thanks": {"passive": "Ta!"}}}).find("thanks", "passive")
    'Ta!'
    >>> Wording("nps", "it", "en", {}).find("low_label"), Wording("nps", "it", "en", {}).find("hint")
    ('Per niente probabile', None)
    """

    def __init__(self, kind: str, language: str, default_language: str, own: Mapping[str, Any]) -> None:
        self.language = language
        self._own = [own.get(language, {}), own.get(default_language, {})]
        self._built_in = [
            {**SURVEY_TEXTS[kind][known], "ui": UI_TEXTS[known]} for known in (language, "en") if known in LANGUAGES
        ]

    def find(self, *path: str) -> Any:
        """Return a text, or None where nobody has written it."""
        for texts in (*self._own, *self._built_in):
            text = find_text(texts, path)
            if text:
                return text
        return None

    def find_all(self, name: str, keys: Collection[str]) -> dict[str, str]:
        """Return the texts of a group by their keys, without those that there are not."""
        found = {key: self.find(name, key) for key in keys}
        return {key: text for key, text in found.items() if text}


def find_text(texts: Any, path: Collection[str]) -> Any:
    """Return the text at a path, or None where the path ends early.

    >>> find_text({"thanks": {"all": "Thanks!"}}, ("thanks", "all")), find_text({}, ("thanks", "all"))
    ('Thanks!', None)
    """
    for name in path:
        texts = texts.get(name) if isinstance(texts, Mapping) else None
    return texts
