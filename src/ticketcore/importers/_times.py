"""Times of a log: their forms, and the instants of local times that have no offset.

A local time that the clocks show twice has two instants. The order of the rows decides if the
first of them lies before the row above; otherwise the first counts. A local time that the clocks
skip is the instant of the change.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import attrs

from ticketcore._internal.terminal import briefly
from ticketcore.calendar import from_local
from ticketcore.errors import TicketcoreError

_DATE_AND_TIME = re.compile(
    r"\s*(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})"
    r"(?:[T ,]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,6})\d*)?)?"
    r"\s*([AaPp]\.?[Mm]\.?)?)?\s*"
)
_ZONED = re.compile(r"(.*?) (?:UTC|GMT|([+-]\d\d:?\d\d))\s*")
_EMAIL = re.compile(
    r"\s*(?:[A-Z][a-z]{2},\s*)?\d{1,2}\s+[A-Z][a-z]{2}\s+\d{4}\s+\d{1,2}:\d{2}(?::\d{2})?"
    r"\s+([+-]\d{4}|[A-Z]{1,3})\s*(?:\([^()]*\)\s*)?"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CACHED = 1 << 16  # most times occur in many rows


@attrs.frozen
class LogTime:
    """A time of the log: its instant in UTC, or the two instants of a repeated local time.

    *skipped* is True for a local time that the clocks did not show.
    """

    first: datetime
    last: datetime | None = None
    skipped: bool = False

    @property
    def latest(self) -> datetime:
        """The last instant that the time can mean."""
        return self.last or self.first


def time_reader(time_formats: Sequence[str], zone: ZoneInfo) -> Callable[[str], LogTime]:
    """Return a function that reads times; those without an offset are of *zone*.

    The first of the formats in which a text is a time counts. The function raises ValueError and
    names the expected forms.
    """
    *others, last = map(_parser, time_formats)

    def parse(text: str) -> datetime:
        for parser in others:
            with suppress(ValueError, OverflowError):
                return parser(text)
        return last(text)

    @lru_cache(maxsize=_CACHED)
    def read(text: str) -> LogTime:
        try:
            found = parse(text)
            if found.tzinfo is not None:
                return LogTime(found.astimezone(UTC))
            return _local(found, zone)
        except (ValueError, OverflowError, TicketcoreError) as error:
            why = briefly(str(error))
            if (form := form_of(text)) not in (None, *time_formats):
                why = f'time_format = "{form}" reads it'
            expected = " or ".join(time_formats)
            message = f"expected a time ({expected}), found {text[:40]!r}: {why}"
            raise ValueError(message) from None

    return read


FORMS: Final = ("iso", "day-first", "month-first", "email")
"""The named forms of times that are not numbers, in the order in which they are tried."""


def form_of(text: str) -> str | None:
    """Return the first named form in which a text is a time, if there is one."""
    for form in FORMS:
        try:
            _parser(form)(text)
        except (ValueError, OverflowError):
            continue
        return form
    return None


def _local(naive: datetime, zone: ZoneInfo) -> LogTime:
    first = from_local(naive, zone)
    if first.astimezone(zone).replace(tzinfo=None) != naive:
        return LogTime(first, skipped=True)
    last = (naive.replace(tzinfo=zone, fold=1)).astimezone(UTC)
    return LogTime(first) if last == first else LogTime(first, last)


def _parser(time_format: str) -> Callable[[str], datetime]:
    match time_format:
        case "iso":
            return _iso
        case "day-first":
            return lambda text: _by_numbers(text, "dmy")
        case "month-first":
            return lambda text: _by_numbers(text, "mdy")
        case "email":
            return _email
        case "epoch":
            return lambda text: _EPOCH + timedelta(seconds=float(text))
        case "epoch-ms":
            return lambda text: _EPOCH + timedelta(milliseconds=float(text))
        case pattern:
            return lambda text: _by_pattern(text, pattern)


def _email(text: str) -> datetime:
    """Read a date of RFC 5322; `-0000` is UTC too. Refuse zones without a known offset."""
    match = _EMAIL.fullmatch(text)
    if match is None:
        raise ValueError("write Sat, 31 Jan 2026 17:00:00 +0100")
    found = parsedate_to_datetime(text)
    if found.tzinfo is None and match[1] != "-0000":
        raise ValueError(f"the offset of {match[1]} is unknown")
    return found.replace(tzinfo=found.tzinfo or UTC)


def _by_pattern(text: str, pattern: str) -> datetime:
    if "%Z" not in pattern:
        return datetime.strptime(text, pattern)  # noqa: DTZ007  # the zone follows
    if not {"UTC", "GMT"} & {*text.split()}:  # Python reads the zones of this machine too
        raise ValueError("%Z reads UTC and GMT; write the name of another zone as it is")
    return datetime.strptime(text, pattern).replace(tzinfo=UTC)


def _iso(text: str) -> datetime:
    """Read ISO 8601; slashes, hours of one digit and a space before the offset are allowed."""
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        zoned = _ZONED.fullmatch(text)
        found = _by_numbers(zoned[1] if zoned else text, "ymd")
        return datetime.fromisoformat(f"{found}{zoned[2] or '+0000'}") if zoned else found


_SHAPES = {"dmy": "31/1/2026 17:00", "mdy": "1/31/2026 17:00", "ymd": "2026-01-31 17:00"}


def _by_numbers(text: str, order: str) -> datetime:
    match = _DATE_AND_TIME.fullmatch(text)
    if not match or (order == "ymd") is not (len(match[1]) == 4):
        raise ValueError(f"write {_SHAPES[order]}")
    numbers = dict(zip(order, map(int, match.group(1, 2, 3)), strict=True))
    hour, minute, second = (int(part or 0) for part in match.group(4, 5, 6))
    if match[8]:
        if not 1 <= hour <= 12:
            raise ValueError("the hour before AM or PM is from 1 to 12")
        hour = hour % 12 + (12 if match[8][0] in "Pp" else 0)
    fraction = int((match[7] or "0").ljust(6, "0"))
    year = numbers["y"] + 2000 if numbers["y"] < 100 else numbers["y"]
    return datetime(year, numbers["m"], numbers["d"], hour, minute, second, fraction)  # noqa: DTZ001


@attrs.define
class TimeCounts:
    """Counts of local times that have no single instant."""

    by_order: int = 0
    undecided: int = 0
    skipped: int = 0

    def resolve(self, times: Iterable[LogTime]) -> list[datetime]:
        """Return the instants of times that are in the order of their rows, and count."""
        instants: list[datetime] = []
        for time in times:
            at = time.first
            self.skipped += time.skipped
            if time.last is not None:
                if instants and time.first < instants[-1] <= time.last:
                    at = time.last
                    self.by_order += 1
                else:
                    self.undecided += 1
            instants.append(at)
        return instants


def by_number(cell: str | None) -> tuple[float, str]:
    """Return a key that sorts numbers by size, and before texts."""
    try:
        return float(cell or 0), ""
    except ValueError:
        return float("inf"), cell or ""
