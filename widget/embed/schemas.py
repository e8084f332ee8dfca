"""What a browser sends to open a session and what it gets."""

from marshmallow import Schema, fields, validate

from widget.core.parsing import RequestSchema, Text


class SessionIn(RequestSchema):
    """The tokens a browser has; `nonce` tells one browser from another where nothing can be stored."""

    visitor_token = Text(allow_none=True, load_default=None, validate=validate.Length(max=1000))
    customer_token = Text(allow_none=True, load_default=None, validate=validate.Length(max=8000))
    nonce = Text(allow_none=True, load_default=None, validate=validate.Length(min=16, max=100))


class SessionOut(Schema):
    """The tokens a browser gets; `session_token` and what follows only for a customer.

    Times are milliseconds since 1970, by survey: when it asked, was answered, or is due by an event of the store.
    """

    visitor_token = fields.String()
    session_token = fields.String()
    expires_at = fields.AwareDateTime()
    asked = fields.Dict(keys=fields.String(), values=fields.Integer())
    asked_at = fields.Integer(metadata={"description": "When any survey asked the customer last"})
    answered = fields.Dict(keys=fields.String(), values=fields.Integer())
    allowed = fields.List(
        fields.String(), metadata={"description": "Surveys for certain segments that may ask this customer"}
    )
    events = fields.Dict(keys=fields.String(), values=fields.Integer())
    popups = fields.List(
        fields.String(),
        metadata={"description": "Campaigns for certain customers that may open for this one"},
    )
    subscribed = fields.Boolean(metadata={"description": "That the customer has confirmed an address to send news to"})
