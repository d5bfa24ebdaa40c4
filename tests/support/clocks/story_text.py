"""Stories of tickets as a person writes them: commands, and what is expected of the clocks.

    2026-03-02 09:00  customer open  priority=high
               10:00  support set-field  state=pending
                      = resolution  paused, used 1:00
               12:00  support set-field  state=open
                      = resolution  running, due 2026-03-02 15:00, left 3:00
               15:00  resolution breach

A line begins with its instant, in UTC, or with a time of the same date; without either it takes
place at the instant of the line before. Then it has one of these:

- a party and its command, with "+" for each space within a value;
- "=" and an expectation about a timer or a fact;
- a timer and its act at this instant: the effect of its deadline, or the name of a level.

A story lists all acts until its last line of the timers that it names.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import attrs

from ticketcore.events import PARTIES, Reference

_LINE = re.compile(
    r"\s*(?P<date>\d{4}-\d\d-\d\d)?\s*(?P<time>\d\d:\d\d(?::\d\d)?)?\s*(?P<rest>\S.*)"
)


@attrs.frozen(kw_only=True)
class Action:
    """A command that a party sends at an instant."""

    at: datetime
    by: str
    command: str
    values: dict[str, Any]


@attrs.frozen(kw_only=True)
class Firing:
    """A deadline or a level that acts: the effect of the deadline, or the name of the level."""

    at: datetime
    timer: str
    act: str


@attrs.frozen(kw_only=True)
class Check:
    """An expectation about a timer, or about a fact of the ticket, after all lines so far."""

    at: datetime
    subject: str
    expected: dict[str, Any]


Line: TypeAlias = Action | Firing | Check


def read_story(text: str) -> list[Line]:
    """Return the lines of a story."""
    return list(_lines(text))


def _lines(text: str) -> Iterator[Line]:
    now = datetime(1, 1, 1, tzinfo=UTC)
    for line in filter(str.strip, text.splitlines()):
        match = _LINE.fullmatch(line)
        assert match is not None, line
        now = _instant(now, match["date"], match["time"])
        first, *rest = match["rest"].split()
        if first == "=":
            subject, *expected = rest
            yield Check(at=now, subject=subject, expected=_expected(now, " ".join(expected)))
        elif first in PARTIES:
            values = _as_command(rest[0], _values(now, rest[1:]))
            yield Action(at=now, by=first, command=rest[0], values=values)
        else:
            yield Firing(at=now, timer=first, act=rest[0])


def _instant(now: datetime, date: str | None, time: str | None) -> datetime:
    if time is None:
        return now
    return datetime.fromisoformat(f"{date or now.date()}T{time}").replace(tzinfo=UTC)


def _values(now: datetime, words: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for word in words:
        name, _, value = word.partition("=")
        values[name] = _value(now, value)
    return values


def _as_command(command: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a command.

    Those of an opening are fields, but for channel, account and zone; that of set-field is one
    field, cleared if nothing follows its "="; that of link is the number of a ticket.
    """
    if command == "open":
        own = ("channel", "account", "zone")
        fields = {name: value for name, value in values.items() if name not in own}
        return {**{name: values[name] for name in own if name in values}, "fields": fields}
    if command == "link":
        return {"target": Reference(kind="ticket", number=values["ticket"])}
    if command == "set-field":
        ((field, value),) = values.items()
        return {"field": field, "value": value or None}
    return values


def _value(now: datetime, text: str) -> Any:
    if text in {"true", "false"}:
        return text == "true"
    if re.fullmatch(r"(\d{4}-\d\d-\d\dT)?\d\d:\d\d(:\d\d)?", text):
        date, _, time = text.rpartition("T")
        return _instant(now, date or None, time)
    return text.replace("+", " ")


def _expected(now: datetime, text: str) -> dict[str, Any]:
    expected: dict[str, Any] = {}
    for part in text.split(", "):
        match part.split():
            case ["due", *instant]:
                expected["due"] = _value(now, "T".join(instant))
            case ["used" | "left" as name, amount]:
                expected[name] = _amount(amount)
            case ["late"]:
                expected["late"] = True
            case ["in", "time"]:
                expected["late"] = False
            case words:
                expected["is"] = " ".join(words)
    return expected


def _amount(text: str) -> int:
    """Return the seconds of hours, minutes and perhaps seconds, such as -0:30."""
    hours, minutes, *seconds = (abs(int(part)) for part in text.split(":"))
    total = timedelta(hours=hours, minutes=minutes, seconds=sum(seconds))
    return int(total.total_seconds()) * (-1 if text.startswith("-") else 1)
