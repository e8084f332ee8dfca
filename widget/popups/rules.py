"""What a campaign may say, and what makes a lead suspicious. Pure."""

GOALS = ("subscribe", "coupon", "free_shipping", "download", "message", "survey")
# What is given for an address; the others have no form.
FORM_GOALS = ("subscribe", "coupon", "free_shipping", "download")
CODE_GOALS = ("coupon", "free_shipping")
STATES = ("draft", "live", "paused", "archived")
DISPLAYS = ("modal", "sheet", "inline")
DEVICES = ("desktop", "touch")
VISITORS = ("new", "returning")
# What a form may ask beyond the address; all but the name become the customer's attributes of the same name.
PROFILE_FIELDS = ("name", "birthday", "gender", "area", "interests")
VARIANT_KEYS = "abcdefgh"
LEAD_STATES = ("unconfirmed", "confirmed", "unsubscribed")
TRIGGERS = ("exit", "touch", "idle", "return", "after", "scroll", "cart", "event", "inline", "preview")
# Next steps a campaign may take from each of its states.
STEPS = {
    "draft": ("live", "archived"),
    "live": ("paused", "archived"),
    "paused": ("live", "archived"),
    "archived": (),
}
# Nobody reads a form, types an address and agrees within this time; a trap filled later may be
# the browser's own doing.
TOO_FAST_MS, TRAP_FAST_MS = 1_000, 8_000


def may_become(state: str, wanted: str) -> bool:
    """Tell whether a campaign may go from one state to another; to stay is no step.

    >>> may_become("draft", "live"), may_become("archived", "live"), may_become("live", "draft")
    (True, False, False)
    """
    return wanted in STEPS[state]


def is_suspicious(elapsed_ms: int | None, *, is_trap_filled: bool) -> bool:
    """Tell whether a program rather than a person filled in the form.

    >>> is_suspicious(300, is_trap_filled=False), is_suspicious(None, is_trap_filled=True)
    (True, True)
    >>> is_suspicious(30_000, is_trap_filled=True), is_suspicious(None, is_trap_filled=False)
    (False, False)
    """
    if elapsed_ms is not None and elapsed_ms < TOO_FAST_MS:
        return True
    return is_trap_filled and (elapsed_ms is None or elapsed_ms < TRAP_FAST_MS)


def is_from_country(wanted: list[str] | None, country: str | None) -> bool:
    """Tell whether a campaign for some countries is for a visitor; of an unknown country it is for nobody.

    >>> is_from_country(None, None), is_from_country(["IT", "DE"], "it"), is_from_country(["IT"], None)
    (True, True, False)
    """
    return not wanted or (country or "").upper() in wanted
