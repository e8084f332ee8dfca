"""Which words an element asks for."""

from marshmallow import validate

from widget.core.parsing import QuerySchema, Text


class ReviewContentQuery(QuerySchema):
    """The shopper's languages, most wanted first, comma-separated."""

    lang = Text(load_default="", validate=validate.Length(max=200))
