"""What the rules say is wrong, in the language of the page: rules and interface speak English."""

import re
from functools import cache

from flask_babel import gettext as _

from widget.core.carrier_details import MAIL_DETAILS, PLATFORM_DETAILS
from widget.core.formats import current_locale
from widget.core.loyalty_details import LOYALTY_DETAILS
from widget.core.marking import mark
from widget.core.popup_details import POPUP_DETAILS
from widget.core.referral_details import REFERRAL_DETAILS

# What schemas and rules say of a field. A name in brackets stands for what differs from time to time.
DETAILS = (
    mark("Missing data for required field."),
    mark("Field may not be null."),
    mark("Unknown field."),
    mark("Invalid value."),
    mark("Not a valid string."),
    mark("Not a valid date."),
    mark("Not a valid list."),
    mark("Not a valid UUID."),
    mark("Not a valid mapping type."),
    mark("Shorter than minimum length %(length)s."),
    mark("Longer than maximum length %(length)s."),
    mark("Length must be between %(low)s and %(high)s."),
    mark("Must be greater than or equal to %(low)s and less than or equal to %(high)s."),
    mark("Must be greater than or equal to %(low)s."),
    mark("Must be less than or equal to %(high)s."),
    mark("Must be one of: %(choices)s."),
    mark("Must be a list of: %(choices)s."),
    mark("Must be between %(low)s and %(high)s."),
    mark("Must be a whole number."),
    mark("Must be a whole number from %(low)s to %(high)s."),
    mark("Must be true or false."),
    mark("Must be a time such as 2026-05-31T12:00:00Z."),
    mark("Must be a UUID."),
    mark("Must be 1 to %(length)s characters, none of them a control character."),
    mark("Must be an object."),
    mark("Must be a JSON object."),
    mark("Must be an object with an id."),
    mark("Must be an object of addresses."),
    mark("Must be an object of texts."),
    mark("Must be an object of at most %(count)s fields."),
    mark("Must be an object such as %(example)s."),
    mark("A field's name has 1 to %(length)s printable characters."),
    mark("Must be a string of at most %(length)s characters, a number or a boolean."),
    mark("Must not contain the NUL character."),
    mark("Must be a number from 0 to 1."),
    mark("Must be a number, and not negative."),
    mark("Must be one line of text, and not blank."),
    mark("Must be %(low)s to %(high)s printable characters."),
    mark("Must be %(low)s to %(high)s printable characters, none of them a comma."),
    mark("Must be %(low)s to %(high)s characters."),
    mark("Must be a text of %(low)s to %(high)s characters."),
    mark("Must be at most %(length)s characters, none of them NUL."),
    mark("Must be a pair such as %(example)s."),
    mark("Must be three texts such as %(example)s."),
    mark("The first of the pair must be one of: %(choices)s."),
    mark("The first must be 1 to %(length)s printable characters."),
    mark("The second must be one of: %(choices)s."),
    mark("The second must be 1 to %(length)s printable characters."),
    mark("The third must be at most %(length)s printable characters."),
    mark("Must not lie below cart_min."),
    mark("Must not lie before the first day."),
    mark("Must not lie before the last day."),
    mark("Must not lie after today."),
    mark("Must be at most %(count)s days."),
    mark("There are no such days before."),
    mark("Must not lie before 1970."),
    mark("Must be a currency code such as EUR."),
    mark("Must be a number above 0 with at most nine digits after the point, such as 1.0523."),
    mark("This is the reporting currency: its rate is always 1."),
    mark("A line is a currency, a day and a rate, such as CHF,2026-01-01,1.0523."),
    mark("At most %(count)s lines."),
    mark("Is given twice."),
    mark("Must be csv, jsonl or xlsx."),
    mark("Must be day, week or month."),
    mark("Is not a cursor of this list."),
    mark("This survey asks for no score."),
    mark("This survey has no score."),
    mark("This survey has no such question."),
    mark("This survey has no such texts."),
    mark("This text is missing."),
    mark("Must be a language of two or three small letters, such as en."),
    mark("Must be at most %(count)s languages."),
    mark("Must be one of the survey's languages."),
    mark("A language stands there twice."),
    mark("A template has a kind already."),
    mark("There is no such template."),
    mark("Must be a list of %(count)s labels."),
    mark("Must be a list of at most %(count)s questions."),
    mark("Must be a list of at most %(count)s conditions."),
    mark("Must be a list of %(low)s to %(high)s choices."),
    mark("Must be a list of %(low)s to %(high)s outcomes."),
    mark("A question of the type %(type)s has no such field."),
    mark("Must be a small letter, then up to 29 small letters, digits or underscores."),
    mark("Must be up to 40 small letters, digits, underscores or hyphens."),
    mark("This name is taken: choose another."),
    mark("This id is taken: choose another."),
    mark("This key had a question of the type %(type)s: choose another."),
    mark("Only a quiz has outcomes."),
    mark("A survey without a score asks no comment."),
    mark("Must be the id of one of the quiz's outcomes."),
    mark("Must be one asked before: %(names)s."),
    mark("Must be an address that begins with https:// or http://."),
    mark("Add a question before the survey goes live."),
    mark("Add at least two outcomes before the quiz goes live."),
    mark("No choice leads to this outcome."),
    mark("An answer has at most %(count)s tags."),
    mark("An answer has at most %(count)s notes."),
    mark("A survey keeps at most %(count)s filters."),
    mark("There is no condition to keep."),
    mark("A survey has at most %(count)s open links."),
    mark("A report never names a customer."),
    mark("There are no comments in this language."),
    mark("Must be an e-mail address."),
    mark("Must be lines such as name: value."),
    mark("A mail needs an address."),
    mark("The survey is %(state)s. Set it live before you invite to it."),
    mark("There is no such segment."),
    mark("Another segment has this name."),
    mark("A site keeps at most %(count)s segments."),
    mark("Must be a list of at most %(count)s attributes."),
    mark("Must be an object with an id and labels."),
    mark("Must be up to 30 small letters, digits or underscores."),
    mark("Must be texts by language such as %(example)s."),
    mark("Must be stars from 1 to 5, such as 1,2."),
    mark("Must be a GTIN of 8, 12, 13 or 14 digits with its right last digit."),
    mark("Choose 1 to %(count)s reviews."),
    mark("Only a published review can be featured."),
    mark("Its author has not confirmed the review by e-mail yet."),
    mark("Its author took the review back."),
    mark("Something has happened to the review since, so this step cannot be undone."),
    mark("A hidden review takes no reply: nobody would see it."),
    mark("No e-mail address of the review's author is known."),
    mark("The author was asked within the last day already."),
    mark("This site knows no such product."),
)
# What WTForms and Flask-WTF say: their own catalogs lack Indonesian.
FORM_DETAILS = (
    mark("This field is required."),
    mark("Not a valid choice."),
    mark("Not a valid integer value."),
    mark("Not a valid date value."),
    mark("Number must be between %(low)s and %(high)s."),
    mark("Number must be at least %(low)s."),
    mark("Number must be at most %(high)s."),
    mark("Field must be between %(low)s and %(high)s characters long."),
    mark("Field must be at least %(low)s characters long."),
    mark("Field cannot be longer than %(high)s characters."),
    mark("The CSRF token is missing."),
    mark("The CSRF session token is missing."),
    mark("The CSRF token has expired."),
    mark("The CSRF token is invalid."),
    mark("The CSRF tokens do not match."),
)
# What problems are called that a person may meet; docs/problems.md lists all.
PROBLEM_TITLES = (
    mark("Something went wrong on our side"),
    mark("The request could not be read"),
    mark("This is not allowed here"),
    mark("There is nothing here"),
    mark("This address does not take this method"),
    mark("A rule refuses this"),
    mark("The request is too large"),
    mark("Some fields are not valid"),
    mark("Too many requests; try again later"),
    mark("The service is not ready"),
    mark("Your role at this site does not include this"),
    mark("Two signing keys are live already; revoke one first"),
    mark("A site keeps at least one owner"),
    mark("There is an owner with this e-mail address already"),
    mark("This invitation was used, taken back or ran out"),
    mark("Too many failed log-ins; try again in a quarter of an hour"),
    mark("This site has no such survey"),
    mark("Only a live survey takes answers by link"),
    mark("A survey is asked only of this segment's customers"),
    mark("This site has no such review"),
    mark("This cannot be done with the review as it is"),
    mark("This site has no points program, or it is not live"),
    mark("This site has no such reward"),
    mark("This site has no such pool of coupons"),
    mark("This pool takes no codes from a list"),
    mark("What this takes away was not confirmed as it is now"),
)


def translate_detail(detail: object) -> str:
    """Return what is wrong in the language of the page; what nobody has translated stays as it is.

    >>> translate_detail("Must be between 0 and 10.")
    'Must be between 0 and 10.'
    """
    text = str(detail)
    if current_locale().language == "en":
        return text
    for pattern, message in _patterns():
        if match := pattern.fullmatch(text):
            translated: str = _(message, **match.groupdict())
            return translated
    return text


def knows(detail: str) -> bool:
    """Tell whether a detail can be said in the owners' languages."""
    return any(pattern.fullmatch(detail) for pattern, _message in _patterns())


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Return the messages as what may be read, those that leave less open first."""
    messages = sorted(
        (
            *DETAILS,
            *LOYALTY_DETAILS,
            *POPUP_DETAILS,
            *REFERRAL_DETAILS,
            *FORM_DETAILS,
            *MAIL_DETAILS,
            *PLATFORM_DETAILS,
            *PROBLEM_TITLES,
        ),
        key=lambda message: message.count("%("),
    )
    return [(re.compile(_as_expression(message), re.DOTALL), message) for message in messages]


def _as_expression(message: str) -> str:
    return re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.+?)", re.escape(message))
