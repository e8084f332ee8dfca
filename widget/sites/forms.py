"""The forms of a site's settings page."""

from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
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

from widget.sites.rules import ROLES, explain_weak_password, normalise_email, normalise_origin

MAX_ORIGINS = 50
MAX_ORIGIN_LENGTH = 300
ROLE_CHOICES = [
    ("viewer", _l("Viewer: reads")),
    ("editor", _l("Editor: also makes surveys")),
    ("owner", _l("Owner: also keys and members")),
]
SHORT_ROLE_CHOICES = [("viewer", _l("Viewer")), ("editor", _l("Editor")), ("owner", _l("Owner"))]
MAX_QUIET_PATHS = 30
MAX_PATH_LENGTH = 200
# What `explain_weak_password`, a pure rule, says in English.
WEAKNESSES = {
    "Choose a password of at least 10 characters.": _l("Choose a password of at least 10 characters."),
    "Choose a password of at most 1000 characters.": _l("Choose a password of at most 1000 characters."),
    "This password is too easy to guess.": _l("This password is too easy to guess."),
}


def find_password_weakness(password: str, email: str) -> str | None:
    """Return what is wrong with a new password in the reader's language, or None."""
    weakness = explain_weak_password(password, email)
    return None if weakness is None else str(WEAKNESSES[weakness])


def refuse_nul(_form: FlaskForm, field: StringField) -> None:
    """Refuse the one character that databases cannot store."""
    if "\x00" in (field.data or ""):
        raise ValidationError(_l("This text contains a character that cannot be stored."))


def _strip(text: str | None) -> str:
    return (text or "").strip()


def normalise_path(line: str) -> str:
    """Return the path of a line, also where a whole address was pasted.

    >>> normalise_path(" https://shop.example/cart "), normalise_path("/cart"), normalise_path("cart")
    ('/cart', '/cart', 'cart')
    """
    text = line.strip()
    try:
        return urlsplit(text).path or "/" if text.startswith(("http://", "https://")) else text
    except ValueError:
        return text


class GeneralForm(FlaskForm):
    """What holds for the whole site."""

    name = StringField(
        _l("Name of the store"),
        [InputRequired(_l("A site needs a name.")), Length(max=200), refuse_nul],
        filters=[_strip],
    )
    requires_consent = BooleanField(_l("Wait for the visitor's consent"))
    measures_page_time = BooleanField(_l("Measure how long pages are looked at"))
    ask_every_days = IntegerField(
        _l("Days between two questions to one visitor"),
        [InputRequired(_l("Type a number of days; 0 means no limit.")), NumberRange(0, 365)],
    )
    z_index = IntegerField(
        _l("Layer of the sheet (z-index)"),
        [InputRequired(_l("Type a number; 1000 is usual.")), NumberRange(0, 2147483647)],
    )

    quiet_paths = TextAreaField(_l("Where nothing opens by itself"))

    @property
    def paths(self) -> list[str]:
        """Return the beginnings of paths, each once, in the order they were typed."""
        lines = (normalise_path(line) for line in (self.quiet_paths.data or "").splitlines() if line.strip())
        return list(dict.fromkeys(lines))

    def validate_quiet_paths(self, _field: TextAreaField) -> None:
        if len(self.paths) > MAX_QUIET_PATHS:
            raise ValidationError(_("At most %(count)s paths.", count=MAX_QUIET_PATHS))
        for path in self.paths:
            if not path.startswith("/") or not path.isprintable() or any(mark in path for mark in " ?#"):
                detail = _("“%(text)s” is none: a path looks like /checkout", text=path[:100])
                raise ValidationError(detail)
            if len(path) > MAX_PATH_LENGTH:
                raise ValidationError(_("“%(text)s” is too long.", text=path[:100] + "…"))

    def validate_name(self, field: StringField) -> None:
        if not field.data:
            raise ValidationError(_l("A site needs a name."))


class OriginsForm(FlaskForm):
    """The origins whose pages may carry the widgets, one a line."""

    origins = TextAreaField(_l("Allowed origins"))

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in (self.origins.data or "").splitlines() if line.strip()]

    def validate_origins(self, _field: TextAreaField) -> None:
        if len(self.lines) > MAX_ORIGINS:
            raise ValidationError(_("At most %(count)s origins.", count=MAX_ORIGINS))
        for line in self.lines:
            try:
                is_too_long = len(normalise_origin(line)) > MAX_ORIGIN_LENGTH
            except ValueError:
                detail = _("“%(text)s” is none: an origin looks like https://shop.example", text=line[:100])
                raise ValidationError(detail) from None
            if is_too_long:
                raise ValidationError(_("“%(text)s” is too long.", text=line[:100] + "…"))


class ApiKeyForm(FlaskForm):
    """A new secret key, named after what will use it."""

    name = StringField(
        _l("What will use the key"),
        [InputRequired(_l("Name what will use the key.")), Length(max=100), refuse_nul],
        filters=[_strip],
    )


class MemberForm(FlaskForm):
    """Who joins the site and what they may do."""

    email = EmailField(_l("E-mail"), [InputRequired(_l("Type an e-mail address."))], filters=[_strip])
    role = SelectField(_l("Role"), choices=list(ROLES), default="viewer")

    def validate_email(self, field: EmailField) -> None:
        try:
            field.data = normalise_email(field.data)
        except ValueError:
            raise ValidationError(_l("This is not an e-mail address.")) from None


class RoleForm(FlaskForm):
    """Another role for a member."""

    role = SelectField(_l("Role"), choices=list(ROLES))
