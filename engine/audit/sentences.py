"""Events told in sentences, Chinese and English. Facts are stored; words are made here, when they are shown.

`tell(event, names, locale)` gives words only, never HTML. What a person, unit, role or variable is called is asked of
`Names`, so that this module knows neither the organisation nor any release.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from engine import clock
from engine.audit.wordings import ROWS, UNKNOWN, Row
from engine.model import Json


@dataclass(frozen=True, slots=True)
class Event:
    """One row of a chain as it is told: `actor` and `substitute` are ids as in `engine.model.Actor`, `at` is aware."""

    seq: int
    at: datetime
    actor: str
    verb: str
    facts: dict[str, Any] = field(default_factory=dict)
    substitute: str | None = None


class Names(Protocol):
    """What things are called in the reader's language. `variable` gives None for what is not shown to people."""

    def person(self, key: int) -> str: ...
    def unit(self, key: int) -> str: ...
    def role(self, role: str) -> str: ...
    def decision(self, decision: str) -> str: ...
    def variable(self, name: str) -> str | None: ...
    def value(self, variable: str, value: Json) -> str: ...


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a person reads: the sentence, lines below it, and a tone (`done`, `now`, `late` or `note`) that colours the dot.

    `hints` are for who writes and administers procedures: what FEEL could not make sense of in this act.
    """

    text: str
    notes: tuple[str, ...]
    tone: str
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Words:
    """An event on its way to a sentence: who asks, in which language."""

    event: Event
    names: Names
    english: bool

    def pick(self, zh: str, en: str) -> str:
        """Return the English words for an English reader if there are any, else the Chinese ones."""
        return en or zh if self.english else zh

    def translated(self, name: str) -> Any:
        """Return a fact, in English if it has a twin in English (`name_en`; `en` beside `zh`) and the reader wants it."""
        twin = "en" if name == "zh" else f"{name}_en"
        return (self.event.facts.get(twin) if self.english else None) or self.event.facts[name]

    def named(self, facts: dict[str, Any]) -> str:
        """Return `name` or `name_en` of the facts, else the id of the element."""
        zh = str(facts.get("name") or facts.get("element") or "—")
        return self.pick(zh, str(facts.get("name_en") or ""))

    def listed(self, items: Iterable[str]) -> str:
        return (", " if self.english else "、").join(items)


class _Filled(dict[str, str]):
    """What fills a sentence; an older event may lack a fact, and then a dash stands for it."""

    def __missing__(self, key: str) -> str:
        return "—"


def tell(event: Event, names: Names, locale: str = "zh") -> Sentence:
    """Return the event as a sentence; a verb nobody wrote words for still gives a plain one."""
    words = _Words(event, names, locale.startswith("en"))
    row = ROWS.get(event.verb, UNKNOWN)
    filled = _Filled({name: _fact(words, name, words.translated(name)) for name in event.facts})
    filled |= {"who": _who(words, row), "verb": event.verb, "name": words.named(event.facts)}
    text = (row.en if words.english else row.zh).format_map(filled)
    notes = [note for key, tell_note in NOTES.items() if event.facts.get(key) for note in tell_note(words, event.facts[key])]
    hints = tuple(_hint(words, warning) for warning in event.facts.get("warnings") or ())
    return Sentence(text[:1].upper() + text[1:] if words.english else text, tuple(notes), row.tone, hints)


def _who(words: _Words, row: Row) -> str:
    name = _actor(words, words.event.actor)
    if words.event.substitute:
        absent = _actor(words, words.event.substitute)
        name = words.pick(f"{name}（代{absent}）", f"{name} (standing in for {absent})")
    if words.event.facts.get("on_behalf"):
        principal = words.names.role(str(words.event.facts["on_behalf"]))
        name = words.pick(f"{name}代{principal}", f"{name}, on behalf of the {principal.lower()},")
    return name + (" " if not words.english and name[-1:].isascii() else "")


def _actor(words: _Words, actor: str) -> str:
    kind, _, key = actor.partition(":")
    if kind == "person" and key.isdigit():
        return words.names.person(int(key))
    return words.pick("用户", "the customer") if kind == "customer" else words.pick("系统", "the system")


def _moment(words: _Words, value: Any) -> str:
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)
    return (at.astimezone(clock.ZONE) if at.tzinfo else at).strftime("%Y-%m-%d %H:%M")


def _roles(words: _Words, value: Any) -> str:
    roles = value if isinstance(value, list) else str(value).split()
    return words.listed(words.names.role(str(role)) for role in roles)


EMPTY: tuple[Json, ...] = (None, "", [])

# How one fact is said; every other fact is said as it stands.
FACTS: dict[str, Callable[[_Words, Any], str]] = {
    "due": _moment,
    "was": _moment,
    "until": _moment,
    "roles": lambda words, value: _roles(words, value) or words.pick("（暂无人员）", "(nobody at present)"),
    "role": _roles,
    "unit": lambda words, value: words.names.unit(int(value)) if str(value).isdigit() else str(value),
    "substitute": lambda words, value: words.names.person(int(value)) if str(value).isdigit() else str(value),
    "person": lambda words, value: words.names.person(int(value)) if str(value).isdigit() else str(value),
    "from": lambda words, value: words.names.value("level", value),
    "to": lambda words, value: words.names.value("level", value),
}


def _fact(words: _Words, name: str, value: Any) -> str:
    return FACTS[name](words, value) if name in FACTS and value is not None else str(value)


def _changes(words: _Words, changes: dict[str, Any]) -> list[str]:
    lines = []
    for name, (old, new) in changes.items():
        label = words.names.variable(name)
        if label is None or old == new or (old in EMPTY and new in EMPTY):
            continue
        now = words.names.value(name, new)
        line = now if old in EMPTY else f"{words.names.value(name, old)} → {now}"
        lines.append(words.pick(f"{label}：{line}", f"{label}: {line}"))
    return lines


def _decisions(words: _Words, decisions: list[dict[str, Any]]) -> list[str]:
    # A decision may be taken twice in one act, with the same answer.
    return list(dict.fromkeys(line for decision in decisions for line in _decision(words, decision)))


def _decision(words: _Words, decision: dict[str, Any]) -> list[str]:
    name = words.names.decision(str(decision.get("decision", "")))
    fired = decision.get("fired") or []
    if not fired:
        return [words.pick(f"“{name}”：没有规则命中", f"“{name}”: no rule applied")]
    return [_rule(words, name, rule) for rule in fired]


def _rule(words: _Words, name: str, rule: dict[str, Any]) -> str:
    remarks = rule.get("annotations") or []
    said = [str(remark) for remark in (remarks.values() if isinstance(remarks, dict) else remarks) if remark]
    line = words.pick(f"“{name}”命中规则 {rule.get('index', '?')}", f"“{name}”: rule {rule.get('index', '?')} applied")
    return line + (words.pick("：", ": ") + words.listed(said) if said else "")


def _reasons(words: _Words, reasons: list[Any]) -> list[str]:
    lines = []
    for reason in reasons:
        said = {"reason": reason} if isinstance(reason, str) else reason
        text = words.pick(str(said.get("reason", "")), str(said.get("reason_en") or ""))
        clause = said.get("clause")
        lines.append(text + (words.pick(f"（{clause}）", f" ({clause})") if clause else ""))
    return lines


def _opened(words: _Words, opened: list[dict[str, Any]]) -> list[str]:
    lines = []
    for task in opened:
        roles = _roles(words, task.get("roles") or [])
        name = words.named(task)
        lines.append(words.pick(f"下一步：{name}" + (f"（{roles}）" if roles else ""), f"Next: {name}" + (f" ({roles})" if roles else "")))
    return lines


def _moved(words: _Words, moved: list[dict[str, Any]]) -> list[str]:
    lines = []
    for item in moved:
        name, times = words.named(item), f"{_moment(words, item.get('was'))} → {_moment(words, item.get('due'))}"
        lines.append(words.pick(f"{name}：{times}", f"{name}: {times}"))
    return lines


def _hint(words: _Words, warning: dict[str, str]) -> str:
    zh, en = HINTS.get(warning.get("kind", ""), HINTS[""])
    name, element = warning.get("name") or "—", warning.get("element") or ""
    line = words.pick(zh, en).format(name=name)
    return line + (words.pick(f"（节点 {element}）", f" (element {element})") if element else "")


# What FEEL could not make sense of, by kind; told to authors without any value.
HINTS: dict[str, tuple[str, str]] = {
    "unknown-name": ("字段 {name} 未知，按空值处理", "The name {name} is unknown; it was taken as null"),
    "unknown-function": ("函数 {name} 未知，按空值处理", "The function {name} is unknown; it was taken as null"),
    "wrong-type": ("{name} 的类型不对，按空值处理", "{name} has the wrong type; it was taken as null"),
    "invalid-argument": ("{name} 不能处理所给的值，按空值处理", "{name} could not work with what it was given; it was taken as null"),
    "not-allowed": ("{name} 的值不在允许范围内", "The value of {name} is not among the allowed ones"),
    "limit": ("表达式超出限制，按空值处理", "An expression reached a limit; it was taken as null"),
    "host": ("{name} 没有结果，按空值处理", "{name} had no result; it was taken as null"),
    "": ("{name} 无法求值，按空值处理", "{name} could not be evaluated; it was taken as null"),
}

# The lines below a sentence, in this order, for the facts an event has.
NOTES: dict[str, Callable[[_Words, Any], list[str]]] = {
    "changes": _changes,
    "decisions": _decisions,
    "reasons": _reasons,
    "opened": _opened,
    "moved": _moved,
}
