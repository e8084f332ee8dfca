"""What is sent to a database is written as its driver takes it."""

import subprocess
import sys

KNOWN = """
import psycopg
from widget.core import db, driver_values
for known in psycopg.adapters._dumpers.values():
    assert known.keys() >= set(driver_values.SENT), known.keys()
"""


def test_types_that_are_sent_are_known_before_two_threads_ask_at_one_moment() -> None:
    subprocess.run([sys.executable, "-c", KNOWN], check=True)
