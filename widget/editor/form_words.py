"""What the editor's page calls things, in the owner's language."""

from flask_babel import lazy_gettext as _l

KIND_NAMES = {"nps": "NPS", "csat": "CSAT", "ces": "CES", "form": _l("Form"), "quiz": _l("Quiz")}
BUCKET_WORDS = {
    "promoter": _l("promoters (9 and 10)"),
    "passive": _l("passives (7 and 8)"),
    "detractor": _l("detractors (0 to 6)"),
    "satisfied": _l("the satisfied (4 and 5)"),
    "dissatisfied": _l("the dissatisfied (1 and 2)"),
    "easy": _l("who found it easy (5 to 7)"),
    "difficult": _l("who found it difficult (1 to 3)"),
}
NEUTRAL_WORDS = {"csat": _l("the neutral (3)"), "ces": _l("the neutral (4)")}
TYPE_NAMES = {
    "scale": _l("Scale"),
    "stars": _l("Stars"),
    "emoji": _l("Faces"),
    "single": _l("One choice"),
    "multiple": _l("Several choices"),
    "text": _l("Text"),
    "birthday": _l("Birthday"),
    "interests": _l("Interests"),
}
TYPE_SIGNS = {
    "scale": "sliders",
    "stars": "star",
    "emoji": "emoji-smile",
    "single": "record-circle",
    "multiple": "check2-square",
    "text": "chat-left-text",
    "birthday": "cake2",
    "interests": "heart",
}
STATES = [
    ("draft", _l("Draft: only you see it")),
    ("live", _l("Live: store pages ask it")),
    ("paused", _l("Paused: nobody is asked")),
    ("archived", _l("Archived: hidden from the list too")),
]
DISPLAYS = [
    ("sheet", _l("A small sheet at the corner, opens by itself")),
    ("tab", _l("A tab at the edge that stays: “Feedback”")),
    ("inline", _l("Inside the page, where you put its tag")),
]
MATCHES = [
    ("contains", _l("contains")),
    ("starts", _l("starts with")),
    ("ends", _l("ends with")),
    ("exact", _l("is exactly")),
    ("not_contains", _l("does not contain")),
]
PROPERTY_MATCHES = [
    ("is", _l("is")),
    ("is_not", _l("is not")),
    ("at_least", _l("is at least")),
    ("at_most", _l("is at most")),
    ("contains", _l("contains")),
]
DEVICES = [("", _l("any device")), ("desktop", _l("computers with a mouse")), ("touch", _l("phones and tablets"))]
VISITORS = [
    ("", _l("new and returning visitors")),
    ("new", _l("new visitors")),
    ("returning", _l("returning visitors")),
]
IDENTITIES = [
    ("", _l("customers you know and others")),
    ("customer", _l("customers your store has signed in")),
    ("anonymous", _l("visitors nobody knows")),
]
EVENT_SOURCES = [("", _l("the page in the browser")), ("server", _l("your store's server"))]
DELAY_UNITS = [("days", _l("days")), ("hours", _l("hours")), ("minutes", _l("minutes"))]
FREQUENCIES = [
    ("once", _l("Once, and never again")),
    ("every", _l("Again every so many days")),
    ("until", _l("Again every so many days until they answer, never afterwards")),
]
COMMENT_CHOICES = [
    ("everybody", _l("Everybody")),
    ("some", _l("Only some")),
    ("nobody", _l("Nobody")),
]
FIELD_NAMES = {
    "name": _l("Name"),
    "state": _l("State"),
    "display": _l("Where it appears"),
    "languages": _l("Languages"),
    "default_language": _l("Default language"),
    "definition.questions": _l("Questions"),
    "definition.outcomes": _l("Outcomes"),
    "after_seconds": _l("Seconds on the page"),
    "scroll_percent": _l("Scrolling down"),
    "event_name": _l("Event"),
    "sample_percent": _l("Share of visitors"),
    "repeat_days": _l("Days between"),
    "url_rules": _l("Rules for pages"),
    "gates.referrers": _l("Rules for where they came from"),
    "gates.event_properties": _l("Properties of the event"),
    "gates.event_delay": _l("Wait after the event"),
    "gates.segments": _l("Segments"),
    "gates.cart_min": _l("Smallest cart"),
    "gates.cart_max": _l("Largest cart"),
}
EVERYBODY_WORD = _l("everybody")


def bucket_words(kind: str, bucket: str) -> str:
    """Return who a bucket is."""
    if bucket == "all":
        return str(EVERYBODY_WORD)
    return str(NEUTRAL_WORDS[kind] if bucket == "neutral" else BUCKET_WORDS[bucket])
