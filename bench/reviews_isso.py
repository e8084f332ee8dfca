"""Measure a list of fifty reviews beside isso's list of fifty comments, and both beside bare Flask.

isso comes from the package index into an environment of its own. Run: python -m bench.reviews_isso
"""

import random
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

from bench.common import Floor, Server, load_in_turns, tell
from bench.databases import open_product
from bench.load import http_request
from bench.reviews_database import fill_reviews

ISSO = "isso==0.14.0"
ITEMS, PRODUCTS = 50, 20
MIN_TIMES = 15
CONFIGURATION = """
[general]
dbpath = {folder}/comments.db
host = https://maple.example
[moderation]
enabled = false
[guard]
enabled = false
"""
THREAD = "/isso-thread"


def main() -> int:
    """Measure on SQLite, which is what isso has."""
    with open_product("sqlite") as (_, product), serve_isso() as isso:
        fill_reviews(product.cast.maple.id, PRODUCTS * 200, PRODUCTS)
        requests = [product.get(f"/reviews?product=P-{number}&limit={ITEMS}") for number in range(PRODUCTS)]
        comments = http_request("GET", f"/?uri={THREAD}", Accept_Encoding="br, gzip")
        with Server("bench.hello:app") as hello, product.server() as own:
            loads = [(own, lambda: random.choice(requests), 200), (isso, lambda: comments, 200)]
            reviews, theirs = load_in_turns(hello, loads)
    tell(f"list of {ITEMS} reviews", reviews, Floor(0))
    tell(f"{ISSO}, list of {ITEMS} comments", theirs, Floor(0))
    times = reviews.requests / theirs.requests
    print(f"{times:.1f} times isso (at least {MIN_TIMES})")
    return 0 if times >= MIN_TIMES else 1


@contextmanager
def serve_isso() -> Iterator[Server]:
    """Serve isso with one thread of fifty comments, under the same gunicorn with the same settings."""
    with TemporaryDirectory(prefix="regulars-isso-") as folder:
        environment = Path(folder) / "venv"
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        python = environment / "bin" / "python"
        packages = [ISSO, f"gunicorn=={version('gunicorn')}", "setuptools<81"]
        subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
        settings = Path(folder) / "isso.cfg"
        settings.write_text(CONFIGURATION.format(folder=folder))
        with Server("isso.run", {"ISSO_SETTINGS": str(settings)}, python=str(python), is_quiet=True) as server:
            _write_comments(server)
            yield server


def _write_comments(server: Server) -> None:
    for number in range(ITEMS):
        text = f"Bought in order {number}. It came within two days and was packed with care. The handle stays cool."
        request = urllib.request.Request(
            f"http://127.0.0.1:{server.port}/new?uri={THREAD}",
            orjson.dumps({"text": text, "author": f"Carol {number}", "title": "Teapot"}),
            {"Content-Type": "application/json", "Origin": "https://maple.example"},
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            assert response.status == 201


if __name__ == "__main__":
    sys.exit(main())
