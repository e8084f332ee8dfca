"""Reviews in an owner's words: states, reasons, flags, and the steps of a history."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from widget.core.formats import current_locale
from widget.core.shopper_languages import LANGUAGE_NAMES
from widget.reviews.attributes import label_of
from widget.reviews.history import AUTHOR, READER, STORE, SYSTEM
from widget.reviews.models import Review, ReviewEvent

HOLDS = {
    "moderation": _l("Waiting"),
    "suspicious": _l("Waiting: looks suspicious"),
    "edit": _l("Waiting: changed by its author"),
    "unconfirmed": _l("Not confirmed by e-mail yet"),
}
# Why a review is hidden: its name, and what is meant by it.
REASONS = {
    "spam": (_l("Spam"), _l("Advertising, links to elsewhere, or text made by a program.")),
    "fake": (_l("Fake"), _l("Not the experience of somebody who had the product: invented, bought, or from a rival.")),
    "abusive": (_l("Abusive"), _l("Insults, threats or hatred. Harsh words about the product are none.")),
    "personal_data": (_l("Personal data"), _l("Names a person, an address, a telephone number or an order.")),
    "off_topic": (_l("Off topic"), _l("Says nothing of this product: the weather, another shop, another article.")),
    "illegal": (_l("Illegal"), _l("Breaks the law or somebody's rights, such as a picture taken from elsewhere.")),
    "duplicate": (_l("A duplicate"), _l("The same review of the same person stands here already.")),
}
OTHER_REASONS = {"author": _l("Taken back by its author"), "imported": _l("Hidden where it came from")}
FLAGS = {
    "too_fast": _l("sent faster than anybody writes"),
    "trap": _l("filled a field people cannot see"),
    "links": _l("contains links"),
    "markup": _l("contains markup of links"),
    "twin": _l("same text as another"),
    "burst": _l("one of very many from one network"),
}
SOURCES = {"widget": _l("in a page"), "link": _l("by a link"), "api": _l("by your server"), "import": _l("imported")}
FILTER_FLAGS = {
    "verified": _l("verified"),
    "photos": _l("with photos"),
    "reported": _l("reported by readers"),
    "suspicious": _l("held as suspicious"),
    "featured": _l("on the wall"),
    "incentivized": _l("incentivized"),
}
# Each step, to follow who took it.
STEPS = {
    "submitted": _l("wrote it"),
    "imported": _l("brought it in from a file"),
    "confirmed": _l("confirmed it by e-mail"),
    "edited": _l("changed it"),
    "withdrawn": _l("took it back"),
    "verified": _l("found the order that shows the purchase"),
    "merged": _l("joined it to another customer"),
    "published": _l("published it"),
    "rejected": _l("hid it"),
    "held": _l("took it back into the queue"),
    "undone": _l("undid the step before"),
    "featured": _l("put it on the wall"),
    "unfeatured": _l("took it off the wall"),
    "incentivized": _l("marked that something was given for it"),
    "replied": _l("answered it"),
    "reply_changed": _l("changed the answer"),
    "reply_removed": _l("took the answer away"),
    "edit_requested": _l("asked the author to change it"),
    "reports_settled": _l("settled the reports"),
}
ACTORS = {AUTHOR: _l("The author"), SYSTEM: _l("This server"), STORE: _l("Your server"), READER: _l("A reader")}
# What a step changed that is worth a line of its own.
SHOWN_CHANGES = {
    "rating": _l("Stars"),
    "title": _l("Title"),
    "body": _l("Text"),
    "author_name": _l("Name"),
    "incentive": _l("What was given"),
    "reply": _l("The store’s reply"),
    "photos": _l("Photos"),
    "product_id": _l("Product"),
}
FIRST_STEPS = ("submitted", "imported")
STATES = {"published": _l("published"), "pending": _l("waiting"), "rejected": _l("hidden")}


def name_state(review: Review) -> str:
    """Return where a review stands, with why."""
    if review.state == "pending":
        return str(HOLDS.get(review.hold_reason or "", _l("Waiting")))
    if review.state == "rejected":
        return str(_("Hidden: %(reason)s", reason=name_reason(review.reject_reason)))
    return str(_("Published"))


def name_reason(reason: str | None) -> str:
    """Return why a review is hidden, or was reported."""
    if reason in REASONS:
        return str(REASONS[reason][0])
    return str(OTHER_REASONS.get(reason or "", reason or ""))


def name_flag(flag: str) -> str:
    """Return what made a review suspicious."""
    return str(FLAGS.get(flag, flag.replace("_", " ")))


def name_language(tag: str) -> str:
    """Return a language's own name, or its tag where we do not know it."""
    return LANGUAGE_NAMES.get(tag.partition("-")[0].lower(), tag)


def list_attributes(definitions: Sequence[Mapping[str, Any]], review: Review) -> list[tuple[str, str]]:
    """Return what a review says beside its stars, in the language of the page."""
    language = current_locale().language
    known = {definition["key"]: definition for definition in definitions}
    said = []
    for key, value in review.attributes.items():
        definition = known.get(key, {})
        choices = {choice["id"]: label_of(choice["labels"], language) for choice in definition.get("choices", [])}
        words = _("%(value)s of 5", value=value) if definition.get("type") == "scale" else choices.get(value, value)
        said.append((label_of(definition.get("labels", {}), language) or key, str(words)))
    return said


def list_reason_choices() -> list[tuple[str, str]]:
    """Return the reasons for which a review may be hidden, for a form."""
    return [(reason, str(name)) for reason, (name, _meaning) in REASONS.items()]


def describe_event(event: ReviewEvent) -> str:
    """Return a step as a sentence: who did what, and why."""
    who = str(ACTORS.get(event.actor, event.actor))
    what = str(STEPS.get(event.kind) or event.kind.replace("_", " "))
    reason = name_reason(event.after.get("reject_reason"))
    if event.kind == "undone" and event.after.get("state"):
        reason = str(STATES.get(event.after["state"], event.after["state"]))
    said = {"who": who, "what": what, "reason": reason}
    return str(_("%(who)s %(what)s: %(reason)s", **said) if reason else _("%(who)s %(what)s", **said))


def list_shown_changes(event: ReviewEvent) -> Sequence[tuple[str, Any, Any]]:
    """Return what a later step changed in words: the name, before, after."""
    if event.kind in FIRST_STEPS:
        return []
    names = [name for name in SHOWN_CHANGES if name in event.before or name in event.after]
    return [(str(SHOWN_CHANGES[name]), event.before.get(name), event.after.get(name)) for name in names]
