"""The dashboard's own files and those of installed packages, under a path that names their content."""

import hashlib
from functools import cached_property
from importlib.resources import files
from pathlib import Path

import brotli
from flask import Response, request, url_for

from widget.core.problems import NotFound
from widget.core.static_files import CONTENT_TYPES, STATIC_DIR, CompressedBody, minify_text, read_texts

IMMUTABLE_CACHE = "public, max-age=31536000, immutable"
CURRENT_FILE_CACHE = "public, max-age=60"
OWN_FOLDERS = {"css": STATIC_DIR / "css", "js": STATIC_DIR / "js" / "dashboard"}
# Address below /dashboard/files/<version>/ -> package and path inside it.
VENDOR_FILES = {
    "vendor/bootstrap.css": ("flask_bootstrap", "static/bootstrap5/css/bootstrap.min.css"),
    "vendor/bootstrap-icons.css": ("flask_bootstrap", "static/bootstrap5/css/font/bootstrap-icons.min.css"),
    "vendor/fonts/bootstrap-icons.woff2": (
        "flask_bootstrap",
        "static/bootstrap5/css/font/fonts/bootstrap-icons.woff2",
    ),
    "vendor/chart.js": ("chartkick", "django/static/chartkick/Chart.bundle.js"),
}
FONT_TYPE = "font/woff2"


class VendorBody(CompressedBody):
    """A large file of others, compressed in a blink: the smallest form would keep the first reader waiting."""

    @cached_property
    def brotli(self) -> bytes:
        compressed: bytes = brotli.compress(self.plain, quality=5)
        return compressed


class DashboardFiles:
    """Every file a dashboard page may load, read once in a process."""

    def __init__(self) -> None:
        self._bodies = {
            f"{prefix}/{path}": CompressedBody(minify_text(path, text))
            for prefix, folder in OWN_FOLDERS.items()
            for path, text in read_texts(folder).items()
        }
        for address, (package, inside) in VENDOR_FILES.items():
            self._bodies[address] = VendorBody((Path(str(files(package))) / inside).read_bytes())
        digest = hashlib.sha256()
        for address, body in sorted(self._bodies.items()):
            digest.update(f"{address}\n".encode() + body.plain)
        self.version = digest.hexdigest()[:12]

    def find_body(self, address: str) -> CompressedBody | None:
        """Return the file at this address, or None."""
        return self._bodies.get(address)


DASHBOARD_FILES = DashboardFiles()


def answer_file(version: str, address: str) -> Response:
    """Return a file; an unknown version gets the current one, but may not keep it. Raise NotFound."""
    body = DASHBOARD_FILES.find_body(address)
    if body is None:
        raise NotFound()
    content_type = CONTENT_TYPES.get(Path(address).suffix, FONT_TYPE)
    is_current = version == DASHBOARD_FILES.version
    return body.answer(request, content_type, IMMUTABLE_CACHE if is_current else CURRENT_FILE_CACHE)


def file_url(address: str) -> str:
    """Return the address of a dashboard file for a template."""
    return url_for("dashboard_account.show_file", version=DASHBOARD_FILES.version, address=address)
