"""Whose export a file of reviews is, told by its headers, and what its columns and cells mean here. Pure."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from widget.core.importing import ERROR_PREFIX
from widget.reviews.import_attributes import KEY
from widget.reviews.import_headers import (
    DERIVED,
    JUDGE_ME,
    LOOX_EXPORT,
    LOOX_IMPORT,
    OKENDO,
    OURS,
    SHOPIFY,
    STAMPED,
    SYNONYMS,
    WOOCOMMERCE,
    YOTPO_EXPORT,
    YOTPO_IMPORT,
)
from widget.reviews.rules import ATTRIBUTE_FACET

Values = dict[str, Any]
# How Yotpo's export names the answers to an owner's own questions.
QUESTION_PREFIX = "cf_Default_form__"
_PLAIN, _MAPPED = "reviews with our own columns", "reviews with a map"


@dataclass(frozen=True)
class Format:
    """One known kind of file: the columns that are taken, and what is particular about it.

    `state_words` are words for a state that mean something else there than elsewhere. `is_as_shown` says that names
    stand there as they are shown. Rows without what `other_without` names are something else than reviews of products.
    """

    title: str
    targets: Mapping[str, str]
    provider: str | None = None
    state_words: Mapping[str, str] = field(default_factory=dict)
    is_as_shown: bool = False
    other_without: str = ""

    def name_column(self, target: str) -> str:
        """Return what a column of ours is called in the file."""
        return next((column for column, ours in self.targets.items() if ours == target), target)


@dataclass(frozen=True)
class _Known:
    """A format and the columns that only it has together."""

    title: str
    provider: str
    marks: frozenset[str]
    targets: Mapping[str, str]
    more: Mapping[str, Any] = field(default_factory=dict)


KNOWN = (
    _Known(
        "Judge.me's export",
        "Judge.me",
        frozenset({"title", "body", "rating", "review_date", "source", "curated", "reviewer_name", "reviewer_email"}),
        JUDGE_ME,
    ),
    _Known(
        "a file made for Judge.me's import",
        "Judge.me",
        frozenset({"title", "body", "rating", "review_date", "reviewer_name", "reviewer_email", "product_handle"}),
        JUDGE_ME,
    ),
    _Known(
        "Loox's export",
        "Loox",
        frozenset({"id", "status", "rating", "nickname", "full_name", "review", "date", "productId"}),
        LOOX_EXPORT,
    ),
    _Known(
        "a file made for Loox's import",
        "Loox",
        frozenset({"product_handle", "product_Id", "rating", "author", "body", "created_at", "photo_url"}),
        LOOX_IMPORT,
    ),
    _Known(
        "Stamped's reviews",
        "Stamped",
        frozenset({"product_id", "productTitle", "photoFilenames", "rating", "author", "body", "created_at"}),
        STAMPED,
    ),
    _Known(
        "Shopify's Product Reviews",
        "Shopify",
        frozenset({"product_handle", "state", "rating", "title", "author", "location", "body", "created_at"}),
        SHOPIFY,
    ),
    _Known("Okendo's reviews", "Okendo", frozenset({"name", "body", "rating", "dateCreated"}), OKENDO),
    _Known(
        "a file made for Yotpo's import",
        "Yotpo",
        frozenset({"Review Creation Date", "Review Content", "Review Score", "Reviewer Email"}),
        YOTPO_IMPORT,
        {"other_without": "product"},
    ),
    _Known(
        "Yotpo's export",
        "Yotpo",
        frozenset({"review_title", "review_content", "review_score", "date", "product_id", "display_name"}),
        YOTPO_EXPORT,
        {"other_without": "product"},
    ),
    _Known(
        "WooCommerce's reviews, as WebToffee writes them",
        "WooCommerce",
        frozenset({"comment_ID", "comment_post_ID", "comment_author", "comment_content", "comment_approved", "rating"}),
        WOOCOMMERCE,
        {"other_without": "rating", "state_words": {"0": "pending"}},
    ),
)


def recognise(columns: Sequence[str], mapping: Mapping[str, str]) -> Format:
    """Return the kind of file that has these columns; what a map says of a column holds for every kind.

    >>> loox = "id,status,rating,email,nickname,full_name,review,date,productId,handle,img".split(",")
    >>> recognise(loox, {}).title, recognise(loox, {"productId": ""}).targets["handle"]
    ("Loox's export", 'handle')
    >>> recognise(["product", "rating", "body"], {}).title, recognise(["Stars"], {"Stars": "rating"}).title
    ('reviews with our own columns', 'reviews with a map')
    """
    names = set(columns)
    known = next((known for known in KNOWN if known.marks <= names), None)
    if known is None:
        targets = {name: name_target(name, mapping) for name in columns}
        is_ours = not columns or {"id", "product", "state", "written_at"} <= names
        form = Format(_MAPPED if mapping else _PLAIN, targets, is_as_shown=is_ours)
    else:
        targets = {name: known.targets.get(name, "") or _name_question(name) for name in columns}
        targets |= {name: name_target(name, mapping) for name in columns if name in mapping}
        form = Format(known.title, targets, known.provider, **known.more)
    return replace(form, targets={name: target for name, target in targets.items() if target})


def name_target(column: str, mapping: Mapping[str, str]) -> str:
    """Return what a column is here by a map and its own name, empty where it is nothing.

    >>> name_target("Stars", {"Stars": "rating"}), name_target("Body", {}), name_target("attribute.fit", {})
    ('rating', 'body', 'attribute.fit')
    >>> name_target("Body", {"Body": ""}), name_target("Age", {})
    ('', '')
    """
    if column in mapping:
        return mapping[column]
    if column.startswith(ERROR_PREFIX):
        return ""
    if column.startswith(ATTRIBUTE_FACET):
        return column
    plain = column.strip().lower().replace(" ", "_")
    return plain if plain in OURS else SYNONYMS.get(plain, "")


def is_target(name: str) -> bool:
    """Tell whether a column may be called so here.

    >>> is_target("rating"), is_target("attribute.fit"), is_target("attribute."), is_target("stars")
    (True, True, False, False)
    """
    key = name.removeprefix(ATTRIBUTE_FACET)
    return name in OURS or (key != name and KEY.fullmatch(key) is not None)


def list_left_out(form: Format, columns: Sequence[str], mapping: Mapping[str, str]) -> list[str]:
    """Return the columns of a file that are not taken and that nobody asked to leave out.

    >>> list_left_out(recognise(["product", "rating", "age"], {}), ["product", "rating", "age", "revision"], {})
    ['age']
    """
    return [
        name
        for name in columns
        if name and name not in form.targets and mapping.get(name) != ""
        if not name.startswith(ERROR_PREFIX) and (form.provider or name not in DERIVED)
    ]


def _name_question(column: str) -> str:
    """Return what the answers to an owner's own question are here: an attribute, its key made from the words."""
    if not column.startswith(QUESTION_PREFIX):
        return ""
    question = column.removeprefix(QUESTION_PREFIX)
    key = re.sub(r"[^a-z0-9]+", "_", question.lower())[:30].strip("_")
    if not KEY.fullmatch(key):
        key = f"q_{hashlib.sha256(question.encode()).hexdigest()[:8]}"
    return ATTRIBUTE_FACET + key
