"""The only place that turns bytes of a diagram into a tree, with everything dangerous switched off.

No entities, no DTD, no network, a size limit, and only files drawn for Camunda 8 (see `PLATFORM`).
"""

from __future__ import annotations

from lxml import etree

from engine.model import Finding

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
MODELER = "{http://camunda.org/schema/modeler/1.0}"
PLATFORM = "Camunda Cloud"
LIMIT = 2_000_000  # bytes; our largest diagram has 60 kB

Node = etree._Element


class Unreadable(Exception):
    """Carries the finding that says why a file is no diagram of ours."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.en)
        self.finding = finding


def parse(file_name: str, data: bytes) -> Node:
    """Return the root of a diagram; raise `Unreadable` with one finding when it is none of ours."""
    if len(data) > LIMIT:
        raise _unreadable(
            file_name,
            "bpmn.size",
            f"文件有 {len(data):,} 字节，超过 {LIMIT:,} 字节的上限。请把流程拆成几个文件，用调用活动连接。",
            f"The file has {len(data):,} bytes, more than the {LIMIT:,} allowed. "
            "Split the process over several files and connect them with call activities.",
        )
    try:
        root = etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        raise _malformed(file_name, error) from error
    if root.getroottree().docinfo.doctype or any(isinstance(node, etree._Entity) for node in root.iter(etree.Entity)):
        raise _unreadable(
            file_name,
            "bpmn.doctype",
            "文件含有 DOCTYPE 或实体声明，出于安全不予接受。请用 Camunda Modeler 重新保存。",
            "The file holds a DOCTYPE or entities, which is refused for safety. Save it again with Camunda Modeler.",
        )
    _check_dialect(file_name, root)
    return root


def local(node: Node) -> str:
    """Return the local name of a node, "" for comments and processing instructions."""
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def children(node: Node, *names: str) -> list[Node]:
    """Return the BPMN children with one of these local names (all BPMN children when none is given)."""
    return [child for child in node if isinstance(child.tag, str) and child.tag.startswith(BPMN) and (not names or local(child) in names)]


def child(node: Node, name: str) -> Node | None:
    """Return the first BPMN child of this local name."""
    return node.find(BPMN + name)


def text_of(node: Node | None) -> str:
    """Return the trimmed text of a node, "" when there is none."""
    return (node.text or "").strip() if node is not None else ""


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, recover=False)


def _check_dialect(file_name: str, root: Node) -> None:
    if root.tag != BPMN + "definitions":
        raise _unreadable(
            file_name,
            "bpmn.root",
            "这不是 BPMN 流程图（根元素应为 bpmn:definitions）。请用 Camunda Modeler 新建“BPMN diagram (Camunda 8)”。",
            "This is no BPMN diagram (its root should be bpmn:definitions). Create a “BPMN diagram (Camunda 8)” in Camunda Modeler.",
        )
    platform = root.get(MODELER + "executionPlatform")
    if platform == PLATFORM:
        return
    if platform == "Camunda Platform":
        raise _unreadable(
            file_name,
            "bpmn.platform",
            "这是 Camunda 7 的流程图。请在 Camunda Modeler 新建“BPMN diagram (Camunda 8)”，把图形复制过去再保存；左下角应显示 Camunda 8。",
            "This diagram is drawn for Camunda 7. In Camunda Modeler create a “BPMN diagram (Camunda 8)”, copy the shapes into it "
            "and save; the profile at the lower left must say Camunda 8.",
        )
    raise _unreadable(
        file_name,
        "bpmn.platform",
        f"文件没有标明 Camunda 8（executionPlatform 为“{platform or '空'}”）。请在 Camunda Modeler 左下角选择 Camunda 8 后保存。",
        f"The file is not marked for Camunda 8 (executionPlatform is “{platform or 'absent'}”). "
        "Choose Camunda 8 at the lower left of Camunda Modeler and save.",
    )


def _malformed(file_name: str, error: etree.XMLSyntaxError) -> Unreadable:
    line = error.lineno
    return _unreadable(
        file_name,
        "bpmn.xml",
        f"第 {line} 行的 XML 有错误，无法读取：{error.msg}。请用 Camunda Modeler 重新保存。",
        f"The XML is broken at line {line}: {error.msg}. Save the file again with Camunda Modeler.",
        line,
    )


def _unreadable(file_name: str, rule: str, zh: str, en: str, line: int | None = None) -> Unreadable:
    return Unreadable(Finding(rule=rule, zh=zh, en=en, file=file_name, line=line))
