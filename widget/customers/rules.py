"""Which e-mail addresses are one, who an order says has bought, and what is told of a customer. Pure."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

import idna

# Providers that deliver an address with dots, or with +anything, to the one without (their help pages say so).
DOTLESS = frozenset({"gmail.com"})
ALIASES = {"googlemail.com": "gmail.com"}
PLUSLESS = frozenset(
    {"gmail.com", "outlook.com", "hotmail.com", "live.com", "icloud.com", "me.com", "proton.me", "protonmail.com"}
    | {"fastmail.com", "pm.me"}
)


# What an owner may keep of a customer with consent; the questions of surveys that ask for it have the same names.
ATTRIBUTES = ("birthday", "gender", "area", "interests")
GENDERS = ("female", "male", "other")
MAX_INTERESTS = 50
MAX_AREA_LENGTH = 100
_BIRTHDAY = re.compile(r"(?:([12][0-9]{3})|-)-([0-9]{2})-([0-9]{2})")
_INTEREST = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")

# What is told of a customer: by name the time and the value. The later stays; at one time the greater.
Statements = dict[str, tuple[str, Any]]


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


def list_statements(buyer: Buyer, at: datetime) -> Statements:
    """Return what a document tells of a buyer.

    That an address is verified is said of that address alone: `verified_email` is its key, or empty.

    >>> list_statements(Buyer("7", " A@x.example", is_email_verified=True), datetime(2026, 5, 4, tzinfo=UTC))
    {'email': ('2026-05-04T00:00:00.000000+00:00', 'a@x.example'), \
'verified_email': ('2026-05-04T00:00:00.000000+00:00', 'a@x.example')}
    """
    key = email_key(buyer.email) if buyer.is_email_verified is not None else None
    told = {
        "email": buyer.email.strip().lower() if buyer.email else None,
        "name": buyer.name or None,
        "accepts_marketing": buyer.accepts_marketing,
        "verified_email": None if key is None else key * bool(buyer.is_email_verified),
    }
    time = at.astimezone(UTC).isoformat(timespec="microseconds")
    return {name: (time, value) for name, value in told.items() if value is not None}


def join_statements(*told: Statements) -> Statements:
    """Return what is told by all of them: of each name the latest.

    >>> join_statements({"name": ("2026", "A")}, {"name": ("2025", "B")}, {"email": ("2024", "a@x.example")})
    {'name': ('2026', 'A'), 'email': ('2024', 'a@x.example')}
    """
    joined: Statements = {}
    for statements in told:
        for name, statement in statements.items():
            joined[name] = max(joined.get(name, statement), statement)
    return joined


def weaken_statements(told: Statements) -> Statements:
    """Return what a guest is told to be as told of an account: it stays only where nothing else was said.

    >>> join_statements(weaken_statements({"name": ("2026", "A")}), {"name": ("2025", "B")})
    {'name': ('2025', 'B')}
    """
    # A space sorts before every time.
    return {name: (f" {time.lstrip()}", value) for name, (time, value) in told.items()}


def read_statements(customer: Any) -> Statements:
    """Return what was told of a customer, from its columns.

    >>> from types import SimpleNamespace
    >>> columns = describe_told({"email": ("2026", "a@x.example"), "verified_email": ("2025", "a@x.example")})
    >>> columns["is_email_verified"], read_statements(SimpleNamespace(**columns)) == {
    ...     "email": ("2026", "a@x.example"), "verified_email": ("2025", "a@x.example")}
    (True, True)
    """
    times = customer.told_times
    told = {}
    for name in ("email", "name", "accepts_marketing"):
        value = getattr(customer, name)
        if value is not None and (value or name in times):
            told[name] = (times.get(name, ""), value)
    if "verified_email" in times:
        told["verified_email"] = (times["is_email_verified"], times["verified_email"])
    return told


def describe_told(told: Statements) -> dict[str, Any]:
    """Return the columns of a customer of whom this is told: an address is verified if it is the one that was.

    >>> told = {"email": ("2026", "b@x.example"), "verified_email": ("2025", "a@x.example")}
    >>> describe_told(told)["is_email_verified"]
    False
    """
    email = told["email"][1] if "email" in told else None
    times = {name: time for name, (time, _) in told.items() if name != "verified_email"}
    verified_at, verified = told.get("verified_email", ("", ""))
    if "verified_email" in told:
        times |= {"is_email_verified": verified_at, "verified_email": verified}
    return {
        "email": email,
        "name": told["name"][1] if "name" in told else None,
        "accepts_marketing": told["accepts_marketing"][1] if "accepts_marketing" in told else False,
        "is_email_verified": bool(verified) and verified == email_key(email),
        "told_times": times,
    }


def find_attribute_error(name: str, value: Any) -> str | None:
    """Return what is wrong with the value of an attribute, or None.

    >>> find_attribute_error("birthday", "--02-29"), find_attribute_error("birthday", "1990-02-30")
    (None, 'Must be a day such as 1990-05-31, or --05-31 without the year.')
    >>> find_attribute_error("gender", "f"), find_attribute_error("interests", ["tea", "tea"])
    ('Must be one of: female, male, other.', 'A choice stands there twice.')
    """
    if name == "birthday":
        return None if _is_birthday(value) else "Must be a day such as 1990-05-31, or --05-31 without the year."
    if name == "gender":
        return None if isinstance(value, str) and value in GENDERS else f"Must be one of: {', '.join(GENDERS)}."
    if name == "area":
        is_right = isinstance(value, str) and 1 <= len(value) <= MAX_AREA_LENGTH and value.isprintable()
        return None if is_right and value.strip() else f"Must be 1 to {MAX_AREA_LENGTH} printable characters."
    is_list = isinstance(value, list) and 1 <= len(value) <= MAX_INTERESTS
    if not is_list or not all(isinstance(item, str) and _INTEREST.fullmatch(item) for item in value):
        return f"Must be a list of 1 to {MAX_INTERESTS} names of small letters, digits, underscores or hyphens."
    return "A choice stands there twice." if len(set(value)) < len(value) else None


def _is_birthday(value: Any) -> bool:
    match = _BIRTHDAY.fullmatch(value) if isinstance(value, str) else None
    try:
        # Without a year the day may be the 29th of February.
        return match is not None and bool(date(int(match[1] or 2000), int(match[2]), int(match[3])))
    except ValueError:
        return False


@lru_cache(maxsize=2_000)
def _encode_domain(domain: str) -> str:
    """Return a domain in ASCII: nearly all addresses of a store are of a few providers."""
    return idna.encode(domain, uts46=True).decode()
