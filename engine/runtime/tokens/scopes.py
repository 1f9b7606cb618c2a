"""Local variables, by Camunda 8's rules: where a name is read and where it is written.

Read: the own scope, then outwards until a read barrier, then the case. Write: the first scope outwards that has the name
or a write barrier, else the case.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.runtime.tokens.host import Host


@dataclass(slots=True)
class LocalScope:
    """The variables of one task, item, subprocess or call. `parent` is the key of the scope around it, None for the case."""

    parent: int | None
    variables: dict[str, Any] = field(default_factory=dict)
    hides_outer: bool = False  # read barrier: propagateAllParentVariables = false
    keeps_inner: bool = False  # write barrier: outputs or propagateAllChildVariables = false


class Scopes:
    """All local scopes of one instance, by token key, above the case scope."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self.local: dict[int, LocalScope] = {}

    def open(self, key: int, parent: int | None) -> LocalScope:
        """Open the scope of a token (or return the one it has)."""
        if key not in self.local:
            self.local[key] = LocalScope(parent)
        return self.local[key]

    def close(self, key: int) -> None:
        """Forget the scope of a token."""
        self.local.pop(key, None)

    def view(self, key: int | None) -> Mapping[str, Any]:
        """Return the variables visible from a scope, the innermost winning."""
        maps: list[dict[str, Any]] = []
        while key is not None:
            scope = self.local[key]
            maps.append(scope.variables)
            if scope.hides_outer:
                return ChainMap(*maps)
            key = scope.parent
        outer = self._host.variables
        return ChainMap(*maps, outer) if maps else outer  # type: ignore[arg-type]

    def write(self, key: int | None, name: str, value: Any) -> None:
        """Write a variable from a scope outwards."""
        while key is not None:
            scope = self.local[key]
            if name in scope.variables or scope.keeps_inner:
                scope.variables[name] = value
                return
            key = scope.parent
        self._host.write(name, value)

    def write_path(self, key: int | None, target: str, value: Any) -> None:
        """Write to a name or a dotted path; the objects on the path are copied, never changed in place."""
        head, _, rest = target.partition(".")
        self.write(key, head, assigned(self.view(key).get(head), rest, value) if rest else value)


def assigned(context: Any, path: str, value: Any) -> dict[str, Any]:
    """Return a copy of a context with `value` at a dotted path; whatever is no context on the way is replaced by one."""
    copy = dict(context) if isinstance(context, Mapping) else {}
    head, _, rest = path.partition(".")
    copy[head] = assigned(copy.get(head), rest, value) if rest else value
    return copy
