"""Which e-mail addresses are one, and who an order says has bought. Pure."""

from dataclasses import dataclass
from functools import lru_cache

import idna

# Providers that deliver an address with dots, or with +anything, to the one without (their help pages say so).
DOTLESS = frozenset({"gmail.com"})
ALIASES = {"googlemail.com": "gmail.com"}
PLUSLESS = frozenset(
    {"gmail.com", "outlook.com", "hotmail.com", "live.com", "icloud.com", "me.com", "proton.me", "protonmail.com"}
    | {"fastmail.com", "pm.me"}
)


@dataclass(frozen=True)
class Buyer:
    """Who bought: an account by the store's own id, a guest by the e-mail, or nobody known.

    `is_guest` says that no account was used, also where the platform has an id for everybody who ever bought.
    None says nothing: what is known stays.
    """

    external_id: str | None = None
    email: str | None = None
    name: str | None = None
    is_email_verified: bool | None = None
    accepts_marketing: bool | None = None
    is_guest: bool | None = None


def email_key(email: str | None) -> str | None:
    """Return the form in which two spellings of one mailbox are equal, or None for what is no address.

    Case counts nowhere in practice; dots and plus signs only where the provider ignores them. Domains are
    compared in ASCII (IDNA 2008, RFC 5891).

    >>> email_key("Jo.Do+shop@GoogleMail.com"), email_key("Jo.Do+shop@example.com")
    ('jodo@gmail.com', 'jo.do+shop@example.com')
    >>> email_key("anna@BÜCHER.example"), email_key("nobody"), email_key(None)
    ('anna@xn--bcher-kva.example', None, None)
    """
    local, at, domain = (email or "").strip().lower().rpartition("@")
    if not (at and local and domain) or len(local) + len(domain) > 318:
        return None
    if " " in local + domain or not (local + domain).isprintable():
        return None
    try:
        domain = _encode_domain(domain)
    except idna.IDNAError:
        return None
    domain = ALIASES.get(domain, domain)
    if domain in PLUSLESS:
        local = local.partition("+")[0] or local
    if domain in DOTLESS:
        local = local.replace(".", "") or local
    return f"{local}@{domain}"


@lru_cache(maxsize=2_000)
def _encode_domain(domain: str) -> str:
    """Return a domain in ASCII: nearly all addresses of a store are of a few providers."""
    return idna.encode(domain, uts46=True).decode()
