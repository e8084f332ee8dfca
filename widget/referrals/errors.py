"""What the referrals room refuses."""

from widget.core.problems import Conflict, NotFound


class NoReferralProgram(NotFound):
    slug, title = "no-referral-program", "This site has no referral program, or it is not live"


class ReferralCodeNotFound(NotFound):
    slug, title = "referral-code-not-found", "This code is nobody's, or no longer good"


class ReferralNotFound(NotFound):
    slug, title = "referral-not-found", "There is no such referral"


class OfferNotForAddress(Conflict):
    """One answer whatever the reason, since strangers may ask about any address."""

    slug, title = "offer-not-for-address", "This offer is not for this address"


class ReferralIdTaken(Conflict):
    slug, title = "referral-id-taken", "This id belongs to another claim"


class ReferralStepRefused(Conflict):
    slug, title = "referral-step-refused", "This cannot be done with the referral as it is"


class ContestNotFound(NotFound):
    slug, title = "contest-not-found", "There is no such contest"


class ContestClosed(Conflict):
    slug, title = "contest-closed", "This contest takes no entries now"


class AlreadyEntered(Conflict):
    slug, title = "already-entered", "Everybody takes part once"


class EntryIdTaken(Conflict):
    slug, title = "entry-id-taken", "This id belongs to another entry"


class ContestStepRefused(Conflict):
    slug, title = "contest-step-refused", "This cannot be done with the contest as it is"
