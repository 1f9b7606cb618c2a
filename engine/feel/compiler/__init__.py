"""Tree → closures. Each module registers the compilers of its kinds of node."""

from __future__ import annotations

from engine.feel.compiler import access, calls, loops, operators, tests
from engine.feel.compiler.scope import COMPILERS, Closure, Scope

PARTS = (access, calls, loops, operators, tests)

__all__ = ["COMPILERS", "PARTS", "Closure", "Scope"]
