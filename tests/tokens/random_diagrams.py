"""Random diagrams made of well-formed blocks (one way in, one way out), and random acts on them."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

from tests.tokens import drawing as d

KNOWN = d.ERROR + d.ESCALATION + d.SIGNAL + d.message("m1", "answer") + d.message("m2", "withdraw") + d.message("m3", "external")
VARIABLES = {"flip": True, "more": False, "bad": False, "people": ["li", "wang"], "n": 0}
CALM = {"flip": False, "more": False, "bad": False}


@dataclass
class Sheet:
    """Where the blocks of all processes are drawn. Ids are numbered, so they never collide."""

    processes: list[str] = field(default_factory=list)
    count: int = 0

    def name(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count}"


@dataclass
class Block:
    """Some XML with the id to enter it by and the id to leave it from."""

    xml: str
    first: str
    last: str


@st.composite
def diagrams(draw: st.DrawFn) -> bytes:
    """A file whose process is `p`."""
    sheet = Sheet()
    draw_process(draw, sheet, "p", depth=4)
    return d.diagram(KNOWN, *sheet.processes)


acts = st.lists(
    st.one_of(
        st.tuples(
            st.just("complete"),
            st.integers(0, 9),
            st.fixed_dictionaries({"flip": st.booleans(), "more": st.booleans(), "bad": st.booleans()}),
        ),
        st.tuples(st.just("send"), st.sampled_from(["answer", "withdraw", "external"]), st.just({})),
        st.tuples(st.just("wait"), st.sampled_from([1, 2, 40]), st.just({})),
        st.tuples(st.just("signal"), st.just("alarm"), st.just({})),
    ),
    min_size=8,
    max_size=40,
)


def draw_process(draw: st.DrawFn, sheet: Sheet, process_id: str, depth: int) -> None:
    begin, body, finish = sheet.name("s"), draw_block(draw, sheet, depth), sheet.name("e")
    extra = [draw_event_subprocess(draw, sheet) for _ in range(draw(st.integers(0, 2)))] if depth > 1 else []
    xml = d.start(begin) + body.xml + d.end(finish) + d.chain(begin, body.first) + d.chain(body.last, finish)
    sheet.processes.append(d.process(process_id, xml, *extra))


def draw_block(draw: st.DrawFn, sheet: Sheet, depth: int) -> Block:
    leaves = [task, task, timed_task, handled_task, counted, answer, race]
    branches = [sequence, choice, both, some, again, inside, each_inside, failing, called] if depth > 0 else []
    return draw(st.sampled_from([*leaves, *branches, *branches]))(draw, sheet, depth - 1)


def task(_draw: st.DrawFn, sheet: Sheet, _depth: int) -> Block:
    name = sheet.name("u")
    return Block(d.user(name), name, name)


def timed_task(draw: st.DrawFn, sheet: Sheet, _depth: int) -> Block:
    """A task that a timer or message ends; both ways meet again."""
    name, boundary, handler, meet = sheet.name("u"), sheet.name("b"), sheet.name("h"), sheet.name("m")
    event = draw(
        st.sampled_from([d.duration("P1D"), d.on_message("m3"), d.date("=taskDue"), d.on_condition("=flip"), d.on_signal("Signal_1")])
    )
    xml = d.user(name, d.due('=date and time("2026-11-22T09:00:00+08:00")')) + d.boundary(boundary, name, event, interrupting=True)
    return Block(xml + d.user(handler) + d.exclusive(meet) + d.chain(name, meet) + d.chain(boundary, handler, meet), name, meet)


def handled_task(draw: st.DrawFn, sheet: Sheet, _depth: int) -> Block:
    """A task with a handler beside it that may come several times and outlive it."""
    name, boundary, handler, over = sheet.name("u"), sheet.name("b"), sheet.name("h"), sheet.name("e")
    event = draw(st.sampled_from([d.cycle("R2/P1D"), d.on_message("m3"), d.duration("PT5H"), d.on_condition("=flip")]))
    xml = d.user(name) + d.boundary(boundary, name, event) + d.user(handler) + d.end(over) + d.chain(boundary, handler, over)
    return Block(xml, name, name)


def counted(_draw: st.DrawFn, sheet: Sheet, _depth: int) -> Block:
    name = sheet.name("c")
    return Block(d.script(name, "=n + 1", "n"), name, name)


def answer(_draw: st.DrawFn, sheet: Sheet, _depth: int) -> Block:
    name = sheet.name("w")
    return Block(d.receive(name, "m1"), name, name)


def race(draw: st.DrawFn, sheet: Sheet, _depth: int) -> Block:
    gate, one, two, meet = sheet.name("g"), sheet.name("w"), sheet.name("t"), sheet.name("m")
    other = draw(st.sampled_from([d.duration("P2D"), d.on_condition("=flip"), d.on_signal("Signal_1")]))
    xml = d.event_gateway(gate) + d.catch(one, d.on_message("m2")) + d.catch(two, other) + d.exclusive(meet)
    return Block(xml + d.chain(gate, one, meet) + d.chain(gate, two, meet), gate, meet)


def sequence(draw: st.DrawFn, sheet: Sheet, depth: int) -> Block:
    a, b = draw_block(draw, sheet, depth), draw_block(draw, sheet, depth)
    return Block(a.xml + b.xml + d.chain(a.last, b.first), a.first, b.last)


def choice(draw: st.DrawFn, sheet: Sheet, depth: int) -> Block:
    a, b, split, meet, default = (
        draw_block(draw, sheet, depth),
        draw_block(draw, sheet, depth),
        sheet.name("x"),
        sheet.name("m"),
        sheet.name("f"),
    )
    flows = d.flow(split, a.first, "=flip", sheet.name("f")) + d.flow(split, b.first, flow_id=default)
    meeting = d.exclusive(meet) + d.chain(a.last, meet) + d.chain(b.last, meet)
    return Block(d.exclusive(split, default) + a.xml + b.xml + flows + meeting, split, meet)


def both(draw: st.DrawFn, sheet: Sheet, depth: int) -> Block:
    return _parted(draw, sheet, depth, d.parallel, [None, None])


def some(draw: st.DrawFn, sheet: Sheet, depth: int) -> Block:
    return _parted(draw, sheet, depth, d.inclusive, ["=true", "=flip"])


def again(draw: st.DrawFn, sheet: Sheet, depth: int) -> Block:
    """A loop with a task in it, so that it waits in each round."""
    head, wait, body, gate, default = sheet.name("m"), sheet.name("u"), draw_block(draw, sheet, depth), sheet.name("x"), sheet.name("f")
    after = sheet.name("m")
    xml = d.exclusive(head) + d.user(wait) + body.xml + d.exclusive(gate, default) + d.exclusive(after) + d.chain(head, wait, body.first)
    back = d.chain(body.last, gate) + d.flow(gate, head, "=more", sheet.name("f")) + d.flow(gate, after, flow_id=default)
    return Block(xml + back, head, after)


def inside(draw: st.DrawFn, sheet: Sheet, depth: int) -> Block:
    name, mapped = sheet.name("p"), draw(st.booleans())
    extension = d.extend(d.mapping({"n": "=n + 10"}, {"total": "=n"})) if mapped else ""
    return Block(d.subprocess(name, extension, _scope(draw, sheet, depth)), name, name)


def each_inside(draw: st.DrawFn, sheet: Sheet, depth: int) -> Block:
    name = sheet.name("p")
    until = draw(st.sampled_from(["", "=numberOfCompletedInstances >= 1"]))
    marker = d.each("=people", "person", "names", "=person", until, one_by_one=draw(st.booleans()))
    return Block(d.subprocess(name, marker, _scope(draw, sheet, depth)), name, name)


def failing(draw: st.DrawFn, sheet: Sheet, depth: int) -> Block:
    """A subprocess that may end with an error or escalate on its way."""
    name, caught, noticed, handler, notice, meet, over = (sheet.name(letter) for letter in "pbbhhme")
    begin, body, raised, gate, bad, good, default = (
        sheet.name("s"),
        draw_block(draw, sheet, depth),
        *(sheet.name(letter) for letter in "txeef"),
    )
    xml = d.start(begin) + body.xml + d.throw(raised, d.on_escalation("Escalation_1")) + d.exclusive(gate, default)
    xml += d.end(bad, d.on_error("Error_1")) + d.end(good) + d.chain(begin, body.first) + d.chain(body.last, raised, gate)
    xml += d.flow(gate, bad, "=bad", sheet.name("f")) + d.flow(gate, good, flow_id=default)
    interrupting = draw(st.booleans())
    outside = d.boundary(caught, name, d.on_error(), interrupting=True) + d.user(handler) + d.exclusive(meet)
    outside += d.boundary(noticed, name, d.on_escalation("Escalation_1"), interrupting=interrupting) + d.user(notice) + d.end(over)
    outside += d.chain(name, meet) + d.chain(caught, handler, meet)
    outside += d.chain(noticed, notice, meet) if interrupting else d.chain(noticed, notice, over)
    return Block(d.subprocess(name, xml) + outside, name, meet)


def called(draw: st.DrawFn, sheet: Sheet, depth: int) -> Block:
    name, process_id = sheet.name("a"), sheet.name("q")
    draw_process(draw, sheet, process_id, depth)
    outputs = [d.mapping({}, {"back": "=n"})] if draw(st.booleans()) else []
    marker = d.each("=people", "person") if draw(st.booleans()) else ""
    return Block(d.call(name, process_id, *outputs, propagate=draw(st.booleans()), body=marker), name, name)


def draw_event_subprocess(draw: st.DrawFn, sheet: Sheet) -> str:
    name, inner = sheet.name("v"), sheet.name("u")
    events = [d.on_message("m3"), d.duration("P2D"), d.on_escalation("Escalation_1"), d.on_condition("=bad"), d.on_signal("Signal_1")]
    return d.event_subprocess(name, draw(st.sampled_from(events)), d.user(inner), draw(st.booleans()), (inner,))


def _scope(draw: st.DrawFn, sheet: Sheet, depth: int) -> str:
    begin, body, finish = sheet.name("s"), draw_block(draw, sheet, depth), sheet.name("e")
    return d.start(begin) + body.xml + d.end(finish) + d.chain(begin, body.first) + d.chain(body.last, finish)


def _parted(draw: st.DrawFn, sheet: Sheet, depth: int, gateway: object, conditions: list[str | None]) -> Block:
    split, meet = sheet.name("g"), sheet.name("j")
    xml = gateway(split) + gateway(meet)
    for condition in conditions:
        body = draw_block(draw, sheet, depth)
        xml += body.xml + d.flow(split, body.first, condition, sheet.name("f")) + d.chain(body.last, meet)
    return Block(xml, split, meet)
