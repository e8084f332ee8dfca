"""Printed cards: one short code for everybody who reads the card, good until its owner closes it."""

import io
import secrets
import uuid
from typing import Any

import segno
from flask import current_app
from sqlalchemy import select, update

from widget.core.clock import utc_now
from widget.core.db import db
from widget.core.ids import READABLE_ALPHABET
from widget.invitations.models import SurveyPrintLink
from widget.sites.models import Site
from widget.surveys.models import Survey

# 39 random bits within a site, behind rate limits: guessing one finds nothing but a survey's questions.
CODE_LENGTH = 8
# A code's squares stay readable under a scratch or a coffee stain: a quarter may be lost.
QR_ERROR_LEVEL = "q"
QR_QUIET_ZONE = 4
PNG_SCALE = 12


def open_print_link(survey: Survey) -> SurveyPrintLink:
    """Make a new code for a survey; the one before stops working."""
    close_print_link(survey)
    code = "".join(secrets.choice(READABLE_ALPHABET) for _ in range(CODE_LENGTH))
    link = SurveyPrintLink(site_id=survey.site_id, code=code, survey_id=survey.id, created_at=utc_now())
    db.session.add(link)
    return link


def close_print_link(survey: Survey) -> None:
    """Stop a survey's code, if it has one."""
    db.session.execute(
        update(SurveyPrintLink)
        .where(
            SurveyPrintLink.site_id == survey.site_id,
            SurveyPrintLink.survey_id == survey.id,
            SurveyPrintLink.closed_at.is_(None),
        )
        .values(closed_at=utc_now())
    )


def find_open_print_link(survey: Survey) -> SurveyPrintLink | None:
    """Return the code that works for a survey now."""
    return db.session.scalar(
        select(SurveyPrintLink).where(
            SurveyPrintLink.site_id == survey.site_id,
            SurveyPrintLink.survey_id == survey.id,
            SurveyPrintLink.closed_at.is_(None),
        )
    )


def find_print_link(site_id: uuid.UUID, code: str) -> SurveyPrintLink | None:
    """Return what a code of a site opens, also one that is closed; typed in capitals it is the same code."""
    return db.session.get(SurveyPrintLink, (site_id, code.lower()))


def print_url(site: Site, link: SurveyPrintLink) -> str:
    """Return the address on the card."""
    return f"{current_app.config['BASE_URL']}/l/q/{site.key}/{link.code}"


def draw_qr(url: str, file_format: str) -> bytes:
    """Return an address as a QR code: `svg`, which prints sharp at any size, or `png`."""
    written = io.BytesIO()
    options: dict[str, Any] = {"scale": PNG_SCALE} if file_format == "png" else {"svgclass": None, "lineclass": None}
    segno.make(url, error=QR_ERROR_LEVEL, micro=False).save(
        written, kind=file_format, border=QR_QUIET_ZONE, dark="#000000", light="#ffffff", **options
    )
    return written.getvalue()
