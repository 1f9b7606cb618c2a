"""The front-end libraries committed below ``webapp/static/vendor``: nobody who runs jiesu needs Node or a download.

``vendor.py check``                 every file is the one of the lock, none is missing, none is unlisted
``vendor.py update [name@version]`` takes the files from the packages again (a maintainer's act; needs npm)

The lock names, by package: version, licence, sha512 integrity of the package's archive, and for each file where it
comes from inside the package and its sha256.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import TypedDict

VENDOR = Path(__file__).resolve().parent.parent / "webapp" / "static" / "vendor"
LOCK = "vendor.lock.json"

Source = TypedDict("Source", {"from": str, "sha256": str})


class Package(TypedDict):
    version: str
    licence: str
    integrity: str
    files: dict[str, Source]


Lock = dict[str, Package]


class Refused(Exception):
    """The package that came is not the one that the lock names."""


def read(vendor: Path = VENDOR) -> Lock:
    lock: Lock = json.loads((vendor / LOCK).read_text(encoding="utf-8"))
    return lock


def check(vendor: Path = VENDOR) -> list[str]:
    """One sentence for each file that is changed, missing or unlisted; none when all is well."""
    listed = {name: source["sha256"] for package in read(vendor).values() for name, source in package["files"].items()}
    found = {path.relative_to(vendor).as_posix(): _sha256(path.read_bytes()) for path in vendor.rglob("*") if path.is_file()}
    found.pop(LOCK)
    return [
        *(f"{name}: 缺失 / missing" for name in sorted(listed.keys() - found.keys())),
        *(f"{name}: 不在 {LOCK} 中 / not listed in {LOCK}" for name in sorted(found.keys() - listed.keys())),
        *(f"{name}: 内容已改变 / changed" for name in sorted(listed.keys() & found.keys()) if listed[name] != found[name]),
    ]


def update(wanted: dict[str, str], vendor: Path = VENDOR) -> None:
    """Fetches every package of the lock, in the wanted version where one is named, and writes files and lock anew."""
    lock = read(vendor)
    for name, package in lock.items():
        version = wanted.get(name, package["version"])
        archive = _fetch(f"{name}@{version}")
        integrity = "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode()
        if version == package["version"] and package["integrity"] not in ("", integrity):
            raise Refused(f"{name}@{version}: {integrity} != {package['integrity']}")
        package["version"], package["integrity"] = version, integrity
        _take(archive, package["files"], vendor)
    (vendor / LOCK).write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _fetch(specification: str) -> bytes:
    """The package's archive, brought by the npm client from whatever registry it is set up for."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", "--pack-destination", folder, specification], check=True, stdout=subprocess.DEVNULL)
        return next(Path(folder).glob("*.tgz")).read_bytes()


def _take(archive: bytes, files: dict[str, Source], vendor: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(archive)) as package:
        for name, source in files.items():
            member = package.extractfile(f"package/{source['from']}")
            if member is None:
                raise Refused(f"{source['from']} is not a file")
            data = member.read()
            (vendor / name).parent.mkdir(parents=True, exist_ok=True)
            (vendor / name).write_bytes(data)
            source["sha256"] = _sha256(data)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def main(arguments: list[str]) -> int:
    match arguments:
        case ["check"]:
            findings = check()
            print("\n".join(findings) or f"{len(read())} 个前端库与锁文件一致 / front-end libraries are as locked")
            return 1 if findings else 0
        case ["update", *specifications]:
            update({name: version for name, _, version in (item.rpartition("@") for item in specifications)})
            return main(["check"])
        case _:
            print(__doc__, file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
