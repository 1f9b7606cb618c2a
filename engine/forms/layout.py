"""Camunda's rows of 16 columns as rows of 12, which is what the pages' grid has."""

from __future__ import annotations

from collections.abc import Sequence

from engine.forms.live import Place

CAMUNDA_COLUMNS, OURS = 16, 12


def rows(places: Sequence[Place]) -> list[list[Place]]:
    """Group components into their rows, in the order in which rows first appear; one without a row has its own."""
    found: dict[str, list[Place]] = {}
    for number, place in enumerate(places):
        found.setdefault(place.component.row or f"#{number}", []).append(place)
    return list(found.values())


def widths(row: Sequence[Place]) -> list[int | None]:
    """Return the width of each component of a row in twelfths; None shares what is left evenly."""
    wanted = [place.component.columns for place in row]
    if len(row) == 1 and wanted[0] is None:
        return [OURS]
    exact = [None if columns is None else columns * OURS / CAMUNDA_COLUMNS for columns in wanted]
    given = [max(1, int(width)) for width in exact if width is not None]
    spare = round(sum(width for width in exact if width is not None)) - sum(given)
    losses = sorted((int(width) - width, number) for number, width in enumerate(exact) if width is not None)
    grown = {number for _, number in losses[: max(0, spare)]}
    return [None if width is None else max(1, int(width)) + (number in grown) for number, width in enumerate(exact)]
