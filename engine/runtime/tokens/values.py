"""Variables and expressions: the first layer of a machine."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import Any

from engine import feel
from engine.bpmn.nodes.boundary import Boundary
from engine.bpmn.nodes.catch import Catch
from engine.bpmn.nodes.multi import Multi
from engine.bpmn.nodes.node import Node
from engine.bpmn.nodes.subprocess import Call
from engine.bpmn.nodes.token import Token
from engine.runtime.tokens.core import Core
from engine.runtime.tokens.effects import JobOpened
from engine.runtime.tokens.errors import Stopped, stopped
from engine.runtime.tokens.host import Pending
from engine.runtime.tokens.instance import Part
from engine.runtime.tokens.scopes import assigned

DUE = "taskDue"  # the local variable that holds a task's due time


class Values(Core):
    """Where a token reads and writes, and what its expressions give."""

    # where

    def around(self, token: Token) -> int | None:
        """The key of the scope outside a token's own, None for the case."""
        if token.is_item:
            return int(token.parent.id)
        workflow = token.workflow
        while isinstance(workflow, Part):
            owner = workflow.owner
            if owner.id in self.scopes.local:
                return owner.id
            if owner.is_item:
                return int(owner.parent.id)
            workflow = owner.workflow
        return None

    def scope_of(self, token: Token) -> int | None:
        """The key of the innermost scope a token reads; an armed boundary event sees that of its activity."""
        if token.id in self.scopes.local:
            return token.id
        if isinstance(token.node, Boundary) and token.parent.id in self.scopes.local:
            return int(token.parent.id)
        return self.around(token)

    def view(self, token: Token) -> Mapping[str, Any]:
        """The variables a token sees."""
        return self.scopes.view(self.scope_of(token))

    # expressions

    def feel(self, token: Token, text: str, extra: Mapping[str, Any] | None = None) -> Any:
        """Return the FEEL value of a raw text at a token; a text without "=" is itself."""
        if not text.startswith("="):
            return text
        scope = self.view(token)
        return self.feel_in(token.node, text, ChainMap(dict(extra), scope) if extra else scope)  # type: ignore[arg-type]

    def feel_in(self, node: Node, text: str, scope: Mapping[str, Any]) -> Any:
        """Return the FEEL value of a raw text in a given scope."""
        if not text.startswith("="):
            return text
        try:
            return self.host.evaluate(text[1:], scope, node.element)
        except Exception as error:
            raise stopped(node.element, error, text) from error

    def json(self, token: Token, text: str, extra: Mapping[str, Any] | None = None) -> Any:
        """Return the value of a raw text as JSON, as it is stored in variables."""
        return feel.to_json(self.feel(token, text, extra))

    def condition(self, token: Token, text: str) -> bool:
        value = self.feel(token, text)
        if value is not True and value is not False:
            raise Stopped(token.node.element, "condition", text, value=feel.to_text(value) if value is not None else "null")
        return value

    # scopes

    def open_scope(self, token: Token, variables: Mapping[str, Any]) -> None:
        """Give a token its own scope where its element needs one, and evaluate input mappings and due date."""
        node, element = token.node, token.node.element
        if isinstance(node, Multi):
            self._open_body(token)
            return
        hides = isinstance(node, Call) and not element.propagate_parent
        keeps = isinstance(node, Call) and (not element.propagate_child or bool(element.outputs))
        due = element.due_date if node.manual else None
        collects = bool(element.outputs) and not isinstance(node, Catch)
        if not (variables or element.inputs or collects or hides or keeps or due):
            return
        scope = self.scopes.open(token.id, self.around(token))
        scope.variables.update(variables)
        for source, target in element.inputs:
            self._assign(token, target, self.json(token, source))
        if due:
            self._set_due(token, due)
        scope.hides_outer, scope.keeps_inner = hides, keeps

    def _open_body(self, token: Token) -> None:
        self.scopes.open(token.id, self.around(token))
        due = token.node.element.due_date
        if due and token.node.boundaries:  # a boundary timer on the whole multi-instance may say =taskDue
            self._set_due(token, due)

    def _set_due(self, token: Token, due: str) -> None:
        token.due = self.feel(token, due)
        self.scopes.local[token.id].variables[DUE] = feel.to_json(token.due)

    def _assign(self, token: Token, target: str, value: Any) -> None:
        scope = self.scopes.local[token.id]
        scope.variables = assigned(scope.variables, target, value)

    # results

    def result(self, token: Token, variables: Mapping[str, Any]) -> None:
        """Write what a task, job, script or decision gave: local when outputs are mapped, else where the name is known."""
        own = bool(token.node.element.outputs)
        for name, value in variables.items():
            if own:
                self.scopes.local[token.id].variables[name] = feel.to_json(value)
            else:
                self.scopes.write(self.scope_of(token), name, feel.to_json(value))

    def map_outputs(self, token: Token) -> None:
        """Evaluate the output mappings of a token in its scope and write them outside of it."""
        outside = self.around(token)
        for source, target in token.node.element.outputs:
            self.scopes.write_path(outside, target, self.json(token, source))

    def receive(self, token: Token, variables: Mapping[str, Any], node: Node) -> None:
        """Write a message's variables: through the event's output mappings, or as they are, into the scope around."""
        outside = self.around(token)
        given = {name: feel.to_json(value) for name, value in variables.items()}
        if not node.element.outputs:
            for name, value in given.items():
                self.scopes.write(outside, name, value)
            return
        for source, target in node.element.outputs:
            scope = ChainMap(given, self.view(token))  # type: ignore[arg-type]
            self.scopes.write_path(outside, target, feel.to_json(self.feel_in(node, source, scope)))

    # work of script, rule and service tasks

    def compute(self, token: Token) -> None:
        element = token.node.element
        self.result(token, {element.result_variable or "": self.feel(token, element.script or "")})

    def decide(self, token: Token) -> None:
        element = token.node.element
        decision = self.feel(token, element.decision_id or "")
        try:
            value = self.host.decide(decision, self.view(token), element)
        except Exception as error:
            raise stopped(element, error) from error
        self.result(token, {element.result_variable or "": value})

    def work(self, token: Token) -> bool:
        element = token.node.element
        job_type = self.feel(token, element.job_type or "")
        try:
            answer = self.host.call(job_type, element, element.headers, self.view(token))
        except Exception as error:
            raise stopped(element, error) from error
        if isinstance(answer, Pending):
            token.internal_data["job"] = 1
            self.emit(JobOpened(token.id, element))
            return False
        self.result(token, answer or {})
        return True
