"""Finds what a template says to people without translating it."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from jinja2 import Environment, nodes

TRANSLATING = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
ATTRIBUTES = ("aria-label", "placeholder", "title", "alt", "aria-description")
# What is called the same in every language, or is a sample.
SAME_EVERYWHERE = {"Regulars", "UTC", "px", "CSV", "JSON Lines", "SVG", "PNG", "NPS", "CSAT", "CES"}
SAMPLES = {"https://", "order_placed", "total"}
# A piece of a tag or of a command, which another macro or a sample puts together.
CODE = re.compile(r'.*(?:="|":|</?[a-z]).*', re.DOTALL)
# A name the code uses, a class, an address or a number: no words for people.
SENTENCE = re.compile(r"(?:[A-Z][a-z]+\b|.*[a-z]{2,}[,.;:?!]? [a-z]{2,}).*", re.DOTALL)
LETTERS = re.compile(r"[^\W\d_]{2,}")
ENVIRONMENT = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)


class TextReader(HTMLParser):
    """Collects the texts and the spoken attributes of a page; what Jinja puts in is a gap."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in ("style", "script", "code")
        self.texts += [value or "" for name, value in attrs if name in ATTRIBUTES]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("style", "script", "code")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.texts.append(data)


def find_bare_text(source: str) -> list[str]:
    """Return the words of a template that are not handed to a translating function."""
    reader = TextReader()
    reader.feed(_without_expressions(source))
    reader.close()
    words = [text.strip() for text in reader.texts if LETTERS.search(text)]
    said = [*words, *_list_untranslated_constants(source)]
    return [text for text in said if text.strip(" ·|.") not in SAME_EVERYWHERE | SAMPLES and not CODE.fullmatch(text)]


def _without_expressions(source: str) -> str:
    """Return the template's own text, with a gap for what Jinja puts in."""
    tokens = ENVIRONMENT.lex(source)
    return "".join(text if kind == "data" else " " * kind.endswith("_begin") for _line, kind, text in tokens)


def _list_untranslated_constants(source: str) -> Iterator[str]:
    """Return the texts in expressions that look like words for people."""
    tree = ENVIRONMENT.parse(source)
    translated = {
        id(constant)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in TRANSLATING
        for constant in call.find_all(nodes.Const)
    }
    for constant in tree.find_all(nodes.Const):
        text = constant.value
        if isinstance(text, str) and id(constant) not in translated and SENTENCE.fullmatch(text):
            yield text
