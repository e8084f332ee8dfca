"""Stored files as answers: whole or in part, to be shown and never to be run."""

import re
from dataclasses import dataclass

from flask import Request, Response
from werkzeug.datastructures import ContentRange

from widget.core.problems import NotFound, RangeRefused
from widget.core.storage import FileMissing, current_storage, read_chunks

ONE_RANGE = re.compile(r"bytes=[ \t]*(\d{0,15}-\d{0,15})[ \t]*")
# Whatever a file holds: no script, no form, no frame, no guess at another type.
FILE_HEADERS = {"Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True)
class AnswerableFile:
    """A stored file that never changes; `tag` names what it holds, `shown_name` is how a browser would save it."""

    name: str
    content_type: str
    length: int
    tag: str
    shown_name: str


def answer_file(request: Request, file: AnswerableFile, cache_control: str) -> Response:
    """Return a file or the part of it that was asked for; raise NotFound and RangeRefused."""
    headers = {
        **FILE_HEADERS,
        "Cache-Control": cache_control,
        "ETag": f'"{file.tag}"',
        "Accept-Ranges": "bytes",
        "Content-Disposition": f'inline; filename="{file.shown_name}"',
    }
    if file.tag in request.if_none_match:
        return Response(status=304, headers=headers)
    part = _read_range(request, file)
    first, last = part or (0, file.length - 1)
    try:
        opened = current_storage().open(file.name, first, last)
    except FileMissing as error:
        raise NotFound() from error
    response = Response(
        read_chunks(opened, last - first + 1), 206 if part else 200, headers, content_type=file.content_type
    )
    # Also where nobody reads it: a HEAD, a browser that has gone.
    response.call_on_close(opened.close)
    response.content_length = last - first + 1
    if part:
        response.content_range = ContentRange("bytes", first, last + 1, file.length)
    return response


def _read_range(request: Request, file: AnswerableFile) -> tuple[int, int] | None:
    """Return the first and the last byte that are asked for; None for all, also where more than one part is."""
    found = ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    condition = request.headers.get("If-Range", "").strip()
    if found is None or found[1] == "-" or condition not in ("", f'"{file.tag}"'):
        return None
    begin, _, end = found[1].partition("-")
    if not begin:
        first, last = max(file.length - int(end), 0), file.length - 1
    else:
        first, last = int(begin), min(int(end or file.length), file.length - 1)
        if end and int(end) < first:
            # No range at all, and so as good as none.
            return None
    if first >= file.length:
        raise RangeRefused(headers={"Content-Range": f"bytes */{file.length}"})
    return first, last
