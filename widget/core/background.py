"""The worker: runs the periodic tasks of the house, in the background and one at a time.

What must not be lost is a row in our own database first, so the queue may be lost at any time: the next
minute's run finds what was missed.
"""

import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from flask import Flask
from huey import Huey, RedisHuey, SqliteHuey, crontab
from huey.consumer import Consumer

log = structlog.get_logger()

QUEUE_NAME = "regulars"
# Between transactions of bulk work, in which SQLite lets others write.
PAUSE_SECONDS = 0.005

_is_told_to_end = threading.Event()


@dataclass(frozen=True)
class PeriodicTask:
    """Work without arguments that runs when the worker starts and then every minute or every hour."""

    name: str
    run: Callable[[], object]
    is_hourly: bool = False


class GracefulConsumer(Consumer):
    """A worker that finishes the running task when it is told to end."""

    def _set_signal_handlers(self) -> None:
        super()._set_signal_handlers()
        # Huey finishes the running task on SIGINT only and cuts it on SIGTERM, which is what supervisors send.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end_gracefully)

    def _end_gracefully(self, number: int, frame: Any) -> None:
        _is_told_to_end.set()
        self._handle_interrupt_signal_gevent(number, frame)


def pause() -> bool:
    """Pause between two transactions of bulk work; return whether the worker is told to end."""
    return _is_told_to_end.wait(PAUSE_SECONDS)


def run_worker(app: Flask, tasks: Sequence[PeriodicTask], data_dir: Path, redis_url: str) -> None:
    """Run the tasks until SIGTERM or SIGINT."""
    queue = _open_queue(data_dir, redis_url)
    # A run that was queued before the worker started is due again anyway.
    queue.flush()
    for task in tasks:
        when = crontab(minute="0") if task.is_hourly else crontab(minute="*")
        # A run that waited longer than a minute has another behind it that does the same.
        queued = queue.periodic_task(when, name=task.name, expires=60)(_in_application(app, task))
        queue.enqueue(queued.s())
    log.info("worker_started", tasks=[task.name for task in tasks])
    GracefulConsumer(queue, workers=1, scheduler_interval=1, max_delay=1.0).run()
    log.info("worker_stopped")


def _open_queue(data_dir: Path, redis_url: str) -> Huey:
    if redis_url:
        return RedisHuey(QUEUE_NAME, url=redis_url, results=False)
    return SqliteHuey(QUEUE_NAME, filename=str(data_dir / "tasks.db"), results=False)


def _in_application(app: Flask, task: PeriodicTask) -> Callable[[], Any]:
    def run() -> None:
        with app.app_context():
            try:
                task.run()
            except Exception as error:
                log.error("task_failed", task=task.name, exc_info=error)
                raise
            log.info("task_done", task=task.name)

    return run
