"""A forgotten password: a link by mail, good once and for an hour."""

import hmac
import uuid
from contextlib import suppress
from datetime import timedelta

from flask import current_app, url_for
from flask_babel import get_locale

from widget.core.db import db
from widget.core.mail import queue_template
from widget.core.problems import NotAuthenticated
from widget.core.tokens import read_token, sign_token
from widget.sites import queries
from widget.sites.logins import keyed_hash, note_failure, queue_attempt, require_attempts_left
from widget.sites.models import Owner

PURPOSE = "password-reset"
LINK_LASTS = timedelta(hours=1)
MAX_MAILS_PER_ACCOUNT = 3


class NobodyThere(Exception):
    """Raised to undo the work done for an address that nobody has."""


def request_reset(email: str, address: str) -> None:
    """Send the link to an owner; raise TooManyLogins.

    For an address that nobody has, the same work is done and undone, so that neither the answer nor its time
    tells whether somebody has it.
    """
    account = f"forgotten {email}"
    queue_attempt(account, address)
    require_attempts_left(account, address, MAX_MAILS_PER_ACCOUNT)
    note_failure(account, address)
    owner = queries.find_owner_by_email(email)
    nobody = Owner(id=uuid.UUID(int=0), email=email, password_hash="")
    with suppress(NobodyThere), db.session.begin_nested():
        _queue_link(owner or nobody)
        db.session.flush()
        if owner is None:
            raise NobodyThere


def find_owner_of_link(token: str, *, locked: bool = False) -> Owner | None:
    """Return the owner whom a link lets choose a password; None once it was used, changed or an hour old."""
    try:
        owner_id = uuid.UUID(hex=token[:32])
        fingerprint = read_token(PURPOSE, owner_id, token, LINK_LASTS)
    except (ValueError, NotAuthenticated):
        return None
    owner = queries.find_owner(owner_id, locked=locked)
    return owner if owner is not None and hmac.compare_digest(fingerprint, _fingerprint(owner)) else None


def _queue_link(owner: Owner) -> None:
    path = url_for("passwords_account.show_new_password", token=sign_token(PURPOSE, owner.id, _fingerprint(owner)))
    locale = get_locale()
    queue_template(
        owner.email,
        "sites/emails/password_reset",
        language=owner.language or (locale.language if locale else None),
        link=current_app.config["BASE_URL"] + path,
        email=owner.email,
    )


def _fingerprint(owner: Owner) -> str:
    # Bound to the present password: the first use makes the link useless.
    return keyed_hash(f"{PURPOSE} {owner.password_hash}")[:32]
