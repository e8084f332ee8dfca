"""Who may log in to a site: members, their roles, and invitations by mail."""

import uuid
from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from widget.core.db import get_in_site
from widget.core.problems import NotFound
from widget.sites import invitations, owners, queries
from widget.sites.audit import note_action
from widget.sites.doors import current_site, pages_blueprint
from widget.sites.errors import LastOwner
from widget.sites.forms import MemberForm, RoleForm
from widget.sites.models import MemberInvitation, Membership
from widget.sites.pages import back_to_settings, render_settings
from widget.sites.web import current_owner

members = pages_blueprint("members", __name__, reading="owner", writing="owner")


@members.route("/settings/members", methods=["POST"])
def add_member() -> Any:
    """Let an owner in by e-mail; who has no account yet is invited to make one."""
    form = MemberForm()
    if not form.validate():
        return render_settings(member=form), 422
    site, role = current_site(), form.role.data
    owner = queries.find_owner_by_email(form.email.data)
    if owner is None:
        invitation = invitations.invite_member(site, form.email.data, role, current_owner())
        note_action("member.invited", invitation.email, role=role)
        message = _("An invitation is on its way to %(email)s.", email=invitation.email)
        return back_to_settings(message, "members")
    is_new = queries.find_membership(site.key, owner.id) is None
    try:
        owners.add_member(site, owner, role)
    except LastOwner:
        return _keep_owner()
    note_action("member.added" if is_new else "member.role_changed", owner.email, role=role)
    if is_new:
        invitations.tell_of_membership(site, owner, role, current_owner())
    return back_to_settings(_say_role(owner.email, role), "members")


@members.route("/settings/members/<uuid:owner_id>", methods=["POST"])
def change_role(owner_id: uuid.UUID) -> Any:
    """Give a member another role; the last owner stays one."""
    member = _get_member(owner_id)
    form = RoleForm()
    if not form.validate():
        return back_to_settings(_("Choose one of the roles."), "members", "error")
    try:
        owners.add_member(current_site(), member.owner, form.role.data)
    except LastOwner:
        return _keep_owner()
    note_action("member.role_changed", member.owner.email, role=form.role.data)
    return _after_own_change(member, _say_role(member.owner.email, form.role.data))


@members.route("/settings/members/<uuid:owner_id>/remove", methods=["POST"])
def remove_member(owner_id: uuid.UUID) -> BaseResponse:
    """Take a member out of the site; the last owner stays."""
    member = _get_member(owner_id)
    email = member.owner.email
    try:
        owners.remove_member(current_site(), member)
    except LastOwner:
        return _keep_owner()
    note_action("member.removed", email)
    return _after_own_change(member, _("%(email)s is no longer a member of this site.", email=email))


@members.route("/settings/invitations/<uuid:invitation_id>/send", methods=["POST"])
def send_invitation_again(invitation_id: uuid.UUID) -> BaseResponse:
    """Send an invitation once more, with a week from now."""
    invitation = _get_invitation(invitation_id)
    invitations.send_again(current_site(), invitation, current_owner())
    note_action("invitation.sent_again", invitation.email)
    return back_to_settings(_("An invitation is on its way to %(email)s.", email=invitation.email), "members")


@members.route("/settings/invitations/<uuid:invitation_id>/revoke", methods=["POST"])
def revoke_invitation(invitation_id: uuid.UUID) -> BaseResponse:
    """Take an invitation back; its link lets nobody in any more."""
    invitation = _get_invitation(invitation_id)
    invitations.revoke(invitation)
    note_action("invitation.revoked", invitation.email)
    return back_to_settings(_("The invitation of %(email)s is taken back.", email=invitation.email), "members")


def _get_member(owner_id: uuid.UUID) -> Membership:
    member = next((m for m in queries.list_memberships(current_site()) if m.owner_id == owner_id), None)
    if member is None:
        raise NotFound()
    return member


def _get_invitation(invitation_id: uuid.UUID) -> MemberInvitation:
    """Return an invitation that is still open; one that was accepted or taken back is gone."""
    invitation = get_in_site(MemberInvitation, current_site().id, invitation_id)
    if invitation.accepted_at or invitation.revoked_at:
        raise NotFound()
    return invitation


def _say_role(email: str, role: str) -> str:
    sentences: dict[str, str] = {
        "viewer": _("%(email)s is now a viewer of this site.", email=email),
        "editor": _("%(email)s is now an editor of this site.", email=email),
        "owner": _("%(email)s is now an owner of this site.", email=email),
    }
    return sentences[role]


def _keep_owner() -> BaseResponse:
    return back_to_settings(_("A site keeps at least one owner."), "members", "error")


def _after_own_change(member: Membership, message: str) -> BaseResponse:
    """Go back to the settings, or home for who gave up the right to see them."""
    if member.owner_id != current_owner().id:
        return back_to_settings(message, "members")
    flash(message)
    return redirect(url_for("dashboard_account.show_home"))
