"""gunicorn's settings for tests: fork after loading, with database connections of each worker's own."""

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

preload_app = True
# A server that closes an idle connection in the moment in which a browser uses it again costs that request.
keepalive = 75


def post_fork(_server: Arbiter, _worker: Worker) -> None:
    """Leave the parent's connections to the parent."""
    from widget.core.db import dispose_connections
    from wsgi import app

    with app.app_context():
        dispose_connections(close=False)
