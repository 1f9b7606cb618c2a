"""The file of a process of a release, byte for byte as it was deployed."""

from __future__ import annotations

from werkzeug.wrappers import Response

from engine.errors import NotFound
from webapp.database import store
from webapp.procedures.shelf import READS, opened
from webapp.rights import needs


@needs(*READS)
def xml(slug: str, number: int, process_id: str) -> Response:
    """Send the file that holds the process."""
    with store().reading() as db:
        package = opened(db, slug, number).package
    if process_id not in package.processes:
        raise NotFound
    response = Response(package.processes.process(process_id).xml, mimetype="application/xml")
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response
