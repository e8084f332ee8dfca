"""What the store's server says of reviews and what it gets."""

from marshmallow import Schema, fields, validate

from widget.core.parsing import Line, QuerySchema, RequestSchema, Text
from widget.reviews.models import MAX_BODY_LENGTH, MAX_NAME_LENGTH, MAX_NOTE_LENGTH
from widget.reviews.moderation import MAX_INCENTIVE_LENGTH
from widget.reviews.owner_filters import FLAGS, SOURCES, UNCONFIRMED
from widget.reviews.rules import REJECT_REASONS, STATES


class DocumentedReviewFilter(QuerySchema):
    """The filter as the document shows it; `owner_filters.py` reads it from the address."""

    class Meta:
        unknown = "exclude"

    state = Text(validate=validate.OneOf((*STATES, UNCONFIRMED)))
    source = Text(validate=validate.OneOf(SOURCES))
    stars = Text(metadata={"description": "Such as `1,2`", "pattern": "^[1-5](,[1-5])*$"})
    product = Text(metadata={"description": "A product's id, or a part of its title"})
    customer = Text(metadata={"description": "The store's id of a customer, or an e-mail address"})
    language = Text()
    q = Text(metadata={"description": "A part of the title, the text, the author's name or e-mail address"})
    verified, photos, reported, suspicious, featured, incentivized = (
        Text(validate=validate.OneOf(["1"]), metadata={"description": f"Only those that are {name}"}) for name in FLAGS
    )


class RejectionIn(RequestSchema):
    """Why a review is hidden. There is no reason "negative"."""

    reason = Text(required=True, validate=validate.OneOf(REJECT_REASONS))
    note = Text(allow_none=True, load_default=None, validate=validate.Length(max=MAX_NOTE_LENGTH))


class ReplyIn(RequestSchema):
    """The store's public answer."""

    body = Text(required=True, validate=validate.Length(min=1, max=MAX_BODY_LENGTH))
    author_name = Line(MAX_NAME_LENGTH, metadata={"description": "The site's name unless it is said"})


class IncentiveIn(RequestSchema):
    """What the author was given for the review."""

    incentive = Line(MAX_INCENTIVE_LENGTH, required=True)


class ReplyOut(Schema):
    """The store's public answer."""

    body = fields.String()
    author_name = fields.String()
    replied_at = fields.AwareDateTime()
    edited_at = fields.AwareDateTime(allow_none=True)


class ReviewEventOut(Schema):
    """One step in a review's life."""

    number = fields.Integer()
    kind = fields.String()
    actor = fields.String()
    reason = fields.String(allow_none=True)
    before = fields.Dict()
    after = fields.Dict()
    happened_at = fields.AwareDateTime()
    digest = fields.String()


class StoredReviewOut(Schema):
    """One review as the store sees it. `verified` says how the purchase is known: only the server sets it."""

    id = fields.UUID()
    product_id = fields.String()
    rating = fields.Integer()
    title = fields.String()
    body = fields.String()
    author_name = fields.String()
    email = fields.String(allow_none=True)
    customer = fields.String(allow_none=True, metadata={"description": "The store's own id; null for a guest"})
    language = fields.String(allow_none=True)
    attributes = fields.Dict()
    state = fields.String(validate=validate.OneOf(STATES))
    hold_reason = fields.String(allow_none=True)
    reject_reason = fields.String(allow_none=True)
    flags = fields.List(fields.String())
    verified = fields.String(allow_none=True, attribute="verified_by", validate=validate.OneOf(["order", "import"]))
    is_incentivized = fields.Boolean()
    incentive = fields.String(allow_none=True)
    is_featured = fields.Boolean()
    source = fields.String(validate=validate.OneOf(SOURCES))
    provider = fields.String(allow_none=True)
    photos = fields.Integer()
    videos = fields.Integer()
    helpful = fields.Integer()
    reports = fields.Integer()
    revision = fields.Integer()
    written_at = fields.AwareDateTime()
    published_at = fields.AwareDateTime(allow_none=True)
    edited_at = fields.AwareDateTime(allow_none=True)
    reply = fields.Nested(ReplyOut(), allow_none=True)


class StoredReviewsOut(Schema):
    """One page of reviews, the last written first."""

    items = fields.List(fields.Nested(StoredReviewOut()))
    next_cursor = fields.String(allow_none=True)


class ReviewWithHistoryOut(StoredReviewOut):
    """One review with every step of its life; `altered_at` is the first step that is not as it was noted."""

    history = fields.List(fields.Nested(ReviewEventOut()))
    altered_at = fields.Integer(allow_none=True)


class RateOut(Schema):
    """How many reviews were published of those that were decided."""

    published = fields.Integer()
    decided = fields.Integer()


class RatesOut(Schema):
    """The same of few stars (1, 2) and of many (4, 5)."""

    low = fields.Nested(RateOut())
    high = fields.Nested(RateOut())


class ReviewCountsOut(Schema):
    """What became of the reviews received."""

    received = fields.Integer()
    published = fields.Integer()
    pending = fields.Integer()
    hidden = fields.Dict(keys=fields.String(), values=fields.Integer())
    rates = fields.Nested(RatesOut())
    is_suppressing = fields.Boolean()


class ReviewedProductOut(Schema):
    """A product with the summary of its published reviews; `average` is null without any."""

    product_id = fields.String()
    title = fields.String(allow_none=True)
    url = fields.String(allow_none=True)
    image_url = fields.String(allow_none=True)
    brand = fields.String(allow_none=True)
    sku = fields.String(allow_none=True)
    gtin = fields.String(allow_none=True)
    mpn = fields.String(allow_none=True)
    reviews = fields.Integer()
    average = fields.Float(allow_none=True)
    stars = fields.Dict(keys=fields.String(), values=fields.Integer())
    with_photos = fields.Integer()
    verified = fields.Integer()


class ReviewSettingsOut(Schema):
    """How the site takes and shows reviews."""

    moderation = fields.String()
    allows_unsigned = fields.Boolean()
    allows_photos = fields.Boolean()
    allows_video = fields.Boolean()
    name_form = fields.String()
    default_sort = fields.String()
    attributes = fields.List(fields.Dict())
