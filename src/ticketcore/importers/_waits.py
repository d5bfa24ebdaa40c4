"""How long a recorded desk waits before it acts by itself: kinds of rules, and the best targets.

A kind of rule gives each action a wait in whole hours: elapsed, on weekdays or in working hours,
or the wait that a nightly run found. The best target of some actions is the number of hours that
most of them agree with: they came within an hour after it, or with the nightly run of that day.

`divide` asks whether the targets differ by a fact of the ticket, such as its priority. Many facts
with many values would always explain something by chance, so the targets are found from one half
of the actions and tried on the other half.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import cache
from operator import attrgetter
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

import attrs

from ticketcore.calendar import BusinessCalendar

FEWEST: Final = 10  # actions; fewer say nothing
NEARLY: Final = 0.95  # share of the best kind's actions that a simpler kind needs
WEEKDAYS: Final = "mon-fri 00:00-24:00"

_WITHIN: Final = timedelta(hours=1)
_EARLY: Final = timedelta(minutes=1)  # logs round to the minute
_HOUR: Final = timedelta(hours=1)
_RUN_WIDTH: Final = 15  # minutes of the window in which a nightly run begins
_OPEN: Final = range(4 * 60, 16 * 60)  # minutes of a working day
_HALF_HOUR: Final = 30  # minutes
_USUAL: Final = 0.25  # a usual half hour has this share of the fourth busiest
_GAP: Final = 4  # times as many actions after the rule as in the gap beside it
_AT_WEEKENDS: Final = 0.1  # share of the actions of a desk that acts from Monday to Friday
_CLEARLY: Final = 4  # times the deviation that chance alone has

Waits: TypeAlias = Sequence[int | None]
"""The whole hours that each action waited; None for one that came in no nightly run."""

Facts: TypeAlias = Mapping[str, Mapping[str, Sequence[int]]]
"""The places of the actions by the name of a fact, such as ``fields.priority``, and its value."""


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


@attrs.frozen
class HourTarget:
    """The number of hours with which most of *count* actions agree.

    *beside* actions came where a timer would leave a gap.
    """

    hours: int
    count: int
    agreeing: int
    beside: int

    @property
    def explains(self) -> bool:
        """Whether half of the actions agree with the target, and it leaves a gap."""
        return self.agreeing * 2 >= self.count and self.agreeing >= self.beside * _GAP


@attrs.frozen
class WaitKind:
    """A kind of rule: the hours that count, and the nightly run that acts then, if any."""

    place: str
    open_hours: str | None = None
    run: time | None = None

    @property
    def width(self) -> int:
        """Number of hours of wait that agree with one target: with a nightly run, a day's."""
        return 1 if self.run is None else 24

    def waits(self, lengths: Sequence[Length], local: Sequence[datetime]) -> Waits:
        """Return the wait of each action; *local* has the instants of the actions there."""
        if self.run is None:
            return [(length.within(self.open_hours) + _EARLY) // _HOUR for length in lengths]
        return [
            self._nightly(length, at, self.run) for length, at in zip(lengths, local, strict=True)
        ]

    def _nightly(self, length: Length, at: datetime, run: time) -> int | None:
        after_run = at - datetime.combine(at.date(), run, at.tzinfo)
        if not -_EARLY <= after_run < _WITHIN:
            return None
        begun = length.at - max(after_run, timedelta())
        wait = attrs.evolve(length, at=max(begun, length.since)).within(self.open_hours)
        return (wait + _EARLY) // _HOUR

    def agrees(self, hours: int, wait: int | None) -> bool:
        """Whether an action with this wait agrees with a target."""
        return wait is not None and hours <= wait < hours + self.width

    def target(self, waits: Iterable[int | None]) -> HourTarget:
        """Return the best target of some actions."""
        counts = Counter(waits)
        count = counts.total()
        del counts[None]
        if not counts:
            return HourTarget(0, count, 0, 0)
        if self.run is None:
            hours, agreeing = max(counts.items(), key=lambda entry: (entry[1], -(entry[0] or 0)))
            assert hours is not None
            return HourTarget(hours, count, agreeing, counts[hours - 1])

        def in_a_day(start: int) -> int:
            return sum(counts[start + hour] for hour in range(24))

        # The rule was met after the run of the day before, so the waits lie within one day.
        starts = {start for w in counts if w is not None for start in range(max(w - 23, 0), w + 1)}
        in_days = {start: in_a_day(start) for start in starts}
        most = max(in_days.values())
        hours = max(
            (start for start, agreeing in in_days.items() if agreeing == most),
            key=lambda start: (start % 24 == 0, start % 12 == 0, start),
        )
        return HourTarget(hours, count, most, in_a_day(hours - 24) + in_a_day(hours + 24))

    def label(self, hours: str) -> str:
        """Return the rule with these hours in words."""
        run = "" if self.run is None else f", then the run at {self.run:%H:%M}"
        return f"{hours} hours {self.place}{run}"


@attrs.frozen
class Division:
    """A rule whose target differs by a fact of the ticket, with the target of each value."""

    kind: WaitKind
    fact: str
    targets: Mapping[str, HourTarget]

    @property
    def agreeing(self) -> int:
        """Number of actions that agree with the target of their value."""
        return sum(target.agreeing for target in self.targets.values())


def kinds(
    lengths: Sequence[Length], local: Sequence[datetime]
) -> Iterator[tuple[WaitKind, Waits]]:
    """Yield each kind of rule with the waits of the actions, the simplest kind first."""
    run = _run(local)
    for acts_at in (None, run):
        for place, hours in (("elapsed", None), ("on weekdays", WEEKDAYS)):
            kind = WaitKind(place, hours, acts_at)
            yield kind, kind.waits(lengths, local)
    in_hours = [WaitKind(f"within {hours}", hours) for hours in _open_hours(local)]
    found = [(kind, kind.waits(lengths, local)) for kind in in_hours]
    yield from sorted(found, key=lambda each: -each[0].target(each[1]).agreeing)[:1]


def divide(
    tried: Sequence[tuple[WaitKind, Waits]],
    single: tuple[WaitKind, Waits, HourTarget],
    facts: Facts,
) -> Division | None:
    """Return the fact by whose values the targets differ most clearly, or None.

    *single* is the best rule with one target for all. A value needs ten actions, of which half
    agree with a target that leaves a gap. The targets that one half of the actions has must
    explain clearly more of the other half than the target of *single* that the same half has: of
    the actions with which only one of the two agrees, the difference is four times what it would
    be by chance, that is the root of their number.
    """
    found = []
    for kind, waits in tried:
        for fact, places in facts.items():
            targets = _targets(kind, waits, places)
            if len({target.hours for target in targets.values()}) > 1 and _is_clear(
                kind, waits, [at for at in places.values() if len(at) >= FEWEST], single
            ):
                found.append(Division(kind, fact, targets))
    enough = max((each.agreeing for each in found), default=0) * NEARLY
    if single[2].agreeing >= enough:
        return None
    simplest = next(each.kind for each in found if each.agreeing >= enough)
    return max((each for each in found if each.kind == simplest), key=attrgetter("agreeing"))


def _targets(
    kind: WaitKind, waits: Waits, places: Mapping[str, Sequence[int]]
) -> dict[str, HourTarget]:
    """Return the targets by value, without values that have too few actions or no rule."""
    targets = {
        value: kind.target([waits[place] for place in at])
        for value, at in places.items()
        if len(at) >= FEWEST
    }
    return {value: target for value, target in targets.items() if target.explains}


def _is_clear(
    kind: WaitKind,
    waits: Waits,
    places: Iterable[Sequence[int]],
    single: tuple[WaitKind, Waits, HourTarget],
) -> bool:
    """Whether targets, found from one half, explain clearly more of the other half.

    *places* has the actions of each value; one half says too whether a value has a target.
    """
    other, other_waits, _ = single
    hours = other.target(other_waits[::2]).hours
    only_divided = only_single = 0
    for at in places:
        own = kind.target([waits[place] for place in at if not place % 2])
        for place in at:
            if place % 2:
                by_value = own.explains and kind.agrees(own.hours, waits[place])
                by_all = other.agrees(hours, other_waits[place])
                only_divided += by_value and not by_all
                only_single += by_all and not by_value
    more = only_divided - only_single
    return more > 0 and more**2 >= _CLEARLY**2 * (only_divided + only_single)


def _run(local: Sequence[datetime]) -> time:
    """Return the beginning of the quarter of an hour in which the desk acted most often."""
    quarters = Counter((at.hour * 60 + at.minute) // _RUN_WIDTH for at in local)
    quarter = max(quarters.items(), key=lambda entry: (entry[1], -entry[0]))[0]
    return time(*divmod(quarter * _RUN_WIDTH, 60))


def _open_hours(local: Sequence[datetime]) -> Iterator[str]:
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
