"""Releases of procedures: deploy, activate, seed. A release is a set of resources, immutable and numbered."""

from engine.releases.activation import activate
from engine.releases.deployment import Deployed, deploy, warnings
from engine.releases.seeding import Seeded, read_folder, seed

__all__ = ["Deployed", "Seeded", "activate", "deploy", "read_folder", "seed", "warnings"]
