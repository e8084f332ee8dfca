"""Rate limits a minute: counted in each process, or across machines in Redis.

Our own few lines rather than a library: a hit is one dictionary entry, a tenth of what the general
libraries take on the path of every answer (`bench/response.py`).
"""

import ipaddress
from collections.abc import Mapping
from functools import lru_cache
from typing import Protocol

import redis
from flask import Flask, current_app

from widget.core.clock import unix_seconds
from widget.core.problems import TooManyRequests

WINDOW_SECONDS = 60
_EXTENSION = "regulars_rate_counter"


class Counter(Protocol):
    """Counts hits of a key within one window."""

    def hit(self, key: str, window: int) -> int:
        """Count one hit and return how many the window has had."""


class MemoryCounter:
    """The hits of one process. The dictionary lasts a window, so it needs no clearing up."""

    def __init__(self) -> None:
        self._window = 0
        self._hits: dict[str, int] = {}

    def hit(self, key: str, window: int) -> int:
        if window != self._window:
            self._window, self._hits = window, {}
        # Two threads at once may count as one: a limit of hundreds does not notice.
        hits = self._hits[key] = self._hits.get(key, 0) + 1
        return hits


class RedisCounter:
    """The hits of all machines that share a Redis."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(url)

    def hit(self, key: str, window: int) -> int:
        name = f"regulars:rate:{window}:{key}"
        with self._redis.pipeline(transaction=False) as pipeline:
            pipeline.incr(name)
            pipeline.expire(name, 2 * WINDOW_SECONDS)
            hits, _ = pipeline.execute()
        return int(hits)


def init_rate_limits(app: Flask, redis_url: str) -> None:
    """Give the application its counter."""
    app.extensions[_EXTENSION] = RedisCounter(redis_url) if redis_url else MemoryCounter()


def require_within_limits(limits: Mapping[str, int]) -> list[int]:
    """Count one hit of each key and return the minute's; raise TooManyRequests, with Retry-After, beyond a limit."""
    counter: Counter = current_app.extensions[_EXTENSION]
    now = int(unix_seconds())
    window = now // WINDOW_SECONDS
    counts = []
    for key, limit in limits.items():
        counts.append(counter.hit(key, window))
        if counts[-1] > limit:
            raise TooManyRequests(headers={"Retry-After": str(WINDOW_SECONDS - now % WINDOW_SECONDS)})
    return counts


@lru_cache(maxsize=4096)
def address_prefix(address: str | None) -> str:
    """Return the network an address shares with its neighbours: /24 of IPv4, /56 of IPv6.

    >>> address_prefix("203.0.113.7"), address_prefix("2001:db8:1:2ff::9"), address_prefix("pipe")
    ('203.0.113.0', '2001:db8:1:200::', 'unknown')
    """
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    bits = 24 if ip.version == 4 else 56
    return str(ipaddress.ip_network((ip, bits), strict=False).network_address)
