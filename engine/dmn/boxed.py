"""Boxed expressions other than tables: each kind is one small function from XML to logic (DMN 1.5, chapters 7.3 and 10.2.2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.dmn.knowledge import Boxed, formal_parameters
from engine.dmn.place import Logic, Place, Variables, nothing
from engine.dmn.table import decision_table
from engine.dmn.xml import Element, attribute, child, children, local, text
from engine.feel.compiler.loops import items_of
from engine.feel.functions import Callable_
from engine.feel.limits import Budget, LimitReached, spend
from engine.feel.run import Run
from engine.feel.values import kind

_TURN = 50  # steps of one turn of a boxed loop
FEEL_LANGUAGES = ("", "feel", "https://www.omg.org/spec/dmn/")


def compile_boxed(element: Element | None, place: Place) -> Logic:
    """Return the logic of a boxed expression; a missing one is null."""
    if element is None:
        return nothing
    return BOXED[local(element)](element, place)


def boxed_child(element: Element | None) -> Element | None:
    """Return the boxed expression inside an element."""
    return None if element is None else child(element, *BOXED)


def _literal(element: Element, place: Place) -> Logic:
    language = attribute(element, "expressionLanguage").lower()
    if language and not any(known and known in language for known in FEEL_LANGUAGES):
        zh, en = f"不支持表达式语言 {language}，请改用 FEEL。", f"The expression language {language} is not supported; use FEEL."
        place.note(element, "language", zh, en)
        return nothing
    written = text(element)
    if not written:
        return nothing
    return place.fitted(place.expression(written, element), place.items.of(element), place.name)


def _context(element: Element, place: Place) -> Logic:
    """Entries see the ones before them; an entry without a name is the result."""
    entries: list[tuple[str, Logic]] = []
    for entry in children(element, "contextEntry"):
        variable = child(entry, "variable")
        name = attribute(variable, "name")
        inner = place.with_names([name]) if name and _is_function(entry) else place
        logic = compile_boxed(boxed_child(entry), inner)
        entries.append((name, place.fitted(logic, place.items.of(variable), name)))
        if name:
            place = place.with_names([name])

    def evaluate(variables: Variables, evaluation: Any) -> Any:
        scope, made = dict(variables), {}
        for name, logic in entries:
            value = logic(scope, evaluation)
            if not name:
                return value
            scope[name] = made[name] = value
            if isinstance(value, Boxed):
                value.scope[name] = value  # a function may call itself by its entry's name
        return made

    return place.fitted(evaluate, place.items.of(element), place.name)


def _is_function(entry: Element) -> bool:
    return child(entry, "functionDefinition") is not None


def _list(element: Element, place: Place) -> Logic:
    parts = [compile_boxed(part, place) for part in children(element, *BOXED)]
    return place.fitted(lambda variables, evaluation: [part(variables, evaluation) for part in parts], place.items.of(element), place.name)


def _relation(element: Element, place: Place) -> Logic:
    """A table of expressions: a list with one context for each row."""
    columns = [attribute(column, "name") for column in children(element, "column")]
    rows = [[compile_boxed(cell, place) for cell in children(row, *BOXED)] for row in children(element, "row")]
    return lambda variables, evaluation: [
        {name: cell(variables, evaluation) for name, cell in zip(columns, row, strict=False)} for row in rows
    ]


def _function(element: Element, place: Place) -> Logic:
    """A function; only FEEL bodies can run, Java and PMML are null."""
    if attribute(element, "kind") not in ("", "FEEL"):
        return nothing
    parameters = formal_parameters(element, place.items)
    body = compile_boxed(boxed_child(element), place.with_names(name for name, _ in parameters))
    return lambda variables, evaluation: Boxed("function", parameters, body, dict(variables), evaluation)


def _invocation(element: Element, place: Place) -> Logic:
    """Call a function with its parameters bound by name."""
    callee = compile_boxed(boxed_child(element), place)
    names: list[str] = []
    bound: list[Logic] = []
    for binding in children(element, "binding"):
        names.append(attribute(child(binding, "parameter"), "name"))
        bound.append(compile_boxed(boxed_child(binding), place))

    def evaluate(variables: Variables, evaluation: Any) -> Any:
        function = callee(variables, evaluation)
        if not isinstance(function, Callable_):
            return evaluation.warn("unknown-function", "调用的不是函数。", "What is invoked is not a function.")
        run = Run(evaluation.functions or {}, evaluation.warnings, Budget())
        return function.invoke_named(tuple(names), [logic(variables, evaluation) for logic in bound], run)

    return place.fitted(evaluate, place.items.of(element), place.name)


def _conditional(element: Element, place: Place) -> Logic:
    """`if` asks for a boolean: anything else but null makes null."""
    condition, yes, no = (compile_boxed(boxed_child(child(element, part)), place) for part in ("if", "then", "else"))

    def evaluate(variables: Variables, evaluation: Any) -> Any:
        found = condition(variables, evaluation)
        if found is not None and not isinstance(found, bool):
            return _not_boolean(found, evaluation)
        return (yes if found else no)(variables, evaluation)

    return evaluate


def _not_boolean(value: Any, evaluation: Any) -> None:
    evaluation.warn("wrong-type", "条件不是真假值。", f"A condition is a {kind(value)}, not a boolean.")


def _filter(element: Element, place: Place) -> Logic:
    source = compile_boxed(boxed_child(child(element, "in")), place)
    match = compile_boxed(boxed_child(child(element, "match")), place.with_names(["item"]))

    def evaluate(variables: Variables, evaluation: Any) -> Any:
        items = source(variables, evaluation)
        kept = []
        for item in items if type(items) is list else [] if items is None else [items]:
            spend(_TURN)
            found = match({**variables, **(item if type(item) is dict else {}), "item": item}, evaluation)
            if not isinstance(found, bool):
                return _not_boolean(found, evaluation)
            if found:
                kept.append(item)
        return kept

    return evaluate


def _turns(element: Element, place: Place, body: str) -> tuple[str, Logic, Logic]:
    name = attribute(element, "iteratorVariable")
    source = compile_boxed(boxed_child(child(element, "in")), place)
    inner = compile_boxed(boxed_child(child(element, body)), place.with_names([name, "partial"]))
    return name, source, inner


def _iterated(value: Any, evaluation: Any) -> list[Any] | None:
    try:
        return list(items_of(value))
    except LimitReached:
        raise
    except Exception:
        evaluation.warn("wrong-type", "无法遍历此值。", f"A {kind(value)} cannot be iterated over.")
        return None


def _for(element: Element, place: Place) -> Logic:
    name, source, body = _turns(element, place, "return")

    def evaluate(variables: Variables, evaluation: Any) -> Any:
        items = _iterated(source(variables, evaluation), evaluation)
        if items is None:
            return None
        results: list[Any] = []
        for item in items:
            spend(_TURN)
            results.append(body({**variables, name: item, "partial": results[:]}, evaluation))
        return results

    return evaluate


def _quantified(decisive: bool) -> Callable[[Element, Place], Logic]:
    def compile_one(element: Element, place: Place) -> Logic:
        name, source, body = _turns(element, place, "satisfies")

        def evaluate(variables: Variables, evaluation: Any) -> Any:
            items = _iterated(source(variables, evaluation), evaluation)
            if items is None:
                return None
            found = []
            for item in items:
                spend(_TURN)
                found.append(body({**variables, name: item}, evaluation))
            odd = [value for value in found if value is not None and not isinstance(value, bool)]
            if odd:
                return _not_boolean(odd[0], evaluation)
            if decisive in found:
                return decisive
            return (not decisive) if all(value is (not decisive) for value in found) else None

        return evaluate

    return compile_one


def _table(element: Element, place: Place) -> Logic:
    return decision_table(element, place)


BOXED: dict[str, Callable[[Element, Place], Logic]] = {
    "literalExpression": _literal,
    "decisionTable": _table,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "functionDefinition": _function,
    "invocation": _invocation,
    "conditional": _conditional,
    "filter": _filter,
    "for": _for,
    "some": _quantified(True),
    "every": _quantified(False),
}
