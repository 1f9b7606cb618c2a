"""`python -m bench`: every measurement, one after the other, each in a process of its own."""

import subprocess
import sys
from pathlib import Path

from bench.machine import machine

print(machine(), flush=True)
failed = 0
for path in sorted(Path(__file__).parent.glob("[a-z]*.py")):
    if path.stem not in ("copies", "machine", "stock", "work"):
        print(f"\n=== {path.stem}", flush=True)
        failed += subprocess.run([sys.executable, "-m", f"bench.{path.stem}"]).returncode != 0
sys.exit(failed)
