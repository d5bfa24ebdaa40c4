"""A command at its last instant prevents the firing; one microsecond later it does not."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.clocks.playing import LibraryDesk
from support.clocks.random_stories import ClockStory, clock_stories
from ticketcore.commands import Command, SetDeadline, Snooze
from ticketcore.decider import advance, decide_and_apply, sample_commands
from ticketcore.errors import RefusedError
from ticketcore.events import Event, Party
from ticketcore.forecast import Firing, Forecast, forecast
from ticketcore.policies import Policy, parse_policy
from ticketcore.ticket import Ticket, fold

pytestmark = pytest.mark.no_cover

QUARTER, TICK = timedelta(minutes=15), timedelta(microseconds=1)
PARTIES: tuple[Party, ...] = ("customer", "support")


def fired(events: Iterable[Event]) -> set[tuple[datetime, str | None, str | None]]:
    """Return the instant, the timer and the level of each firing."""
    return {
        (event.at, getattr(event, "timer", None), getattr(event, "level", None))
        for event in events
        if event.derived and getattr(event, "timer", None)
    }


def helps(ticket: Ticket, policy: Policy, command: Command, at: datetime, firing: Firing) -> bool:
    """Return whether a command at an instant helps against a firing, as the definition says."""
    before = advance(ticket, policy, at)
    if (firing.at, firing.timer, firing.level) in fired(before):
        return False
    try:
        dated = attrs.evolve(command, at=at)
        after, events = decide_and_apply(fold(before, ticket), dated, policy)
    except RefusedError:
        return False
    later = fired((*events, *advance(after, policy, firing.at + TICK)))
    return events != () and not any(
        timer == firing.timer and level in (None, firing.level) and instant <= firing.at
        for instant, timer, level in later
    )


def drawn(story: ClockStory, data: st.DataObject) -> tuple[Ticket, Policy, Forecast]:
    """Return the ticket of a story after some of its actions, and its forecast."""
    desk = LibraryDesk(parse_policy(story.policy))
    for action in story.actions[: data.draw(st.integers(1, len(story.actions)))]:
        desk.do(action.at, action.command, action.by, **action.values)
    return desk.ticket, desk.policy, forecast(desk.ticket, desk.policy)


@given(clock_stories(QUARTER), st.data())
def test_the_last_instant_is_the_last(story: ClockStory, data: st.DataObject) -> None:
    """The command helps at its last instant, but not one microsecond later or at any later
    instant."""
    ticket, policy, found = drawn(story, data)

    for action in found.actions:
        of = ticket, policy, action.command
        later = data.draw(st.timedeltas(TICK, action.firing.at - action.until + 2 * TICK))
        assert helps(*of, action.until, action.firing)
        assert not helps(*of, action.until + TICK, action.firing)
        assert not helps(*of, action.until + later, action.firing)


@given(clock_stories(QUARTER), st.data())
def test_a_command_that_is_not_listed_never_helps(story: ClockStory, data: st.DataObject) -> None:
    """A command that is not listed helps neither now nor at any later instant before the
    firing."""
    ticket, policy, found = drawn(story, data)
    if found.firings:
        firing = data.draw(st.sampled_from(found.firings))
        listed = [
            attrs.evolve(action.command, at=ticket.at)
            for action in found.actions
            if action.firing is firing
        ]
        for command in (
            c for by in PARTIES for c in sample_commands(ticket, by, policy, ticket.at)
        ):
            if command not in listed and not isinstance(command, SetDeadline | Snooze):
                wait = data.draw(st.timedeltas(timedelta(), firing.at - ticket.at))
                assert not helps(ticket, policy, command, ticket.at + wait, firing)


@given(clock_stories(QUARTER), st.data())
def test_the_events_are_those_of_advance(story: ClockStory, data: st.DataObject) -> None:
    """The forecast has the same events as `advance`."""
    ticket, policy, found = drawn(story, data)
    events = advance(ticket, policy, ticket.at + timedelta(days=3000))

    assert found.is_complete
    assert (found.events, found.end) == (events, fold(events, ticket))
    assert fired(events) == {(each.at, each.timer, each.level) for each in found.firings}
    assert [each.at for each in found.firings] == sorted(each.at for each in found.firings)
