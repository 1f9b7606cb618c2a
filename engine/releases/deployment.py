"""Storing the files of a procedure as a release. The same bytes as the last release are answered with that one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert_postgresql
from sqlalchemy.dialects.sqlite import insert as upsert_sqlite

from engine import audit, clock
from engine.checks import references, unknown_names
from engine.errors import Conflict
from engine.model import Actor, Finding, Severity
from engine.runtime.package import Package, PackageRefused, read_package
from engine.store.counters import raise_counter
from engine.store.keys import next_key
from engine.store.tables import blob, definition, release, resource

SHEETS = {"procedure.toml": "procedure", "clauses.csv": "clauses", "roles.csv": "roles", "variables.csv": "variables"}
ENDINGS = (".bpmn", ".dmn", ".form")


class AlreadyReleased(Conflict):
    """`jiesu deploy --first` is for an installation that has no release of the procedure yet."""

    zh = "制度“{procedure}”已有版本；新的版本须经审查后启用。"
    en = "The procedure {procedure!r} has releases already; a new one goes live after examination."


@dataclass(frozen=True, slots=True)
class Deployed:
    """The release that now holds these files; `created` is False when it was there before. `findings` are warnings, never refusals."""

    procedure: str
    number: int
    release_key: int
    created: bool
    findings: tuple[Finding, ...] = ()


def sha256(data: bytes) -> str:
    """Return the hash by which a resource is known."""
    return hashlib.sha256(data).hexdigest()


def set_hash(files: Mapping[str, bytes]) -> str:
    """Return the hash of the set: over the sorted lines "sha256 file name"."""
    return sha256("\n".join(sorted(f"{sha256(data)} {name}" for name, data in files.items())).encode())


def deploy(db: Connection, files: Mapping[str, bytes], actor: Actor) -> Deployed:
    """Check the files and store them as a draft. Raises `PackageRefused` with all findings; nothing is stored then."""
    kept = {name: data for name, data in files.items() if name in SHEETS or name.endswith(ENDINGS)}
    pack = read_package(kept)
    inside = {name: _definitions(name, data, pack) for name, data in sorted(kept.items())}
    wrong = [*_twins(inside), *(found for found in references.check(pack) if found.severity is Severity.ERROR)]
    if wrong:
        raise PackageRefused(wrong)
    whole = set_hash(kept)
    take_turn(db, pack.slug)
    row = db.execute(select(release).where(release.c.procedure == pack.slug).order_by(release.c.number.desc()).limit(1)).first()
    if row is not None and row.sha256 == whole:
        return Deployed(pack.slug, row.number, row.key, created=False, findings=warnings(pack))
    number = 1 + (db.execute(select(func.max(release.c.number)).where(release.c.procedure == pack.slug)).scalar() or 0)
    key = next_key(db)
    values = {"procedure": pack.slug, "number": number, "status": "draft", "sha256": whole, "deployed_by": actor.id}
    db.execute(insert(release).values(key=key, base_key=row.key if row else None, deployed_at=clock.now(), **values))
    for name, data in sorted(kept.items()):
        _store(db, key, name, data, inside[name])
    hashes = {name: sha256(data) for name, data in sorted(kept.items())}
    facts = {"procedure": pack.slug, "number": number, "sha256": whole, "files": hashes}
    audit.record(db, "release", key, actor, audit.Entry("release.deployed", facts))
    return Deployed(pack.slug, number, key, created=True, findings=warnings(pack))


def take_turn(db: Connection, procedure: str) -> None:
    """Let whoever else deploys or activates releases of this procedure wait until this transaction ends."""
    raise_counter(db, f"releases {procedure}")


def warnings(pack: Package) -> tuple[Finding, ...]:
    """Return what deserves a look in a release that can run."""
    lesser = [found for found in references.check(pack) if found.severity is Severity.WARNING]
    return (*pack.processes.warnings, *unknown_names.check(pack), *lesser)


Definitions = list[tuple[str, str, str]]  # kind, id, name


def _twins(inside: Mapping[str, Definitions]) -> Iterator[Finding]:
    """Find ids that two files define: a resource is known by its kind and the id inside, whatever its file is called."""
    first: dict[tuple[str, str], str] = {}
    for file, definitions in inside.items():
        for kind, definition_id, _name in definitions:
            other = first.setdefault((kind, definition_id), file)
            if other != file:
                zh = f"编号“{definition_id}”在 {other} 中已经用过；请在其中一个文件里改成不同的编号，或删除其中一个文件。"
                en = f"The id {definition_id!r} is used in {other} already; give one of them another id, or delete one of the files."
                yield Finding(rule="same-id", zh=zh, en=en, file=file, element=definition_id)


def _store(db: Connection, release_key: int, name: str, data: bytes, inside: Definitions) -> None:
    mark = sha256(data)
    if db.execute(select(blob.c.sha256).where(blob.c.sha256 == mark)).first() is None:
        upsert = upsert_sqlite if db.dialect.name == "sqlite" else upsert_postgresql
        db.execute(upsert(blob).values(sha256=mark, content=data).on_conflict_do_nothing())  # another may bring it just now
    kind = SHEETS.get(name) or name.rpartition(".")[2]
    key = next_key(db)
    resource_id = inside[0][1] if inside else name
    db.execute(insert(resource).values(key=key, release_key=release_key, file_name=name, kind=kind, resource_id=resource_id, sha256=mark))
    for what, definition_id, title in inside:
        values = {"release_key": release_key, "resource_key": key, "kind": what, "definition_id": definition_id, "name": title}
        db.execute(insert(definition).values(key=next_key(db), **values))


def _definitions(name: str, data: bytes, pack: Package) -> Definitions:
    """Return (kind, id, name) of everything the file defines: processes, decisions and their requirements, a form."""
    if name.endswith(".bpmn"):
        processes = [pack.processes.process(key) for key in pack.processes.ids]
        return [("process", item.id, item.name) for item in processes if item.file_name == name]
    if name.endswith(".form"):
        form_id = str(json.loads(data)["id"])
        return [("form", form_id, form_id)]
    if name.endswith(".dmn"):
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False))
        found = [("decision", item.get("id", ""), item.get("name", "")) for item in root.iterchildren("{*}decision")]
        return [*found, ("requirements", root.get("id", name), root.get("name", ""))]
    return []
