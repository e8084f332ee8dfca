"""What comes in at the shoppers' door of the reviews room and what goes out."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from widget.core.parsing import (
    Flag,
    Identifier,
    LanguageTag,
    Line,
    PageAddress,
    QuerySchema,
    RequestSchema,
    Text,
    WholeNumber,
)
from widget.customers.schemas import EmailAddress, Trap
from widget.reviews.media import MAX_PHOTOS, MAX_VIDEOS
from widget.reviews.models import (
    MAX_BODY_LENGTH,
    MAX_NAME_LENGTH,
    MAX_NOTE_LENGTH,
    MAX_PRODUCT_LENGTH,
    MAX_TITLE_LENGTH,
)
from widget.reviews.rules import RATINGS, REPORT_REASONS, STATES
from widget.reviews.words import tidy_line, tidy_words

MAX_ATTRIBUTES = 50


class Words(Text):
    """What a shopper says: as it was said, composed (NFC) and without invisible control characters."""

    def __init__(self, longest: int, *, is_line: bool = False, **kwargs: Any) -> None:
        self.longest, self.is_line = longest, is_line
        super().__init__(metadata={"maxLength": longest, **kwargs.pop("metadata", {})}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        words = tidy_line(text) if self.is_line else tidy_words(text)
        if len(words) > self.longest:
            raise ValidationError(f"Longer than maximum length {self.longest}.")
        return words


class Attributes(fields.Field[dict[str, Any]]):
    """What is said of the owner's attributes, by their keys; the site's definitions decide what it may be."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> dict[str, Any]:
        if not isinstance(value, dict) or len(value) > MAX_ATTRIBUTES:
            raise ValidationError(f"Must be an object of at most {MAX_ATTRIBUTES} fields.")
        return value


class MediaIn(RequestSchema):
    """A photo or video that was sent before, with the secret that came back; a review's own needs none."""

    id = Identifier(required=True)
    secret = Text(load_default="", validate=validate.Length(max=200))


class WritingIn(RequestSchema):
    """What a review says, first or again. Whether it is verified is no field: the server alone knows."""

    id = Identifier(required=True)
    rating = WholeNumber(required=True, validate=validate.Range(RATINGS[0], RATINGS[-1]))
    title = Words(MAX_TITLE_LENGTH, is_line=True, load_default="")
    body = Words(MAX_BODY_LENGTH, load_default="")
    name = Words(
        MAX_NAME_LENGTH,
        is_line=True,
        load_default="",
        metadata={"description": "Shown in the site's form of names; the customer's name if it is left out"},
    )
    language = LanguageTag(allow_none=True, load_default=None)
    attributes = Attributes(load_default=dict, metadata={"type": "object"})
    elapsed_ms = WholeNumber(allow_none=True, load_default=None, validate=validate.Range(min=0, max=2**31 - 1))
    website = Trap()
    page_url = PageAddress()


class ReviewIn(WritingIn):
    """A new review; without a session it needs the address that will confirm it."""

    email = EmailAddress(allow_none=True, load_default=None)
    media = fields.List(
        fields.Nested(MediaIn()), load_default=list, validate=validate.Length(max=MAX_PHOTOS + MAX_VIDEOS)
    )


class EditIn(WritingIn):
    """A review as its author says it now; `media` left out stay as they are."""

    media = fields.List(
        fields.Nested(MediaIn()),
        allow_none=True,
        load_default=None,
        validate=validate.Length(max=MAX_PHOTOS + MAX_VIDEOS),
    )


class VoteIn(RequestSchema):
    """Whether a reader finds a review helpful; false takes a vote back."""

    helpful = Flag(required=True)


class ReportIn(RequestSchema):
    """Why a reader thinks that a review should not be there."""

    reason = Text(required=True, validate=validate.OneOf(list(REPORT_REASONS)))
    note = Words(MAX_NOTE_LENGTH, load_default="")


class ProductQuery(QuerySchema):
    """The product a review is of, by the store's own id."""

    product = Line(MAX_PRODUCT_LENGTH, required=True)


class OwnReviewOut(Schema):
    """A review as its author sees it."""

    id = fields.UUID()
    product = fields.String()
    state = fields.String(validate=validate.OneOf(list(STATES)))
    hold_reason = fields.String(allow_none=True)
    reject_reason = fields.String(allow_none=True)
    verified = fields.String(allow_none=True)
    incentivized = fields.Boolean()
    rating = fields.Integer()
    title = fields.String()
    body = fields.String()
    name = fields.String()
    language = fields.String(allow_none=True)
    attributes = fields.Dict()
    media = fields.List(fields.Dict())
    revision = fields.Integer()
    written_at = fields.AwareDateTime()
    edited_at = fields.AwareDateTime(allow_none=True)


class VoteOut(Schema):
    """How many readers found a review helpful, and whether this one does."""

    helpful = fields.Integer()
    voted = fields.Boolean()


class ReportOut(Schema):
    """That a report is there; the store looks at it."""

    reported = fields.Boolean()
