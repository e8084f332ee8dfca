"""What addresses that show reviews may ask for."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate

from widget.core.parsing import LanguageTag, Line, QuerySchema, Text
from widget.core.problems import FieldError, InvalidFields
from widget.reviews.listing import SORTS, Wanted
from widget.reviews.models import MAX_PRODUCT_LENGTH
from widget.reviews.schemas import ProductQuery

MAX_LIMIT, MAX_PRODUCTS, MAX_ATTRIBUTES = 50, 50, 10
ATTRIBUTE_PREFIX = "attribute."
_ATTRIBUTE_KEY = re.compile(r"[A-Za-z0-9_-]{1,50}")
_SWITCH = validate.OneOf(("0", "1"))


class Stars(fields.Field[tuple[int, ...]]):
    """Numbers of stars, comma-separated."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> tuple[int, ...]:
        parts = str(value).split(",")
        if not all(re.fullmatch("[1-5]", part) for part in parts):
            raise ValidationError("Must be numbers from 1 to 5, comma-separated.")
        return tuple(sorted({int(part) for part in parts}))


class ProductIds(fields.Field[list[str]]):
    """Products by the store's ids, comma-separated."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> list[str]:
        one = Line(MAX_PRODUCT_LENGTH)
        parts = list(dict.fromkeys(str(value).split(",")))
        if len(parts) > MAX_PRODUCTS:
            raise ValidationError(f"At most {MAX_PRODUCTS} products.")
        return [one.deserialize(part) for part in parts]


class MaybeProduct(Line):
    """One product; an element that names none asks with an empty one."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return super()._deserialize(value, *args, **kwargs) if value else None


class ReviewsQuery(QuerySchema):
    """Which reviews, in which order."""

    product = MaybeProduct(MAX_PRODUCT_LENGTH, load_default=None)
    sort = Text(load_default=None, validate=validate.OneOf(SORTS))
    stars = Stars(load_default=(), metadata={"type": "string", "description": "Such as 1,2"})
    language = LanguageTag(load_default=None)
    photos = Text(load_default="0", validate=_SWITCH)
    verified = Text(load_default="0", validate=_SWITCH)
    cursor = Text(load_default=None, validate=validate.Length(max=300))
    limit = fields.Integer(load_default=10, validate=validate.Range(min=1, max=MAX_LIMIT))
    lang = Text(load_default=None, validate=validate.Length(max=200))


class RenderedQuery(ProductQuery):
    """One product, in the shopper's languages."""

    lang = Text(load_default="", validate=validate.Length(max=200))


class SummariesQuery(QuerySchema):
    """Several products at once."""

    products = ProductIds(required=True, metadata={"type": "string", "description": "Such as POT-03,CUP-01"})
    lang = Text(load_default=None, validate=validate.Length(max=200))


def make_wanted(query: Mapping[str, Any], arguments: Mapping[str, str]) -> Wanted:
    """Return which reviews a query wants, with the attributes among all of its arguments; raise InvalidFields."""
    return Wanted(
        sort=query["sort"] or "newest",
        stars=query["stars"],
        language=query["language"],
        with_photos=query["photos"] == "1",
        verified=query["verified"] == "1",
        attributes=_read_attributes(arguments),
        cursor=query["cursor"],
        limit=query["limit"],
    )


def _read_attributes(arguments: Mapping[str, str]) -> dict[str, str]:
    attributes = {}
    for name, value in arguments.items():
        if not name.startswith(ATTRIBUTE_PREFIX):
            continue
        key = name.removeprefix(ATTRIBUTE_PREFIX)
        if not _ATTRIBUTE_KEY.fullmatch(key) or not 1 <= len(value) <= 60 or not value.isprintable():
            raise InvalidFields(errors=[FieldError(f"#/{ATTRIBUTE_PREFIX}KEY", "Is not an attribute and its value.")])
        attributes[key] = value
    if len(attributes) > MAX_ATTRIBUTES:
        message = f"At most {MAX_ATTRIBUTES} attributes."
        raise InvalidFields(errors=[FieldError(f"#/{ATTRIBUTE_PREFIX}KEY", message)])
    return attributes
