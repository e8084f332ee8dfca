"""The catalogs of the owners' languages, compared with the code; `make translations` brings them up to it."""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from widget.core.catalogs import catalog_path
from widget.core.languages import LANGUAGES

REPOSITORY = Path(__file__).resolve().parents[2]
CATALOG_LANGUAGES = tuple(language for language in LANGUAGES if language != "en")
# `_l` translates when it is shown, `mark` when somebody else does.
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "mark": None}
METHODS = {
    "widget": [("**.py", "python")],
    "templates": [("**.html", "jinja2"), ("**.txt", "jinja2")],
}
# A template that does not parse must not lose its messages silently.
OPTIONS = {"**.html": {"silent": "false"}, "**.txt": {"silent": "false"}}


def extract_messages() -> Catalog:
    """Return every message of the code with the files it stands in."""
    catalog = Catalog(project="Regulars", charset="utf-8")
    for folder, methods in METHODS.items():
        for name, _line, message, _comments, context in sorted(
            extract_from_dir(REPOSITORY / folder, methods, OPTIONS, KEYWORDS), key=lambda found: (found[0], found[1])
        ):
            catalog.add(message, None, [(f"{folder}/{name}", 1)], context=context)
    return catalog


def read_catalog(language: str) -> Catalog:
    """Return the catalog of a language as it is written."""
    with catalog_path(language).open("rb") as file:
        return read_po(file, locale=language)


def update_catalog(language: str, wanted: Catalog) -> list[Message]:
    """Bring a catalog up to the code: new messages are added, old ones go; return the untranslated."""
    path = catalog_path(language)
    catalog = read_catalog(language)
    ids = {(message.id, message.context) for message in wanted}
    for message in list(catalog):
        if message.id and (message.id, message.context) not in ids:
            catalog.delete(message.id, message.context)
    for message in wanted:
        if message.id:
            known = catalog.get(message.id, message.context) or catalog.add(message.id, context=message.context)
            known.locations = sorted({(name, None) for name, _line in message.locations})
    body = BytesIO()
    write_po(body, catalog, width=118, omit_header=True, include_lineno=False, sort_by_file=True)
    path.write_text(f"{_write_header(catalog)}\n\n{body.getvalue().decode().strip()}\n", encoding="utf-8")
    return list(list_untranslated(catalog))


def _write_header(catalog: Catalog) -> str:
    """Return the head of a catalog without dates and names, which would differ at every run."""
    values = ("Content-Type: text/plain; charset=utf-8", f"Plural-Forms: {catalog.plural_forms}")
    lines = [f"Language: {catalog.locale}", *values]
    return "\n".join([catalog.header_comment, 'msgid ""', 'msgstr ""', *(f'"{line}\\n"' for line in lines)])


def list_untranslated(catalog: Catalog) -> Iterator[Message]:
    """Return the messages that lack a text, or a form of it."""
    for message in catalog:
        texts = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        if message.id and (message.fuzzy or not all(texts)):
            yield message


if __name__ == "__main__":
    extracted = extract_messages()
    for language_code in CATALOG_LANGUAGES:
        for untranslated in update_catalog(language_code, extracted):
            sys.stdout.write(f"{language_code} lacks: {untranslated.id}\n")
