"""The library agrees with the slow reference on random stories under random policies."""

from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.clocks.cases import Case, read_cases
from support.clocks.playing import LibraryDesk, compared
from support.clocks.random_stories import ClockStory, clock_stories
from support.clocks.story_text import Action, read_story
from ticketcore.events import (
    DeadlineSet,
    Event,
    FieldSet,
    PauseEnded,
    Recorded,
    Reopened,
    Scheduled,
    Tagged,
    Untagged,
    from_line,
    to_line,
)
from ticketcore.policies import parse_policy
from ticketcore.ticket import fold

pytestmark = pytest.mark.no_cover

QUARTER = timedelta(minutes=15)
LONG = timedelta(days=25)
KEPT = read_cases(Path(__file__).parent / "kept_stories.toml")

# The events that may move a recorded deadline.
MOVING = (PauseEnded, Reopened, FieldSet, Tagged, Untagged, DeadlineSet)


@given(clock_stories(QUARTER))
def test_the_library_agrees_with_the_slow_reference(story: ClockStory) -> None:
    """State, lateness, deadline, used and remaining time are equal after each command.

    The instants at which deadlines and levels act are equal too.
    """
    assert [] == compared(story.policy, story.actions, QUARTER)


@pytest.mark.parametrize("case", KEPT, ids=str)
def test_stories_that_once_differed_agree(case: Case) -> None:
    """Stories that once differed agree between the library and the reference."""
    actions = [line for line in read_story(case.story) if isinstance(line, Action)]

    assert [] == compared(case.policy, actions, timedelta(minutes=1))


@given(clock_stories(QUARTER), st.data())
def test_one_step_equals_many(story: ClockStory, data: st.DataObject) -> None:
    """Letting time pass in many steps gives the same result as in one step."""
    policy = parse_policy(story.policy)
    leaping, stepping = LibraryDesk(policy), LibraryDesk(policy)
    now = story.actions[0].at
    for action in story.actions:
        for desk in (leaping, stepping):
            desk.do(action.at, action.command, action.by, **action.values)
        now = action.at
        between = st.integers(0, 4 * 24 * 4)
        for steps in sorted(data.draw(st.lists(between, max_size=3))):
            stepping.until(min(now + steps * QUARTER, _next(story, action)))
    for day in range(LONG.days):
        stepping.until(now + timedelta(days=day))
    leaping.until(now + LONG)
    stepping.until(now + LONG)

    assert leaping.events == stepping.events


@given(clock_stories(QUARTER))
def test_the_ticket_follows_from_the_stored_events(story: ClockStory) -> None:
    """Folding the events gives the same ticket, even after they were written and read."""
    desk = _played(story)
    stored = [
        to_line(Recorded(ticket="1", seq=place, event=event))
        for place, event in enumerate(desk.events, 1)
    ]

    assert desk.ticket == fold(desk.events)
    assert desk.events == tuple(from_line(line).event for line in stored)


@given(clock_stories(QUARTER))
def test_a_deadline_moves_only_where_an_event_is_there_to_point_to(story: ClockStory) -> None:
    """A deadline moves only after an event that explains it, such as the end of a pause."""
    events = _played(story).events
    places = [place for place, event in enumerate(events) if isinstance(event, Scheduled)]
    for before, after in pairwise(places):
        between = events[before + 1 : after]
        if not any(isinstance(event, MOVING) for event in between):
            earlier, later = _deadlines(events[before]), _deadlines(events[after])
            kept = earlier.keys() & later.keys()

            assert {key: earlier[key] for key in kept} == {key: later[key] for key in kept}


def _next(story: ClockStory, action: Action) -> datetime:
    """Return the instant of the command after an action, or of the last action."""
    later = story.actions[story.actions.index(action) + 1 :]
    return later[0].at if later else action.at


def _deadlines(event: Event) -> dict[tuple[str, int], object]:
    assert isinstance(event, Scheduled)
    return {(timer.name, timer.cycle): timer.due for timer in event.timers}


def _played(story: ClockStory) -> LibraryDesk:
    desk = LibraryDesk(parse_policy(story.policy))
    for action in story.actions:
        desk.do(action.at, action.command, action.by, **action.values)
    desk.until(story.actions[-1].at + LONG)
    return desk
