"""How Shopify and WooCommerce sign what they send, checked in constant time. Pure."""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Iterable
from html import unescape

APP_PROXY_TOLERANCE_SECONDS = 90
GIVEN_ONCE = ("signature", "shop", "timestamp")


def sign_body(secret: str, body: bytes) -> str:
    """Return the signature of a webhook's raw body: HMAC-SHA256 in base64, with both platforms.

    >>> sign_body("test_secret_key", b'{"foo": "bar"}')
    'B23tXN681gZ0qIWNRrgtzBE9XSDo5yaUu6wfmhu3a7g='
    >>> sign_body("secret123", b'{"foo":"bar"}')
    'f1uWRIlYcdN2x8PFyn7FlN1QthzTG6auLev6PkuZ7Z8='
    """
    return b64encode(_digest(secret, body).digest()).decode()


def is_body_signed(secret: str, body: bytes, signature: str) -> bool:
    """Tell whether a signature belongs to a body.

    WooCommerce decodes HTML entities in a secret before it signs; no secret of Shopify's holds any.

    >>> is_body_signed("test_secret_key", b'{"foo": "bar"}', "B23tXN681gZ0qIWNRrgtzBE9XSDo5yaUu6wfmhu3a7g=")
    True
    >>> is_body_signed("test_secret_key", b'{"foo": "baz"}', "B23tXN681gZ0qIWNRrgtzBE9XSDo5yaUu6wfmhu3a7g=")
    False
    >>> is_body_signed("test_secret_key", b"", "")
    False
    """
    return bool(secret) and _is_equal(sign_body(unescape(secret), body), signature)


def sign_query(secret: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Return the signature of an app proxy's query: `name=value`, sorted, joined by nothing; in hexadecimal.

    >>> asked = [("extra", "1"), ("extra", "2"), ("shop", "shop-name.myshopify.com")]
    >>> asked += [("path_prefix", "/apps/awesome_reviews"), ("timestamp", "1317327555")]
    >>> sign_query("hush", asked)
    'a9718877bea71c2484f91608a7eaea1532bdf71f5c56825065fa4ccabe549ef3'
    >>> sign_query("hush", [*asked, ("logged_in_customer_id", "1")])
    '4c68c8624d737112c91818c11017d24d334b524cb5c2b8ba08daa056f7395ddb'
    """
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        if name != "signature":
            values.setdefault(name, []).append(value)
    message = "".join(sorted(f"{name}={','.join(several)}" for name, several in values.items()))
    return _digest(secret, message.encode("utf-8", "surrogatepass")).hexdigest()


def is_query_signed(secret: str, pairs: Iterable[tuple[str, str]], now: float) -> bool:
    """Tell whether Shopify signed an app proxy's query, and did so now.

    What must be given once and is given twice is refused: one would be checked and another read.

    >>> asked = [("shop", "shop-name.myshopify.com"), ("timestamp", "1317327555")]
    >>> signed = [*asked, ("signature", sign_query("hush", asked))]
    >>> is_query_signed("hush", signed, 1317327555 + 90), is_query_signed("hush", signed, 1317327555 + 91)
    (True, False)
    >>> is_query_signed("hush", [*signed, ("shop", "another.myshopify.com")], 1317327555)
    False
    """
    pairs = list(pairs)
    given = {name: [value for other, value in pairs if other == name] for name in GIVEN_ONCE}
    if not secret or any(len(values) != 1 for values in given.values()):
        return False
    (signature,), (timestamp,) = given["signature"], given["timestamp"]
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    is_recent = abs(now - int(timestamp)) <= APP_PROXY_TOLERANCE_SECONDS
    return _is_equal(sign_query(secret, pairs), signature) and is_recent


def _digest(secret: str, message: bytes) -> "hmac.HMAC":
    return hmac.new(secret.encode(), message, hashlib.sha256)


def _is_equal(expected: str, given: str) -> bool:
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass"))
