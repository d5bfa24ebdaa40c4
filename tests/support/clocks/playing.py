"""Play a story against the library or the slow reference, and list the differences."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Protocol

import attrs

from support.clocks.minutes import Window
from support.clocks.slow_clocks import SlowClocks
from support.clocks.slow_policy import Data
from support.clocks.story_text import Action, Check, Firing, Line
from ticketcore.events import PARTIES


@attrs.frozen(kw_only=True)
class Standing:
    """The last cycle of a timer: instants, and counted seconds."""

    state: str
    due: datetime | None
    used: int
    left: int
    late: bool


class Desk(Protocol):
    """A ticket under a policy, in the library or in the reference."""

    def do(self, at: datetime, command: str, by: str, **values: Any) -> None:
        """Carry out a command, after what timers bring about before it."""

    def until(self, at: datetime) -> None:
        """Let time pass."""

    def standing(self, timer: str) -> Standing:
        """Return what stands of a timer after what happened so far."""

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
        due = None if account.due is None else self.window.instant(account.due)
        return Standing(
            state=account.state,
            due=due,
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
                desk.do(line.at, line.command, line.by, **_values(line))
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


def _values(line: Action) -> dict[str, Any]:
    """Return the values of a command: those of an opening are fields, of set-field one field."""
    if line.command == "open":
        return {"fields": line.values} if line.values else {}
    if line.command == "set-field":
        ((field, value),) = line.values.items()
        return {"field": field, "value": value}
    return line.values


def _compare(desk: Desk, check: Check) -> list[str]:
    expected = dict(check.expected)
    what = expected.pop("is")
    if check.subject in {"status", "tags", "assigned_to"} or "fields." in check.subject:
        actual = desk.fact(check.subject)
        return [] if actual == what else [f"{check.at} {check.subject} {actual}, not {what}"]
    assert check.subject not in PARTIES
    standing = desk.standing(check.subject)
    return [
        f"{check.at} {check.subject} {name} {found}, not {value}"
        for name, value in {"state": what, **expected}.items()
        if (found := getattr(standing, name)) != value
    ]
