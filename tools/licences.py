"""Which licences jiesu brings along: every locked run-time package and every vendored front-end library.

``licences.py check``   refuses GPL, AGPL and unknown licences, LGPL but for the packages named below, and a
                        THIRD_PARTY.md that does not say what is locked
``licences.py update``  writes the two tables of THIRD_PARTY.md anew

Reads the installed packages' own metadata, so it runs in the environment that the lock was installed into.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
VENDOR_LOCK = ROOT / "webapp" / "static" / "vendor" / "vendor.lock.json"
NOTICE = ROOT / "THIRD_PARTY.md"

LESSER = frozenset({"spiffworkflow", "psycopg", "psycopg-binary"})
"""The LGPL packages we accept: installed unmodified, each can be replaced by the user."""

SPOKEN = {
    "BSD License": "BSD",
    "MIT License": "MIT",
    "Apache Software License": "Apache-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "GNU Library or Lesser General Public License (LGPL)": "LGPL",
    "GNU General Public License v3 (GPLv3)": "GPL-3.0",
    "GNU Affero General Public License v3": "AGPL-3.0",
    "lGPLv3": "LGPL-3.0",
}
"""Classifiers and free words in the metadata, and the short name they stand for."""

GRANTED = re.compile(r"(MIT|MIT-0|BSD|BSD-[234]-Clause|0BSD|ISC|Apache-2\.0|PSF-2\.0|CNRI-Python|MPL-2\.0|bpmn\.io)")
LESSER_NAME = re.compile(r"LGPL(-[23]\.[01])?(-only|-or-later)?")


@dataclass(frozen=True)
class Licensed:
    """A package or library, its version, and its licence in one short expression ('' if it names none)."""

    name: str
    version: str
    licence: str


def locked(lock: Path = LOCK) -> list[Licensed]:
    """The packages of the lock that this Python needs, as installed; a version of '' is not installed at all."""
    lines = [line.rstrip("\\ ") for line in lock.read_text(encoding="utf-8").splitlines() if re.match(r"[A-Za-z0-9]", line)]
    requirements = [Requirement(line) for line in lines]
    return [_installed(each.name) for each in requirements if each.marker is None or each.marker.evaluate()]


def vendored(lock: Path = VENDOR_LOCK) -> list[Licensed]:
    packages = json.loads(lock.read_text(encoding="utf-8"))
    return [Licensed(name, package["version"], package["licence"]) for name, package in packages.items()]


def refusal(package: Licensed) -> str | None:
    """Why the package may not be brought along, or None.

    Of a choice (``A OR B``) one part must be acceptable, of a sum (``A AND B``) each.
    """
    if not package.version:
        return f"{package.name}: 未安装，请运行 make lint / not installed, run make lint"
    choices = [choice.strip("() ") for choice in re.split(r"\bOR\b", package.licence)]
    if any(all(_acceptable(part.strip(), package.name) for part in choice.split(" AND ")) for choice in choices):
        return None
    return f"{package.name} {package.version}: 许可证不可接受 / licence not acceptable: {package.licence or '?'}"


def _acceptable(licence: str, name: str) -> bool:
    if LESSER_NAME.fullmatch(licence):
        return name in LESSER
    return GRANTED.fullmatch(licence.partition(" (")[0]) is not None


def _installed(name: str) -> Licensed:
    try:
        facts = metadata(name)
    except PackageNotFoundError:
        return Licensed(name, "", "")
    classifiers = [line.rpartition(" :: ")[2] for line in facts.get_all("Classifier") or [] if line.startswith("License ::")]
    free, words = ("".join(facts.get_all(field) or []) for field in ("License", "License-Expression"))
    if not words:
        words = free if "\n" not in free and 0 < len(free) < 40 else " AND ".join(classifiers)
    return Licensed(name, facts["Version"], SPOKEN.get(words, words))


def notice(text: str) -> str:
    """THIRD_PARTY.md's text with both tables as the locks have them."""
    text = _with_table(text, "python", sorted(locked(), key=lambda each: each.name))
    return _with_table(text, "vendor", vendored())


def _with_table(text: str, mark: str, rows: list[Licensed]) -> str:
    lines = ["| 名称 / name | 版本 / version | 许可证 / licence |", "|---|---|---|"]
    lines += [f"| {row.name} | {row.version} | {row.licence} |" for row in rows]
    table = f"<!-- {mark} -->\n" + "\n".join(lines) + f"\n<!-- /{mark} -->"
    return re.sub(rf"<!-- {mark} -->.*?<!-- /{mark} -->", lambda _: table, text, flags=re.DOTALL)


def check() -> list[str]:
    packages = locked() + vendored()
    findings = [sentence for package in packages if (sentence := refusal(package))]
    text = NOTICE.read_text(encoding="utf-8")
    if not findings and notice(text) != text:
        findings = ["THIRD_PARTY.md 与锁文件不一致，请运行 tools/licences.py update / THIRD_PARTY.md is not what is locked"]
    return findings


def main(arguments: list[str]) -> int:
    match arguments:
        case ["check"]:
            findings = check()
            print("\n".join(findings) or f"{len(locked())} 个依赖的许可证可接受 / licences of the dependencies are acceptable")
            return 1 if findings else 0
        case ["update"]:
            NOTICE.write_text(notice(NOTICE.read_text(encoding="utf-8")), encoding="utf-8")
            return main(["check"])
        case _:
            print(__doc__, file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
