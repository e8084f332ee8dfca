"""How a store's server signs its customer: the five lines of `docs/embed.md`."""

import time
import uuid

import jwt

from widget.demo.catalogue import Shopper
from widget.sites.models import SigningKey


def sign_customer(site_key: str, key: SigningKey, shopper: Shopper) -> str:
    """Return the token for `data-customer`, good for ten minutes."""
    now = int(time.time())
    who = {"sub": shopper.id, "email": shopper.email, "name": shopper.name}
    claims = {"iss": site_key, **who, "iat": now, "exp": now + 600, "jti": str(uuid.uuid4())}
    return jwt.encode(claims, key.secret, algorithm="HS256", headers={"kid": key.id})
