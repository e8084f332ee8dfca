"""The weekly digest: what the live surveys of a site said last week, by mail to the members who want it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import select

from widget.core.clock import utc_now
from widget.core.db import db, insert_unless_known
from widget.core.languages import LANGUAGES
from widget.core.mail import queue_template
from widget.core.tokens import sign_token
from widget.reports.comparing import Comparison, compare_summaries
from widget.reports.models import SurveyDigest
from widget.reports.queries import list_latest_comments
from widget.reports.sentences import say_change
from widget.sites.audit import note_action_of
from widget.sites.models import Membership, Site
from widget.sites.queries import list_memberships
from widget.surveys.filters import ResponseFilter
from widget.surveys.models import Survey, SurveyResponse
from widget.surveys.queries import list_surveys
from widget.surveys.rules import BUCKETS, bucket_of
from widget.surveys.summaries import Summary, summarise

UNSUBSCRIBE_PURPOSE = "digest-unsubscribe"
SENDING_HOUR = 7
COMMENTS_TOLD = 3
COMMENTS_LOOKED_AT = 100
LONGEST_COMMENT = 300


@dataclass(frozen=True)
class SurveyWeek:
    """One survey's week: its figures, what changed to the week before, and a few comments."""

    survey: Survey
    summary: Summary
    comparison: Comparison
    comments: Sequence[SurveyResponse]
    url: str


def find_due_week(now: datetime) -> date | None:
    """Return the Monday of the week whose digest is due, None before Monday at seven.

    >>> from datetime import UTC
    >>> find_due_week(datetime(2026, 6, 1, 6, 59, tzinfo=UTC)) is None
    True
    >>> find_due_week(datetime(2026, 6, 1, 7, 0, tzinfo=UTC)), find_due_week(datetime(2026, 6, 7, tzinfo=UTC))
    (datetime.date(2026, 5, 25), datetime.date(2026, 5, 25))
    """
    monday = now.date() - timedelta(now.weekday())
    if now.date() == monday and now.hour < SENDING_HOUR:
        return None
    return monday - timedelta(7)


def list_sites_without_digest(week_on: date) -> Sequence[uuid.UUID]:
    """Return the sites whose week has not been looked at yet."""
    sent = select(SurveyDigest.site_id).where(SurveyDigest.week_on == week_on)
    return db.session.scalars(select(Site.id).where(Site.id.not_in(sent)).order_by(Site.id)).all()


def send_digest(site_id: uuid.UUID, week_on: date) -> int:
    """Queue the digest of a site's week, once whoever else tries; return to how many members."""
    claimed = db.session.execute(
        insert_unless_known(SurveyDigest)
        .values(site_id=site_id, week_on=week_on, sent_at=utc_now())
        .on_conflict_do_nothing()
        .returning(SurveyDigest.site_id)
    ).first()
    site = db.session.get(Site, site_id)
    if claimed is None or site is None:
        return 0
    members = [membership for membership in list_memberships(site) if membership.gets_digest]
    weeks = list_weeks(site, week_on) if members else []
    if not weeks:
        return 0
    for membership in members:
        _queue(site, membership, week_on, weeks)
    return len(members)


def list_weeks(site: Site, week_on: date) -> list[SurveyWeek]:
    """Return the week of every live survey that was answered in it."""
    weeks = []
    for survey in list_surveys(site):
        wanted = ResponseFilter(from_on=week_on, until_on=week_on + timedelta(6))
        summary = summarise(survey, wanted) if survey.state == "live" else None
        if summary is not None and summary.responses:
            before = ResponseFilter(from_on=week_on - timedelta(7), until_on=week_on - timedelta(1))
            weeks.append(
                SurveyWeek(
                    survey=survey,
                    summary=summary,
                    comparison=compare_summaries(summarise(survey, before), summary),
                    comments=_choose_comments(survey, wanted),
                    url=_page_url(site, survey, wanted),
                )
            )
    return weeks


def find_membership(site_id: uuid.UUID, owner_id: uuid.UUID) -> Membership | None:
    """Return what an owner may do at a site."""
    return db.session.get(Membership, (site_id, owner_id))


def end_digest(membership: Membership) -> None:
    """Send this member no more digests of the site; safe to repeat."""
    if membership.gets_digest:
        membership.gets_digest = False
        note_action_of(membership.site, membership.owner.email, "digest.left", membership.site.name)


def name_site(site_id: uuid.UUID) -> str:
    """Return a site's name."""
    return db.session.get_one(Site, site_id).name


def _queue(site: Site, membership: Membership, week_on: date, weeks: Sequence[SurveyWeek]) -> None:
    owner = membership.owner
    token = sign_token(UNSUBSCRIBE_PURPOSE, site.id, owner.id.hex)
    stop_url = f"{current_app.config['BASE_URL']}/l/d/{token}"
    with force_locale(owner.language or LANGUAGES[0]):
        changes = [say_change(week.comparison) for week in weeks]
    queue_template(
        owner.email,
        "reports/emails/digest",
        language=owner.language,
        site_id=site.id,
        headers={"List-Unsubscribe": f"<{stop_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        site=site,
        week_on=week_on,
        until_on=week_on + timedelta(6),
        weeks=list(zip(weeks, changes, strict=True)),
        longest=LONGEST_COMMENT,
        stop_url=stop_url,
    )


def _choose_comments(survey: Survey, wanted: ResponseFilter) -> list[SurveyResponse]:
    """Return the newest comment of the unhappy, of the happy, and then the newest of all."""
    latest = list(list_latest_comments(survey, wanted, COMMENTS_LOOKED_AT))
    buckets = BUCKETS[survey.kind]
    chosen: list[SurveyResponse] = []
    for bucket in (buckets[-1], buckets[0]) if buckets else ():
        chosen += [row for row in latest if row.score is not None and bucket_of(row.kind, row.score) == bucket][:1]
    return (chosen + [row for row in latest if row not in chosen])[:COMMENTS_TOLD]


def _page_url(site: Site, survey: Survey, wanted: ResponseFilter) -> str:
    base = f"{current_app.config['BASE_URL']}/dashboard/{site.key}/surveys/{survey.id}"
    return f"{base}?from={wanted.from_on}&until={wanted.until_on}"
