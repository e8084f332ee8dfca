"""gunicorn's settings for tests: fork after loading, with database connections of each worker's own.

With DAYS_LATER the clock of the whole server goes so many days ahead.
"""

import os
from datetime import UTC, datetime, timedelta

import time_machine
from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

preload_app = True
# A server that closes an idle connection in the moment in which a browser uses it again costs that request.
keepalive = 75

if days_later := int(os.environ.get("DAYS_LATER", "0")):
    time_machine.travel(datetime.now(UTC) + timedelta(days=days_later)).start()


def post_fork(_server: Arbiter, _worker: Worker) -> None:
    """Leave the parent's connections to the parent."""
    from widget.core.db import dispose_connections
    from wsgi import app

    with app.app_context():
        dispose_connections(close=False)
