"""Fetching a picture by an address that somebody else wrote: from the public internet alone, and only so much.

A name can lead anywhere, and elsewhere a moment later. So it is looked up once, every address it has must be
public, and the connection goes to the very address that was checked; at each redirect anew.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}
REDIRECTS = (301, 302, 303, 307, 308)
PUBLIC_IPV6 = ipaddress.IPv6Network("2000::/3")
PLAIN_IN_ADDRESSES = "!#$%&'()*+,/:;=?@[]~"
HEADERS = {"User-Agent": "Regulars", "Accept": "image/*", "Accept-Encoding": "identity"}
CHUNK_BYTES = 64 * 1024


class FetchRefused(Exception):
    """Nothing was fetched; `reason` is address, too_many_redirects, unreachable, status, too_large or too_slow."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host, as the machine finds them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def is_public(address: str) -> bool:
    """Tell whether an address is one of the public internet, by what it leads to where it wraps another.

    >>> is_public("93.184.216.34"), is_public("2606:4700::1111")
    (True, True)
    >>> any(map(is_public, ["127.0.0.1", "10.0.0.8", "169.254.169.254", "100.64.0.1", "224.0.0.1", "0.0.0.0"]))
    False
    >>> any(map(is_public, ["::1", "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.8", "64:ff9b::a00:8", "2002:a00:8::"]))
    False
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    # Beyond these, IPv6 holds other networks' addresses: mapped, translated, local. Two tunnels are within.
    if isinstance(ip, ipaddress.IPv6Address) and (ip not in PUBLIC_IPV6 or ip.sixtofour or ip.teredo):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


@dataclass(frozen=True)
class FetchLimits:
    """What may be fetched, how, and from where."""

    max_bytes: int
    seconds: float = 15
    redirects: int = 3
    ports: frozenset[int] = frozenset(DEFAULT_PORTS.values())
    is_allowed: Callable[[str], bool] = is_public
    resolve: Callable[[str, int], Sequence[str]] = resolve


def fetch(url: str, limits: FetchLimits) -> bytes:
    """Return what lies at an address of http or https; raise FetchRefused."""
    ends_at = time.monotonic() + limits.seconds
    for _ in range(limits.redirects + 1):
        parts = _read_address(url, limits)
        with _asking(parts, limits, ends_at) as answer:
            if answer.status not in REDIRECTS:
                return _read_body(answer, limits.max_bytes)
            url = urljoin(parts.geturl(), answer.headers.get("Location", ""))
    raise FetchRefused("too_many_redirects")


def _read_address(url: str, limits: FetchLimits) -> SplitResult:
    try:
        # What browsers and servers read differently, such as a backslash, is written out before anything reads it.
        parts = urlsplit(quote(url.strip(), safe=PLAIN_IN_ADDRESSES))
        port = parts.port or DEFAULT_PORTS[parts.scheme]
    except (ValueError, KeyError) as error:
        raise FetchRefused("address") from error
    is_known_scheme = parts.scheme in DEFAULT_PORTS
    if not is_known_scheme or not parts.hostname or "@" in parts.netloc or port not in limits.ports:
        raise FetchRefused("address")
    return parts


@contextmanager
def _asking(parts: SplitResult, limits: FetchLimits, ends_at: float) -> Iterator[http.client.HTTPResponse]:
    """Yield the answer of the host an address names, cut off when the time is over."""
    host, port = str(parts.hostname), parts.port or DEFAULT_PORTS[parts.scheme]
    address = _find_address(host, port, limits)
    seconds, is_over = max(ends_at - time.monotonic(), 0.001), threading.Event()
    try:
        with (
            socket.create_connection((address, port), seconds) as connected,
            _wrapped(connected, host, parts.scheme) as connection,
            _ending(connection, seconds, is_over),
        ):
            if isinstance(connection, ssl.SSLSocket):
                connection.do_handshake()
            asking = http.client.HTTPConnection(host, port)
            asking.sock = connection
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            asking.request("GET", path, headers={"Host": parts.netloc, **HEADERS})
            with asking.getresponse() as answer:
                yield answer
    except (OSError, http.client.HTTPException, ValueError, FetchRefused) as error:
        if is_over.is_set() or isinstance(error, TimeoutError):
            raise FetchRefused("too_slow") from error
        if isinstance(error, FetchRefused):
            raise
        raise FetchRefused("unreachable") from error


def _find_address(host: str, port: int, limits: FetchLimits) -> str:
    try:
        addresses = limits.resolve(host, port)
    except (OSError, ValueError) as error:
        raise FetchRefused("unreachable") from error
    # One that also leads inside is no name to trust in its other addresses.
    if not addresses or not all(limits.is_allowed(address) for address in addresses):
        raise FetchRefused("address")
    return addresses[0]


def _wrapped(connected: socket.socket, host: str, scheme: str) -> socket.socket:
    if scheme == "http":
        return connected
    # The handshake waits until the clock runs.
    return _tls_context().wrap_socket(connected, server_hostname=host, do_handshake_on_connect=False)


@lru_cache(maxsize=1)
def _tls_context() -> ssl.SSLContext:
    return ssl.create_default_context()


@contextmanager
def _ending(connection: socket.socket, seconds: float, is_over: threading.Event) -> Iterator[None]:
    """End a connection when its time is over: a timeout alone counts anew with every byte that drips in."""

    def end() -> None:
        is_over.set()
        # What reads in the other thread finds the end; TLS is not spoken any more.
        _shut_down(connection)

    clock = threading.Timer(seconds, end)
    clock.daemon = True
    clock.start()
    try:
        yield
    finally:
        clock.cancel()
    if is_over.is_set():
        raise TimeoutError


def _shut_down(connection: Any) -> None:
    try:
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
    except OSError:
        return


def _read_body(answer: http.client.HTTPResponse, max_bytes: int) -> bytes:
    if answer.status != 200:
        raise FetchRefused("status")
    body = b""
    while chunk := answer.read(CHUNK_BYTES):
        body += chunk
        if len(body) > max_bytes:
            raise FetchRefused("too_large")
    if answer.length:
        raise FetchRefused("unreachable")
    return body
