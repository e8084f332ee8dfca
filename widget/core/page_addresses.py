"""The addresses of a store's pages: the rules an owner makes on them, and what of them is kept. Pure."""

import re
from collections.abc import Sequence

# How a rule may look at an address.
MATCHES = ("contains", "exact", "starts", "ends", "not_contains")
_WISHES = {"contains": ".*{}", "starts": "{}", "ends": ".*{}$", "exact": "{}$"}


def compile_rules(rules: Sequence[Sequence[str]]) -> str | None:
    """Return rules on an address as one regular expression that begins at the address's start.

    >>> compile_rules([["contains", "/cart"], ["exact", "https://a.b/"], ["not_contains", "?x"]])
    '^(?!.*(?:\\\\?x))(?:.*/cart|https://a\\\\.b/$)'
    >>> compile_rules([]) is None
    True
    """
    bans = [_escape(text) for how, text in rules if how == "not_contains"]
    wishes = [_WISHES[how].format(_escape(text)) for how, text in rules if how != "not_contains"]
    if not rules:
        return None
    return "^" + (f"(?!.*(?:{'|'.join(bans)}))" if bans else "") + (f"(?:{'|'.join(wishes)})" if wishes else "")


def _escape(text: str) -> str:
    return re.sub(r"[\\^$.*+?()[\]{}|]", r"\\\g<0>", text)


def strip_page_url(url: str) -> str:
    """Return a page's address without query and fragment, which may carry tokens or e-mail addresses.

    >>> strip_page_url("https://shop.example/order/7?email=a@b.example#top")
    'https://shop.example/order/7'
    """
    return url.partition("#")[0].partition("?")[0]
