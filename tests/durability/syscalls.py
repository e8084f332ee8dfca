"""What processes ask of the kernel, as strace tells it."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

SYSCALLS = "recvfrom,recvmsg,read,sendto,sendmsg,write,writev,fsync,fdatasync"
_LINE = re.compile(r"^(?P<thread>\d+)\s+(?P<what>.*)$")
_CALL = re.compile(r"^(?P<name>\w+)\((?P<arguments>.*)$")
_RESUMED = re.compile(r"^<\.\.\. (?P<name>\w+) resumed>(?P<arguments>.*)$")


@dataclass(frozen=True)
class Syscall:
    """One finished system call of one thread; `began` and `ended` are places in the order of events."""

    thread: int
    name: str
    arguments: str
    began: int
    ended: int

    @property
    def is_sync(self) -> bool:
        """Tell whether the call asked the disk to keep a file, and the disk did."""
        return self.name in ("fsync", "fdatasync") and self.arguments.endswith("= 0")


def require_strace() -> str:
    """Return the path of strace; without it skip the test, but fail in continuous integration."""
    path = shutil.which("strace")
    if path is None:
        message = "strace is not on this machine: install it (apt-get install strace) to see the syncs"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return path


@contextmanager
def traced(pids: list[int], output: Path) -> Iterator[None]:
    """Trace processes, with all their threads, into a file."""
    attach = [option for pid in pids for option in ("-p", str(pid))]
    tracer = subprocess.Popen(
        [require_strace(), "-f", "-y", "-s", "64", "-e", f"trace={SYSCALLS}", "-o", str(output), *attach],
        stderr=subprocess.PIPE,
    )
    try:
        _wait_until_attached(tracer, pids)
        yield
    finally:
        tracer.terminate()
        tracer.communicate(timeout=20)


def _wait_until_attached(tracer: "subprocess.Popen[bytes]", pids: list[int]) -> None:
    deadline = time.monotonic() + 20
    while not all(_tracer_of(pid) == tracer.pid for pid in pids):
        assert tracer.poll() is None, "strace ended at once: may processes be traced here?"
        assert time.monotonic() < deadline, "strace did not attach"
        time.sleep(0.05)


def _tracer_of(pid: int) -> int:
    """Return who traces every thread of a process; 0 while one is untraced."""
    tracers = {
        int(re.search(r"TracerPid:\s+(\d+)", status.read_text())[1])
        for status in Path(f"/proc/{pid}/task").glob("*/status")
    }
    return tracers.pop() if len(tracers) == 1 else 0


def read_trace(path: Path) -> list[Syscall]:
    """Return the finished system calls in the order they ended."""
    calls, unfinished = [], {}
    for place, line in enumerate(path.read_text(errors="replace").splitlines()):
        match = _LINE.match(line)
        if match is None:
            continue
        thread, what = int(match["thread"]), match["what"]
        resumed, call = _RESUMED.match(what), _CALL.match(what)
        if resumed and thread in unfinished:
            name, arguments, began = unfinished.pop(thread)
            calls.append(Syscall(thread, name, arguments + resumed["arguments"], began, place))
        elif call and what.endswith("<unfinished ...>"):
            unfinished[thread] = (call["name"], call["arguments"].removesuffix("<unfinished ...>"), place)
        elif call:
            calls.append(Syscall(thread, call["name"], call["arguments"], place, place))
    return calls


@dataclass(frozen=True)
class Exchange:
    """A request and its answer, both seen at the socket of one thread."""

    thread: int
    status: int
    arrived: int
    answered: int


def list_posts(calls: list[Syscall]) -> list[Exchange]:
    """Return every POST with the status it was answered with."""
    arrived: dict[int, int] = {}
    exchanges = []
    for call in sorted(calls, key=lambda call: call.began):
        if call.name in ("recvfrom", "recvmsg", "read") and '"POST ' in call.arguments:
            arrived[call.thread] = call.ended
        answer = re.search(r'"HTTP/1\.1 (\d+)', call.arguments)
        if answer and call.name in ("sendto", "sendmsg", "write", "writev") and call.thread in arrived:
            exchanges.append(Exchange(call.thread, int(answer[1]), arrived.pop(call.thread), call.began))
    return exchanges
