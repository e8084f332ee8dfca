"""What owners did at a site, and the mails it sent."""

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from widget.core.problems import NotFound
from widget.sites import activity
from widget.sites.audit import note_action
from widget.sites.audit_words import describe_action, list_action_choices
from widget.sites.doors import current_site, pages_blueprint

pages = pages_blueprint("activity", __name__, reading="owner", writing="owner")


@pages.route("/settings/activity")
def show_activity() -> str:
    """Show what owners did, newest first."""
    site = current_site()
    email, action, cursor = (request.args.get(name, "") for name in ("owner", "action", "cursor"))
    page = activity.list_entries(site, email, action, cursor)
    return render_template(
        "sites/activity.html",
        page=page,
        sentences=[(entry, describe_action(entry)) for entry in page.items],
        owner_choices=[(actor, actor) for actor in activity.list_actors(site)],
        action_choices=list_action_choices(activity.list_actions(site)),
        chosen={"owner": email, "action": action},
        is_continued=bool(cursor),
    )


@pages.route("/settings/mails")
def show_mails() -> str:
    """Show the mails of the site, newest first, with what became of each."""
    page = activity.list_mails(current_site(), request.args.get("cursor", ""))
    return render_template(
        "sites/mails.html",
        page=page,
        states={mail.id: activity.state_of(mail) for mail in page.items},
        is_continued="cursor" in request.args,
        has_server=activity.has_mail_server(),
    )


@pages.route("/settings/mails/<uuid:mail_id>")
def show_mail(mail_id: uuid.UUID) -> str:
    """Show the text of a mail that became a file; a mail somebody received is theirs to read."""
    mail = activity.get_mail(current_site(), mail_id)
    if activity.state_of(mail) != "file":
        raise NotFound()
    return render_template("sites/mail.html", mail=mail)


@pages.route("/settings/mails/<uuid:mail_id>/send", methods=["POST"])
def send_mail_again(mail_id: uuid.UUID) -> BaseResponse:
    """Give a mail that failed another chance; one that did not is left as it is."""
    mail = activity.get_mail(current_site(), mail_id)
    if activity.send_again(mail):
        note_action("mail.sent_again", mail.subject)
        flash(_("The mail is sent again within a minute."))
    else:
        flash(_("Only a mail that failed can be sent again."), "error")
    return redirect(url_for(".show_mails"))
