"""The choices of a campaign's form, and its fields, in an owner's words."""

from flask_babel import lazy_gettext as _l

GOALS = [
    ("coupon", _l("Give a coupon for an address")),
    ("free_shipping", _l("Give free shipping for an address")),
    ("subscribe", _l("Win readers for the newsletter")),
    ("download", _l("Give something to download for an address")),
    ("message", _l("Say something, perhaps with a code")),
    ("survey", _l("Open a survey")),
]
DISPLAYS = [
    ("modal", _l("In the middle of the page")),
    ("sheet", _l("As a sheet at the edge")),
    ("inline", _l("Inside the page, where its tag stands")),
]
DEVICES = [("", _l("any device")), ("desktop", _l("computers")), ("touch", _l("phones and tablets"))]
VISITORS = [("", _l("everybody")), ("new", _l("new visitors")), ("returning", _l("those who come back"))]
MATCHES = [
    ("contains", _l("contains")),
    ("exact", _l("is exactly")),
    ("starts", _l("begins with")),
    ("ends", _l("ends with")),
    ("not_contains", _l("does not contain")),
]
ASKED = [("", _l("not asked")), ("optional", _l("asked")), ("required", _l("must be told"))]
PROFILE_FIELDS = [
    ("name", _l("Name")),
    ("birthday", _l("Birthday")),
    ("gender", _l("Gender")),
    ("area", _l("Where they live")),
    ("interests", _l("Interests")),
]
# Of each text: its name, its label, whether it has several lines, and where it is needed.
TEXTS = [
    ("title", _l("Title"), False, ""),
    ("text", _l("Text"), True, ""),
    ("button", _l("Button"), False, ""),
    ("button_url", _l("Where the button leads"), False, "for-message"),
    ("privacy_url", _l("Address of your privacy policy"), False, "for-form"),
]
MORE_TEXTS = [
    ("decline", _l("Button that declines"), False, ""),
    ("teaser", _l("Button on a phone, which opens the form"), False, "for-form"),
    ("thanks_title", _l("Title once they have signed up"), False, "for-form"),
    ("thanks_text", _l("Text below it"), True, "for-form"),
    ("alt", _l("What the picture shows, for those who cannot see it"), False, ""),
]
FIELD_NAMES = {
    "name": _l("Name"),
    "goal": _l("What is it for?"),
    "display": _l("Where it appears"),
    "variants": _l("What it says"),
    "fields": _l("What it asks"),
    "consents": _l("What they agree to"),
    "pool_id": _l("What it gives"),
    "fixed_code": _l("What it gives"),
    "download_url": _l("Address of what they download"),
    "survey_id": _l("Survey to open"),
    "triggers": _l("When it opens"),
    "rules": _l("For whom"),
    "every_days": _l("How often"),
    "per_session": _l("How often"),
    "holdout_percent": _l("Visitors who see nothing"),
    "default_language": _l("Default language"),
    "languages": _l("Languages"),
}
