"""The public door of operations: is the process up, is it ready, what has it counted."""

from ipaddress import ip_address

from flask import Response, current_app, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy.exc import SQLAlchemyError

from widget.core.problems import NotFound, NotReady
from widget.operations.queries import is_migrated
from widget.sites.doors import public_blueprint

# A request with one of these came through a proxy, so its address is the proxy's.
PROXY_HEADERS = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")

blueprint = public_blueprint("operations", __name__)


@blueprint.get("/health")
def show_health() -> Response:
    """Say that the process answers; nothing else is asked."""
    return jsonify(status="ok")


@blueprint.get("/ready")
def show_readiness() -> Response:
    """Say whether the database answers and is migrated to what this code needs."""
    try:
        is_ready = is_migrated()
    except SQLAlchemyError as error:
        raise NotReady("The database does not answer.") from error
    if not is_ready:
        raise NotReady("The database is not migrated to this version; run: flask --app wsgi db upgrade")
    return jsonify(status="ready")


@blueprint.get("/metrics")
def show_metrics() -> Response:
    """Return the counters of all processes as Prometheus text, to this machine only."""
    if not _is_from_this_machine():
        raise NotFound()
    return Response(generate_latest(_find_registry()), content_type=CONTENT_TYPE_LATEST)


def _is_from_this_machine() -> bool:
    trusts_a_proxy = current_app.config["SETTINGS"].trusted_proxies > 0
    if not trusts_a_proxy and any(name in request.headers for name in PROXY_HEADERS):
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _find_registry() -> CollectorRegistry:
    """Return the sum over gunicorn's processes, or what a process that runs alone has counted."""
    registry = CollectorRegistry()
    try:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    except ValueError:
        return REGISTRY
    return registry
