"""A diagram shows what the decider does, whatever the policy."""

from itertools import pairwise
from xml.etree import ElementTree as ET

from hypothesis import given, note
from hypothesis import strategies as st

from ticketcore.diagrams import Diagram, build_diagram, to_svg
from ticketcore.events import Event
from ticketcore.policies import Policy
from ticketcore.testing.strategies import histories, policies
from ticketcore.ticket import Ticket, replay

CHANGED = "the type is changed"


@st.composite
def decided(draw: st.DrawFn) -> tuple[Policy, tuple[Event, ...]]:
    """A policy, and a history that it brought about."""
    policy = draw(policies())
    return policy, draw(histories(policy))


def shown_as(ticket: Ticket, found: Diagram) -> str:
    """The title of the state that a ticket is in."""
    if ticket.final:
        return "closed for good"
    if ticket.closed_at is not None:
        return "closed"
    titles = {state.title for state in found.states}
    prefix = f"{ticket.type}: " if any(t.startswith(f"{ticket.type}: ") for t in titles) else ""
    default_handler = ticket.opened.default_handler
    if f"{prefix}open, {default_handler}'s turn" not in titles:
        return ticket.type if ticket.type in titles else "open"
    if ticket.waiting_for == default_handler:
        return f"{prefix}open, {default_handler}'s turn"
    return (
        f"{prefix}waiting for {'the customer' if ticket.waiting_for == 'customer' else 'support'}"
    )


@given(decided())
def test_what_happens_is_a_way_in_the_diagram(made: tuple[Policy, tuple[Event, ...]]) -> None:
    """Each step of a ticket from one state to another is drawn, as are its first and its last."""
    policy, events = made
    found = build_diagram(policy)
    titles = {state.id: state.title for state in found.states}
    ways = {(titles[way.source], titles[way.target]) for way in found.transitions}
    taken = [("", shown_as(next(iter(replay(events)))[0], found))]
    for (before, _), (after, event) in pairwise(replay(events)):
        here, there = shown_as(before, found), shown_as(after, found)
        note(f"{type(event).__name__} by {getattr(event, 'by', None)}: {here} -> {there}")
        if before.type != after.type and CHANGED in titles.values():
            taken += [(here, CHANGED), (CHANGED, there)]
        elif here != there:
            taken.append((here, there))

    assert [] == [way for way in taken if way not in ways]


@given(policies(preset=False))
def test_any_policy_can_be_drawn(policy: Policy) -> None:
    """In a picture that is well-formed and lacks no word; no way leads sideways."""
    found = build_diagram(policy)
    ranks = {state.id: state.rank for state in found.states}
    picture = ET.fromstring(to_svg(found))
    drawn = " ".join(" ".join(t.text or "" for t in picture.findall(".//{*}text")).split())
    inside = [line for state in found.states for line in (state.title, *state.lines)]
    beside = [line for way in found.transitions for line in way.lines]

    assert [] == [line for line in (*found.lines, *inside, *beside) if line not in drawn]
    assert all(ranks[way.source] != ranks[way.target] for way in found.transitions)
