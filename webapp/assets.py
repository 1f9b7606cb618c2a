"""Style sheets, scripts and pictures: addresses carry a hash of the content, so a browser asks for each only once."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Flask, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join
from werkzeug.wrappers import Response

from webapp.rights import PUBLIC, needs

FOLDER = Path(__file__).parent / "static"
FOREVER = "public, max-age=31536000, immutable"
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent: its bytes, the same packed, and its hash."""

    content: bytes
    packed: bytes
    hash: str
    kind: str


def serve(app: Flask) -> None:
    """Serve the files below `webapp/static` at /static/."""
    app.add_url_rule("/static/<path:filename>", "static", static)
    app.jinja_env.globals["asset"] = asset


def asset(path: str) -> str:
    """Return the address of a file below `webapp/static`, with its hash: `asset("css/app.css")`."""
    return url_for("static", filename=path, v=_find(path).hash)


@needs(PUBLIC)
def static(filename: str) -> Response:
    """Answer one file, packed if the browser takes it so."""
    found = _find(filename)
    packed = len(found.packed) < len(found.content) and bool(request.accept_encodings.quality("gzip"))
    response = Response(found.packed if packed else found.content, content_type=found.kind)
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = FOREVER if request.args.get("v") == found.hash else "no-cache"
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.set_etag(found.hash + ("-gz" if packed else ""))
    return response.make_conditional(request)


def _find(path: str) -> Asset:
    joined = safe_join(str(FOLDER), path)
    file = Path(joined) if joined else None
    if file is None or file.suffix not in KINDS or not file.is_file():
        raise NotFound
    return _read(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _read(file: Path, changed: int) -> Asset:
    """Read a file once for each time it is changed."""
    content = file.read_bytes()
    packed = gzip.compress(content, 9, mtime=0) if file.suffix in (".css", ".js", ".svg") else content
    return Asset(content, packed, hashlib.sha256(content).hexdigest()[:12], KINDS[file.suffix])
