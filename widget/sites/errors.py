"""What the sites room refuses."""

from widget.core.problems import Conflict, NotAllowed, TooManyRequests


class OriginNotAllowed(NotAllowed):
    slug, title = "origin-not-allowed", "This page's origin is not on the site's list"


class RoleTooLow(NotAllowed):
    slug, title = "role-too-low", "Your role at this site does not include this"


class IdempotencyKeyReused(Conflict):
    slug, title = "idempotency-key-reused", "This Idempotency-Key was used for another request"


class TooManySigningKeys(Conflict):
    slug, title = "too-many-signing-keys", "Two signing keys are live already; revoke one first"


class LastOwner(Conflict):
    slug, title = "last-owner", "A site keeps at least one owner"


class EmailTaken(Conflict):
    slug, title = "email-taken", "There is an owner with this e-mail address already"


class InvitationEnded(Conflict):
    slug, title = "invitation-ended", "This invitation was used, taken back or ran out"


class TooManyLogins(TooManyRequests):
    slug, title = "too-many-logins", "Too many failed log-ins; try again in a quarter of an hour"
