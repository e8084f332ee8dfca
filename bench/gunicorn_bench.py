"""gunicorn's settings for both sides of a measurement: 2 workers of 4 threads."""

import gc
import importlib
import sys

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

preload_app = True
workers = 2
threads = 4
keepalive = 60
loglevel = "warning"


def post_fork(_server: Arbiter, _worker: Worker) -> None:
    """Leave the parent's database connections to the parent, as gunicorn.conf.py does."""
    gc.freeze()
    if "wsgi" in sys.modules:
        db = importlib.import_module("widget.core.db")
        with sys.modules["wsgi"].app.app_context():
            db.dispose_connections(close=False)
