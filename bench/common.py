"""Two servers side by side, loaded in turns: the product, and the bare hello it is measured against."""

import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bench.load import LoadResult, http_request, send_load
from tests.servers import find_free_port

REPOSITORY = Path(__file__).resolve().parents[1]
ROUNDS = 5
SECONDS_A_ROUND = 3.0
WARM_UP_SECONDS = 1.5
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass
class Server:
    """One application under gunicorn with the settings of `bench.gunicorn_bench`."""

    wsgi_app: str
    environ: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=find_free_port)

    def __enter__(self) -> "Server":
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "gunicorn",
                "--config",
                "python:bench.gunicorn_bench",
                "--bind",
                f"127.0.0.1:{self.port}",
                self.wsgi_app,
            ],
            cwd=REPOSITORY,
            env={**os.environ, **self.environ},
        )
        self._wait_until_two_workers()
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(timeout=30)

    def worker_pids(self) -> list[int]:
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def cpu_seconds(self) -> float:
        """Return the processor time the workers have used, user and system."""
        ticks = 0
        for pid in self.worker_pids():
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / TICKS_A_SECOND

    def _wait_until_two_workers(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                if len(self.worker_pids()) == 2 and send_load(self.port, _hello_request, 0.01, 1).requests:
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"{self.wsgi_app} did not start")


@dataclass(frozen=True)
class Floor:
    """What is promised of a figure, as ratios to hello: at least so many requests, at most so much CPU."""

    min_requests_ratio: float
    max_cpu_ratio: float | None = None


def compare_with_hello(
    name: str, server: Server, make_request: Callable[[], bytes], expected_status: int, floor: Floor
) -> bool:
    """Load hello and the product in turns; print the medians and tell whether the floor is reached."""
    with Server("bench.hello:app") as hello, server:
        _measure(hello, _hello_request, 200, WARM_UP_SECONDS)
        _measure(server, make_request, expected_status, WARM_UP_SECONDS)
        pairs = [
            (
                _measure(hello, _hello_request, 200, SECONDS_A_ROUND),
                _measure(server, make_request, expected_status, SECONDS_A_ROUND),
            )
            for _ in range(ROUNDS)
        ]
    hello_rps, hello_cpu = (statistics.median(pair[0][i] for pair in pairs) for i in (0, 1))
    own_rps, own_cpu = (statistics.median(pair[1][i] for pair in pairs) for i in (0, 1))
    requests_ratio, cpu_ratio = own_rps / hello_rps, own_cpu / hello_cpu
    is_reached = requests_ratio >= floor.min_requests_ratio and (
        floor.max_cpu_ratio is None or cpu_ratio <= floor.max_cpu_ratio
    )
    cpu_floor = f", at most {floor.max_cpu_ratio}" if floor.max_cpu_ratio else ""
    print(
        f"{name}\n"
        f"  requests a second: {own_rps:8.0f}   hello {hello_rps:8.0f}   ratio {requests_ratio:.2f}"
        f" (at least {floor.min_requests_ratio})\n"
        f"  CPU a request, us: {1e6 * own_cpu:8.0f}   hello {1e6 * hello_cpu:8.0f}   ratio {cpu_ratio:.2f}"
        f"{cpu_floor and f' ({cpu_floor[2:]})'}\n"
        f"  {'reached' if is_reached else 'NOT REACHED'}; median of {ROUNDS} interleaved rounds"
    )
    return is_reached


def _measure(
    server: Server, make_request: Callable[[], bytes], expected_status: int, seconds: float
) -> tuple[float, float]:
    """Return requests a second and CPU seconds a request."""
    before = server.cpu_seconds()
    result: LoadResult = send_load(server.port, make_request, seconds)
    if set(result.statuses) != {expected_status}:
        raise RuntimeError(f"expected only {expected_status}, got {result.statuses}")
    return result.requests_per_second, (server.cpu_seconds() - before) / result.requests


def _hello_request() -> bytes:
    return http_request("GET", "/")
