"""The worker is started again when it dies, and ends with the process that wanted it."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from widget.operations import keep_running

WRITES_ITS_PID = """
import os, sys, time
with open(sys.argv[1], "a") as file:
    print(os.getpid(), file=file, flush=True)
time.sleep(60)
"""


class Keeper:
    """A stand-in for the worker, kept running; each start leaves its process id in a file."""

    def __init__(self, folder: Path) -> None:
        self._pids = folder / "pids"
        command = [sys.executable, "-c", WRITES_ITS_PID, str(self._pids)]
        self.process = subprocess.Popen([sys.executable, "-P", keep_running.__file__, *command], stdin=subprocess.PIPE)

    def pids(self) -> list[int]:
        return [int(line) for line in self._pids.read_text().split()] if self._pids.exists() else []

    def wait_for_starts(self, count: int) -> list[int]:
        wait_until(lambda: len(self.pids()) >= count)
        return self.pids()


def wait_until(is_true: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    """Tell whether a process runs; one that ended but was not collected does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Keeper]:
    keeper = Keeper(tmp_path)
    with keeper.process:
        yield keeper
        keeper.process.terminate()


def test_worker_that_dies_is_started_again(keeper: Keeper) -> None:
    (first,) = keeper.wait_for_starts(1)
    subprocess.run(["kill", "-9", str(first)], check=True)
    assert len(keeper.wait_for_starts(2)) == 2
    keeper.process.terminate()
    assert keeper.process.wait(15) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_worker_stops_when_it_is_told_to(keeper: Keeper, number: signal.Signals) -> None:
    (pid,) = keeper.wait_for_starts(1)
    keeper.process.send_signal(number)
    assert keeper.process.wait(15) == 0
    assert not is_running(pid)


def test_worker_ends_with_a_parent_that_was_killed(keeper: Keeper) -> None:
    (pid,) = keeper.wait_for_starts(1)
    assert keeper.process.stdin is not None
    keeper.process.stdin.close()
    assert keeper.process.wait(15) == 0
    assert not is_running(pid)
