"""Find the rule that a recorded desk seems to follow when it closes or warns by itself.

Each automatic closing or warning has a length: the time since the last activity of a person. Three
kinds of rules are tried: elapsed time, time on weekdays, and elapsed time up to a nightly run. A
rule agrees with a length if the desk acted within an hour after the rule, since many desks act in
batches. The best rule is the one that agrees most often.
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
_DAY: Final = timedelta(days=1)
_MOST: Final = 100_000  # lengths that are kept of each occasion
_FEWEST: Final = 10  # fewer say nothing
_RUN_WIDTH: Final = 15  # minutes of the window in which a nightly run begins


@attrs.frozen
class Length:
    """An automatic action: the last activity before it, and its instant, both in UTC."""

    since: datetime
    at: datetime
    zone: ZoneInfo

    @property
    def elapsed(self) -> timedelta:
        """The time between both."""
        return self.at - self.since

    @property
    def on_weekdays(self) -> timedelta:
        """The part of it from Monday to Friday."""
        return _weekdays(self.zone.key).between(self.since, self.at)


@attrs.frozen(kw_only=True)
class InferredRule:
    """The rule that agrees best with the automatic actions of one occasion.

    *agreeing* of *count* actions came within an hour after the rule. *hours* elapse since the last
    activity, or are *working* hours from Monday to Friday; *run* is the local time of the nightly
    run that acts then, if there is one. *shares* has the number of agreeing actions for the best
    rule of each kind.
    """

    occasion: Occasion
    count: int
    agreeing: int
    hours: int
    working: bool
    run: time | None
    zone: str
    shares: tuple[tuple[str, int], ...]

    def to_toml(self) -> str:
        """Return the rule in the form of a policy file."""
        solved, closing = self.occasion == "closing-solved", self.occasion != "warning"
        when = "{ solved = true }" if solved else '{ waiting_for = "customer" }'
        unit = "working hours" if self.working else "hours"
        lines = [
            "[[timer]]",
            f'name = "{"resolved" if solved else "silent" if closing else "reminder"}"',
            f"when = {when}",
            'from = "last-activity"',
            f'after = "{self.hours} {unit}"',
        ]
        calendar = "weekdays" if self.working else "night" if self.run else None
        if calendar is not None:
            lines.append(f'calendar = "{calendar}"')
        if self.run is not None:
            lines.append('roll = "forward"')
        lines.append(f'effect = "{"close" if closing else "warn"}"')
        if calendar is not None:
            hours = f"mon-sun {_minute(self.run)}" if self.run else "mon-fri 00:00-24:00"
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
            if best.hours > 0:  # else the desk acts at once, which needs no timer
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


def _best(occasion: Occasion, lengths: list[Length]) -> InferredRule:
    zone = Counter(length.zone.key for length in lengths).most_common(1)[0][0]
    hours, elapsed = _most_frequent(length.elapsed for length in lengths)
    working, on_weekdays = _most_frequent(length.on_weekdays for length in lengths)
    run, nights, nightly = _nightly(lengths)
    kinds = [
        (elapsed, hours, False, None),
        (on_weekdays, working, True, None),
        (nightly, nights, False, run),
    ]
    agreeing, best_hours, is_working, at = max(kinds, key=lambda kind: kind[0])  # or the simplest
    return InferredRule(
        occasion=occasion,
        count=len(lengths),
        agreeing=agreeing,
        hours=best_hours,
        working=is_working,
        run=at,
        zone=zone,
        shares=(
            (f"{hours} hours elapsed", elapsed),
            (f"{working} hours on weekdays", on_weekdays),
            (f"{nights} hours elapsed, then the run at {run:%H:%M}", nightly),
        ),
    )


def _most_frequent(spans: Iterable[timedelta]) -> tuple[int, int]:
    """Return the number of hours after which most spans end within an hour, and their number."""
    counts = Counter((span + _EARLY) // _HOUR for span in spans)
    return max(counts.items(), key=lambda entry: (entry[1], -entry[0]))


def _nightly(lengths: list[Length]) -> tuple[time, int, int]:
    """Return the time of the best nightly run, the hours before it, and how many agree.

    The run begins in the quarter of an hour in which most actions happened.
    """
    local = [length.at.astimezone(length.zone) for length in lengths]
    quarters = Counter((at.hour * 60 + at.minute) // _RUN_WIDTH for at in local)
    quarter = max(quarters.items(), key=lambda entry: (entry[1], -entry[0]))[0]
    run = time(*divmod(quarter * _RUN_WIDTH, 60))
    waits: Counter[int] = Counter()
    for length, at in zip(lengths, local, strict=True):
        after_run = at - datetime.combine(at.date(), run, at.tzinfo)
        if -_EARLY <= after_run < _WITHIN:
            # The rule was met after the run of the day before, so its hours are in one day.
            waits[max(length.elapsed - max(after_run, timedelta()), timedelta()) // _DAY] += 1
    days, agreeing = max(waits.items(), key=lambda entry: (entry[1], -entry[0]))
    return run, 24 * days, agreeing


def _minute(run: time) -> str:
    minutes = run.hour * 60 + run.minute + 1
    return f"{run:%H:%M}-{minutes // 60:02}:{minutes % 60:02}"


@cache
def _weekdays(zone: str) -> BusinessCalendar:
    return BusinessCalendar(zone=zone, hours="mon-fri 00:00-24:00")
