"""What the page behind a link and the mail that carries it say beside the survey's own texts."""

from widget.invitations.languages import ar, de, en, es, fr, it
from widget.invitations.languages import id as indonesian

LINK_TEXTS: dict[str, dict[str, str]] = {
    "en": en.LINK,
    "it": it.LINK,
    "id": indonesian.LINK,
    "es": es.LINK,
    "fr": fr.LINK,
    "de": de.LINK,
    "ar": ar.LINK,
}


def link_texts(language: str) -> dict[str, str]:
    """Return the texts in a language, in English where we do not speak it.

    >>> link_texts("it")["continue"], link_texts("tlh")["continue"]
    ('Continua', 'Continue')
    """
    return LINK_TEXTS.get(language, LINK_TEXTS["en"])
