"""Play a story against the library or the slow reference, and list the differences."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

import attrs

from support.clocks.minutes import Window, window_from
from support.clocks.slow_clocks import SlowClocks
from support.clocks.slow_policy import Data
from support.clocks.story_text import Action, Check, Firing, Line
from ticketcore.commands import COMMANDS
from ticketcore.decider import advance_ticket, decide_and_apply, usage
from ticketcore.events import PARTIES, Breached, Event, Scheduled, Timer
from ticketcore.policies import Policy, parse_policy
from ticketcore.ticket import Ticket


@attrs.frozen(kw_only=True)
class Standing:
    """The last cycle of a timer: instants, and counted seconds.

    A timer that is paused, or was when it ended, has no due instant.
    """

    state: str
    due: datetime | None
    used: int
    left: int
    late: bool


NOTHING = Standing(state="none", due=None, used=0, left=0, late=False)


class Desk(Protocol):
    """A ticket under a policy, in the library or in the reference."""

    def do(self, at: datetime, command: str, by: str, **values: Any) -> None:
        """Let the timers that are due before a command act, then carry it out."""

    def until(self, at: datetime) -> None:
        """Let time pass."""

    def standing(self, timer: str) -> Standing:
        """Return the state of a timer after the events so far."""

    def fact(self, name: str) -> str:
        """Return a fact of the ticket as the text of a story has it."""

    def firings(self) -> list[Firing]:
        """Return the deadlines and levels that have acted."""


class SlowDesk:
    """The slow reference."""

    def __init__(self, policy: Data, window: Window) -> None:
        self.clocks, self.window = SlowClocks(policy, window), window

    def do(self, at: datetime, command: str, by: str, **values: Any) -> None:
        self.clocks.do(at, command, by, **values)

    def until(self, at: datetime) -> None:
        self.clocks.until(at)

    def standing(self, timer: str) -> Standing:
        account = self.clocks.account(timer)
        if account.due is None:
            return NOTHING
        return Standing(
            state=account.state,
            due=None if account.paused else self.window.instant(account.due),
            used=account.used,
            left=account.left,
            late=account.late,
        )

    def fact(self, name: str) -> str:
        facts = self.clocks.facts
        if name == "tags":
            return " ".join(sorted(facts["tags"]))
        if name == "status":
            return "open" if facts["closed"] is None else "closed"
        if name.startswith("fields."):
            return str(facts["fields"][name.removeprefix("fields.")])
        return str(facts[name])

    def firings(self) -> list[Firing]:
        return [
            Firing(
                at=self.window.instant(each.at), timer=each.timer, act=each.level or each.effect
            )
            for each in self.clocks.fired
        ]


class LibraryDesk:
    """The library."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.events: tuple[Event, ...] = ()
        self._ticket: Ticket | None = None
        self._now: datetime

    @property
    def ticket(self) -> Ticket:
        """The ticket after the events so far."""
        assert self._ticket is not None
        return self._ticket

    def do(self, at: datetime, command: str, by: str, **values: Any) -> None:
        command_class: Any = COMMANDS[command]
        given = command_class(at=at, by=by, **values)
        self._now = at
        self._ticket, events = decide_and_apply(self._ticket, given, self.policy)
        self.events += events

    def until(self, at: datetime) -> None:
        self._now = at
        self._ticket, events = advance_ticket(self.ticket, self.policy, at)
        self.events += events

    def standing(self, timer: str) -> Standing:
        pending = next((t for t in self.ticket.timers if t.name == timer), None)
        if pending is not None:
            state = "running" if pending.paused is None else "paused"
            return self._standing(pending, state, self._now)
        for ended in self.ticket.ended_timers:
            if ended.timer.name == timer:
                return self._standing(ended.timer, ended.outcome, ended.at)
        return NOTHING

    def _standing(self, timer: Timer, state: str, at: datetime) -> Standing:
        counted = usage(self.ticket, self.policy, timer, at)
        assert counted is not None
        return Standing(
            state=state,
            due=None if timer.paused else timer.due,
            used=int(counted.used.total_seconds()),
            left=int(counted.remaining.total_seconds()),
            late=self._is_late(timer),
        )

    def _is_late(self, timer: Timer) -> bool:
        begun = [
            place
            for place, event in enumerate(self.events, 1)
            if isinstance(event, Scheduled) and place == timer.cycle
        ]
        since = begun[0] if begun else 0
        return any(
            isinstance(event, Breached) and event.timer == timer.name
            for event in self.events[since:]
        )

    def fact(self, name: str) -> str:
        if name == "tags":
            return " ".join(sorted(self.ticket.tags))
        if name == "status":
            return "open" if self.ticket.closed_at is None else "closed"
        if name.startswith("fields."):
            return str(self.ticket.fields[name.removeprefix("fields.")])
        return str(getattr(self.ticket, name))

    def firings(self) -> list[Firing]:
        return [
            Firing(
                at=event.at, timer=timer, act=getattr(event, "level", None) or _ACTS[event.NAME]
            )
            for event in self.events
            if (timer := getattr(event, "timer", None)) is not None and event.NAME in _ACTS
        ]


_ACTS = {
    "warned": "warn",
    "breached": "breach",
    "closed": "close",
    "assigned": "assign",
    "field-set": "set-field",
    "tagged": "tag",
    "escalated": "escalate",
    "type-changed": "change-type",
    "unsnoozed": "unsnooze",
}


def window_of(lines: Iterable[Line]) -> Window:
    """Return a window around a story, in seconds if one of its instants has some."""
    instants = [line.at for line in lines]
    has_seconds = any(at.second for at in instants)
    low = min(instants).replace(hour=0, minute=0, second=0) - timedelta(days=2)
    days = timedelta(days=14 if has_seconds else 40)
    tick = timedelta(seconds=1) if has_seconds else timedelta(minutes=1)
    return Window(low, max(instants) + days, tick)


def differences(desk: Desk, lines: list[Line], tick: timedelta) -> list[str]:
    """Play a story; return in words each difference from its expectations."""
    found: list[str] = []
    for line in lines:
        match line:
            case Action():
                desk.do(line.at, line.command, line.by, **line.values)
            case Check():
                desk.until(line.at)
                found += _compare(desk, line)
            case Firing():
                pass
    last = max(line.at for line in lines)
    desk.until(last + tick)
    named = {line.timer for line in lines if isinstance(line, Firing)}
    named |= {line.subject for line in lines if isinstance(line, Check)}
    expected = [str(line) for line in lines if isinstance(line, Firing)]
    actual = [str(f) for f in desk.firings() if f.timer in named and f.at <= last]
    if sorted(expected) != sorted(actual):
        found.append(f"acts {sorted(actual)}, not {sorted(expected)}")
    return found


def _compare(desk: Desk, check: Check) -> list[str]:
    expected = dict(check.expected)
    what = expected.pop("is")
    if check.subject in {"status", "tags", "assigned_to", "final"} or "fields." in check.subject:
        actual = desk.fact(check.subject)
        return [] if actual == what else [f"{check.at} {check.subject} {actual}, not {what}"]
    assert check.subject not in PARTIES
    standing = desk.standing(check.subject)
    return [
        f"{check.at} {check.subject} {name} {found}, not {value}"
        for name, value in {"state": what, **expected}.items()
        if (found := getattr(standing, name)) != value
    ]


def compared(policy: str, actions: Sequence[Action], tick: timedelta) -> list[str]:
    """Play a story against both; return the first differences, in words."""
    data = tomllib.loads(policy)
    slow = SlowDesk(data, window_from(actions[0].at, tick))
    library = LibraryDesk(parse_policy(policy))
    names = {timer["name"]: None for timer in data["timer"]}
    for number, action in enumerate(actions):
        for desk in (slow, library):
            desk.do(action.at, action.command, action.by, **action.values)
        found = [
            f"after {number} at {action.at}, {name}: slow {expected}, library {actual}"
            for name in names
            if (expected := slow.standing(name)) != (actual := library.standing(name))
        ]
        if found:
            return found
    end = actions[-1].at + timedelta(days=25)
    slow.until(end)
    library.until(end)
    by_reference = Counter((each.at, each.timer, each.act) for each in slow.firings())
    # A share of a budget may end within a tick.
    by_library = Counter(
        (each.at - (each.at - actions[0].at) % tick, each.timer, each.act)
        for each in library.firings()
    )
    only_slow, only_library = by_reference - by_library, by_library - by_reference
    if only_slow or only_library:
        return [f"only slow acts {only_slow}, only library acts {only_library}"]
    return []
