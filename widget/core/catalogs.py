"""The catalogs of our own texts: read from their .po files when somebody first wants a language."""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask_babel import Domain, get_locale

TRANSLATIONS_DIR = Path(__file__).resolve().parent.parent / "translations"


def catalog_path(language: str) -> Path:
    """Return where the catalog of a language lies."""
    return TRANSLATIONS_DIR / language / "LC_MESSAGES" / "messages.po"


@cache
def read_translations(language: str) -> NullTranslations:
    """Return the texts of a language, compiled in memory; English is what the code says itself."""
    path = catalog_path(language)
    if not path.exists():
        return NullTranslations()
    with path.open("rb") as file:
        catalog = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled)


class CatalogDomain(Domain):
    """Give Flask-Babel our catalogs: nothing is compiled beforehand, and nothing is written to a disk."""

    def get_translations(self) -> NullTranslations:
        locale = get_locale()
        return NullTranslations() if locale is None else read_translations(locale.language)
