"""What shoppers say and are told of contests."""

import re

from marshmallow import Schema, fields, validate

from widget.core.parsing import Identifier, RequestSchema, Text

MAX_LINK_LENGTH = 500
# No user before the host, no blank, and nothing that a browser would read as another address.
LINK = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?([/?#][!-\[\]-~]*)?\Z")


class ContestEntryIn(RequestSchema):
    """Where a customer's picture is, under an id that the browser drew."""

    id = Identifier(required=True)
    link = Text(
        required=True,
        validate=validate.And(
            validate.Length(max=MAX_LINK_LENGTH),
            validate.Regexp(LINK, error="Must be an address that begins with https://."),
        ),
    )


class ContestEntryOut(Schema):
    id = fields.UUID(required=True)
    contest = fields.UUID(required=True)
    link = fields.String(required=True)
    state = fields.String(required=True)


class ContestWinnerOut(Schema):
    """The entry that was drawn, and its customer by the first letter of the name."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)


class ContestOut(Schema):
    """A contest; with the winner come the seed and the entries among which it drew."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    hashtag = fields.String(required=True)
    prize = fields.String(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    is_open = fields.Boolean(required=True)
    seed_hash = fields.String(required=True)
    entry = fields.Nested(ContestEntryOut, allow_none=True)
    seed = fields.String(allow_none=True)
    entries = fields.List(fields.UUID)
    winner = fields.Nested(ContestWinnerOut, allow_none=True)
