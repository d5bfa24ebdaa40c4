"""Find the rule that a recorded desk seems to follow when it closes or warns by itself.

Each automatic closing or warning has a length: the time since the last activity of a person. Five
kinds of rules are tried: elapsed time, time on weekdays, both up to a nightly run, and time in the
working hours in which the desk seems to act. A rule agrees with a length if the desk acted within
an hour after the rule, since many desks act in batches. The best rule is the one that agrees most
often; a simpler one is preferred if it agrees nearly as often.

A timer leaves a gap: nothing happens in the hour before it, and with a nightly run nothing that
the run of the day before or after would have done. Without this gap, lengths that happen to be
similar only look like a rule.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from functools import cache
from typing import Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

import attrs

from ticketcore._internal.terminal import percent
from ticketcore.calendar import BusinessCalendar, zone_of
from ticketcore.errors import CalendarError
from ticketcore.events import Closed, Event, History, Warned
from ticketcore.ticket import fold

Occasion: TypeAlias = Literal["closing-solved", "closing-silent", "warning"]

_WITHIN: Final = timedelta(hours=1)
_EARLY: Final = timedelta(minutes=1)  # logs round to the minute
_HOUR: Final = timedelta(hours=1)
_MOST: Final = 100_000  # lengths that are kept of each occasion
_FEWEST: Final = 10  # fewer say nothing
_RUN_WIDTH: Final = 15  # minutes of the window in which a nightly run begins
_NEARLY: Final = 0.95
_WEEKDAYS: Final = "mon-fri 00:00-24:00"
_OPEN: Final = range(4 * 60, 16 * 60)  # minutes of a working day
_HALF_HOUR: Final = 30  # minutes
_USUAL: Final = 0.25  # a usual half hour has this share of the fourth busiest
_GAP: Final = 4  # times as many actions after the rule as in the gap beside it
_AT_WEEKENDS: Final = 0.1  # share of the actions of a desk that acts from Monday to Friday


@attrs.frozen
class Length:
    """An automatic action: the last activity before it, and its instant, both in UTC."""

    since: datetime
    at: datetime
    zone: ZoneInfo

    def within(self, open_hours: str | None) -> timedelta:
        """Return the part of the length that lies in these hours, or the whole length."""
        if open_hours is None:
            return self.at - self.since
        return _calendar(self.zone.key, open_hours).between(self.since, self.at)


@attrs.frozen(kw_only=True)
class InferredRule:
    """The rule that agrees best with the automatic actions of one occasion.

    *agreeing* of *count* actions came within an hour after the rule, and *beside* actions where
    its timer would leave a gap. *hours* elapse since the last activity, or are hours within
    *open_hours*, such as ``mon-fri 09:00-17:00``; *run* is the local time of the nightly run that
    acts then, if there is one. *shares* has the number of agreeing actions for the best rule of
    each kind.
    """

    occasion: Occasion
    count: int
    agreeing: int
    beside: int
    hours: int
    open_hours: str | None
    run: time | None
    zone: str
    shares: tuple[tuple[str, int], ...]

    @property
    def explains(self) -> bool:
        """Whether half of the actions agree with the rule, and it leaves a gap."""
        return self.agreeing * 2 >= self.count and self.agreeing >= self.beside * _GAP

    def to_toml(self) -> str:
        """Return the rule in the form of a policy file, with its share as a comment."""
        solved, closing = self.occasion == "closing-solved", self.occasion != "warning"
        when = "{ solved = true }" if solved else '{ waiting_for = "customer" }'
        unit = "working hours" if self.open_hours else "hours"
        done = "closings" if closing else "warnings"
        lines = [
            f"# {self.agreeing:,} of {self.count:,} {done} came within an hour after it: "
            f"{percent(self.agreeing, self.count)}.",
            "[[timer]]",
            f'name = "{"resolved" if solved else "silent" if closing else "reminder"}"',
            f"when = {when}",
            'from = "last-activity"',
            f'after = "{self.hours} {unit}"',
        ]
        day = "weekdays" if self.open_hours == _WEEKDAYS else "working-day"
        calendar = day if self.open_hours else "night" if self.run else None
        if calendar is not None:
            lines.append(f'calendar = "{calendar}"')
        if self.run is not None:
            lines.append(f'at_time = "{self.run:%H:%M}"')
        lines.append(f'effect = "{"close" if closing else "warn"}"')
        if calendar is not None:
            hours = self.open_hours or "mon-sun 00:00-24:00"
            lines += ["", f"[calendars.{calendar}]", f'zone = "{self.zone}"', f'hours = "{hours}"']
        return "\n".join(lines) + "\n"


def infer_rules(histories: Iterable[History]) -> Iterator[InferredRule]:
    """Yield the best rule for each occasion on which the desk acted often enough by itself."""
    lengths: dict[Occasion, list[Length]] = {}
    counts: Counter[Occasion] = Counter()
    for history in histories:
        for occasion, length in _lengths(history.events):
            counts[occasion] += 1
            if counts[occasion] <= _MOST:
                lengths.setdefault(occasion, []).append(length)
    for occasion in sorted(lengths):
        if counts[occasion] >= _FEWEST:
            best = _best(occasion, lengths[occasion])
            if best.hours > 0 or best.run:  # else the desk acts at once, which needs no timer
                yield best


def _lengths(events: tuple[Event, ...]) -> Iterator[tuple[Occasion, Length]]:
    for place, event in enumerate(events):
        if event.by != "system" or not isinstance(event, Closed | Warned):
            continue
        ticket = fold(events[:place])
        try:
            length = Length(ticket.active_at, event.at, zone_of(ticket.opened.zone))
        except CalendarError:
            return
        if isinstance(event, Warned):
            yield "warning", length
        else:
            yield "closing-solved" if ticket.solved else "closing-silent", length


@attrs.frozen
class _FoundRule:
    """The best rule of a kind, and the number of actions that agree with it."""

    label: str
    agreeing: int
    beside: int
    hours: int
    open_hours: str | None = None
    run: time | None = None


def _best(occasion: Occasion, lengths: list[Length]) -> InferredRule:
    zone = Counter(length.zone.key for length in lengths).most_common(1)[0][0]
    found = [*_kinds(lengths)]  # the simplest first
    enough = max(kind.agreeing for kind in found) * _NEARLY
    best = next(kind for kind in found if kind.agreeing >= enough)
    return InferredRule(
        occasion=occasion,
        count=len(lengths),
        agreeing=best.agreeing,
        beside=best.beside,
        hours=best.hours,
        open_hours=best.open_hours,
        run=best.run,
        zone=zone,
        shares=tuple((kind.label, kind.agreeing) for kind in found),
    )


def _kinds(lengths: list[Length]) -> Iterator[_FoundRule]:
    local = [length.at.astimezone(length.zone) for length in lengths]
    run = _run(local)
    places = (("elapsed", None), ("on weekdays", _WEEKDAYS))
    for place, open_hours in places:
        yield _most_frequent(lengths, place, open_hours)
    for place, open_hours in places:
        yield _nightly(lengths, local, run, place, open_hours)
    found = [_most_frequent(lengths, f"within {hours}", hours) for hours in _open_hours(local)]
    yield from sorted(found, key=lambda kind: -kind.agreeing)[:1]


def _most_frequent(lengths: list[Length], place: str, open_hours: str | None) -> _FoundRule:
    """Return the number of hours after which the desk acted most often within an hour."""
    counts = Counter((length.within(open_hours) + _EARLY) // _HOUR for length in lengths)
    hours, agreeing = max(counts.items(), key=lambda entry: (entry[1], -entry[0]))
    return _FoundRule(f"{hours} hours {place}", agreeing, counts[hours - 1], hours, open_hours)


def _run(local: list[datetime]) -> time:
    """Return the beginning of the quarter of an hour in which the desk acted most often."""
    quarters = Counter((at.hour * 60 + at.minute) // _RUN_WIDTH for at in local)
    quarter = max(quarters.items(), key=lambda entry: (entry[1], -entry[0]))[0]
    return time(*divmod(quarter * _RUN_WIDTH, 60))


def _nightly(
    lengths: list[Length], local: list[datetime], run: time, place: str, open_hours: str | None
) -> _FoundRule:
    """Return the number of hours after which the next nightly run acted most often."""
    waits: Counter[int] = Counter()
    for length, at in zip(lengths, local, strict=True):
        after_run = at - datetime.combine(at.date(), run, at.tzinfo)
        if -_EARLY <= after_run < _WITHIN:
            begun = length.at - max(after_run, timedelta())
            wait = attrs.evolve(length, at=max(begun, length.since)).within(open_hours)
            waits[(wait + _EARLY) // _HOUR] += 1

    def in_a_day(start: int) -> int:
        return sum(waits[start + hour] for hour in range(24))

    # The rule was met after the run of the day before, so the waits lie within one day.
    agreeing = {start: in_a_day(start) for w in waits for start in range(max(w - 23, 0), w + 1)}
    most = max(agreeing.values())
    hours = max(
        (start for start, count in agreeing.items() if count == most),
        key=lambda start: (start % 24 == 0, start % 12 == 0, start),
    )
    beside = in_a_day(hours - 24) + in_a_day(hours + 24)
    label = f"{hours} hours {place}, then the run at {run:%H:%M}"
    return _FoundRule(label, most, beside, hours, open_hours, run)


def _open_hours(local: list[datetime]) -> Iterator[str]:
    """Yield the hours from Monday to Friday in which the desk acts, if they are a working day.

    If it acts after a due instant at the end of the day, the day ends half an hour earlier.
    """
    on_weekdays = [at for at in (at - _EARLY for at in local) if at.weekday() < 5]
    if len(on_weekdays) < len(local) * (1 - _AT_WEEKENDS):
        return
    counts = Counter((at.hour * 60 + at.minute) // _HALF_HOUR for at in on_weekdays)
    enough = sorted([0, 0, 0, *counts.values()])[-4] * _USUAL
    usual = [half * _HALF_HOUR for half, count in counts.items() if count >= enough]
    first, last = min(usual), max(usual)
    for end in (last + _HALF_HOUR, last):
        if end - first in _OPEN:
            yield f"mon-fri {_clock(first)}-{_clock(end)}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


@cache
def _calendar(zone: str, open_hours: str) -> BusinessCalendar:
    return BusinessCalendar(zone=zone, hours=open_hours)
