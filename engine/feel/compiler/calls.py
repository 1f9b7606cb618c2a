"""Closures for calls and for functions written in FEEL."""

from __future__ import annotations

from typing import Any

from engine.feel.builtins import BUILTINS
from engine.feel.builtins.additions import QUIET
from engine.feel.compiler.inference import result_type
from engine.feel.compiler.scope import Closure, Frame, Scope, compiles, quietly
from engine.feel.functions import Builtin, Callable_, Lambda
from engine.feel.syntax import Call, FunctionDefinition, Name
from engine.feel.types import resolve
from engine.feel.values import kind


@compiles(Call)
def call(node: Call, scope: Scope) -> Closure:
    """`f(a, b)` and `f(name: a)`."""
    arguments = tuple(scope.compile(argument) for argument in node.arguments)
    if isinstance(node.callee, Name) and node.callee.name in QUIET:
        arguments = tuple(quietly(argument) for argument in arguments)
    callee, names = _callee(node, scope), node.names
    if names:
        return lambda frame: _invoke_named(callee(frame), names, [argument(frame) for argument in arguments], frame)
    if len(arguments) == 1:
        only = arguments[0]
        found = None if not isinstance(node.callee, Name) or _is_local(node.callee.name, scope) else BUILTINS.get(node.callee.name)
        if found is not None:
            return _of_one(found, callee, only)
        return lambda frame: _invoke(callee(frame), (only(frame),), frame)
    return lambda frame: _invoke(callee(frame), [argument(frame) for argument in arguments], frame)


def _of_one(found: Builtin, callee: Closure, only: Closure) -> Closure:
    """A built-in of one argument: a short cut unless a variable or the host has a function of that name."""
    name = found.name

    def evaluate(frame: Frame) -> Any:
        if name not in frame[0] and not frame[1].functions:
            return found.invoke((only(frame),), frame[1])
        return _invoke(callee(frame), (only(frame),), frame)

    return evaluate


def _is_local(name: str, scope: Scope) -> bool:
    return scope.lookup(name) != ((), None)


def _callee(node: Call, scope: Scope) -> Closure:
    if not isinstance(node.callee, Name):
        return scope.compile(node.callee)
    name = node.callee.name
    if _is_local(name, scope):
        return scope.compile(node.callee)
    found = BUILTINS.get(name)
    if found is None:
        scope.free.add(name)

    def evaluate(frame: Frame) -> Any:
        if found is not None and name not in frame[0] and not frame[1].functions:
            return found
        return frame[1].function(name, found, frame[0])

    return evaluate


def _invoke(function: Any, arguments: Any, frame: Frame) -> Any:
    if isinstance(function, Callable_):
        return function.invoke(arguments, frame[1])
    return _not_callable(function, frame)


def _invoke_named(function: Any, names: tuple[str, ...], arguments: list[Any], frame: Frame) -> Any:
    if isinstance(function, Callable_):
        return function.invoke_named(names, arguments, frame[1])
    return _not_callable(function, frame)


def _not_callable(value: Any, frame: Frame) -> None:
    if value is not None:
        frame[1].warn("wrong-type", "这里调用的不是函数。", f"A {kind(value)} cannot be called.")


@compiles(FunctionDefinition)
def definition(node: FunctionDefinition, scope: Scope) -> Closure:
    """`function(a, b) body`. An external function (Java, PMML) is null: nothing outside of FEEL is ever run."""
    if node.external:
        return _external
    parameters = tuple((name, resolve(typ, scope.types)) for name, typ in node.parameters)
    layer = {name: scope.slot() for name, _ in parameters}
    slots = tuple(layer.values())
    scope.layers.append(layer)
    body = scope.compile(node.body)
    scope.layers.pop()
    result = result_type(node.body, dict(parameters))
    return lambda frame: Lambda(parameters, slots, body, result, frame[:])


def _external(frame: Frame) -> None:
    frame[1].warn("invalid-argument", "不支持外部函数。", "External functions are not supported.")
