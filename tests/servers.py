"""Real servers for tests: the product under gunicorn, and a store's pages on another origin."""

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from flask import Flask

from tests.applications import make_application
from tests.cast import Cast, make_cast
from widget.config import Settings

REPOSITORY = Path(__file__).resolve().parents[1]
START_SECONDS = 60
STOP_SECONDS = 60


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class LiveServer:
    """The product under gunicorn at http://localhost:PORT; `app` reaches the same database from the test."""

    app: Flask
    cast: Cast

    def __init__(self, data_dir: Path, database_url: str | None = None, **environ: str) -> None:
        self.port = find_free_port()
        self.base_url = f"http://localhost:{self.port}"
        self.environ = {
            **os.environ,
            "DATA_DIR": str(data_dir),
            "PORT": str(self.port),
            "BASE_URL": self.base_url,
            "PREFIX_LIMIT": "1000000",
            "VISITOR_LIMIT": "1000000",
            "SITE_LIMIT": "1000000",
            **({"DATABASE_URL": database_url} if database_url else {}),
            **environ,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Migrate, make the cast once, and serve until `stop`."""
        if not hasattr(self, "app"):
            self.app = make_application(Settings.from_env(self.environ))
            self.cast = make_cast(self.app)
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "gunicorn",
                "--bind",
                f"127.0.0.1:{self.port}",
                "--workers",
                "2",
                "--threads",
                "4",
                "--log-level",
                "warning",
                "--config",
                "python:tests.gunicorn_plain",
                "wsgi:app",
            ],
            cwd=REPOSITORY,
            env=self.environ,
        )
        self._wait_until_up()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=STOP_SECONDS)
            self._process = None

    def let_days_pass(self, days: int) -> None:
        """Serve on as if it were so many days later; the browsers keep their clocks."""
        self.stop()
        self.environ["DAYS_LATER"] = str(days)
        self.start()

    def _wait_until_up(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/openapi.json", timeout=5):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.05)
        self.stop()
        raise RuntimeError("the server did not start")


class HostPages:
    """A store's pages at http://127.0.0.1:PORT: another origin than the product's http://localhost:PORT."""

    def __init__(self) -> None:
        self._pages: dict[str, tuple[str, bytes, Mapping[str, str]]] = {}
        pages = self._pages

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                found = pages.get(self.path.partition("?")[0])
                content_type, body, headers = found or ("text/plain", b"not found", {})
                self.send_response(200 if found else 404)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: object) -> None:
                """Keep the test output quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def add(self, path: str, body: str, content_type: str = "text/html; charset=utf-8", **headers: str) -> str:
        """Serve a page and return its address; header names are written with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._pages[path] = (content_type, body.encode(), named)
        return self.origin + path

    def add_bytes(self, path: str, body: bytes) -> str:
        """Serve a file of no said type and return its address."""
        self._pages[path] = ("application/octet-stream", body, {})
        return self.origin + path

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
