"""What can be called: the built-ins with their signatures, functions of the host, and functions written in FEEL."""

from __future__ import annotations

import decimal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from engine.feel.types import ANY, AnyType, FunctionType, fit
from engine.feel.values import Function, incoming, kind

if TYPE_CHECKING:
    from engine.feel.run import Run


@dataclass(frozen=True, slots=True)
class HostFunction:
    """A function the host passes in: its FEEL name, the names of its parameters, and what to call with the values by position.

    Parameters not given are left out of the call. Any value a variable may have may be returned. `raise HostRefusal(zh, en)` makes null
    with a warning of kind `host`; any other error reaches the caller of the evaluation.
    """

    name: str
    parameters: tuple[str, ...]
    call: Callable[..., Any]


class HostRefusal(Exception):
    """A function of the host has no answer; the sentences say why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


class Callable_(Function):
    """What every function offers the language."""

    __slots__ = ()
    name: str
    parameters: tuple[str, ...]

    def invoke(self, arguments: Sequence[Any], run: Run) -> Any:
        """Call by position."""
        raise AssertionError

    def invoke_named(self, names: tuple[str, ...], arguments: Sequence[Any], run: Run) -> Any:
        """Call by name; null when a name is unknown, repeated or missing."""
        given = dict(zip(names, arguments, strict=True))
        if len(given) != len(names) or set(given) != set(self.parameters):
            return run.refuse_call(self.name)
        return self.invoke([given[name] for name in self.parameters], run)


class Host(Callable_):
    """A HostFunction as a value."""

    __slots__ = ("function", "name", "parameters")

    def __init__(self, function: HostFunction) -> None:
        self.function = function
        self.name = function.name
        self.parameters = function.parameters

    def invoke(self, arguments: Sequence[Any], run: Run) -> Any:
        """Call the host with the values by position."""
        if len(arguments) > len(self.parameters):
            return run.refuse_call(self.name)
        run.budget.spend(10)
        try:
            return incoming(self.function.call(*arguments))
        except HostRefusal as refusal:
            return run.warn("host", refusal.zh, refusal.en, self.name)

    def invoke_named(self, names: tuple[str, ...], arguments: Sequence[Any], run: Run) -> Any:
        """Call by name; parameters at the end may be left out."""
        given = dict(zip(names, arguments, strict=True))
        used = self.parameters[: len(given)]
        return self.invoke([given[name] for name in used], run) if set(given) == set(used) else run.refuse_call(self.name)


class Lambda(Callable_):
    """A function written in FEEL, together with the values around it at its definition."""

    __slots__ = ("body", "frame", "name", "parameters", "signature", "slots", "types")

    def __init__(
        self, parameters: tuple[tuple[str, AnyType], ...], slots: tuple[int, ...], body: Any, result: AnyType, frame: list[Any]
    ) -> None:
        self.name = "function"
        self.parameters = tuple(name for name, _ in parameters)
        self.types = tuple(typ for _, typ in parameters)
        self.slots = slots
        self.body = body
        self.frame = frame
        self.signature = FunctionType(self.types, result)

    def invoke(self, arguments: Sequence[Any], run: Run) -> Any:
        """Evaluate the body with the parameters set; null when their number or types do not fit."""
        if len(arguments) != len(self.slots):
            return run.refuse_call(self.name)
        frame = self.frame[:]
        frame[1] = run
        for slot, typ, value in zip(self.slots, self.types, arguments, strict=True):
            fitted, good = (value, True) if typ is ANY else fit(value, typ)
            if not good:
                return run.wrong_type(self.name, kind(value))
            frame[slot] = fitted
        run.budget.enter()
        try:
            return self.body(frame)
        finally:
            run.budget.leave()


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a built-in. `kinds` None accepts anything, null included."""

    name: str
    kinds: frozenset[str] | None
    optional: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a built-in. `variadic`: the last parameter takes all remaining arguments."""

    parameters: tuple[Parameter, ...]
    variadic: bool
    call: Callable[..., Any]
    with_run: bool

    @property
    def least(self) -> int:
        """The number of arguments that must be given."""
        return sum(1 for parameter in self.parameters if not parameter.optional)


class Builtin(Callable_):
    """A function of the standard."""

    __slots__ = ("name", "nullable", "parameters", "signatures")

    def __init__(self, name: str, nullable: bool) -> None:
        self.name = name
        self.nullable = nullable  # null is an ordinary answer, not the sign of a fault
        self.signatures: list[tuple[Signature, int, int]] = []
        self.parameters: tuple[str, ...] = ()

    def add(self, signature: Signature) -> None:
        """Add a way to call it."""
        most = 1_000_000 if signature.variadic else len(signature.parameters)
        self.signatures.append((signature, signature.least, most))
        if not self.parameters:
            self.parameters = tuple(parameter.name for parameter in signature.parameters)

    def invoke(self, arguments: Sequence[Any], run: Run) -> Any:
        """Call the first signature the arguments fit; null and a warning when none does."""
        count = len(arguments)
        for signature, least, most in self.signatures:
            if least <= count <= most:
                fitted = _fitted(signature, arguments)
                if fitted is not None:
                    return self._answer(signature, fitted, run)
        return run.wrong_type(self.name, ", ".join(kind(argument) for argument in arguments), silent=None in arguments)

    def invoke_named(self, names: tuple[str, ...], arguments: Sequence[Any], run: Run) -> Any:
        """Call the first signature that has these parameters."""
        given = dict(zip(names, arguments, strict=True))
        for signature, _, _ in self.signatures:
            known = [parameter.name for parameter in signature.parameters]
            if len(given) == len(names) and set(given) <= set(known):
                missing = [parameter for parameter in signature.parameters if parameter.name not in given]
                if all(parameter.optional for parameter in missing):
                    fitted = _fitted(signature, [given.get(name) for name in known])
                    if fitted is not None:
                        return self._answer(signature, fitted, run)
        return run.refuse_call(self.name)

    def _answer(self, signature: Signature, arguments: Sequence[Any], run: Run) -> Any:
        try:
            value = signature.call(run, *arguments) if signature.with_run else signature.call(*arguments)
        except (decimal.DecimalException, OverflowError):
            value = None
        if value is None and not self.nullable:
            run.invalid_argument(self.name)
        return value


def _fitted(signature: Signature, arguments: Sequence[Any]) -> Sequence[Any] | None:
    """The arguments fitted to the parameters by FEEL's implicit conversions, None when one does not fit."""
    parameters = signature.parameters
    last = len(parameters) - 1
    changed: list[Any] | None = None
    for index, value in enumerate(arguments):
        parameter = parameters[index if index < last else last] if parameters else None
        if parameter is None or parameter.kinds is None or kind(value) in parameter.kinds or (value is None and parameter.optional):
            continue
        changed = list(arguments) if changed is None else changed
        if type(value) is list and len(value) == 1 and kind(value[0]) in parameter.kinds:
            changed[index] = value[0]
        elif "list" in parameter.kinds and value is not None and len(parameter.kinds) == 1:
            changed[index] = [value]
        else:
            return None
    return arguments if changed is None else changed


BUILTINS: dict[str, Builtin] = {}
Registered = TypeVar("Registered", bound=Callable[..., Any])


def builtin(name: str, *parameters: str, nullable: bool = False, run: bool = False) -> Callable[[Registered], Registered]:
    """Register a Python function as a built-in (decorator).

    A parameter is `name: kind`, `name: kind|kind`, `name: Any`; `name?: kind` may be left out or null, `name*: kind` takes all that follow.
    Several registrations under one name are tried in turn. `run` passes the running evaluation first.
    """

    def register(call: Registered) -> Registered:
        read = tuple(_parameter(text) for text in parameters)
        variadic = bool(parameters) and parameters[-1].split(":")[0].endswith("*")
        found = BUILTINS.setdefault(name, Builtin(name, nullable))
        found.add(Signature(read, variadic, call, run))
        return call

    return register


def _parameter(text: str) -> Parameter:
    name, _, kinds = text.partition(":")
    optional = name.endswith("?")
    allowed = None if kinds.strip() == "Any" else frozenset(part.strip() for part in kinds.split("|"))
    return Parameter(name.rstrip("?*"), allowed, optional)
