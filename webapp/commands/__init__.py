"""The commands of `jiesu`, one module per subject; `webapp.cli` puts them together."""
