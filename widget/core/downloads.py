"""Files that owners download from a page."""

from collections.abc import Iterator, Mapping

from flask import Response

from widget.core.exporting import CONTENT_TYPES
from widget.core.problems import FieldError, InvalidFields


def read_format(arguments: Mapping[str, str]) -> str:
    """Return the form of a file that an address asks for; raise InvalidFields."""
    file_format = arguments.get("format", "csv")
    if file_format not in CONTENT_TYPES:
        raise InvalidFields(errors=[FieldError("#/format", "Must be csv, jsonl or xlsx.")])
    return file_format


def answer_download(chunks: Iterator[bytes], name: str, file_format: str) -> Response:
    """Answer a file, streamed, under a name without its ending."""
    response = Response(chunks, content_type=CONTENT_TYPES[file_format])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{file_format}"'
    return response
