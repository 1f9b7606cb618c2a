"""Signing in and out, and who is behind a request."""

from webapp.auth.routes import blueprint
from webapp.auth.visitor import identify

__all__ = ["blueprint", "identify"]
