"""What a valid origin, e-mail address and password are, and what each role may do."""

from urllib.parse import urlsplit

ROLES = ("viewer", "editor", "owner")
MIN_PASSWORD_LENGTH = 10
MAX_PASSWORD_LENGTH = 1000


def normalise_origin(text: str) -> str:
    """Return an origin as browsers send it (RFC 6454); raise ValueError for what is none.

    >>> normalise_origin("HTTPS://Shop.example:443/cart?x=1")
    'https://shop.example'
    >>> normalise_origin("http://localhost:8000")
    'http://localhost:8000'
    >>> normalise_origin("shop.example")
    Traceback (most recent call last):
    ValueError: an origin looks like https://shop.example
    """
    parts = urlsplit(text.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or "\x00" in text:
        raise ValueError("an origin looks like https://shop.example")
    host = parts.hostname if parts.hostname.isascii() else parts.hostname.encode("idna").decode()
    if ":" in host:
        host = f"[{host}]"
    default_port = 443 if parts.scheme == "https" else 80
    port = f":{parts.port}" if parts.port not in (None, default_port) else ""
    return f"{parts.scheme}://{host}{port}"


def normalise_email(text: str) -> str:
    """Return an e-mail address in the form owners are found by; raise ValueError for what is none.

    >>> normalise_email(" Alice@Maple.example ")
    'alice@maple.example'
    """
    email = text.strip().lower()
    local, at, domain = email.rpartition("@")
    if not (local and at and "." in domain) or len(email) > 320 or any(c.isspace() or c == "\x00" for c in email):
        raise ValueError("this is not an e-mail address")
    return email


def explain_weak_password(password: str, email: str) -> str | None:
    """Return what is wrong with a new password, or None (length over composition: NIST SP 800-63B).

    >>> explain_weak_password("short", "a@b.example")
    'Choose a password of at least 10 characters.'
    >>> explain_weak_password("a long walk home", "a@b.example") is None
    True
    """
    if len(password) < MIN_PASSWORD_LENGTH:
        return f"Choose a password of at least {MIN_PASSWORD_LENGTH} characters."
    if len(password) > MAX_PASSWORD_LENGTH:
        return f"Choose a password of at most {MAX_PASSWORD_LENGTH} characters."
    if password.lower() == email or len(set(password)) < 4:
        return "This password is too easy to guess."
    return None


def role_includes(role: str, needed: str) -> bool:
    """Tell whether a role may do what another role may.

    >>> role_includes("owner", "editor"), role_includes("viewer", "editor")
    (True, False)
    """
    return ROLES.index(role) >= ROLES.index(needed)
