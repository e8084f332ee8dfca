"""How a site takes and shows reviews: what may be set, and changing it.

No setting knows stars: whether a review is held, rewarded or asked for cannot depend on what it says.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate
from sqlalchemy import select

from widget.core.db import db, insert_unless_known
from widget.core.parsing import Flag, RequestSchema, Text
from widget.reviews.attributes import MAX_ATTRIBUTES, TYPES, check_definitions
from widget.reviews.reader_models import ReviewSettings
from widget.reviews.rules import NAME_FORMS
from widget.sites.models import Site
from widget.sites.service import publish_change

MODERATIONS = ("publish", "hold")
DEFAULT_SORTS = ("newest", "helpful")
NAMES = ("moderation", "allows_unsigned", "allows_photos", "allows_video", "name_form", "default_sort", "attributes")


class AttributeDefinitions(fields.Field[list[dict[str, Any]]]):
    """The definitions of what is asked beyond stars."""

    def __init__(self, **kwargs: Any) -> None:
        described = {
            "type": "array",
            "maxItems": MAX_ATTRIBUTES,
            "items": {"type": "object", "required": ["key", "type", "labels"],
                      "properties": {"type": {"enum": list(TYPES)}}},
        }  # fmt: skip
        super().__init__(metadata=described, **kwargs)

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> list[dict[str, Any]]:
        # Raises InvalidFields itself: its pointers reach deeper than messages of a field can.
        return check_definitions(value)


class ReviewSettingsIn(RequestSchema):
    """What may be set of a site's reviews; what is left out stays as it is."""

    moderation = Text(validate=validate.OneOf(MODERATIONS))
    allows_unsigned = Flag()
    allows_photos = Flag()
    allows_video = Flag()
    name_form = Text(validate=validate.OneOf(NAME_FORMS))
    default_sort = Text(validate=validate.OneOf(DEFAULT_SORTS))
    attributes = AttributeDefinitions()


def change_settings(site_id: uuid.UUID, changes: Mapping[str, Any]) -> ReviewSettings:
    """Change how a site takes and shows reviews, and let store pages notice; raise InvalidFields."""
    values = dict(changes)
    if "attributes" in values:
        values["attributes"] = check_definitions(values["attributes"])
    if unknown := values.keys() - set(NAMES):
        raise ValueError(f"no settings of reviews: {', '.join(sorted(unknown))}")
    made = {"site_id": site_id, "moderation": "publish", "attributes": []}
    db.session.execute(insert_unless_known(ReviewSettings).on_conflict_do_nothing(), made)
    row = db.session.scalars(
        select(ReviewSettings)
        .where(ReviewSettings.site_id == site_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    for name, value in values.items():
        setattr(row, name, value)
    publish_change(db.session.get_one(Site, site_id))
    return row


def describe_settings(settings: ReviewSettings) -> dict[str, Any]:
    """Return a site's settings as the schema would load them."""
    return {name: getattr(settings, name) for name in NAMES}
