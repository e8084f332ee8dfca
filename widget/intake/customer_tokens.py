"""Customer tokens signed by us for a store that cannot sign: Shopify says who is logged in, and we sign it."""

from datetime import timedelta

import jwt

from widget.core.clock import utc_now
from widget.core.ids import new_id
from widget.sites.models import Site
from widget.sites.queries import list_signing_keys

LASTS = timedelta(minutes=10)


def sign_customer_token(site: Site, external_id: str) -> str | None:
    """Return a customer token (docs/embed.md) with the site's newest signing key, None where it has none."""
    keys = list_signing_keys(site)
    if not keys:
        return None
    now = int(utc_now().timestamp())
    claims = {"iss": site.key, "sub": external_id, "iat": now, "exp": now + int(LASTS.total_seconds())}
    return jwt.encode(claims | {"jti": new_id().hex}, keys[-1].secret, "HS256", headers={"kid": keys[-1].id})
