"""Coverage-guided fuzzing of FEEL: `python fuzz.py CORPUS -max_total_time=60 …`, with `atheris` on the path (see test_fuzz)."""

from __future__ import annotations

import resource
import sys
import time

import atheris

with atheris.instrument_imports(include=["engine.feel"]):
    from engine import feel

SECONDS = 4.0  # of processor time; a second where nothing is instrumented
GROWN = 64 * 1024  # KiB
VARIABLES = {"x": [1, {"a": "b"}], "a b": "text", "客户": {"x": None}, "level": "major", "amount": 7}
NAMES = frozenset(VARIABLES)


def one(data: bytes) -> None:
    """Compile and evaluate whatever comes: a syntax error is the only thing that may be raised."""
    text = data.decode("utf-8", errors="replace")
    began, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for compile_one in (feel.compile, feel.compile_unary):
        try:
            compiled = compile_one(text, NAMES)
        except feel.SyntaxError_ as error:
            assert error.line >= 1 and error.caret() and error.text("zh") and error.text("en")
            continue
        value = compiled.evaluate(VARIABLES) if isinstance(compiled, feel.Expression) else compiled.evaluate(1, VARIABLES)
        feel.to_json(value)
        feel.to_text(value)
    assert time.process_time() - began < SECONDS, "too slow"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < GROWN, "too much memory"


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
