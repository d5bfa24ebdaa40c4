"""Business time of one calendar as a list of ticks, each open or closed.

An instant is the index of the tick that begins at it. A tick is a minute, a second for stories
whose instants have seconds, or more where all that happens is at whole ticks. Every question is
answered by looking at one tick after the other.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import attrs

from support.calendars.oracle import open_minutes
from support.calendars.strategies import DAY, MINUTE, WEEKDAYS, Rules


@attrs.frozen
class Window:
    """The time that a story may touch, from *low* to *high*, in ticks."""

    low: datetime
    high: datetime
    tick: timedelta = MINUTE

    def index(self, instant: datetime) -> int:
        """Return the tick that begins at an instant."""
        ticks, rest = divmod(instant - self.low, self.tick)
        assert not rest, f"{instant} is not a multiple of {self.tick}"
        return ticks

    def instant(self, index: int) -> datetime:
        """Return the instant at which a tick begins."""
        return self.low + index * self.tick


def window_from(opening: datetime, tick: timedelta) -> Window:
    """Return a window around all that a story of some weeks can reach."""
    monday = opening.replace(hour=0, minute=0) - opening.weekday() * DAY
    return Window(monday - 4 * DAY, monday + 180 * DAY, tick)


@attrs.frozen(eq=False)
class Minutes:
    """The ticks of a calendar. *rules* is None for time that counts round the clock."""

    window: Window
    zone: str
    rules: Rules | None = None
    open: bytes = attrs.field(init=False, repr=False)

    @open.default
    def _open_ticks(self) -> bytes:
        window = self.window
        if self.rules is None:
            return bytes([True]) * ((window.high - window.low) // window.tick)
        minutes = open_minutes(self.rules, window.low, window.high)
        if window.tick > MINUTE:  # then the calendar opens and closes at whole ticks
            return bytes(minutes[:: window.tick // MINUTE])
        return b"".join(bytes([flag]) * (MINUTE // window.tick) for flag in minutes)

    def between(self, start: int, end: int) -> int:
        """Return the open ticks between two instants."""
        return sum(self.open[start:end])

    def next_open(self, start: int) -> int:
        """Return the first open tick from *start* on."""
        while not self.open[start]:
            start += 1
        return start

    def add(self, start: int, ticks: int) -> int:
        """Return the instant at which *ticks* open ticks after *start* are over."""
        while ticks:
            ticks -= self.open[start]
            start += 1
        return start

    def subtract(self, end: int, ticks: int) -> int:
        """Return the earliest instant from which *ticks* open ticks lead to *end*."""
        ticks_are_over = bool(ticks)  # then the result is the closing before, not the opening
        while ticks:
            end -= 1
            ticks -= self.open[end]
        while ticks_are_over and not self.open[end - 1]:
            end -= 1
        return end

    def days_later(self, start: int, days: int, *, working: bool) -> int:
        """Return the same local time *days* dates later, which may be in closed time."""
        local, step = self.local(start), DAY if days > 0 else -DAY
        left = abs(days)
        while left:
            local += step
            left -= not working or self.is_working(local.date())
        return self.index(local)

    def day_end(self, day: date) -> int:
        """Return the end of the last open tick of a working date."""
        end = self.index(datetime.combine(day + DAY, datetime.min.time()))
        while not self.open[end - 1]:
            end -= 1
        return end

    def is_working(self, day: date) -> bool:
        """Return whether a date has openings."""
        if self.rules is None:
            return True
        return bool(dict(self.rules.special).get(day, self.rules.week[day.weekday()]))

    def local(self, index: int) -> datetime:
        """Return what the clocks show at an instant."""
        return self.window.instant(index).astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)

    def index(self, local: datetime) -> int:
        """Return the first instant at which the clocks show a time; in a gap, the change."""
        clock = ZoneInfo(self.zone)
        index = self.window.index(local.replace(tzinfo=clock, fold=0))
        while self.local(index - 1) >= local:
            index -= 1
        while self.local(index) < local:
            index += 1
        return index


@lru_cache(maxsize=64)
def minutes_of(window: Window, zone: str, rules: Rules | None) -> Minutes:
    """Return the ticks of a calendar, which are made once."""
    return Minutes(window, zone, rules)


def rules_of(calendar: Mapping[str, object], zone: str) -> Rules:
    """Read zone, weekly hours and holidays of a calendar of a policy file."""
    hours = calendar.get("hours", "mon-sun 00:00-24:00")
    if isinstance(hours, str):
        days, _, times = hours.partition(" ")
        hours = {days: times}
    assert isinstance(hours, dict)
    week: list[tuple[tuple[int, int], ...]] = [()] * 7
    for days, times in hours.items():
        first, _, last = days.partition("-")
        for day in range(WEEKDAYS.index(first), WEEKDAYS.index(last or first) + 1):
            week[day] = tuple(_opening(each) for each in times.split())
    holidays = calendar.get("holidays", {})
    assert isinstance(holidays, dict)
    special = tuple((date.fromisoformat(day), ()) for day in holidays)
    named = str(calendar.get("zone", "vendor"))
    return Rules(zone if named == "vendor" else named, tuple(week), special)


def _opening(text: str) -> tuple[int, int]:
    begin, end = (
        int(hour) * 60 + int(minute) for hour, minute in (t.split(":") for t in text.split("-"))
    )
    return begin, end
