"""The files a page loads: minified and compressed once, under a path that names their content."""

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import brotli
import minify
import rcssmin
from flask import Request, Response

from widget.core.joined_scripts import FILES, join_modules

STATIC_DIR = Path(__file__).resolve().parents[2] / "static"
CONTENT_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
# A module's style sheet stands in its script, where the minifier of scripts leaves it as it is.
STYLE_IN_SCRIPT = re.compile(r"(?<=makeStyle\(`)(?:[^`$]|\$(?!{))+(?=`\))")


def minify_script(script: str) -> str:
    """Return a script without comments and white space, with short names inside functions, and so its style sheets.

    The minifier does not live through a fork of the process: what is served is minified while modules are imported.

    >>> minify_script("const dress = (makeStyle) => makeStyle(` [a$=b] { c: d } `); // Once.")
    'const dress=e=>e(`[a$=b]{c:d}`)'
    """
    # The name that tells where style sheets are is one of those that are shortened.
    dressed = STYLE_IN_SCRIPT.sub(lambda style: rcssmin.cssmin(style[0]), script)
    minified: str = minify.string("application/javascript", dressed)
    return minified


MINIFIERS = {".js": minify_script, ".css": rcssmin.cssmin}


@dataclass(frozen=True)
class CompressedBody:
    """One body in the encodings a browser may ask for; `etag` names its content.

    What is made again and again is better compressed a little less: brotli's last steps take a hundred times as long.
    """

    plain: bytes
    brotli_quality: int = 11
    gzip_level: int = 9

    @cached_property
    def brotli(self) -> bytes:
        compressed: bytes = brotli.compress(self.plain, quality=self.brotli_quality)
        return compressed

    @cached_property
    def gzip(self) -> bytes:
        return gzip.compress(self.plain, compresslevel=self.gzip_level, mtime=0)

    @cached_property
    def etag(self) -> str:
        return hashlib.sha256(self.plain).hexdigest()[:20]

    def choose_encoding(self, accepted: str) -> tuple[str | None, bytes]:
        """Return the best encoding an Accept-Encoding header allows, None for none, with the body in it."""
        if "br" in accepted:
            return "br", self.brotli
        if "gzip" in accepted:
            return "gzip", self.gzip
        return None, self.plain

    def headers(self, content_type: str, cache_control: str) -> dict[str, str]:
        """Return the headers of every answer with this body."""
        return {
            "Content-Type": content_type,
            "Cache-Control": cache_control,
            "Vary": "Accept-Encoding",
            "ETag": f'"{self.etag}"',
        }

    def answer(self, request: Request, content_type: str, cache_control: str) -> Response:
        """Return the body in the best encoding the browser accepts, or 304 if it has it already."""
        headers = self.headers(content_type, cache_control)
        if self.etag in request.if_none_match:
            return Response(status=304, headers=headers)
        encoding, body = self.choose_encoding(request.headers.get("Accept-Encoding", ""))
        response = Response(body, headers=headers)
        if encoding:
            response.headers["Content-Encoding"] = encoding
        return response


class StaticFiles:
    """Scripts and style sheets by their paths, made once in a process."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._bodies = {path: CompressedBody(minify_text(path, text)) for path, text in texts.items()}
        digest = hashlib.sha256()
        for name, body in self._bodies.items():
            digest.update(f"{name}\n".encode() + body.plain)
        self.version = digest.hexdigest()[:12]

    def find_body(self, path: str) -> CompressedBody | None:
        """Return the file at this path below the folder, or None."""
        return self._bodies.get(path)


def minify_text(path: str | Path, text: str) -> bytes:
    """Return a script or style sheet, as the end of its path tells, without comments and white space."""
    minified: str = MINIFIERS[Path(path).suffix](text)
    return minified.encode()


def read_texts(folder: Path) -> dict[str, str]:
    """Return the scripts and style sheets below a folder by their paths in it."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.suffix in MINIFIERS
    }


def join_scripts(folder: Path) -> dict[str, str]:
    """Return the files that store pages fetch by their paths, made of the modules below a folder."""
    modules = {path.removesuffix(".js"): text for path, text in read_texts(folder).items()}
    return {f"{path}.js": text for path, text in join_modules(modules, FILES).items()}


SCRIPTS = StaticFiles(join_scripts(STATIC_DIR / "js"))
