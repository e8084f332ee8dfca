"""Pages with a live preview: a frame of our own origin inside a page, and nothing else inside or around."""

from flask import Response, current_app

from widget.sites.web import PAGE_HEADERS

POLICY = "Content-Security-Policy"


def holding_preview(html: str, status: int = 200) -> Response:
    """Answer a page that holds the preview in a frame."""
    response = Response(html, status=status)
    response.headers[POLICY] = f"{PAGE_HEADERS[POLICY]}; frame-src 'self'"
    return response


def as_preview(html: str) -> Response:
    """Answer the page inside the frame: it loads the widget's own files and can send nothing anywhere."""
    response = Response(html)
    response.headers[POLICY] = (
        "default-src 'none'; script-src 'self'; style-src 'self';"
        f" img-src 'self' data: {current_app.config['BASE_URL']}; connect-src 'none'; form-action 'none';"
        " base-uri 'none'; frame-ancestors 'self'"
    )
    return response
