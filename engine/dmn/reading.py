"""Reads DMN files as Modeler writes them (DMN 1.3 and later) and compiles every expression in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from engine import feel
from engine.dmn import xml
from engine.dmn.boxed import boxed_child, compile_boxed
from engine.dmn.errors import DmnError
from engine.dmn.items import Items, component_names
from engine.dmn.knowledge import formal_parameters
from engine.dmn.model import Model
from engine.dmn.nodes import DecisionNode, InputNode, KnowledgeNode, Node, Ref, ServiceNode
from engine.dmn.place import Place
from engine.dmn.results import Table
from engine.dmn.table import written_table
from engine.dmn.xml import Element, attribute, child, children, local, text
from engine.feel.types import AnyType, FunctionType
from engine.model import Finding, Severity

NO_FUNCTIONS: Mapping[str, feel.HostFunction] = MappingProxyType({})
_NODES = ("inputData", "decision", "businessKnowledgeModel", "decisionService")


def read(
    data: bytes,
    functions: Mapping[str, feel.HostFunction] = NO_FUNCTIONS,
    others: Iterable[bytes] = (),
    lenient: bool = False,
) -> Model:
    """Return the model of a DMN file.

    `functions` are the host functions its expressions may call; `others` the DMN files of the same release, of which it may import.
    Raises DmnError with all findings; `lenient` keeps them in `model.findings` instead and lets faulty expressions be null.
    """
    root = xml.parse(data)
    library = {attribute(found, "namespace"): found for found in map(xml.parse, others)}
    model = _Reader(library, functions).model(root)
    if not lenient and any(finding.severity is Severity.ERROR for finding in model.findings):
        raise DmnError(model.findings)
    return model


class _Reader:
    """Reads one file and, once each, the files it imports."""

    def __init__(self, library: Mapping[str, Element], functions: Mapping[str, feel.HostFunction]) -> None:
        self.library = library
        self.functions = functions
        self.models: dict[str, Model] = {}
        self.items: dict[str, Items] = {}
        self.open: set[str] = set()

    def model(self, root: Element) -> Model:
        """Return the model of a `definitions` element."""
        namespace = attribute(root, "namespace")
        self.open.add(namespace)
        findings: list[Finding] = []
        imports = self._imports(root, findings)
        items = self._items(root, imports, findings)
        names = self._names(root, imports)
        nodes: dict[str, Node] = {}
        for element in children(root, *_NODES):
            name = attribute(child(element, "variable"), "name") or attribute(element, "name")
            place = Place(attribute(element, "id") or name, name, items, names, self.functions, findings, set())
            node = _READERS[local(element)](element, place)
            if node.id in nodes:
                place.note(element, "id", f"标识 {node.id} 出现了两次。", f"The id {node.id} stands twice.")
            nodes[node.id] = node
        model = Model(attribute(root, "name"), namespace, nodes, imports, findings)
        _check_requirements(model, findings)
        self.models[namespace], self.items[namespace] = model, items
        self.open.discard(namespace)
        model.describe(frozenset(self.functions))
        return model

    def _imports(self, root: Element, findings: list[Finding]) -> dict[str, Model]:
        found: dict[str, Model] = {}
        for element in children(root, "import"):
            namespace, alias = attribute(element, "namespace"), attribute(element, "name")
            if attribute(element, "importType") not in xml.NAMESPACES:
                continue
            if namespace in self.open or (namespace not in self.models and namespace not in self.library):
                zh, en = f"找不到导入的决策文件 {namespace}。", f"The imported file {namespace} is not part of the release."
                findings.append(Finding("dmn-import", zh, en, element=alias, line=element.sourceline))
                continue
            found[alias] = self.models[namespace] if namespace in self.models else self.model(self.library[namespace])
        return found

    def _items(self, root: Element, imports: Mapping[str, Model], findings: list[Finding]) -> Items:
        imported: dict[str, AnyType] = {}
        for alias, model in imports.items():
            for name, typ in self.items[model.namespace].types.items():
                imported[f"{alias}.{name}" if alias else name] = typ

        def wrong(element: Element, error: feel.SyntaxError_) -> None:
            findings.append(Finding("dmn-feel", error.text("zh"), error.text("en"), line=element.sourceline))

        definitions = {attribute(found, "name"): found for found in children(root, "itemDefinition")}
        return Items(definitions, imported, wrong)

    def _names(self, root: Element, imports: Mapping[str, Model]) -> frozenset[str]:
        """The names that only the parser's knowledge of them keeps together."""
        names = {attribute(found, "name") for found in children(root, *_NODES)}
        names |= {attribute(child(found, "variable"), "name") for found in children(root, *_NODES)}
        names |= component_names({attribute(found, "name"): found for found in children(root, "itemDefinition")})
        names |= {name for found in root.iter() if local(found) in _NAMED for name in _names_of(found)}
        for alias, model in imports.items():
            names |= {alias} | {node.name for node in model.nodes.values()} | set(model.imports)
            names |= component_names({attribute(item, "name"): item for item in children(self.library[model.namespace], "itemDefinition")})
        return frozenset(name for name in names if name and not name.isidentifier())


_NAMED = frozenset({"output", "column"})


def _names_of(element: Element) -> list[str]:
    """Names of output columns and relation columns may be used in paths."""
    return [attribute(element, "name")]


def _refs(element: Element, *names: str) -> tuple[Ref, ...]:
    return tuple(_ref(found) for found in children(element, *names))


def _ref(element: Element) -> Ref:
    namespace, _, identifier = attribute(element, "href").rpartition("#")
    return Ref(namespace, identifier)


def _requirements(element: Element) -> tuple[Ref, ...]:
    found: list[Ref] = []
    for requirement in children(element, "informationRequirement", "knowledgeRequirement"):
        found.extend(_refs(requirement, "requiredInput", "requiredDecision", "requiredKnowledge"))
    return tuple(found)


def _input(element: Element, place: Place) -> Node:
    return InputNode(place.owner, place.name, place.items.of(child(element, "variable")))


def _decision(element: Element, place: Place) -> Node:
    variable, body = child(element, "variable"), boxed_child(element)
    logic = compile_boxed(body, place)
    return DecisionNode(
        place.owner,
        place.name,
        place.items.of(variable),
        attribute(variable, "typeRef"),
        logic,
        _requirements(element),
        frozenset(place.free),
        _written(body),
        attribute(element, "name"),
        "" if body is None else local(body),
        text(body) if body is not None and local(body) == "literalExpression" else "",
    )


def _knowledge(element: Element, place: Place) -> Node:
    variable, logic_element = child(element, "variable"), child(element, "encapsulatedLogic")
    external = attribute(logic_element, "kind") not in ("", "FEEL")
    parameters = () if logic_element is None else formal_parameters(logic_element, place.items)
    body = None if external else boxed_child(logic_element)
    logic = compile_boxed(body, place.with_names(name for name, _ in parameters))
    return KnowledgeNode(
        place.owner,
        place.name,
        _result_type(place, variable),
        parameters,
        logic,
        _requirements(element),
        frozenset(place.free),
        _written(body),
    )


def _result_type(place: Place, variable: Element | None) -> AnyType:
    """The type of what a function answers: its variable names either the function's type or, in older files, that of the result."""
    found = place.items.of(variable)
    return found.result if isinstance(found, FunctionType) else found


def _service(element: Element, place: Place) -> Node:
    variable = child(element, "variable")
    return ServiceNode(
        place.owner,
        place.name,
        _result_type(place, variable),
        _refs(element, "outputDecision"),
        _refs(element, "inputDecision"),
        _refs(element, "inputData"),
        attribute(element, "name"),
    )


def _written(body: Element | None) -> Table | None:
    return written_table(body) if body is not None and local(body) == "decisionTable" else None


def _check_requirements(model: Model, findings: list[Finding]) -> None:
    for node in model.nodes.values():
        for ref in getattr(node, "requires", ()):
            if model.follow(ref)[1] is None:
                zh, en = f"“{node.name}”所需的元素 {ref.id} 不存在。", f"{node.name!r} requires {ref.id}, which does not exist."
                findings.append(Finding("dmn-requirement", zh, en, element=node.id, name=node.name))


_READERS: dict[str, Any] = {"inputData": _input, "decision": _decision, "businessKnowledgeModel": _knowledge, "decisionService": _service}
