"""Find the rule that a recorded desk seems to follow when it closes or warns by itself.

Each automatic closing or warning has a length: the time since the last activity of a person. Four
kinds of rules are tried: elapsed time, time on weekdays, elapsed time up to a nightly run, and
time in the working hours in which the desk seems to act. A rule agrees with a length if the desk
acted within an hour after the rule, since many desks act in batches. The best rule is the one that
agrees most often; a simpler one is preferred if it agrees nearly as often.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from functools import cache
from typing import Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

import attrs

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
_AT_WEEKENDS: Final = 0.1  # share of the actions of a desk that acts from Monday to Friday


@attrs.frozen
class Length:
    """An automatic action: the last activity before it, and its instant, both in UTC."""

    since: datetime
    at: datetime
    zone: ZoneInfo

    @property
    def elapsed(self) -> timedelta:
        """The time between the activity and the action."""
        return self.at - self.since

    def within(self, open_hours: str) -> timedelta:
        """Return the part of the length that lies in these hours."""
        return _calendar(self.zone.key, open_hours).between(self.since, self.at)


@attrs.frozen(kw_only=True)
class InferredRule:
    """The rule that agrees best with the automatic actions of one occasion.

    *agreeing* of *count* actions came within an hour after the rule. *hours* elapse since the last
    activity, or are hours within *open_hours*, such as ``mon-fri 09:00-17:00``; *run* is the local
    time of the nightly run that acts then, if there is one. *shares* has the number of agreeing
    actions for the best rule of each kind. A rule with a small share explains nothing.
    """

    occasion: Occasion
    count: int
    agreeing: int
    hours: int
    open_hours: str | None
    run: time | None
    zone: str
    shares: tuple[tuple[str, int], ...]

    def to_toml(self) -> str:
        """Return the rule in the form of a policy file."""
        solved, closing = self.occasion == "closing-solved", self.occasion != "warning"
        when = "{ solved = true }" if solved else '{ waiting_for = "customer" }'
        unit = "working hours" if self.open_hours else "hours"
        lines = [
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
            lines.append('roll = "forward"')
        lines.append(f'effect = "{"close" if closing else "warn"}"')
        if calendar is not None:
            hours = f"mon-sun {_minute(self.run)}" if self.run else self.open_hours
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
class _Found:
    """The best rule of a kind, and the number of actions that agree with it."""

    label: str
    agreeing: int
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
        hours=best.hours,
        open_hours=best.open_hours,
        run=best.run,
        zone=zone,
        shares=tuple((kind.label, kind.agreeing) for kind in found),
    )


def _kinds(lengths: list[Length]) -> Iterator[_Found]:
    hours, agreeing = _most_frequent(length.elapsed for length in lengths)
    yield _Found(f"{hours} hours elapsed", agreeing, hours)
    hours, agreeing = _most_frequent(length.within(_WEEKDAYS) for length in lengths)
    yield _Found(f"{hours} hours on weekdays", agreeing, hours, _WEEKDAYS)
    local = [length.at.astimezone(length.zone) for length in lengths]
    run, hours, agreeing = _nightly(lengths, local)
    yield _Found(f"{hours} hours elapsed, then the run at {run:%H:%M}", agreeing, hours, run=run)
    if (open_hours := _open_hours(local)) is not None:
        hours, agreeing = _most_frequent(length.within(open_hours) for length in lengths)
        yield _Found(f"{hours} hours within {open_hours}", agreeing, hours, open_hours)


def _most_frequent(spans: Iterable[timedelta]) -> tuple[int, int]:
    """Return the number of hours after which most spans end within an hour, and their number."""
    counts = Counter((span + _EARLY) // _HOUR for span in spans)
    return max(counts.items(), key=lambda entry: (entry[1], -entry[0]))


def _nightly(lengths: list[Length], local: list[datetime]) -> tuple[time, int, int]:
    """Return the time of the best nightly run, the hours before it, and how many agree.

    The run begins in the quarter of an hour in which most actions happened.
    """
    quarters = Counter((at.hour * 60 + at.minute) // _RUN_WIDTH for at in local)
    quarter = max(quarters.items(), key=lambda entry: (entry[1], -entry[0]))[0]
    run = time(*divmod(quarter * _RUN_WIDTH, 60))
    waits: Counter[int] = Counter()
    for length, at in zip(lengths, local, strict=True):
        after_run = at - datetime.combine(at.date(), run, at.tzinfo)
        if -_EARLY <= after_run < _WITHIN:
            wait = length.elapsed - max(after_run, timedelta())
            waits[max(wait + _EARLY, timedelta()) // _HOUR] += 1
    # The span of the rule ended after the run of the day before, so the waits differ by less than
    # a day.
    starts = {max(wait - before, 0) for wait in waits for before in range(24)}
    agreeing = {start: sum(waits[start + hour] for hour in range(24)) for start in starts}
    most = max(agreeing.values())
    hours = max(
        (start for start, count in agreeing.items() if count == most),
        key=lambda start: (start % 24 == 0, start % 12 == 0, start),
    )
    return run, hours, most


def _open_hours(local: list[datetime]) -> str | None:
    """Return the hours from Monday to Friday in which the desk acts, or None for any others."""
    on_weekdays = [at for at in (at - _EARLY for at in local) if at.weekday() < 5]
    if len(on_weekdays) < len(local) * (1 - _AT_WEEKENDS):
        return None
    counts = Counter((at.hour * 60 + at.minute) // _HALF_HOUR for at in on_weekdays)
    enough = sorted([0, 0, 0, *counts.values()])[-4] * _USUAL
    usual = [half * _HALF_HOUR for half, count in counts.items() if count >= enough]
    first, end = min(usual), max(usual) + _HALF_HOUR
    return f"mon-fri {_clock(first)}-{_clock(end)}" if end - first in _OPEN else None


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _minute(run: time) -> str:
    return f"{run:%H:%M}-{_clock(run.hour * 60 + run.minute + 1)}"


@cache
def _calendar(zone: str, open_hours: str) -> BusinessCalendar:
    return BusinessCalendar(zone=zone, hours=open_hours)
