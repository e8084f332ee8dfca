"""Putting mails into the outbox; `mail_delivery.py` takes them out of it."""

import re
import uuid
from collections.abc import Mapping

from flask import render_template
from flask_babel import force_locale

from widget.core.clock import utc_now
from widget.core.db import db
from widget.core.ids import new_id
from widget.core.languages import LANGUAGES
from widget.core.mail_models import OutgoingMail

MAX_SUBJECT_LENGTH = 300
MAX_RECIPIENT_LENGTH = 320
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
# What the delivery writes itself; a second one would contradict it.
_OWN_HEADERS = frozenset({"from", "to", "cc", "bcc", "subject", "date", "message-id", "mime-version", "auto-submitted"})


def queue_mail(
    recipient: str,
    subject: str,
    text: str,
    *,
    html: str | None = None,
    site_id: uuid.UUID | None = None,
    headers: Mapping[str, str] | None = None,
) -> OutgoingMail:
    """Put a mail into the outbox, in the caller's transaction; raise ValueError for what no mail can carry.

    Line breaks in a subject become spaces; in an address or a header they are refused.
    """
    if _CONTROL.search(recipient) or not 3 <= len(recipient) <= MAX_RECIPIENT_LENGTH or "@" not in recipient:
        raise ValueError("this is no address to send a mail to")
    now = utc_now()
    mail = OutgoingMail(
        id=new_id(),
        site_id=site_id,
        recipient=recipient,
        subject=tidy_subject(subject),
        text=text,
        html=html,
        headers=_check_headers(headers or {}),
        created_at=now,
        due_at=now,
        attempts=0,
    )
    db.session.add(mail)
    return mail


def queue_template(
    recipient: str,
    template: str,
    *,
    language: str | None,
    site_id: uuid.UUID | None = None,
    headers: Mapping[str, str] | None = None,
    **values: object,
) -> OutgoingMail:
    """Queue the mail that `<template>.txt` and `<template>.html` make in the reader's language.

    The first line of the text is the subject. Without a language the mail is in English.
    """
    with force_locale(language or LANGUAGES[0]):
        subject, _, text = render_template(f"{template}.txt", **values).strip().partition("\n")
        html = render_template(f"{template}.html", subject=subject, **values)
    return queue_mail(recipient, subject, text.strip() + "\n", html=html, site_id=site_id, headers=headers)


def tidy_subject(subject: str) -> str:
    r"""Return a subject as one line that fits.

    >>> tidy_subject("Maple\r\nBcc: everybody@x.example")
    'Maple Bcc: everybody@x.example'
    """
    line = " ".join(_CONTROL.sub(" ", subject).split())
    return line if len(line) <= MAX_SUBJECT_LENGTH else line[: MAX_SUBJECT_LENGTH - 1] + "…"


def _check_headers(headers: Mapping[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        is_ours = name.lower() in _OWN_HEADERS or name.lower().startswith("content-")
        if is_ours or not _HEADER_NAME.fullmatch(name) or _CONTROL.search(value):
            raise ValueError(f"a mail cannot carry this header: {name[:60]!r}")
    return dict(headers)
