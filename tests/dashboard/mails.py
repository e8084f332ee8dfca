"""What the outbox holds, as the readers of the mails see it."""

import re

from flask import Flask

from widget.core.db import db
from widget.core.mail_models import OutgoingMail

LINK_PATTERN = re.compile(r"https?://[^/\s]+(/\S+)")


def read_outbox(app: Flask) -> list[OutgoingMail]:
    """Return every mail, oldest first."""
    with app.app_context():
        mails = list(db.session.scalars(db.select(OutgoingMail).order_by(OutgoingMail.id)))
        db.session.expunge_all()
        return mails


def read_link(mail: OutgoingMail) -> str:
    """Return the path of the mail's one link, the same in its text and its HTML."""
    (path,) = LINK_PATTERN.findall(mail.text)
    assert mail.html is not None
    assert path in mail.html
    return str(path)
