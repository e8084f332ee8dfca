"""What is said of actions that earn points."""

from typing import Any

from marshmallow import ValidationError, fields, validates

from widget.core.parsing import Line, RequestSchema
from widget.loyalty.program import NAMED_ACTION

MAX_ACTION_ID = 100


class _NamedAction(RequestSchema):
    PREFIX = ""

    action = Line(60, required=True)

    @validates("action")
    def _require_name(self, value: str, **_: Any) -> None:
        if not NAMED_ACTION.fullmatch(value) or not value.startswith(self.PREFIX):
            raise ValidationError(f"Must be {self.PREFIX} and 1 to 40 of a-z, 0-9, _ and -.")


class SocialActionIn(_NamedAction):
    """What a shopper says they have done."""

    PREFIX = "social."


class EventActionIn(_NamedAction):
    """What the store says a customer has done; the same id is the same event."""

    PREFIX = "event."

    id = Line(MAX_ACTION_ID, required=True)


class EarnedOut(RequestSchema):
    """What was given for it, and the account now."""

    points = fields.Integer(required=True)
    balance = fields.Integer(required=True)
