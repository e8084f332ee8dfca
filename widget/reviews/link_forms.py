"""The form of a review on a page of ours: what it said, what is wrong with it, and what it shows."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from widget.core.problems import InvalidFields
from widget.reviews.attributes import SCALE, check_values, label_of
from widget.reviews.models import MAX_BODY_LENGTH, MAX_NAME_LENGTH, MAX_TITLE_LENGTH, Review
from widget.reviews.rules import RATINGS
from widget.reviews.words import digest_submission, tidy_line, tidy_words

Definitions = Sequence[Mapping[str, Any]]
LIMITS = {"title": MAX_TITLE_LENGTH, "body": MAX_BODY_LENGTH, "name": MAX_NAME_LENGTH}
# A review that is said by a form has no more than this beside its words.
_UNSAID: Mapping[str, Any] = {"language": None, "elapsed_ms": None, "website": None, "media": None}


def read_form(form: "MultiDict[str, str]", place: int, definitions: Definitions) -> dict[str, Any]:
    """Return what the form says at a place: what `schemas.WritingIn` reads, but its id."""
    said: dict[str, Any] = {
        "rating": read_stars(form.get(f"{place}.rating")),
        "title": tidy_line(form.get(f"{place}.title", "")),
        "body": tidy_words(form.get(f"{place}.body", "")),
        "name": tidy_line(form.get("name", "")),
        "attributes": {},
    }
    for definition in definitions:
        value = form.get(f"{place}.{definition['key']}")
        if value:
            is_number = definition["type"] == "scale" and value.isascii() and value.isdecimal() and len(value) == 1
            said["attributes"][definition["key"]] = int(value) if is_number else value
    return {**_UNSAID, **said}


def read_stars(text: str | None) -> int | None:
    """Return the stars an address or a form names, None for anything else."""
    return int(text) if text and text in {str(stars) for stars in RATINGS} else None


def is_empty(said: Mapping[str, Any]) -> bool:
    """Tell whether nothing is said of a product."""
    return not (said["rating"] or said["title"] or said["body"] or said["attributes"])


def find_errors(said: Mapping[str, Any], definitions: Definitions) -> dict[str, str]:
    """Return the names of what is wrong or missing, with the key of the text that says so."""
    errors = {name: "too_long" for name, limit in LIMITS.items() if len(said[name]) > limit}
    if said["rating"] is None:
        errors["rating"] = "rating_first"
    try:
        check_values(definitions, said["attributes"])
    except InvalidFields as problem:
        errors |= {error.pointer.rpartition("/")[2]: "check" for error in problem.errors}
    return errors


def make_edit_id(review: Review, said: Mapping[str, Any], revision: str) -> uuid.UUID:
    """Return the id of an edit that a form says: sent twice it is one, said otherwise it is another."""
    return uuid.uuid5(review.id, f"{revision[:10]} {digest_submission(review.product_id, said)}")


def said_by(review: Review) -> dict[str, Any]:
    """Return what a review says, for its form."""
    words = {name: getattr(review, name) for name in ("rating", "title", "body", "attributes")}
    return {**words, "name": review.author_name}


def describe_attributes(definitions: Definitions, language: str) -> list[dict[str, Any]]:
    """Return the owner's attributes as a form shows them in a language."""
    described = []
    for definition in definitions:
        if definition["type"] == "scale":
            choices = [{"id": str(step), "label": str(step)} for step in SCALE]
        else:
            choices = [
                {"id": choice["id"], "label": label_of(choice["labels"], language)} for choice in definition["choices"]
            ]
        ends = {end: label_of(definition.get(end) or {}, language) for end in ("low", "high")}
        labelled = {"label": label_of(definition["labels"], language), "choices": choices}
        described.append({"key": definition["key"], "type": definition["type"], **labelled, **ends})
    return described
