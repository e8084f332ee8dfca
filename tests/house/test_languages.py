"""Whatever owners read is in the catalogs of their languages, whole and with the same placeholders."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from tests.house.bare_text import find_bare_text
from tests.house.catalogs import CATALOG_LANGUAGES, extract_messages, list_untranslated, read_catalog
from tests.house.source import WIDGET, name_of, parse
from widget.core.details import knows

TEMPLATES = WIDGET.parent / "templates"
SCRIPTS = WIDGET.parent / "static" / "js" / "dashboard"
# Shoppers read these in the survey's languages, developers in English.
_LINKS = ("invitations/links/", "invitations/emails/", "reviews/links/", "reviews/emails/")
NOT_FOR_OWNERS = ("demo/", "operations/", *_LINKS)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}")
# Whose refusals owners may meet in a page; what machines alone send is answered in English.
RULES = (
    "core/parsing.py",
    "coupons/code_lists.py",
    "coupons/schemas.py",
    "coupons/service.py",
    "editor/forms.py",
    "intake/bodies.py",
    "intake/platform_events.py",
    "intake/reading.py",
    "intake/shopify.py",
    "intake/shopify_refunds.py",
    "intake/woocommerce.py",
    "invitations/schemas.py",
    "invitations/service.py",
    "surveys/definitions.py",
    "surveys/desk.py",
    "surveys/filters.py",
    "insights/conditions.py",
    "insights/segments.py",
    "surveys/setting_fields.py",
    "surveys/settings.py",
    "surveys/value_checks.py",
    "surveys/versions.py",
    "surveys/wording.py",
    "loyalty/account_filters.py",
    "loyalty/field_checks.py",
    "loyalty/program_checks.py",
    "loyalty/program_parts.py",
    "loyalty/program_service.py",
    "loyalty/redating.py",
    "loyalty/report_days.py",
    "loyalty/reward_schemas.py",
    "loyalty/reward_service.py",
    "loyalty/tier_pins.py",
    "popups/campaign_checks.py",
    "popups/lead_pages.py",
    "orders/filters.py",
    "orders/rate_files.py",
    "reports/comparing.py",
    "reports/service.py",
    "reviews/answering.py",
    "reviews/attributes.py",
    "reviews/bulk.py",
    "reviews/moderation.py",
    "reviews/owner_filters.py",
    "reviews/products.py",
)


@pytest.fixture(scope="module")
def wanted() -> Catalog:
    return extract_messages()


def list_owner_templates() -> list[Path]:
    return [
        path
        for path in sorted((*TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.txt")))
        if not path.relative_to(TEMPLATES).as_posix().startswith(NOT_FOR_OWNERS)
    ]


def placeholders_of(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def has_other_placeholders(message: Message) -> bool:
    """Tell whether a text leaves out what its message says, or says more."""
    texts = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    messages = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
    known = [placeholders_of(each) for each in messages]
    return any(placeholders_of(text) not in known for text in texts)


@pytest.mark.parametrize("language", CATALOG_LANGUAGES)
def test_every_message_is_in_the_catalog_and_no_other(language: str, wanted: Catalog) -> None:
    in_code = {message.id for message in wanted if message.id}
    in_catalog = {message.id for message in read_catalog(language) if message.id}
    assert in_code - in_catalog == set(), "make translations"
    assert in_catalog - in_code == set(), "make translations"


@pytest.mark.parametrize("language", CATALOG_LANGUAGES)
def test_every_message_is_translated(language: str) -> None:
    assert not [message.id for message in list_untranslated(read_catalog(language))]


@pytest.mark.parametrize("language", CATALOG_LANGUAGES)
def test_translations_keep_the_placeholders(language: str) -> None:
    messages = [message for message in read_catalog(language) if message.id]
    assert not [message.id for message in messages if has_other_placeholders(message)]


@pytest.mark.parametrize("language", CATALOG_LANGUAGES)
def test_translations_end_as_their_messages_do(language: str) -> None:
    """A full stop that one of them lacks is a sentence put together wrongly."""
    for message in read_catalog(language):
        if message.id and isinstance(message.id, str):
            assert message.id.endswith((".", "?", ":")) == str(message.string).endswith((".", "?", ":")), message.id


@pytest.mark.parametrize("language", CATALOG_LANGUAGES)
def test_translations_bring_no_markup_of_their_own(language: str) -> None:
    """Templates put them into pages and into attributes as they are."""
    for message in read_catalog(language):
        texts = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        new = [mark for text in texts for mark in '<>&"' if mark in str(text) and mark not in str(message.id)]
        assert not message.id or not new, message.id


@pytest.mark.parametrize("path", list_owner_templates(), ids=lambda path: path.relative_to(TEMPLATES).as_posix())
def test_template_says_nothing_in_bare_english(path: Path) -> None:
    assert find_bare_text(path.read_text(encoding="utf-8")) == []


def list_sentences(path: Path) -> Iterator[str]:
    """Return the whole sentences a module says, with an x for what differs from time to time."""
    parts = {id(node) for tree in ast.walk(parse(path)) for node in _parts_of(tree)}
    for node in ast.walk(parse(path)):
        if id(node) in parts:
            continue
        text = _text_of(node)
        if re.fullmatch(r"[A-Z][^\n]* [^\n]*\.", text):
            yield text


def _parts_of(node: ast.AST) -> list[ast.expr]:
    """Return what is no sentence of its own: docstrings, pieces of other texts, what is told to developers."""
    if isinstance(node, ast.Expr):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return node.values
    if isinstance(node, ast.keyword) and node.arg == "metadata":
        return [child for child in ast.walk(node.value) if isinstance(child, ast.expr)]
    return []


def _text_of(node: ast.AST) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
    return ""


@pytest.mark.parametrize("name", RULES)
def test_what_rules_refuse_can_be_said_in_the_owners_languages(name: str) -> None:
    path = WIDGET / name
    assert not [f"{name_of(path)}: {text}" for text in list_sentences(path) if not knows(text)]


@pytest.mark.parametrize("path", sorted(SCRIPTS.glob("*.js")), ids=lambda path: path.name)
def test_script_takes_its_words_from_the_page(path: Path) -> None:
    code = re.sub(r"^\s*//.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    texts = [text for _mark, text in re.findall(r"([\"'`])((?:(?!\1).)*)\1", code)]
    assert [text for text in texts if re.search(r"[A-Za-z]{2,} [a-z]{2,}|^[A-Z][a-z]+$", text)] == []
