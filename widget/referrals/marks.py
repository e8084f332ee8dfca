"""What stands for a browser and for an address prefix: without our secret nobody can try which they are."""

import hashlib
import hmac
import uuid
from typing import Any

from flask import current_app, request

from widget.core.rate_limits import address_prefix, require_within_limits

# Nobody claims more often for themselves; an office or a school may share a network.
CLAIMS_A_MINUTE = 20


def mark_claim(site_id: uuid.UUID, visitor_id: uuid.UUID | None) -> dict[str, Any]:
    """Return what stands for the browser and the address prefix a claim comes from; raise TooManyRequests."""
    network = mark_request(site_id)
    require_within_limits({f"claims {network}": CLAIMS_A_MINUTE})
    return {"device": mark_device(site_id, visitor_id) if visitor_id else None, "network": network}


def mark_request(site_id: uuid.UUID) -> str:
    """Return what stands for the address prefix a request comes from."""
    return mark_network(site_id, address_prefix(request.remote_addr))


def mark_device(site_id: uuid.UUID, visitor_id: uuid.UUID) -> str:
    """Return what stands for a browser."""
    return _mark(f"device {site_id.hex} {visitor_id.hex}")


def mark_network(site_id: uuid.UUID, prefix: str) -> str:
    """Return what stands for an address prefix."""
    return _mark(f"network {site_id.hex} {prefix}")


def _mark(text: str) -> str:
    return hmac.new(current_app.config["SECRET_KEY"].encode(), text.encode(), hashlib.sha256).hexdigest()
