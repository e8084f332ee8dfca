"""What the rules of referrals and contests say is wrong; `details.py` says it in the language of the page."""

from widget.core.marking import mark

REFERRAL_DETAILS = (
    mark("Must be a text of 1 to %(count)s characters."),
    mark("Must be at most %(count)s printable characters."),
    mark("Must lie after the beginning, and after now."),
    mark("Somebody has entered already."),
    mark("The contest is not over yet."),
    mark("Decide of the entries that wait first."),
    mark("No entry was approved."),
    mark("The winner is drawn."),
    mark("This site has no referral program, or it is not live"),
    mark("There is no such referral"),
    mark("There is no such contest"),
    mark("This cannot be done with the contest as it is"),
)
