"""Bytes that are no diagram of ours are told apart before anything in them is used."""

from __future__ import annotations

import pytest

from engine import bpmn
from engine.bpmn import xml
from tests.tokens.drawing import chain, diagram, end, process, start

GOOD = diagram(process("p", start(), end(), chain("s", "e"))).decode()
LAUGHS = (
    "<!DOCTYPE lolz [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)


def with_doctype(doctype: str, inside: str = "") -> bytes:
    head, _, rest = GOOD.partition("?>\n")
    return f"{head}?>\n{doctype}{rest.replace('</bpmn:definitions>', inside + '</bpmn:definitions>')}".encode()


@pytest.mark.parametrize(
    ("data", "rule", "words"),
    [
        (GOOD.replace("</bpmn:process>", "").encode(), "bpmn.xml", "行的 XML 有错误"),
        (b"", "bpmn.xml", "XML"),
        (b"\x00\x01\x02", "bpmn.xml", "XML"),
        (GOOD.encode("utf-16")[:-20], "bpmn.xml", "XML"),
        (b'<?xml version="1.0"?><html><body/></html>', "bpmn.root", "bpmn:definitions"),
        (GOOD.replace("Camunda Cloud", "Camunda Platform").encode(), "bpmn.platform", "BPMN diagram (Camunda 8)"),
        (GOOD.replace(' modeler:executionPlatform="Camunda Cloud"', "").encode(), "bpmn.platform", "左下角选择 Camunda 8"),
        (GOOD.replace("Camunda Cloud", "Other").encode(), "bpmn.platform", "“Other”"),
        (with_doctype("<!DOCTYPE bpmn>"), "bpmn.doctype", "出于安全"),
        (with_doctype('<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "<a>&x;</a>"), "bpmn.doctype", "出于安全"),
        (with_doctype('<!DOCTYPE d SYSTEM "http://127.0.0.1:9/evil.dtd">'), "bpmn.doctype", "出于安全"),
        (with_doctype(LAUGHS, "<a>&i;</a>"), "bpmn.xml", "amplification"),
        (GOOD.encode() + b" " * xml.LIMIT, "bpmn.size", "上限"),
    ],
    ids=[
        "broken",
        "empty",
        "bytes",
        "cut",
        "html",
        "camunda7",
        "no platform",
        "other platform",
        "doctype",
        "file",
        "network",
        "laughs",
        "large",
    ],
)
def test_a_file_that_is_no_diagram_is_refused(data, rule, words):
    with pytest.raises(bpmn.Refused) as refused:
        bpmn.read({"x.bpmn": data})
    (finding,) = refused.value.findings
    assert (finding.rule, finding.file) == (rule, "x.bpmn")
    assert words in finding.zh and finding.en


def test_broken_xml_is_found_by_its_line():
    data = GOOD.replace("</bpmn:startEvent>", "</bpmn:start>").encode()
    with pytest.raises(bpmn.Refused) as refused:
        bpmn.read({"x.bpmn": data})
    assert refused.value.findings[0].line == next(n for n, line in enumerate(data.decode().splitlines(), 1) if "</bpmn:start>" in line)


def test_a_camunda_7_file_is_told_which_profile_to_choose():
    with pytest.raises(bpmn.Refused) as refused:
        bpmn.read({"x.bpmn": GOOD.replace("Camunda Cloud", "Camunda Platform").encode()})
    assert "Camunda 7" in refused.value.text("zh") and "Camunda 8" in refused.value.text("en")


def test_other_encodings_of_xml_are_read():
    assert bpmn.read({"x.bpmn": GOOD.replace("UTF-8", "UTF-16").encode("utf-16")}).ids == ("p",)
