"""The page an invitation's link opens: who is new chooses a password, who is not joins with one press."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from widget.core.db import begin_writing_anew
from widget.dashboard.forms import NewPasswordForm
from widget.sites import invitations, owners
from widget.sites.audit import note_action_of
from widget.sites.doors import account_blueprint, reads_first, without_login
from widget.sites.errors import EmailTaken, InvitationEnded
from widget.sites.models import MemberInvitation, Owner
from widget.sites.queries import find_owner_by_email, get_site
from widget.sites.web import current_owner, start_browser_session

account = account_blueprint("invitations", __name__)


@account.route("/invitations/<token>")
@without_login
def show_invitation(token: str) -> Any:
    """Show who invites where, and how to accept; opening the link changes nothing."""
    invitation = invitations.find_invitation(token)
    if invitation is None or invitations.has_ended(invitation):
        return _refuse(invitation)
    return _render(invitation, token, NewPasswordForm(formdata=None))


@account.route("/invitations/<token>", methods=["POST"])
@without_login
@reads_first
def accept_invitation(token: str) -> Any:
    """Let the invited person in: with a new account, or the one that is logged in and has this address."""
    invitation = invitations.find_invitation(token)
    if invitation is None or invitations.has_ended(invitation):
        return _refuse(invitation)
    if find_owner_by_email(invitation.email) is not None:
        return _join_as_owner(token)
    form = NewPasswordForm()
    form.email = invitation.email
    if not form.validate():
        return _render(invitation, token, form), 422
    new_hash = owners.hash_password(form.new.data)
    begin_writing_anew()
    invitation = invitations.find_invitation(token, locked=True)
    if invitation is None or invitations.has_ended(invitation):
        return _refuse(invitation)
    try:
        owner = owners.create_hashed_owner(invitation.email, new_hash)
    except EmailTaken as problem:
        # Another invitation was accepted meanwhile; the page now asks to log in.
        return _render(invitation, token, form), problem.status
    start_browser_session(owners.start_session(owner))
    return _join(invitation, owner)


def _join_as_owner(token: str) -> Any:
    begin_writing_anew()
    invitation = invitations.find_invitation(token, locked=True)
    if invitation is None or invitations.has_ended(invitation):
        return _refuse(invitation)
    if not current_user.is_authenticated or current_owner().email != invitation.email:
        return _render(invitation, token, NewPasswordForm(formdata=None)), 403
    return _join(invitation, current_owner())


def _join(invitation: MemberInvitation, owner: Owner) -> BaseResponse:
    site = invitations.accept(invitation, owner)
    note_action_of(site, owner.email, "member.joined", owner.email, role=invitation.role)
    flash(_("Welcome to %(site)s.", site=site.name))
    return redirect(url_for("home_pages.show_home", site_key=site.key))


def _refuse(invitation: MemberInvitation | None) -> tuple[str, int]:
    page = render_template("dashboard/invitation_ended.html", invitation=invitation)
    return page, 404 if invitation is None else InvitationEnded.status if invitation.accepted_at else 410


def _render(invitation: MemberInvitation, token: str, form: NewPasswordForm) -> str:
    is_logged_in = current_user.is_authenticated
    return render_template(
        "dashboard/invitation.html",
        invitation=invitation,
        token=token,
        form=form,
        site=get_site(invitation.site_id),
        has_account=find_owner_by_email(invitation.email) is not None,
        logged_in_email=current_owner().email if is_logged_in else None,
    )
