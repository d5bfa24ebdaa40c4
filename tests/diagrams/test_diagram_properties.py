"""Properties of diagrams: they show what the decider does, whatever the policy."""

from itertools import pairwise
from xml.etree import ElementTree as ET

from hypothesis import given, note
from hypothesis import strategies as st

from support.diagrams import all_lines
from ticketcore.diagrams import Diagram, build_diagram, to_svg
from ticketcore.events import Event
from ticketcore.policies import Policy
from ticketcore.testing.strategies import histories, policies
from ticketcore.ticket import Ticket, fold_each

TYPE_CHANGE = "the type changes"


@st.composite
def decided(draw: st.DrawFn) -> tuple[Policy, tuple[Event, ...]]:
    """Draw a policy, and a history that it decided."""
    policy = draw(policies())
    return policy, draw(histories(policy))


def state_title(ticket: Ticket, diagram: Diagram) -> str:
    """Return the title of the state that a ticket is in."""
    if ticket.final:
        return "closed for good"
    if ticket.closed_at is not None:
        return "closed"
    titles = {state.title for state in diagram.states}
    prefix = f"{ticket.type}: " if any(t.startswith(f"{ticket.type}: ") for t in titles) else ""
    default_handler = ticket.opened.default_handler
    support = "support" if default_handler == "support" else f"the {default_handler}"
    open_title = f"{prefix}open, waiting for {support}"
    if open_title not in titles:
        return ticket.type if ticket.type in titles else "open"
    if ticket.waiting_for == default_handler:
        return open_title
    awaited = "the customer" if ticket.waiting_for == "customer" else "support"
    return f"{prefix}pending, waiting for {awaited}"


@given(decided())
def test_every_step_of_a_ticket_is_a_transition(drawn: tuple[Policy, tuple[Event, ...]]) -> None:
    """The diagram has a transition for each change of state in a history, the first included."""
    policy, events = drawn
    diagram = build_diagram(policy)
    titles = {state.id: state.title for state in diagram.states}
    known = {(titles[each.source], titles[each.target]) for each in diagram.transitions}
    steps = [("", state_title(next(iter(fold_each(events)))[0], diagram))]
    for (before, _), (after, event) in pairwise(fold_each(events)):
        source, target = state_title(before, diagram), state_title(after, diagram)
        note(f"{type(event).__name__} by {event.by}: {source} -> {target}")
        if before.type != after.type and TYPE_CHANGE in titles.values():
            steps += [(source, TYPE_CHANGE), (TYPE_CHANGE, target)]
        elif source != target:
            steps.append((source, target))

    assert [] == [step for step in steps if step not in known]


@given(policies(preset=False))
def test_any_policy_can_be_drawn(policy: Policy) -> None:
    """The picture of any policy is well-formed and complete; no transition stays in its rank."""
    diagram = build_diagram(policy)
    ranks = {state.id: state.rank for state in diagram.states}
    picture = ET.fromstring(to_svg(diagram))
    drawn = " ".join(" ".join(t.text or "" for t in picture.findall(".//{*}text")).split())
    lines = [*(state.title for state in diagram.states), *all_lines(diagram)]

    assert [] == [line for line in lines if line not in drawn]
    assert all(ranks[each.source] != ranks[each.target] for each in diagram.transitions)
