"""What the program looks like on its way in and out; its rules are checked by `program_checks.py`."""

from typing import Any

from marshmallow import Schema, fields, validate

from widget.core.parsing import RequestSchema, Text, WholeNumber
from widget.loyalty.models import LoyaltyProgram, LoyaltyVersion
from widget.loyalty.program_service import STATES, Preview

_RULES = {"description": "See docs/loyalty.md", "type": "object"}


class ProgramIn(RequestSchema):
    """The rules of the program, and whether it is live."""

    rules = fields.Raw(required=True, metadata=_RULES)
    state = Text(validate=validate.OneOf(STATES))
    confirmed_down = WholeNumber(
        load_default=0,
        validate=validate.Range(0, 10**9),
        metadata={"description": "How many customers would be in a lower tier, as the preview said"},
    )


class RulesIn(RequestSchema):
    """Rules to look at before they are saved."""

    rules = fields.Raw(required=True, metadata=_RULES)


class ExpiryFigures(RequestSchema):
    """The figures of a preview of expiry."""

    lost_customers = WholeNumber(required=True)
    lost_points = WholeNumber(required=True)
    sooner_customers = WholeNumber(required=True)
    sooner_points = WholeNumber(required=True)
    later_customers = WholeNumber(required=True)
    later_points = WholeNumber(required=True)


class ExpiryIn(RequestSchema):
    """The figures that were shown before the expiry is applied to points already given."""

    confirmed = fields.Nested(ExpiryFigures(), required=True)


class TierFigures(Schema):
    """How many customers would be in a higher, and how many in a lower tier."""

    up = fields.Integer()
    down = fields.Integer()


class PreviewOut(Schema):
    """What rules would change for points and tiers that customers have already."""

    is_new_version = fields.Boolean()
    expiry = fields.Nested(ExpiryFigures())
    tiers = fields.Nested(TierFigures())


class ProgramOut(Schema):
    """The program as it is."""

    state = fields.String()
    live_at = fields.AwareDateTime(allow_none=True)
    version = fields.Integer()
    changed_at = fields.AwareDateTime()
    changed_by = fields.String()
    rules = fields.Dict()


def describe_program(program: LoyaltyProgram, version: LoyaltyVersion) -> dict[str, Any]:
    """Return a program as it goes out."""
    return {
        "state": program.state,
        "live_at": program.live_at,
        "version": version.version,
        "changed_at": version.created_at,
        "changed_by": version.actor,
        "rules": version.rules,
    }


def describe_preview(preview: Preview) -> dict[str, Any]:
    """Return a preview as it goes out."""
    return {
        "is_new_version": preview.is_new,
        "expiry": preview.expiry.figures,
        "tiers": {"up": len(preview.tiers.up), "down": len(preview.tiers.down)},
    }
