"""Exclusive gateway: the first true condition in the file's order, else the default flow."""

from __future__ import annotations

from engine.bpmn.nodes.node import Node, NoWay, Way
from engine.bpmn.nodes.token import Token


class Exclusive(Node):
    """Takes exactly one way; merges nothing."""

    has_scope = False

    def choose(self, token: Token) -> list[Way]:
        if len(self.ways) == 1 and self.ways[0].condition is None:
            return [self.ways[0]]
        for way in self.ways:
            if way.condition is not None and token.machine.condition(token, way.condition):
                return [way]
        defaults = [way for way in self.ways if way.is_default]
        if self.ways and not defaults:
            raise NoWay
        return defaults
