"""Business time by walking over minutes: slow, plain, and knowing nothing of tables or UTC rules.

It only looks at what the clocks on the wall show. An opening has begun when they have shown its
beginning or more; it is over when they will never again show less than its end.
"""

from bisect import bisect_left
from datetime import datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from support.calendars.strategies import DAY, MINUTE, Rules


def open_minutes(rules: Rules, low: datetime, high: datetime) -> list[bool]:
    """Tell for each minute from *low* to *high* whether it is open."""
    clock = ZoneInfo(rules.zone)
    # Walk further on both sides, so that the shifts and changes about the ends are seen.
    begin, minutes = low - 3 * DAY, (high - low + 6 * DAY) // MINUTE
    walls = [(begin + n * MINUTE).astimezone(clock).replace(tzinfo=None) for n in range(minutes)]
    shown = list(accumulate(walls, max))
    still_to_come = list(accumulate(reversed(walls), min))[::-1]
    flags = [False] * minutes
    special = dict(rules.special)
    first = min(walls).replace(hour=0, minute=0) - DAY
    for index in range((max(walls) - first).days + 2):
        midnight = first + index * DAY
        openings = special.get(midnight.date(), rules.week[midnight.weekday()])
        for start, end in openings:
            begun = bisect_left(shown, midnight + start * MINUTE)
            over = bisect_left(still_to_come, midnight + end * MINUTE)
            flags[begun:over] = [True] * max(0, over - begun)
    skipped = 3 * DAY // MINUTE
    return flags[skipped : skipped + (high - low) // MINUTE]


def walk(flags: list[bool], start: int, minutes: int) -> int | None:
    """Return the index after that many open minutes from *start*, or None if there are fewer."""
    for index in range(start, len(flags)):
        minutes -= flags[index]
        if not minutes:
            return index + 1
    return None


def walk_back(flags: list[bool], start: int, minutes: int) -> int | None:
    """Return the index from which that many open minutes lead to *start*, or None."""
    for index in range(start - 1, -1, -1):
        minutes -= flags[index]
        if not minutes:
            return index
    return None


def minutes_between(low: datetime, high: datetime) -> int:
    """Return the whole minutes from one instant to another."""
    return (high - low) // timedelta(minutes=1)
