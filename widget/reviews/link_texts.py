"""What the pages behind links and the mails of this room say."""

from widget.core.shopper_languages import choose_language
from widget.reviews.link_languages import ar, de, en, es, fr, it
from widget.reviews.link_languages import id as indonesian

LINK_TEXTS: dict[str, dict[str, str]] = {
    "en": en.LINK,
    "it": it.LINK,
    "id": indonesian.LINK,
    "es": es.LINK,
    "fr": fr.LINK,
    "de": de.LINK,
    "ar": ar.LINK,
}


def choose_texts(wanted: str, site_name: str) -> tuple[str, dict[str, str]]:
    """Return the first of the wanted languages that we speak, and its texts with the store's name in them.

    >>> language, ui = choose_texts("tlh,it-IT", "Maple")
    >>> language, ui["pending_text"]
    ('it', 'Maple legge la tua recensione prima che compaia.')
    """
    language = choose_language(wanted, "en", LINK_TEXTS)
    return language, {name: text.replace("{site}", site_name) for name, text in LINK_TEXTS[language].items()}
