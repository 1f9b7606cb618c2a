"""Reads DMN's XML safely: no entities, no network, no external files; elements by their local names."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.dmn.errors import DmnError
from engine.model import Finding

Element = etree._Element
LARGEST = 8 * 1024 * 1024
NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/DMN/20180521/MODEL/",  # 1.2
        "https://www.omg.org/spec/DMN/20191111/MODEL/",  # 1.3, what Modeler writes
        "https://www.omg.org/spec/DMN/20211108/MODEL/",  # 1.4
        "https://www.omg.org/spec/DMN/20230324/MODEL/",  # 1.5
        "https://www.omg.org/spec/DMN/20240513/MODEL/",  # 1.6
    }
)


def parse(data: bytes) -> Element:
    """Return the `definitions` element. Raises DmnError for anything that is not DMN 1.2 or later."""
    if len(data) > LARGEST:
        raise _wrong("文件超过 8 MiB。", "The file is larger than 8 MiB.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _wrong(f"XML 第 {error.lineno} 行有误：{error.msg}", f"XML error in line {error.lineno}: {error.msg}", error.lineno) from None
    if root.getroottree().docinfo.doctype:
        raise _wrong("决策文件不能含有 DOCTYPE。", "A decision file must not contain a DOCTYPE.")
    name = etree.QName(root)
    if name.localname != "definitions" or name.namespace not in NAMESPACES:
        zh = "这不是 DMN 1.2 及以上版本的决策文件。请用 Camunda Modeler 另存。"
        raise _wrong(zh, "This is not a decision file of DMN 1.2 or later. Save it again with Camunda Modeler.")
    return root


def _wrong(zh: str, en: str, line: int | None = None) -> DmnError:
    return DmnError([Finding("dmn-file", zh, en, line=line)])


def local(element: Element) -> str:
    """Return the name of an element without its namespace; empty for processing instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """Yield the children of DMN's own namespaces, of these names if any are given."""
    for found in element:
        if isinstance(found.tag, str) and etree.QName(found).namespace in NAMESPACES and (not names or local(found) in names):
            yield found


def child(element: Element, *names: str) -> Element | None:
    """Return the first child of these names."""
    return next(children(element, *names), None)


def text(element: Element | None) -> str:
    """Return the text of the `text` child, or of the element itself."""
    if element is None:
        return ""
    inner = child(element, "text")
    return ("".join(str(part) for part in (element if inner is None else inner).itertext())).strip()


def attribute(element: Element | None, name: str) -> str:
    """Return an attribute, empty when absent."""
    return "" if element is None else str(element.get(name) or "").strip()
