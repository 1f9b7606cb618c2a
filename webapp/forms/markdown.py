"""Markdown of text components as safe HTML: no raw HTML, no images, no inline styles, no links but to the web and within the site."""

from __future__ import annotations

import re
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

MOST_CHARACTERS = 50_000
_GOOD_LINK = re.compile(r"(https?://|mailto:|tel:|/(?![/\\])|#)", re.IGNORECASE)
_ALIGNMENT = {"text-align:left": "text-start", "text-align:center": "text-center", "text-align:right": "text-end"}


def to_html(text: str, links: bool = True) -> Markup:
    """Return the HTML of a Markdown text. With `links` False what looks like a link stays text: it may come from outside."""
    reader = _reader(links)
    tokens = reader.parse(text[:MOST_CHARACTERS])
    for token in tokens:
        _adapt(token)
    return Markup(reader.renderer.render(tokens, reader.options, {}))


@lru_cache(maxsize=2)
def _reader(links: bool) -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable(["image", "html_inline", "html_block"])
    reader.validateLink = lambda url: bool(_GOOD_LINK.match(url.strip()))  # type: ignore[method-assign]
    return reader if links else reader.disable(["link", "autolink", "reference"])


def _adapt(token: Token) -> None:
    """All headings are of the second level (the page has the first, and no level is skipped); looks are classes."""
    if token.type == "heading_open":
        token.attrSet("class", f"form-heading h{min(6, int(token.tag[1]) + 2)}")
    if token.type in ("heading_open", "heading_close"):
        token.tag = "h2"
    elif token.type == "table_open":
        token.attrSet("class", "table table-sm")
    elif "style" in token.attrs:
        token.attrs["class"] = _ALIGNMENT.get(str(token.attrs.pop("style")), "text-start")
    for child in token.children or ():
        if child.type == "link_open":
            child.attrSet("rel", "noopener noreferrer nofollow")
