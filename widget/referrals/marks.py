"""What stands for a browser and for an address prefix: without our secret nobody can try which they are."""

import hashlib
import hmac
import uuid

from flask import current_app


def mark_device(site_id: uuid.UUID, visitor_id: uuid.UUID) -> str:
    """Return what stands for a browser."""
    return _mark(f"device {site_id.hex} {visitor_id.hex}")


def mark_network(site_id: uuid.UUID, prefix: str) -> str:
    """Return what stands for an address prefix."""
    return _mark(f"network {site_id.hex} {prefix}")


def _mark(text: str) -> str:
    return hmac.new(current_app.config["SECRET_KEY"].encode(), text.encode(), hashlib.sha256).hexdigest()
