"""What operators see: JSON-line logs without anything personal, and counters for Prometheus."""

import logging
import re
import sys
import time
from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any

import orjson
import structlog
from flask import Flask, Response, g, request
from prometheus_client import Counter, Histogram

log = structlog.get_logger()

# Asked every few seconds by whoever watches the server: only their failures say something.
PROBES = frozenset({"/health", "/ready", "/metrics"})
_ROW_VALUES = re.compile(r"\nDETAIL: .*?(?=\n\[SQL: |\n\nThe above exception|\Z)", re.DOTALL)

SECONDS = Histogram("regulars_request_seconds", "Time to answer a request", ["endpoint"])
REQUESTS = Counter("regulars_requests_total", "Requests answered", ["endpoint", "status"])


def init_observability(app: Flask) -> None:
    """Count and time every request; log all but the successful ones of shoppers' browsers and probes."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _leave_out_values,
            structlog.processors.JSONRenderer(serializer=orjson.dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )
    app.before_request(_start_stopwatch)
    app.after_request(_observe_request)


def _leave_out_values(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Keep the values of a failing row, with which PostgreSQL explains itself, out of the log."""
    if "exception" in event:
        event["exception"] = strip_values(event["exception"])
    return event


def strip_values(text: str) -> str:
    """Return the text of a database error without the values of rows.

    >>> strip_values("null value in column\\nDETAIL:  Failing row contains (Carol).\\n[SQL: INSERT]")
    'null value in column\\n[SQL: INSERT]'
    """
    return _ROW_VALUES.sub("", text)


def _start_stopwatch() -> None:
    g.started = time.perf_counter()


def _observe_request(response: Response) -> Response:
    seconds = time.perf_counter() - g.started
    counter, histogram = find_metrics(request.endpoint or "unknown", response.status_code)
    counter.inc()
    histogram.observe(seconds)
    is_routine = request.path.startswith("/embed/") or request.path in PROBES
    if response.status_code >= 400 or not is_routine:
        log.info(
            "request",
            method=request.method,
            # The rule, not the path: paths hold keys and ids.
            route=request.url_rule.rule if request.url_rule else None,
            status=response.status_code,
            milliseconds=round(1000 * seconds, 1),
        )
    return response


@lru_cache(maxsize=1024)
def find_metrics(endpoint: str, status: int) -> tuple[Counter, Histogram]:
    """Return the counter and the stopwatch of an endpoint and status."""
    return REQUESTS.labels(endpoint, status), SECONDS.labels(endpoint)
