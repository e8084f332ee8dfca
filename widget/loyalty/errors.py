"""What the loyalty room refuses."""

from widget.core.problems import Conflict, NotFound


class NoProgram(NotFound):
    slug, title = "no-loyalty-program", "This site has no points program, or it is not live"


class RewardNotFound(NotFound):
    slug, title = "reward-not-found", "This site has no such reward"


class RedemptionNotFound(NotFound):
    slug, title = "redemption-not-found", "There is no such redemption"


class NotEnoughPoints(Conflict):
    slug, title = "not-enough-points", "There are not enough points for this"


class RewardNotAvailable(Conflict):
    slug, title = "reward-not-available", "This reward cannot be had now"


class RedemptionIdTaken(Conflict):
    slug, title = "redemption-id-taken", "This id belongs to another redemption"


class RedemptionSettled(Conflict):
    slug, title = "redemption-settled", "This redemption is final"


class PreviewNeeded(Conflict):
    slug, title = "preview-needed", "What this takes away was not confirmed as it is now"
