"""Closures and pauses of a policy's calendars, and iCalendar files in its folder."""

from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import attrs

from ticketcore._internal.files import read_file_below
from ticketcore._internal.frozen import Value, frozen
from ticketcore._internal.instants import instant_text
from ticketcore._internal.limits import MAX_CLOSURES, MAX_ICS_BYTES
from ticketcore._toml import (
    DATE,
    NAME,
    TEXT,
    Node,
    Reading,
    Scalar,
    Several,
    TableArray,
    UnreadError,
    describe,
    integer,
    key,
    quoted,
)
from ticketcore.calendar import BusinessCalendar, Closure, IcsClosures, read_ics, utc
from ticketcore.errors import TicketcoreError
from ticketcore.policies._digest import digest_of
from ticketcore.policies._kinds import ROUND_THE_CLOCK


def _instant(value: object) -> datetime:
    if not isinstance(value, datetime):
        raise ValueError(f"expected {_INSTANT_EXPECTED}, found {describe(value)}")
    return utc(value)


_INSTANT_EXPECTED: Final = "an instant such as 2026-05-05T10:00:00Z"
INSTANT: Final = Scalar(_INSTANT_EXPECTED, _instant, {"type": "string", "format": "date-time"})


@frozen(kw_only=True)
class ClosureDefinition(Value):
    """A regular closure of whole dates."""

    rule: str = attrs.field(
        metadata=key(
            TEXT,
            "The dates, as a recurrence rule of RFC 5545.",
            example='"FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24"',
        )
    )
    name: str = attrs.field(
        default="closure",
        metadata=key(NAME, "The name that explanations show.", example='"Christmas Eve"'),
    )
    since: date | None = attrs.field(
        default=None,
        metadata=key(
            DATE,
            "The first date. Required if the dates depend on it, as with `INTERVAL=2`.",
            example="2026-01-07",
            unset="always",
        ),
    )
    days: int = attrs.field(
        default=1,
        metadata=key(integer(1, 366), "The number of dates that each closure takes.", example="2"),
    )
    without: tuple[date, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(DATE),
            "First dates of closures on which the calendar stays open.",
            example="[2026-12-24]",
            unset="none",
        ),
    )

    def __attrs_post_init__(self) -> None:
        self.build()

    def __str__(self) -> str:
        more = [f"{self.days} days each"] if self.days > 1 else []
        more += [f"since {self.since}"] if self.since else []
        more += [f"without {', '.join(map(str, self.without))}"] if self.without else []
        return "; ".join([f"{self.rule} {self.name}", *more])

    def build(self) -> Closure:
        """Return the closure. Raises CalendarError."""
        return Closure(
            self.rule, name=self.name, since=self.since, days=self.days, without=self.without
        )


class ClosuresKind(TableArray[ClosureDefinition]):
    """The kind of the closures of a calendar; those of all calendars are counted together."""

    def read(self, node: Node, reading: Reading) -> tuple[ClosureDefinition, ...]:
        """Return the closures."""
        if isinstance(node.value, list):
            reading.count(node, "closures", len(node.value), MAX_CLOSURES)
        return super().read(node, reading)


@frozen(kw_only=True)
class PauseDefinition(Value):
    """Time that does not count, between two instants."""

    start: datetime = attrs.field(
        metadata=key(INSTANT, "The beginning, with an offset.", example="2026-05-05T10:00:00Z")
    )
    end: datetime = attrs.field(
        metadata=key(INSTANT, "The end, with an offset.", example="2026-05-05T12:00:00Z")
    )

    def __attrs_post_init__(self) -> None:
        BusinessCalendar(zone="UTC", hours=ROUND_THE_CLOCK, pauses=[(self.start, self.end)])

    def __str__(self) -> str:
        return f"{instant_text(self.start)} to {instant_text(self.end)}"


@frozen
class IcsFile(Value):
    """An iCalendar file that was read with a policy."""

    name: str
    closures: IcsClosures = attrs.field(repr=False)

    @property
    def digest(self) -> str:
        """The digest of the closures, by which files of one name are told apart."""
        return digest_of(self)

    def __str__(self) -> str:
        return f"{self.name} with digest {self.digest}"


class IcsFileKind:
    """The kind of the name of an iCalendar file in the policy's folder, which is read at once."""

    expected = 'the name of a file such as "holidays.ics"'

    def read(self, node: Node, reading: Reading) -> IcsFile:
        """Return the file with its closures; its mistakes are problems of the name."""
        name = TEXT.read(node, reading)
        try:
            if Path(name).name != name:
                raise ValueError(
                    f"{quoted(name)} is not in the policy's folder: give its name only"
                )
            if reading.folder is None:
                raise ValueError("a text without a folder cannot name a file")
            path = Path(node.place.source).parent / name
            content = read_file_below(reading.folder, path)
            reading.count(node, "bytes of iCalendar files", len(content), MAX_ICS_BYTES)
            return IcsFile(name, read_ics(content))
        except OSError as error:
            reading.note(node, f"{quoted(name)}: {str(error.strerror).lower()}")
        except ImportError:
            reading.note(node, "needs the extra ticketcore[ical]: install it")
        except (ValueError, TicketcoreError) as error:
            reading.note(node, str(error))
        raise UnreadError

    def schema(self) -> dict[str, Any]:
        """Allow the name of an .ics file."""
        return {"type": "string"}
