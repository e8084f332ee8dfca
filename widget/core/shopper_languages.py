"""The languages shoppers read: their names, their direction, and which of those offered a browser wants."""

from collections.abc import Collection

LANGUAGE_NAMES = {
    "en": "English",
    "it": "Italiano",
    "id": "Bahasa Indonesia",
    "es": "Español",
    "fr": "Français",
    "de": "Deutsch",
    "ar": "العربية",
    "bg": "Български",
    "ca": "Català",
    "cs": "Čeština",
    "da": "Dansk",
    "el": "Ελληνικά",
    "et": "Eesti",
    "fa": "فارسی",
    "fi": "Suomi",
    "he": "עברית",
    "hi": "हिन्दी",
    "hr": "Hrvatski",
    "hu": "Magyar",
    "ja": "日本語",
    "ko": "한국어",
    "lt": "Lietuvių",
    "lv": "Latviešu",
    "ms": "Bahasa Melayu",
    "nb": "Norsk bokmål",
    "nl": "Nederlands",
    "pl": "Polski",
    "pt": "Português",
    "ro": "Română",
    "ru": "Русский",
    "sk": "Slovenčina",
    "sl": "Slovenščina",
    "sr": "Српски",
    "sv": "Svenska",
    "th": "ไทย",
    "tr": "Türkçe",
    "uk": "Українська",
    "ur": "اردو",
    "vi": "Tiếng Việt",
    "zh": "中文",
}
RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
# Some browsers still send the codes that these languages had before 1989.
_OLD_CODES = {"in": "id", "iw": "he", "ji": "yi"}


def choose_language(wanted: str, default: str, offered: Collection[str]) -> str:
    """Return the first language of a comma-separated wish list that is offered, else the default.

    >>> choose_language("fr-FR,it-IT,en", "en", ["en", "it"]), choose_language("in", "en", ["en", "id"])
    ('it', 'id')
    >>> choose_language("fr", "id", ["id"])
    'id'
    """
    for tag in wanted.split(","):
        primary = tag.strip().lower().replace("_", "-").partition("-")[0]
        language = _OLD_CODES.get(primary, primary)
        if language in offered:
            return language
    return default
