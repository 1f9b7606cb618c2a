"""The database of the running application. The edge opens the transaction: `with store().writing() as db:`."""

from __future__ import annotations

from flask import Flask, current_app

from engine.store import Store, open_store

EXTENSION = "jiesu.store"


def attach(app: Flask, url: str) -> None:
    """Give the application its store. Nothing connects yet, so a server may fork afterwards."""
    app.extensions[EXTENSION] = open_store(url)


def store() -> Store:
    """Return the store of the application that serves this request."""
    found: Store = current_app.extensions[EXTENSION]
    return found
