"""The forms of a site's settings page."""

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange

from widget.sites.rules import ROLES, normalise_email, normalise_origin

MAX_ORIGINS = 50
MAX_ORIGIN_LENGTH = 300
ROLE_CHOICES = [
    ("viewer", "Viewer: reads"),
    ("editor", "Editor: also makes surveys"),
    ("owner", "Owner: also keys and members"),
]
SHORT_ROLE_CHOICES = [(role, role.title()) for role in ROLES]


def refuse_nul(_form: FlaskForm, field: StringField) -> None:
    """Refuse the one character that databases cannot store."""
    if "\x00" in (field.data or ""):
        raise ValidationError("This text contains a character that cannot be stored.")


def _strip(text: str | None) -> str:
    return (text or "").strip()


class GeneralForm(FlaskForm):  # type: ignore[misc]
    """What holds for the whole site."""

    name = StringField(
        "Name of the store",
        [InputRequired("A site needs a name."), Length(max=200), refuse_nul],
        filters=[_strip],
    )
    requires_consent = BooleanField("Wait for the visitor's consent")
    ask_every_days = IntegerField(
        "Days between two questions to one visitor",
        [InputRequired("Type a number of days; 0 means no limit."), NumberRange(0, 365)],
    )
    z_index = IntegerField(
        "Layer of the sheet (z-index)",
        [InputRequired("Type a number; 1000 is usual."), NumberRange(0, 2147483647)],
    )

    def validate_name(self, field: StringField) -> None:
        if not field.data:
            raise ValidationError("A site needs a name.")


class OriginsForm(FlaskForm):  # type: ignore[misc]
    """The origins whose pages may carry the widgets, one a line."""

    origins = TextAreaField("Allowed origins")

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in (self.origins.data or "").splitlines() if line.strip()]

    def validate_origins(self, _field: TextAreaField) -> None:
        if len(self.lines) > MAX_ORIGINS:
            raise ValidationError(f"At most {MAX_ORIGINS} origins.")
        for line in self.lines:
            try:
                is_too_long = len(normalise_origin(line)) > MAX_ORIGIN_LENGTH
            except ValueError:
                detail = f"“{line[:100]}” is none: an origin looks like https://shop.example"
                raise ValidationError(detail) from None
            if is_too_long:
                raise ValidationError(f"“{line[:100]}…” is too long.")


class ApiKeyForm(FlaskForm):  # type: ignore[misc]
    """A new secret key, named after what will use it."""

    name = StringField(
        "What will use the key",
        [InputRequired("Name what will use the key."), Length(max=100), refuse_nul],
        filters=[_strip],
    )


class MemberForm(FlaskForm):  # type: ignore[misc]
    """Who joins the site and what they may do."""

    email = EmailField("E-mail", [InputRequired("Type an e-mail address.")], filters=[_strip])
    role = SelectField("Role", choices=list(ROLES), default="viewer")

    def validate_email(self, field: EmailField) -> None:
        try:
            field.data = normalise_email(field.data)
        except ValueError:
            raise ValidationError("This is not an e-mail address.") from None


class RoleForm(FlaskForm):  # type: ignore[misc]
    """Another role for a member."""

    role = SelectField("Role", choices=list(ROLES))
