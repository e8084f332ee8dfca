"""The one place that reads the clock."""

import time
from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return the current time, aware and in UTC."""
    return datetime.now(UTC)


def unix_seconds() -> float:
    """Return the seconds since 1970, for windows and ages."""
    return time.time()
