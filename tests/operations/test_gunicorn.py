"""One command serves the product and runs its worker, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.applications import dispose, make_application, make_settings
from tests.operations.test_keep_running import is_running, wait_until
from tests.servers import REPOSITORY, START_SECONDS, find_free_port


class Service:
    """The product as an operator starts it."""

    def __init__(self, data_dir: Path, **environ: str) -> None:
        dispose(make_application(make_settings(data_dir, f"sqlite:///{data_dir}/regulars.db")))
        self.port = find_free_port()
        self.output = data_dir / "output"
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"],
                cwd=REPOSITORY,
                env={**os.environ, "DATA_DIR": str(data_dir), "PORT": str(self.port), **environ},
                stdout=output,
                stderr=output,
            )
        try:
            wait_until(self.is_up, seconds=START_SECONDS)
        except AssertionError:
            # A server nobody waits for would disturb the tests after this one.
            self.process.kill()
            self.process.wait()
            raise

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
            text: str = answer.read().decode()
            return text

    def is_up(self) -> bool:
        assert self.process.poll() is None, self.output.read_text()
        try:
            return "ready" in self.get("/ready")
        except (urllib.error.URLError, ConnectionError):
            return False

    def family(self) -> dict[int, str]:
        """Return the command lines of all processes below gunicorn's, by id."""
        found: dict[int, str] = {}
        below = [self.process.pid]
        while below:
            pid = below.pop()
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            for child in map(int, children):
                found[child] = Path(f"/proc/{child}/cmdline").read_text().replace("\0", " ")
                below.append(child)
        return found

    def has_worker(self) -> bool:
        return any(line.rstrip().endswith("flask --app wsgi worker") for line in self.family().values())


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = Service(tmp_path)
    yield service
    service.process.kill()
    service.process.wait()


def test_operator_starts_web_and_worker_with_one_command(service: Service) -> None:
    wait_until(service.has_worker)
    assert f"on 127.0.0.1:{service.port}" in service.output.read_text()
    family = service.family()
    service.process.terminate()
    assert service.process.wait(30) == 0
    assert not any(is_running(pid) for pid in family)


def test_worker_ends_with_a_server_that_was_killed(service: Service) -> None:
    wait_until(service.has_worker)
    family = service.family()
    service.process.send_signal(signal.SIGKILL)
    wait_until(lambda: not any(is_running(pid) for pid in family), seconds=30)


def test_metrics_are_summed_over_the_web_processes(service: Service) -> None:
    for _ in range(40):
        service.get("/health")
    counted = 'regulars_requests_total{endpoint="operations_public.show_health",status="200"} 40.0'
    assert counted in service.get("/metrics")


def test_metrics_begin_anew_with_the_server(tmp_path: Path) -> None:
    for _ in range(2):
        service = Service(tmp_path)
        service.get("/health")
        counted = service.get("/metrics")
        service.process.terminate()
        service.process.wait(30)
    assert 'endpoint="operations_public.show_health",status="200"} 1.0' in counted


def test_second_server_at_a_taken_address_leaves_the_first_its_counters(service: Service, tmp_path: Path) -> None:
    service.get("/health")
    second = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"],
        cwd=REPOSITORY,
        env={**os.environ, "DATA_DIR": str(tmp_path), "PORT": str(service.port)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode != 0
    assert "in use" in second.stderr
    assert 'endpoint="operations_public.show_health",status="200"} 1.0' in service.get("/metrics")


def test_operator_with_redis_starts_the_worker_alone(tmp_path: Path) -> None:
    service = Service(tmp_path, REDIS_URL="redis://127.0.0.1:1/0")
    assert not any("keep_running" in line for line in service.family().values())
    service.process.terminate()
    service.process.wait(30)
