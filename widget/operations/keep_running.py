"""Run a command, and run it again when it ends, for as long as the process that asked for it lives.

gunicorn's settings start it as a script of its own, so it must import nothing but the standard library.
It knows that its parent lives by a pipe on standard input, which ends with the parent however that dies.
"""

import os
import select
import signal
import subprocess
import sys
import time

LOOK_SECONDS = 0.2
PAUSE_SECONDS = 2.0
STOP_SECONDS = 20.0


class KeptCommand:
    """A command that is started again whenever it ends, until the parent is gone or says stop."""

    def __init__(self, command: list[str], parent_pipe: int) -> None:
        self._command = command
        self._parent_pipe = parent_pipe
        self._is_stopping = False

    def run(self) -> None:
        """Keep the command running; return once it has been stopped."""
        while not self._is_stopping:
            self._run_once()

    def stop(self) -> None:
        """Have `run` end the command and return; safe to call from a signal handler."""
        self._is_stopping = True

    def _run_once(self) -> None:
        started = time.monotonic()
        process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL)  # noqa: S603 - our own command.
        while process.poll() is None and not self._is_stopping:
            self._look_at_parent()
        # A command that ends at once would otherwise be started without end.
        while time.monotonic() - started < PAUSE_SECONDS and not self._is_stopping:
            self._look_at_parent()
        _end(process)

    def _look_at_parent(self) -> None:
        """Wait a moment for the pipe's end."""
        readable, _, _ = select.select([self._parent_pipe], [], [], LOOK_SECONDS)
        if readable and os.read(self._parent_pipe, 1) == b"":
            self.stop()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Stop a process if it still runs: gently, then not."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def main() -> None:
    """Keep the command given as arguments running until a signal or the end of standard input."""
    kept = KeptCommand(sys.argv[1:], sys.stdin.fileno())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: kept.stop())
    kept.run()


if __name__ == "__main__":
    main()
