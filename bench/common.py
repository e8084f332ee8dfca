"""Two servers side by side, loaded in turns: the product, and the bare hello it is measured against."""

import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
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
    python: str = sys.executable
    is_quiet: bool = False

    def __enter__(self) -> "Server":
        self._process = subprocess.Popen(
            [
                self.python,
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
            stderr=subprocess.DEVNULL if self.is_quiet else None,
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
                if len(self.worker_pids()) == 2 and send_load(self.port, hello_request, 0.01, 1).requests:
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"{self.wsgi_app} did not start")


@dataclass(frozen=True)
class Floor:
    """What is promised of a figure, as ratios to hello: at least so many requests, at most so much CPU."""

    min_requests_ratio: float
    max_cpu_ratio: float | None = None


@dataclass(frozen=True)
class Comparison:
    """The medians of the product and of hello, loaded in turns."""

    requests: float
    hello_requests: float
    cpu_seconds: float
    hello_cpu_seconds: float

    @property
    def requests_ratio(self) -> float:
        return self.requests / self.hello_requests

    @property
    def cpu_ratio(self) -> float:
        return self.cpu_seconds / self.hello_cpu_seconds


def compare_with_hello(
    name: str, server: Server, make_request: Callable[[], bytes], expected_status: int, floor: Floor
) -> bool:
    """Load hello and the product in turns; print the medians and tell whether the floor is reached."""
    with Server("bench.hello:app") as hello, server:
        (compared,) = load_in_turns(hello, [(server, make_request, expected_status)])
    return tell(name, compared, floor)


def load_in_turns(hello: Server, others: Sequence[tuple[Server, Callable[[], bytes], int]]) -> list[Comparison]:
    """Load hello and each of the others, which run, in turns; a load is a server, its requests and their status."""
    loads = [(hello, hello_request, 200), *others]
    for load in loads:
        _measure(*load, WARM_UP_SECONDS)
    rounds = [[_measure(*load, SECONDS_A_ROUND) for load in loads] for _ in range(ROUNDS)]
    medians = [
        tuple(statistics.median(figures[place][i] for figures in rounds) for i in (0, 1)) for place in range(len(loads))
    ]
    (hello_requests, hello_cpu), *own = medians
    return [Comparison(requests, hello_requests, cpu, hello_cpu) for requests, cpu in own]


def tell(name: str, compared: Comparison, floor: Floor) -> bool:
    """Print the medians and tell whether the floor is reached."""
    is_reached = compared.requests_ratio >= floor.min_requests_ratio and (
        floor.max_cpu_ratio is None or compared.cpu_ratio <= floor.max_cpu_ratio
    )
    cpu_floor = f" (at most {floor.max_cpu_ratio})" if floor.max_cpu_ratio else ""
    print(
        f"{name}\n"
        f"  requests a second: {compared.requests:8.0f}   hello {compared.hello_requests:8.0f}"
        f"   ratio {compared.requests_ratio:.2f} (at least {floor.min_requests_ratio})\n"
        f"  CPU a request, us: {1e6 * compared.cpu_seconds:8.0f}   hello {1e6 * compared.hello_cpu_seconds:8.0f}"
        f"   ratio {compared.cpu_ratio:.2f}{cpu_floor}\n"
        f"  {'reached' if is_reached else 'NOT REACHED'}; median of {ROUNDS} interleaved rounds",
        flush=True,
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


def hello_request() -> bytes:
    """Return the request every figure is measured against."""
    return http_request("GET", "/")
