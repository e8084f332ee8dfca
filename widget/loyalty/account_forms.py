"""Forms of an account: points by hand, a tier by hand, and what points cost."""

import uuid
from decimal import Decimal, InvalidOperation

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, Length, Regexp

from widget.core.money import to_minor
from widget.loyalty.program import MAX_POINTS

MAX_REASON_LENGTH = 300
MAX_COST_MINOR = 10**12


def _strip(text: str | None) -> str:
    return (text or "").strip()


def _make_reason_field() -> StringField:
    return StringField(
        _l("Reason"),
        [
            DataRequired(_l("Say why: it stands in the history for good.")),
            Length(max=MAX_REASON_LENGTH, message=_l("At most 300 characters.")),
            Regexp(r"[^\x00-\x1f\x7f]*\Z", message=_l("One line, without control characters.")),
        ],
        filters=[_strip],
    )


class AdjustmentForm(FlaskForm):
    """Points an owner gives, or with a minus takes; `id` makes a form that is sent twice one adjustment."""

    id = HiddenField(validators=[DataRequired()])
    points = StringField(_l("Points"), [DataRequired(_l("Type a number such as 100 or -100."))], filters=[_strip])
    reason = _make_reason_field()
    may_owe = BooleanField(_l("Also below zero"))

    def validate_id(self, field: HiddenField) -> None:
        try:
            uuid.UUID(field.data)
        except ValueError as error:
            raise ValidationError(_l("This form is no longer valid. Reload the page.")) from error

    def validate_points(self, field: StringField) -> None:
        try:
            points = int(field.data.replace("−", "-"))
        except ValueError as error:
            raise ValidationError(_l("Type a number such as 100 or -100.")) from error
        if points == 0 or abs(points) > MAX_POINTS:
            raise ValidationError(_l("A number from 1 to 1,000,000, or the same with a minus."))

    @property
    def amount(self) -> int:
        """Return the points of a valid form."""
        return int(self.points.data.replace("−", "-"))


class PinForm(FlaskForm):
    """The tier a customer is to stay in; empty for none."""

    tier = SelectField(_l("Tier"), choices=[])
    reason = _make_reason_field()


class PointCostForm(FlaskForm):
    """What a thousand points cost; empty to reckon it from the rewards."""

    thousand = StringField(_l("A thousand points cost you"), filters=[_strip])
    currency = "EUR"

    def validate_thousand(self, field: StringField) -> None:
        if not field.data:
            return
        try:
            minor = to_minor(Decimal(field.data.replace(",", ".")), self.currency)
        except (InvalidOperation, ValueError) as error:
            raise ValidationError(_l("Type an amount such as 10.00.")) from error
        if not 0 <= minor <= MAX_COST_MINOR:
            raise ValidationError(_l("Type an amount such as 10.00."))

    @property
    def thousand_minor(self) -> int | None:
        """Return the amount of a valid form in minor units, None for an empty one."""
        text = self.thousand.data
        return to_minor(Decimal(text.replace(",", ".")), self.currency) if text else None
