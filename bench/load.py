"""A bounded HTTP load from this machine: prepared requests over kept connections, one thread."""

import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class LoadResult:
    """What a load got: answers by status, and how long it took."""

    statuses: dict[int, int]
    seconds: float

    @property
    def requests(self) -> int:
        return sum(self.statuses.values())

    @property
    def requests_per_second(self) -> float:
        return self.requests / self.seconds


class _Connection:
    """One kept connection that always has one request under way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""

    def take_answer(self) -> int | None:
        """Read what has come; return the status once a whole answer is there."""
        self.received += self.socket.recv(262_144)
        head, separator, body = self.received.partition(b"\r\n\r\n")
        if not separator:
            return None
        lower = head.lower()
        start = lower.index(b"content-length:") + 15
        length = int(lower[start:].split(b"\r\n", 1)[0])
        if len(body) < length:
            return None
        self.received = body[length:]
        return int(head[9:12])


def send_load(port: int, make_request: Callable[[], bytes], seconds: float, connections: int = 8) -> LoadResult:
    """Keep `connections` requests under way for `seconds`."""
    selector = selectors.DefaultSelector()
    statuses: dict[int, int] = {}
    opened = [_Connection(port) for _ in range(connections)]
    started = time.perf_counter()
    for connection in opened:
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        connection.socket.sendall(make_request())
    end = started + seconds
    under_way = connections
    while under_way:
        for key, _ in selector.select(timeout=10):
            connection = key.data
            status = connection.take_answer()
            if status is None:
                continue
            statuses[status] = statuses.get(status, 0) + 1
            if time.perf_counter() < end:
                connection.socket.sendall(make_request())
            else:
                under_way -= 1
    elapsed = time.perf_counter() - started
    for connection in opened:
        selector.unregister(connection.socket)
        connection.socket.close()
    selector.close()
    return LoadResult(statuses, elapsed)


def http_request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """Return the bytes of one HTTP/1.1 request; header names are written with underscores."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
