"""The forms of the owner's account."""

from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, ValidationError
from wtforms.validators import DataRequired, Length

from widget.sites.rules import MAX_PASSWORD_LENGTH, explain_weak_password
from widget.sites.web import current_owner


class LoginForm(FlaskForm):  # type: ignore[misc]
    """Who logs in; whether the pair is right is one answer for both fields."""

    email = EmailField("E-mail", [DataRequired("Type your e-mail address."), Length(max=320)])
    password = PasswordField("Password", [DataRequired("Type your password."), Length(max=MAX_PASSWORD_LENGTH)])


class PasswordForm(FlaskForm):  # type: ignore[misc]
    """A change of the owner's own password."""

    current = PasswordField(
        "Current password", [DataRequired("Type your current password."), Length(max=MAX_PASSWORD_LENGTH)]
    )
    new = PasswordField("New password", [DataRequired("Choose a new password.")])
    again = PasswordField("New password again", [DataRequired("Type the new password a second time.")])

    def validate_new(self, field: PasswordField) -> None:
        weakness = explain_weak_password(field.data, current_owner().email)
        if weakness:
            raise ValidationError(weakness)

    def validate_again(self, field: PasswordField) -> None:
        if field.data != self.new.data:
            raise ValidationError("The two new passwords are not the same.")
