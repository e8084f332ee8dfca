"""The log of what owners did, in words; an action without words is shown as it is named."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l

from widget.sites.models import AuditEntry

WORDS = {
    "settings.changed": _l("changed the general settings"),
    "origins.changed": _l("changed the allowed origins to %(subject)s"),
    "key.made": _l("made the secret key “%(subject)s”"),
    "key.revoked": _l("revoked the secret key “%(subject)s”"),
    "signing_key.made": _l("made the signing key %(subject)s"),
    "signing_key.revoked": _l("revoked the signing key %(subject)s"),
    "member.invited": _l("invited %(subject)s"),
    "member.added": _l("added %(subject)s"),
    "member.joined": _l("accepted the invitation"),
    "member.role_changed": _l("changed the role of %(subject)s"),
    "member.removed": _l("removed %(subject)s"),
    "invitation.sent_again": _l("sent the invitation of %(subject)s again"),
    "invitation.revoked": _l("took the invitation of %(subject)s back"),
    "mail.sent_again": _l("sent the mail “%(subject)s” again"),
    "currency.changed": _l("changed the reporting currency to %(subject)s"),
    "rates.added": _l("set exchange rates of %(subject)s"),
    "rates.deleted": _l("deleted an exchange rate of %(subject)s"),
    "look.changed": _l("changed the look"),
    "logo.changed": _l("changed the logo"),
    "logo.removed": _l("removed the logo"),
    "survey.created": _l("made the survey “%(subject)s”"),
    "survey.changed": _l("changed the survey “%(subject)s”"),
    "survey.live": _l("set the survey “%(subject)s” live"),
    "survey.draft": _l("made the survey “%(subject)s” a draft"),
    "survey.paused": _l("paused the survey “%(subject)s”"),
    "survey.archived": _l("archived the survey “%(subject)s”"),
    "survey.duplicated": _l("duplicated the survey “%(subject)s”"),
    "survey.restored": _l("took an earlier version of the survey “%(subject)s” back into use"),
    "survey.invited": _l("sent an invitation to the survey “%(subject)s”"),
    "survey.print_link_opened": _l("opened the printed link of the survey “%(subject)s”"),
    "survey.print_link_closed": _l("closed the printed link of the survey “%(subject)s”"),
    "response.tagged": _l("tagged an answer to “%(subject)s”"),
    "response.untagged": _l("took a tag off an answer to “%(subject)s”"),
    "response.noted": _l("wrote a note on an answer to “%(subject)s”"),
    "response.note_deleted": _l("deleted a note on an answer to “%(subject)s”"),
    "campaign.created": _l("made the campaign “%(subject)s”"),
    "campaign.changed": _l("changed the campaign “%(subject)s”"),
    "campaign.duplicated": _l("duplicated the campaign “%(subject)s”"),
    "campaign.live": _l("set the campaign “%(subject)s” live"),
    "campaign.paused": _l("paused the campaign “%(subject)s”"),
    "campaign.archived": _l("archived the campaign “%(subject)s”"),
    "review.published": _l("published the review “%(subject)s”"),
    "review.rejected": _l("hid the review “%(subject)s”"),
    "review.held": _l("let the review “%(subject)s” wait"),
    "review.featured": _l("put the review “%(subject)s” on the wall"),
    "review.unfeatured": _l("took the review “%(subject)s” off the wall"),
    "review.replied": _l("answered the review “%(subject)s”"),
    "review.reply_changed": _l("changed the answer to the review “%(subject)s”"),
    "review.reply_removed": _l("took the answer to the review “%(subject)s” away"),
    "review.edit_requested": _l("asked for a change of the review “%(subject)s”"),
    "review.incentivized": _l("marked the review “%(subject)s” as incentivized"),
    "review.reports_settled": _l("settled the reports of the review “%(subject)s”"),
    "reviews.published": _l("published several reviews: %(subject)s"),
    "reviews.rejected": _l("hid several reviews: %(subject)s"),
    "reviews.featured": _l("put several reviews on the wall: %(subject)s"),
    "reviews.undone": _l("undid the last step of reviews: %(subject)s"),
    "review_settings.changed": _l("changed the settings of reviews"),
    "review_settings.attributes_changed": _l("changed what reviews ask beside stars: %(subject)s"),
    "reviewed_product.changed": _l("changed what is known of the product “%(subject)s”"),
    "report.shared": _l("shared a report of “%(subject)s”"),
    "report.revoked": _l("revoked the link to a report of “%(subject)s”"),
    "segment.created": _l("made the segment “%(subject)s”"),
    "segment.changed": _l("changed the segment “%(subject)s”"),
    "segment.deleted": _l("deleted the segment “%(subject)s”"),
    "filter.saved": _l("saved a filter of “%(subject)s”"),
    "filter.deleted": _l("deleted a filter of “%(subject)s”"),
    "digest.left": _l("stopped the weekly digest of “%(subject)s” for themselves"),
    "platform.connected": _l("connected %(subject)s"),
    "platform.disconnected": _l("disconnected %(subject)s"),
    "platform.replayed": _l("took in again what a platform sent (%(subject)s)"),
    "points.adjusted": _l("gave or took points of %(subject)s"),
    "tier.pinned": _l("set the tier of %(subject)s by hand"),
    "tier.unpinned": _l("let the tier of %(subject)s go"),
    "redemption.cancelled": _l("cancelled a redemption of %(subject)s"),
    "point_cost.changed": _l("changed what a thousand points cost"),
    "owner.logged_in": _l("logged in"),
    "owner.logged_out": _l("logged out"),
    "owner.password_changed": _l("changed their own password"),
    "owner.password_reset": _l("set a new password through a link"),
    "owner.two_step_on": _l("turned two-step log-in on"),
    "owner.two_step_off": _l("turned two-step log-in off"),
    "owner.recovery_codes_renewed": _l("made new recovery codes"),
}
# The same for the filter, where nothing is said about one thing.
SHORT_WORDS = {
    "currency.changed": _l("changed the reporting currency"),
    "rates.added": _l("set exchange rates"),
    "rates.deleted": _l("deleted an exchange rate"),
    "origins.changed": _l("changed the allowed origins"),
    "key.made": _l("made a secret key"),
    "key.revoked": _l("revoked a secret key"),
    "signing_key.made": _l("made a signing key"),
    "signing_key.revoked": _l("revoked a signing key"),
    "member.invited": _l("invited somebody"),
    "member.added": _l("added a member"),
    "member.role_changed": _l("changed a role"),
    "member.removed": _l("removed a member"),
    "invitation.sent_again": _l("sent an invitation again"),
    "invitation.revoked": _l("took an invitation back"),
    "mail.sent_again": _l("sent a mail again"),
    "survey.created": _l("made a survey"),
    "survey.changed": _l("changed a survey"),
    "survey.live": _l("set a survey live"),
    "survey.draft": _l("made a survey a draft"),
    "survey.paused": _l("paused a survey"),
    "survey.archived": _l("archived a survey"),
    "survey.duplicated": _l("duplicated a survey"),
    "survey.restored": _l("took an earlier version back into use"),
    "survey.invited": _l("sent an invitation to a survey"),
    "survey.print_link_opened": _l("opened a printed link"),
    "survey.print_link_closed": _l("closed a printed link"),
    "response.tagged": _l("tagged an answer"),
    "response.untagged": _l("took a tag off an answer"),
    "response.noted": _l("wrote a note"),
    "response.note_deleted": _l("deleted a note"),
    "segment.created": _l("made a segment"),
    "segment.changed": _l("changed a segment"),
    "segment.deleted": _l("deleted a segment"),
    "filter.saved": _l("saved a filter"),
    "filter.deleted": _l("deleted a filter"),
    "digest.left": _l("stopped the weekly digest"),
    "review.published": _l("published a review"),
    "review.rejected": _l("hid a review"),
    "review.held": _l("let a review wait"),
    "review.featured": _l("put a review on the wall"),
    "review.unfeatured": _l("took a review off the wall"),
    "review.replied": _l("answered a review"),
    "review.reply_changed": _l("changed the answer to a review"),
    "review.reply_removed": _l("took the answer to a review away"),
    "review.edit_requested": _l("asked for a change of a review"),
    "review.incentivized": _l("marked a review as incentivized"),
    "review.reports_settled": _l("settled reports of a review"),
    "reviews.published": _l("published several reviews"),
    "reviews.rejected": _l("hid several reviews"),
    "reviews.featured": _l("put several reviews on the wall"),
    "reviews.undone": _l("undid the last step of reviews"),
    "review_settings.attributes_changed": _l("changed what reviews ask beside stars"),
    "reviewed_product.changed": _l("changed what is known of a product"),
    "report.shared": _l("shared a report"),
    "report.revoked": _l("revoked the link to a report"),
    "platform.connected": _l("connected a platform"),
    "points.adjusted": _l("gave or took points by hand"),
    "tier.pinned": _l("set a tier by hand"),
    "tier.unpinned": _l("let a tier go"),
    "redemption.cancelled": _l("cancelled a redemption"),
    "platform.disconnected": _l("disconnected a platform"),
    "platform.replayed": _l("took in again what a platform sent"),
}
# The details that say which one it was.
NAMING = ("role", "name", "tag", "email")
ROLES = {"viewer": _l("viewer"), "editor": _l("editor"), "owner": _l("owner")}


def describe_action(entry: AuditEntry) -> str:
    """Return what was done, to follow who did it."""
    words = WORDS.get(entry.action)
    sentence = str(words) % {"subject": entry.subject} if words else f"{_spell(entry.action)}: {entry.subject}"
    named = next((str(entry.details[key]) for key in NAMING if entry.details.get(key)), "")
    note = str(ROLES.get(named, named))
    return f"{sentence} ({note})" if note else sentence


def list_action_choices(actions: Iterable[str]) -> list[tuple[str, str]]:
    """Return the actions with their words, for a filter."""
    return sorted(((action, _name(action)) for action in actions), key=lambda choice: choice[1].casefold())


def _name(action: str) -> str:
    return str(SHORT_WORDS.get(action) or WORDS.get(action) or _spell(action))


def _spell(action: str) -> str:
    thing, _, what = action.partition(".")
    return f"{thing.replace('_', ' ')} {what.replace('_', ' ')}".strip()
