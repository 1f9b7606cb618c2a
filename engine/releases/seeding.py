"""The procedures that come with jiesu: deployed and activated when the demo starts, again when their bytes have changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from engine.model import Actor
from engine.releases.activation import activate
from engine.releases.deployment import ENDINGS, SHEETS, deploy


@dataclass(frozen=True, slots=True)
class Seeded:
    """What happened to one procedure folder."""

    procedure: str
    number: int
    release_key: int
    created: bool


def read_folder(folder: Path) -> dict[str, bytes]:
    """Return the resources of a procedure: `folder` and, beside `processes`, its forms in `forms/<slug>`."""
    found = [*folder.iterdir()]
    beside = folder.parent.parent / "forms" / folder.name
    if folder.parent.name == "processes" and beside.is_dir():
        found += beside.iterdir()
    return {path.name: path.read_bytes() for path in sorted(found) if path.name in SHEETS or path.suffix in ENDINGS}


def seed(db: Connection, root: Path, actor: Actor) -> list[Seeded]:
    """Deploy and activate every procedure below `root/processes`. Raises `PackageRefused`."""
    done = []
    for folder in sorted(path for path in (root / "processes").iterdir() if (path / "procedure.toml").is_file()):
        files = read_folder(folder)
        deployed = deploy(db, files, actor)
        activate(db, deployed.release_key, actor)
        done.append(Seeded(deployed.procedure, deployed.number, deployed.release_key, deployed.created))
    return done
