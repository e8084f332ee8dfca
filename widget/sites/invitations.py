"""Invitations into a site by mail: good for a week, once, and until they are revoked."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

from flask import current_app, url_for
from flask_babel import get_locale
from sqlalchemy import select

from widget.core.clock import utc_now
from widget.core.db import db
from widget.core.ids import new_id
from widget.core.mail import queue_template
from widget.core.problems import NotAuthenticated
from widget.core.tokens import read_token, sign_token
from widget.sites import owners
from widget.sites.errors import InvitationEnded
from widget.sites.models import MemberInvitation, Membership, Owner, Site

PURPOSE = "member-invitation"
INVITATION_LASTS = timedelta(days=7)
# The row says when an invitation ends; its token is only readable longer, so that the page can say so.
LINK_READABLE_FOR = timedelta(days=365)


def invite_member(site: Site, email: str, role: str, inviter: Owner) -> MemberInvitation:
    """Invite who has no account yet; an open invitation to the address is renewed instead of doubled."""
    # Two owners at once: the second waits and finds the first one's invitation.
    db.session.get(Site, site.id, with_for_update=True, populate_existing=True)
    invitation = next((known for known in list_open_invitations(site) if known.email == email), None)
    if invitation is None:
        invitation = MemberInvitation(site_id=site.id, id=new_id(), email=email, created_at=utc_now())
        db.session.add(invitation)
    invitation.role = role
    send_again(site, invitation, inviter)
    return invitation


def send_again(site: Site, invitation: MemberInvitation, inviter: Owner) -> None:
    """Send the invitation's mail, with a week from now."""
    invitation.expires_at = utc_now() + INVITATION_LASTS
    token = sign_token(PURPOSE, site.id, invitation.id.hex)
    queue_template(
        invitation.email,
        "sites/emails/invitation",
        language=_language_of(inviter),
        site_id=site.id,
        link=current_app.config["BASE_URL"] + url_for("invitations_account.show_invitation", token=token),
        site_name=site.name,
        inviter=inviter.email,
        role=invitation.role,
    )


def tell_of_membership(site: Site, owner: Owner, role: str, inviter: Owner) -> None:
    """Tell an owner, who was let in at once, of the new site."""
    queue_template(
        owner.email,
        "sites/emails/added",
        language=owner.language or _language_of(inviter),
        site_id=site.id,
        link=current_app.config["BASE_URL"] + url_for("home_pages.show_home", site_key=site.key),
        site_name=site.name,
        inviter=inviter.email,
        role=role,
    )


def list_open_invitations(site: Site) -> Sequence[MemberInvitation]:
    """Return the invitations nobody accepted and nobody took back, also those that ran out; newest first."""
    return db.session.scalars(
        select(MemberInvitation)
        .where(
            MemberInvitation.site_id == site.id,
            MemberInvitation.accepted_at.is_(None),
            MemberInvitation.revoked_at.is_(None),
        )
        .order_by(MemberInvitation.created_at.desc(), MemberInvitation.id.desc())
    ).all()


def revoke(invitation: MemberInvitation) -> None:
    """Take an invitation back; its link lets nobody in any more."""
    invitation.revoked_at = utc_now()


def find_invitation(token: str, *, locked: bool = False) -> MemberInvitation | None:
    """Return the invitation that a link names, in whatever state; None for a link that is none of ours."""
    try:
        site_id = uuid.UUID(hex=token[:32])
        invitation_id = uuid.UUID(hex=read_token(PURPOSE, site_id, token, LINK_READABLE_FOR))
    except (ValueError, NotAuthenticated):
        return None
    return db.session.get(MemberInvitation, (site_id, invitation_id), with_for_update=locked or None)


def has_ended(invitation: MemberInvitation) -> bool:
    """Tell whether an invitation lets nobody in any more."""
    return bool(invitation.accepted_at or invitation.revoked_at) or invitation.expires_at <= utc_now()


def accept(invitation: MemberInvitation, owner: Owner) -> Site:
    """Let the owner in and use the invitation up; raise InvitationEnded."""
    if has_ended(invitation):
        raise InvitationEnded()
    site = db.session.get_one(Site, invitation.site_id)
    invitation.accepted_at = utc_now()
    # Who was let in meanwhile keeps that role.
    if db.session.get(Membership, (site.id, owner.id)) is None:
        owners.add_member(site, owner, invitation.role)
    return site


def _language_of(owner: Owner) -> str | None:
    locale = get_locale()
    return owner.language or (locale.language if locale else None)
