"""The forms of the owner's account."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, Length

from widget.sites.forms import find_password_weakness
from widget.sites.rules import MAX_PASSWORD_LENGTH

# In their own language: who looks for theirs may not read the one that is shown.
LANGUAGE_CHOICES = [("", _l("The browser's")), ("en", "English"), ("it", "Italiano"), ("id", "Bahasa Indonesia")]
MAX_CODE_LENGTH = 40
MAX_TOKEN_LENGTH = 300


class LoginForm(FlaskForm):
    """Who logs in; whether the pair is right is one answer for both fields."""

    email = EmailField(_l("E-mail"), [DataRequired(_l("Type your e-mail address.")), Length(max=320)])
    password = PasswordField(_l("Password"), [DataRequired(_l("Type your password.")), Length(max=MAX_PASSWORD_LENGTH)])


class SecondStepForm(FlaskForm):
    """The code after the password."""

    pending = HiddenField(validators=[DataRequired(), Length(max=MAX_TOKEN_LENGTH)])
    code = StringField(_l("Code"), [DataRequired(_l("Type the code.")), Length(max=MAX_CODE_LENGTH)])


class ForgottenForm(FlaskForm):
    """Whose password is forgotten."""

    email = EmailField(_l("E-mail"), [DataRequired(_l("Type your e-mail address.")), Length(max=320)])


class NewPasswordForm(FlaskForm):
    """A password for an account, typed twice."""

    new = PasswordField(_l("New password"), [DataRequired(_l("Choose a new password."))])
    again = PasswordField(_l("New password again"), [DataRequired(_l("Type the new password a second time."))])
    # Whose password it will be: an address is no password.
    email = ""

    def validate_new(self, field: PasswordField) -> None:
        weakness = find_password_weakness(field.data, self.email)
        if weakness:
            raise ValidationError(weakness)

    def validate_again(self, field: PasswordField) -> None:
        if field.data != self.new.data:
            raise ValidationError(_l("The two new passwords are not the same."))


class PasswordForm(NewPasswordForm):
    """A change of the owner's own password."""

    current = PasswordField(
        _l("Current password"), [DataRequired(_l("Type your current password.")), Length(max=MAX_PASSWORD_LENGTH)]
    )


class ConfirmForm(FlaskForm):
    """The owner's password once more, before something grave."""

    current = PasswordField(
        _l("Your password"), [DataRequired(_l("Type your current password.")), Length(max=MAX_PASSWORD_LENGTH)]
    )


class CodeForm(FlaskForm):
    """A code of the authenticator, or a recovery code."""

    code = StringField(_l("Code"), [DataRequired(_l("Type the code.")), Length(max=MAX_CODE_LENGTH)])


class ConfirmWithCodeForm(ConfirmForm):
    """Password and code."""

    code = StringField(_l("Code"), [DataRequired(_l("Type the code.")), Length(max=MAX_CODE_LENGTH)])


class LanguageForm(FlaskForm):
    """The language of the dashboard and of mails."""

    language = SelectField(_l("Language"), choices=[code for code, _name in LANGUAGE_CHOICES])
