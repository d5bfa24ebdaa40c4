"""The cycles agree with the slow reference, minute by minute, on random stories."""

import tomllib
from collections import Counter
from datetime import datetime, timedelta
from typing import NamedTuple

from hypothesis import given

from support.clocks.minutes import window_from
from support.clocks.playing import LibraryDesk, SlowDesk
from support.clocks.random_stories import ClockStory, clock_stories
from support.clocks.slow_cycle import Cycle
from ticketcore.metrics import timer_cycles
from ticketcore.policies import parse_policy

QUARTER = timedelta(minutes=15)
LONG = timedelta(days=25)


class Counted(NamedTuple):
    """The facts of a cycle that the library and the reference both know."""

    timer: str
    late: bool
    end: str | None
    ended_at: datetime | None
    paused: timedelta


def _by_reference(story: ClockStory) -> list[Counted]:
    """Play a story; after each command, note which timers it paused."""
    data = tomllib.loads(story.policy)
    desk = SlowDesk(data, window_from(story.actions[0].at, QUARTER))
    names = dict.fromkeys(timer["name"] for timer in data["timer"])
    standing: dict[Cycle, datetime] = {}
    paused: Counter[Cycle] = Counter()
    for action in story.actions:
        desk.do(action.at, action.command, action.by, **action.values)
        held = {
            cycle
            for name in names
            if (cycle := desk.clocks.last_cycle(name)) is not None
            and desk.clocks.account(name).state == "paused"
        }
        for cycle in set(standing) - held:
            paused[cycle] += int((action.at - standing.pop(cycle)).total_seconds())
        for cycle in held - set(standing):
            standing[cycle] = action.at
    desk.until(story.actions[-1].at + LONG)
    return [
        Counted(
            timer=cycle.name,
            late=cycle.late,
            end=cycle.how,
            ended_at=None if cycle.ended is None else desk.window.instant(cycle.ended[0]),
            paused=timedelta(seconds=paused[cycle]),
        )
        for cycle in desk.clocks.cycles
    ]


def _is_paused_by_commands_only(story: ClockStory) -> bool:
    return "fields = { state" not in story.policy  # a level that sets a state


@given(clock_stories(QUARTER).filter(_is_paused_by_commands_only))
def test_the_cycles_are_those_of_the_slow_reference(story: ClockStory) -> None:
    """Ends, lateness and paused time of the cycles agree with the slow reference too."""
    desk = LibraryDesk(parse_policy(story.policy))
    for action in story.actions:
        desk.do(action.at, action.command, action.by, **action.values)
    desk.until(story.actions[-1].at + LONG)
    actual = [
        Counted(each.timer.name, each.late, each.end, each.ended_at, each.paused)
        for each in timer_cycles(desk.events)
    ]

    expected = _by_reference(story)
    for timer in {each.timer for each in (*expected, *actual)}:
        assert [each for each in expected if each.timer == timer] == [
            each for each in actual if each.timer == timer
        ]
