"""What the rules of campaigns say is wrong; `details.py` says it in the language of the page."""

from widget.core.marking import mark

POPUP_DETAILS = (
    mark("Say at least one: nothing opens without."),
    mark("This goal needs it."),
    mark("This goal needs a pool of coupons, or a fixed code."),
    mark("A language stands there twice."),
    mark("Must be one of the campaign's languages."),
    mark("Two variants have the same key."),
    mark("A field stands there twice."),
    mark("Give one code, or codes of a pool, not both."),
    mark("Codes of a pool are given for an address, which this goal does not ask for."),
    mark("The second must not lie below the first."),
    mark("Must be a text of at most %(count)s characters."),
    mark("The second must be 1 to %(count)s printable characters."),
    mark("Must be a country of two capital letters, such as IT."),
    mark("Must be a language of two or three small letters, such as en."),
    mark("Must be a pair of amounts in minor units, either of them null."),
    mark("Must be small letters, digits, underscores or hyphens."),
    mark("Must be an object of at most %(count)s texts."),
    mark("Interests need choices, and nothing else has any."),
    mark("Must be at least one variant."),
    mark("There is no such picture."),
    mark("Duplicate the campaign to divide its visitors in another way."),
)
