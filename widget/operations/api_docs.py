"""The page that shows the OpenAPI document: Swagger UI as its package ships it, served by us."""

from importlib.resources import files
from pathlib import Path

from flask import Response, render_template, send_from_directory

from widget.core.problems import NotFound
from widget.core.static_files import STATIC_DIR
from widget.sites.doors import public_blueprint

SWAGGER_UI = Path(str(files("flask_swagger_ui"))) / "dist"
OUR_FILES = STATIC_DIR / "operations"
FOLDERS = {
    "swagger-ui.css": SWAGGER_UI,
    "swagger-ui-bundle.js": SWAGGER_UI,
    "favicon-32x32.png": SWAGGER_UI,
    "start.js": OUR_FILES,
    "page.css": OUR_FILES,
}
KEPT_SECONDS = 3600
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

blueprint = public_blueprint("api_docs", __name__)


@blueprint.after_request
def add_security_headers(response: Response) -> Response:
    """Let the page load only what is listed above."""
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@blueprint.get("/api/docs")
def show_api_docs() -> str:
    """Return the page; it reads /api/openapi.json."""
    return render_template("operations/api_docs.html")


@blueprint.get("/api/docs/<name>")
def show_api_docs_file(name: str) -> Response:
    """Return one of the page's files."""
    if name not in FOLDERS:
        raise NotFound()
    return send_from_directory(FOLDERS[name], name, max_age=KEPT_SECONDS)
