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
    old = read_catalog(language)
    new = Catalog(locale=language, header_comment=old.header_comment, charset="utf-8")
    for message in wanted:
        if not message.id:
            continue
        known = old.get(message.id, message.context)
        text = known.string if known is not None and not known.fuzzy else None
        files = sorted({(name, None) for name, _line in message.locations})
        new.add(message.id, text, files, context=message.context)
    body = BytesIO()
    write_po(body, new, width=118, omit_header=True, include_lineno=False)
    header = "\n".join(line.rstrip() for line in old.header_comment.splitlines())
    plural = f'"Plural-Forms: {new.plural_forms}\\n"'
    start = f'{header}\nmsgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    path.write_text(f"{start}{plural}\n\n{body.getvalue().decode().strip()}\n", encoding="utf-8")
    return list(list_untranslated(new))


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
