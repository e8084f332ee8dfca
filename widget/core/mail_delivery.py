"""The worker's round with the outbox: claims one mail, hands it over, notes what came of it.

A claim is a short transaction that moves the mail's turn into the future, so no other worker takes it and
no lock is held while a server is spoken to. A worker that dies in between leaves the mail to the next round
after the claim ran out.
"""

import time
from datetime import timedelta
from pathlib import Path

import structlog
from flask import current_app
from sqlalchemy import delete, or_, select, update

from widget.config import Settings
from widget.core.background import pause
from widget.core.clock import utc_now
from widget.core.db import begin_writing, db
from widget.core.mail_carriers import (
    FileCarrier,
    MailCarrier,
    MailPostponed,
    MailRefused,
    ServerUnreachable,
    SmtpCarrier,
    file_name_of,
)
from widget.core.mail_message import UnwritableMail, compose_message
from widget.core.mail_models import OutgoingMail

log = structlog.get_logger()

# After the first attempt, the second, ...: a mail is given up about a day after the first.
RETRY_MINUTES = (1, 5, 30, 120, 240, 480, 600)
CLAIM_LASTS = timedelta(minutes=15)
# The worker has other work every minute.
ROUND_SECONDS = 40.0
KEPT_FOR = timedelta(days=30)
MAX_ERROR_LENGTH = 500


def send_due_mails() -> None:
    """Send the mails whose turn has come, for most of a minute at the longest."""
    settings: Settings = current_app.config["SETTINGS"]
    ends_at = time.monotonic() + ROUND_SECONDS
    with _open_carrier(settings) as carrier:
        while time.monotonic() < ends_at:
            mail = _claim_mail()
            if mail is None or not _deliver(mail, carrier, settings.mail_from) or pause():
                return


def forget_old_mails() -> None:
    """Delete mails that were sent, or given up, over a month ago, with the files of those that are files."""
    cutoff = utc_now() - KEPT_FOR
    is_old = or_(OutgoingMail.sent_at < cutoff, OutgoingMail.failed_at < cutoff)
    begin_writing()
    for mail in db.session.scalars(select(OutgoingMail).where(is_old)):
        mail_file(mail).unlink(missing_ok=True)
    db.session.execute(delete(OutgoingMail).where(is_old))
    db.session.commit()


def mail_file(mail: OutgoingMail) -> Path:
    """Return where a mail is written without a mail server, whether or not it was."""
    return _mail_folder(current_app.config["SETTINGS"]) / file_name_of(mail)


def _mail_folder(settings: Settings) -> Path:
    return settings.data_dir / "mail"


def _open_carrier(settings: Settings) -> MailCarrier:
    server = settings.mail_server
    return FileCarrier(_mail_folder(settings)) if server is None else SmtpCarrier(server)


def _claim_mail() -> OutgoingMail | None:
    """Return the mail that is due longest, away from the session, its turn moved behind the claim."""
    now = utc_now()
    begin_writing()
    mail = db.session.scalar(
        select(OutgoingMail)
        .where(OutgoingMail.sent_at.is_(None), OutgoingMail.failed_at.is_(None), OutgoingMail.due_at <= now)
        .order_by(OutgoingMail.due_at, OutgoingMail.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if mail is not None:
        mail.attempts += 1
        mail.due_at = now + CLAIM_LASTS
        db.session.flush()
        db.session.expunge(mail)
    db.session.commit()
    return mail


def _deliver(mail: OutgoingMail, carrier: MailCarrier, sender: str) -> bool:
    """Hand one mail over and note what came of it; return whether the next is worth a try."""
    try:
        carrier.carry(mail, compose_message(mail, sender))
    except (MailRefused, UnwritableMail) as error:
        _note(mail, failed_at=utc_now(), error=str(error)[:MAX_ERROR_LENGTH])
        log.warning("mail_refused", mail=str(mail.id))
    except MailPostponed as error:
        _postpone(mail, str(error)[:MAX_ERROR_LENGTH])
        log.warning("mail_postponed", mail=str(mail.id), attempts=mail.attempts)
        return not isinstance(error, ServerUnreachable)
    except Exception as error:  # noqa: BLE001 - the log has it whole, and the mail is kept.
        # A mail that meets a fault of ours waits its turn like any other: it must not hold the rest up.
        log.error("mail_failed", mail=str(mail.id), exc_info=error)
        _postpone(mail, "The mail could not be prepared; the log says why.")
    else:
        _note(mail, sent_at=utc_now(), error=None)
    return True


def _postpone(mail: OutgoingMail, error: str) -> None:
    now = utc_now()
    if mail.attempts > len(RETRY_MINUTES):
        _note(mail, failed_at=now, error=error)
    else:
        _note(mail, due_at=now + timedelta(minutes=RETRY_MINUTES[mail.attempts - 1]), error=error)


def _note(mail: OutgoingMail, **values: object) -> None:
    begin_writing()
    db.session.execute(
        update(OutgoingMail)
        # Only while the claim is this one: an owner may have sent the mail again meanwhile.
        .where(OutgoingMail.id == mail.id, OutgoingMail.attempts == mail.attempts, OutgoingMail.sent_at.is_(None))
        .values(**values)
    )
    db.session.commit()
