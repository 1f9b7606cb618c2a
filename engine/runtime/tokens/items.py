"""Multi-instance: a body with one item per element of a collection. The third layer of a machine."""

from __future__ import annotations

import re
from typing import Any

from engine import feel
from engine.bpmn.data import Loop
from engine.bpmn.nodes.multi import Multi
from engine.bpmn.nodes.token import Token
from engine.runtime.tokens.errors import Stopped
from engine.runtime.tokens.moves import Moves

ITEMS = " items"  # the collection as it was when the body started; the blank keeps it out of every expression
NAME = re.compile(r"=\s*([^\W\d]\w*)(\.\w+)*\s*")


class Items(Moves):
    """A body remembers `n` (started) and `d` (done); an item `i` (its index)."""

    def multiply(self, token: Token) -> bool:
        loop = _loop(token)
        items = self.json(token, loop.input_collection)
        if not isinstance(items, list):
            raise Stopped(token.node.element, "collection", loop.input_collection)
        body = self._body(token)
        body[ITEMS] = items
        if loop.output_collection:
            body[loop.output_collection] = [None] * len(items)
        token.internal_data.update(n=0, d=0)
        if not items:
            self._publish(token)
            return True
        for _ in range(1 if loop.sequential else len(items)):
            if token.id not in self.tokens or not token.is_open:
                break
            self._next(token)
        return False

    def item_done(self, token: Token) -> None:
        body_token: Token = token.parent
        loop, body, memory = _loop(body_token), self._body(body_token), body_token.internal_data
        memory["d"] += 1
        self.map_outputs(token)
        if loop.output_collection and loop.output_element:
            results = list(body[loop.output_collection])
            results[token.internal_data["i"]] = self.json(token, loop.output_element)
            body[loop.output_collection] = results
        others = [child for child in body_token.children if child.is_item and child is not token]
        if self._is_enough(token, loop, len(body[ITEMS]), memory["d"], len(others)):
            self.kill_all(others)
        elif loop.sequential and memory["n"] < len(body[ITEMS]):
            self._next(body_token)
            return
        elif memory["d"] < len(body[ITEMS]):
            return
        self._publish(body_token)
        body_token._ready()

    def _next(self, token: Token) -> None:
        loop, body, index = _loop(token), self._body(token), token.internal_data["n"]
        token.internal_data["n"] = index + 1
        variables: dict[str, Any] = {"loopCounter": index + 1}
        result = NAME.fullmatch(loop.output_element)
        if result:  # as in Camunda 8: the variable that the output names belongs to the item
            variables[result[1]] = None
        if loop.input_element:
            variables[loop.input_element] = body[ITEMS][index]
        node = token.node
        assert isinstance(node, Multi)
        self.spawn(node.item, token.workflow, parent=token, data={"i": index}, variables=variables)

    def _is_enough(self, token: Token, loop: Loop, total: int, done: int, active: int) -> bool:
        if not loop.completion_condition:
            return False
        counts = {
            "numberOfInstances": total,
            "numberOfCompletedInstances": done,
            "numberOfActiveInstances": active,
            "numberOfTerminatedInstances": 0,
        }
        return self.feel(token, loop.completion_condition, counts) is True

    def _publish(self, token: Token) -> None:
        name = _loop(token).output_collection
        if name:
            scope = self.scopes.local[token.id]
            self.scopes.write(scope.parent, name, feel.to_json(scope.variables[name]))

    def _body(self, token: Token) -> dict[str, Any]:
        return self.scopes.local[token.id].variables


def _loop(token: Token) -> Loop:
    loop = token.node.element.loop
    assert loop is not None
    return loop
