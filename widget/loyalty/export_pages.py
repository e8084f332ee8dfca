"""Accounts, entries and redemptions as files an owner downloads."""

import uuid
from collections.abc import Callable, Iterator

from flask import Response, request

from widget.core.clock import utc_now
from widget.core.downloads import answer_download
from widget.core.exporting import CONTENT_TYPES
from widget.core.problems import NotFound
from widget.loyalty.exports import stream_ledger, stream_points, stream_redemptions
from widget.sites.doors import current_site, pages_blueprint

blueprint = pages_blueprint("loyalty_exports", __name__)


@blueprint.route("/loyalty/customers/export.<file_format>")
def export_points(file_format: str) -> Response:
    """Download every account."""
    return _answer("points", stream_points, file_format)


@blueprint.route("/loyalty/ledger/export.<file_format>")
def export_ledger(file_format: str) -> Response:
    """Download every entry."""
    return _answer("ledger", stream_ledger, file_format)


@blueprint.route("/loyalty/redemptions/export.<file_format>")
def export_redemptions(file_format: str) -> Response:
    """Download every redemption."""
    return _answer("redemptions", stream_redemptions, file_format)


def _answer(name: str, stream: Callable[..., Iterator[bytes]], file_format: str) -> Response:
    if file_format not in CONTENT_TYPES:
        raise NotFound()
    site_id: uuid.UUID = current_site().id
    chunks = stream(site_id, file_format, bom=request.args.get("bom") == "1")
    return answer_download(chunks, f"{name}-{utc_now():%Y-%m-%d}", file_format)
