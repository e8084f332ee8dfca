"""How gunicorn serves Regulars: one command for the web processes and the worker."""

import gc
import os
import subprocess
import sys
from pathlib import Path

# prometheus_client looks for this folder once, when it is imported: it must stand before anything of ours is.
METRICS_DIR = Path(os.environ.get("DATA_DIR", "./var")).resolve() / "metrics"
METRICS_DIR.mkdir(parents=True, exist_ok=True)
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(METRICS_DIR)

import click  # noqa: E402
from gunicorn.arbiter import Arbiter  # noqa: E402
from gunicorn.workers.base import Worker  # noqa: E402
from prometheus_client.multiprocess import mark_process_dead  # noqa: E402

from widget.config import Settings  # noqa: E402

REPOSITORY = Path(__file__).resolve().parent
KEEP_RUNNING = REPOSITORY / "widget" / "operations" / "keep_running.py"
WORKER_STOP_SECONDS = 25

settings = Settings.from_env()

bind = f"{settings.host}:{settings.port}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_class = "gthread"
preload_app = True
chdir = str(REPOSITORY)
accesslog = None
loglevel = "warning"
timeout = 60
graceful_timeout = 20
keepalive = 5

_background: list["subprocess.Popen[bytes]"] = []


def post_fork(_server: Arbiter, _worker: Worker) -> None:
    """Leave the parent's database connections to the parent, and the modules to themselves."""
    # What was loaded before the fork lives as long as the process: no need to look for garbage in it.
    gc.freeze()
    from widget.core.db import dispose_connections
    from wsgi import app

    with app.app_context():
        dispose_connections(close=False)


def child_exit(_server: Arbiter, worker: Worker) -> None:
    """Take the ended process out of the live metrics."""
    mark_process_dead(worker.pid)


def when_ready(server: Arbiter) -> None:
    """Start the worker beside the web processes, and say where everything is."""
    if not server.master_pid:
        _forget_old_counters(server.pid)
    if not settings.redis_url:
        flask_command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
        _background.append(
            subprocess.Popen(  # noqa: S603 - our own command.
                [sys.executable, "-P", str(KEEP_RUNNING), *flask_command], stdin=subprocess.PIPE
            )
        )
    if settings.demo:
        from widget.demo.accounts import describe_addresses

        click.echo(describe_addresses(settings))
    else:
        click.echo(f"Regulars serves {settings.base_url} on {bind}")


def on_exit(_server: Arbiter) -> None:
    """Stop the worker, which finishes what it is doing."""
    for process in _background:
        process.terminate()
        try:
            process.wait(WORKER_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def _forget_old_counters(own_pid: int) -> None:
    """Delete what an earlier server has counted; it has ended, for its address is ours now."""
    for path in METRICS_DIR.glob("*.db"):
        if not path.stem.endswith(f"_{own_pid}"):
            path.unlink(missing_ok=True)
