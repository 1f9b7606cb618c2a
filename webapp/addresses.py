"""Numbers in addresses. What no column of the database could hold is an address that does not exist, not an error."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**63 - 1


class StoredInteger(IntegerConverter):
    """A whole number of at most 64 bits with sign."""

    def __init__(self, url_map: Map, **options: Any) -> None:
        super().__init__(url_map, **{"max": LARGEST} | options)


def limit(app: Flask) -> None:
    """Let `<int:…>` in every route mean `StoredInteger`; to be called before routes are added."""
    app.url_map.converters["int"] = StoredInteger
