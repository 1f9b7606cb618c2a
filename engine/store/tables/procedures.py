"""Releases of procedures: immutable sets of resources, and where each is active."""

from sqlalchemy import Column, Index, LargeBinary, Table, UniqueConstraint

from engine.store.columns import key, metadata, moment, number, ref, text

release = Table(
    "release",
    metadata,
    key(),
    text("procedure"),
    number("number"),
    text("status"),  # draft | submitted | approved | active | retired | rejected
    text("sha256"),  # over the sorted "sha256 file name" lines of all resources
    ref("base_key", "release.key", null=True),
    text("deployed_by"),
    moment("deployed_at"),
    text("submitted_by", null=True),
    moment("submitted_at", null=True),
    text("decided_by", null=True),
    moment("decided_at", null=True),
    text("decision_reason", null=True),
    moment("effective_at", null=True),
    moment("retired_at", null=True),
    UniqueConstraint("procedure", "number"),
)

blob = Table("blob", metadata, text("sha256", primary_key=True), Column("content", LargeBinary, nullable=False))

resource = Table(
    "resource",
    metadata,
    key(),
    ref("release_key", "release.key"),
    text("file_name"),
    text("kind"),  # bpmn | dmn | form | procedure | clauses | roles | variables
    text("resource_id"),
    text("sha256"),
    UniqueConstraint("release_key", "file_name"),
)

# What REST v2 addresses by key: each process, decision and form of each release.
definition = Table(
    "definition",
    metadata,
    key(),
    ref("release_key", "release.key"),
    ref("resource_key", "resource.key"),
    text("kind"),  # process | decision | requirements | form
    text("definition_id"),
    text("name"),
    UniqueConstraint("release_key", "kind", "definition_id"),
    Index("ix_definition_id", "definition_id"),
)

# From when to when a release is the one new cases start on; a NULL unit means everywhere.
activation = Table(
    "activation",
    metadata,
    key(),
    text("procedure"),
    ref("unit_key", "unit.key", null=True),
    ref("release_key", "release.key"),
    text("actor"),
    moment("valid_from"),
    moment("valid_to", null=True),
    Index("ix_activation_procedure", "procedure", "valid_from"),
)
