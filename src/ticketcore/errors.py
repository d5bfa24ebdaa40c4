"""All errors that this library raises.

    TicketcoreError
    ├── NaiveDatetimeError      a datetime has no offset
    ├── InstantError            not an instant, or outside the years 1 to 9999
    ├── MoneyError              not an amount of a currency
    ├── FieldError              a field of a command, event or value is wrong
    ├── RefusedError            the command is not allowed
    ├── OrderNotAdvancedError   another ticket of the order must be advanced first
    ├── ConflictError           a command rests on an old state of its ticket
    ├── CommandIdError          a command id was used for another command
    ├── LeaseLostError          a follower held a ticket for too long
    ├── StoreError              the database of a store does not do its part
    ├── NewerHistoryError       a ticket has events that only a newer version can read
    ├── BacktestError           a part of a history cannot be processed
    ├── DataError               stored data is broken
    │   ├── CodecError          one event or command
    │   ├── HistoryError        the sequence of the events
    │   └── LogError            the ticket log of another system
    └── ConfigurationError      the configuration is broken
        ├── CalendarError       hours, holidays, spans
        │   └── CalendarRangeError    a date outside the dates of the calendar
        ├── LedgerError         tickets of different orders, or without a number
        ├── WrongPolicyError    a ticket follows another policy
        ├── UnknownPolicyError  a set of versions lacks a policy
        ├── UnknownGroupingError  metrics are grouped by something unknown
        ├── QueryError          a wrong filter, condition or goal
        ├── UnknownTimerError   a policy lacks a timer of a ticket
        ├── NotificationError   an email or template has a wrong value
        └── FileError           a file, with all its problems at once
            ├── PolicyError     a policy
            ├── ScenarioError   a scenario
            └── MappingError    a mapping of another system's log

Each has its values as attributes, beside the text.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from ticketcore._internal.limits import MAX_LISTED, MAX_PROBLEMS, MAX_QUOTED
from ticketcore._internal.terminal import briefly, cut, short, visible


class TicketcoreError(Exception):
    """The base of all errors of this library. Never raised itself."""

    def __str__(self) -> str:
        return briefly(super().__str__())


class NaiveDatetimeError(TicketcoreError, ValueError):
    """Raised when a datetime has no offset, so that its instant is unknown.

    *what* says what the value is for. It is a ValueError too, as other wrong values are.
    """

    def __init__(self, value: object, what: str = "instant") -> None:
        super().__init__(value, what)
        self.value = value
        self.what = what

    def __str__(self) -> str:
        return (
            f"the {self.what} {short(self.value)} has no offset: "
            f"give an aware datetime, for example with tzinfo=datetime.UTC"
        )


class InstantError(TicketcoreError, ValueError):
    """Raised when a value is not an instant between the years 1 and 9999."""

    def __init__(self, value: object, why: str) -> None:
        super().__init__(value, why)
        self.value = value
        self.why = why

    def __str__(self) -> str:
        shown = self.value if isinstance(self.value, datetime) else short(self.value)
        return f"{shown} {briefly(self.why)}"


class MoneyError(TicketcoreError, ValueError):
    """Raised when a value is not an amount of a currency. Money is never rounded."""

    def __init__(self, value: object, why: str) -> None:
        super().__init__(value, why)
        self.value = value
        self.why = why

    def __str__(self) -> str:
        shown = short(self.value) if isinstance(self.value, str) else cut(str(self.value))
        return f"{shown} is not an amount of money: {briefly(self.why)}"


class FieldError(TicketcoreError, ValueError):
    """Raised when a command, an event or a value is built with a field that has a wrong value.

    *owner* is the name of the class, *field* the name of its field, *value* what was given and
    *expected* what the field accepts.
    """

    def __init__(self, owner: str, field: str, value: object, expected: str) -> None:
        super().__init__(owner, field, value, expected)
        self.owner = owner
        self.field = field
        self.value = value
        self.expected = expected

    def __str__(self) -> str:
        return briefly(
            f"{self.owner}.{self.field}: expected {self.expected}, found {short(self.value)}"
        )


class RefusedError(TicketcoreError):
    """Raised when a command is not allowed. The ticket is unchanged.

    *code* is stable and for programs (``"ticket-closed"``), *reason* is a sentence for people, in
    which long names are cut,
    *rule* is the id of the policy's rule that refuses, if any, *command* is the refused command.
    docs/reference/refusals.md lists the codes.
    """

    def __init__(
        self, code: str, reason: str, *, command: object, rule: str | None = None
    ) -> None:
        self.code = code
        self.reason = briefly(reason)
        super().__init__(code, self.reason)
        self.command = command
        self.rule = rule

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how it is pickled and copied, so that it can come from another process."""
        return partial(type(self), command=self.command, rule=self.rule), self.args

    def __str__(self) -> str:
        return f"{self.code}: {self.reason}" + (f" ({cut(self.rule)})" if self.rule else "")


class OrderNotAdvancedError(TicketcoreError):
    """Raised when another ticket of the order must be advanced first.

    *ticket* is its number and *due* the instant, in UTC, at which it acts. Nothing is wrong with
    the command: advance that ticket, or all of them with `advance_order`, and try again.
    """

    def __init__(self, ticket: str | None, due: datetime) -> None:
        super().__init__(ticket, due)
        self.ticket = ticket
        self.due = due

    def __str__(self) -> str:
        return (
            f"ticket {short(self.ticket)} of the same order acts at {self.due.isoformat()}: "
            f"advance it first, for example with advance_order"
        )


class ConflictError(TicketcoreError):
    """Raised when a command or an append rests on an old state of its ticket. Nothing is stored.

    *expected* is the number of events that the sender has seen, *actual* the number that the
    ticket has; None if a store noticed only that the ticket's order was changed. Read the ticket
    again, and decide whether the command is still wanted.
    """

    def __init__(self, ticket: str, expected: int, actual: int | None = None) -> None:
        super().__init__(ticket, expected, actual)
        self.ticket = ticket
        self.expected = expected
        self.actual = actual

    def __str__(self) -> str:
        found = "was changed" if self.actual is None else f"has {self.actual} events"
        return (
            f"ticket {visible(cut(self.ticket))} {found}, the sender saw {self.expected} events: "
            f"read the ticket again"
        )


class CommandIdError(TicketcoreError):
    """Raised when a command has an id that was used for another command.

    *command_id* is the id, *ticket* the number of the ticket that the other command changed. Give
    each command an id of its own, and send it again with the same id only unchanged.
    """

    def __init__(self, command_id: str, ticket: str) -> None:
        super().__init__(command_id, ticket)
        self.command_id = command_id
        self.ticket = ticket

    def __str__(self) -> str:
        return (
            f"the command id {visible(cut(self.command_id))} was used for another command, on "
            f"ticket {visible(cut(self.ticket))}: give each command an id of its own"
        )


class LeaseLostError(TicketcoreError):
    """Raised when a follower ends a lease that another worker has taken over.

    Roll back what was done under the lease. *follower* and *ticket* say whose lease it was.
    """

    def __init__(self, follower: str, ticket: str) -> None:
        super().__init__(follower, ticket)
        self.follower = follower
        self.ticket = ticket

    def __str__(self) -> str:
        return (
            f"the lease of follower {visible(cut(self.follower))} on ticket "
            f"{visible(cut(self.ticket))} has passed to another worker: roll back, and give "
            f"leases more time"
        )


class StoreError(TicketcoreError):
    """Raised when the database of a store does not do its part. Nothing is half done.

    *problem* is a stable code: ``unreachable``, ``lost`` (the connection broke), ``no-table``,
    ``other-version`` (the tables are those of another version), ``read-only``, ``full``, ``busy``
    (another transaction held a lock for too long, or the database chose this one to give way),
    ``cannot-lock`` (the connection would not lock the tickets), ``damaged``. *remedy* says what to
    do. The error of the database is chained.
    """

    def __init__(self, problem: str, message: str, remedy: str) -> None:
        super().__init__(problem, message, remedy)
        self.problem = problem
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{briefly(self.message)}: {briefly(self.remedy)}"


class NewerHistoryError(TicketcoreError):
    """Raised when a decision depends on a ticket that holds content of a newer version.

    *ticket* is its number, *unread* are the names of the events that this version cannot read.
    Decide with the version that wrote them. Reading and listing such a ticket is possible.
    """

    def __init__(self, ticket: str | None, unread: Iterable[str]) -> None:
        self.ticket = ticket
        self.unread: tuple[str, ...] = tuple(unread)
        super().__init__(ticket, self.unread)

    def __str__(self) -> str:
        which = "the ticket" if self.ticket is None else f"ticket {visible(cut(self.ticket))}"
        names = cut(", ".join(visible(name) for name in self.unread[:MAX_QUOTED]))
        return f"{which} holds events that this version cannot read ({names}): use a newer version"


class BacktestError(TicketcoreError):
    """Raised when a part of a history cannot be processed, in this process or in a worker.

    *path* is the history's. *start* and *end* are the part in bytes; *end* is None for a
    compressed file, which is read as a whole. The cause is chained.
    """

    def __init__(self, path: str, start: int, end: int | None, why: str) -> None:
        super().__init__(path, start, end, why)
        self.path = path
        self.start = start
        self.end = end
        self.why = why

    def __str__(self) -> str:
        end = "the end" if self.end is None else self.end
        return f"{self.path}, bytes {self.start} to {end}: {briefly(self.why)}"


class DataError(TicketcoreError, ValueError):
    """The base of errors in stored data."""


class CodecError(DataError):
    """Raised when one stored event or command cannot be read.

    *path* is the place in it (``data.amount.minor``), *value* the value found there, *expected* a
    description of a right value. *ticket* and *seq* name the event where they are known; *line*,
    counted from 1, is the place in a file.
    """

    def __init__(
        self,
        path: str,
        value: object,
        expected: str,
        *,
        ticket: str | None = None,
        seq: int | None = None,
        line: int | None = None,
    ) -> None:
        super().__init__(path, value, expected)
        self.path = path
        self.value = value
        self.expected = expected
        self.ticket = ticket
        self.seq = seq
        self.line = line

    def __str__(self) -> str:
        where = "" if self.line is None else f"line {self.line}: "
        if self.ticket is not None:
            event = "" if self.seq is None else f" event {self.seq}"
            where += f"ticket {visible(cut(self.ticket))}{event}: "
        where += f"{visible(cut(self.path))}: " if self.path else ""
        return f"{where}expected {briefly(self.expected)}, found {short(self.value)}"


class HistoryError(DataError):
    """Raised when events do not make a history.

    *problem* is a stable code: ``empty``, ``not-opened``, ``gap``, ``duplicate``, ``backwards``
    (an event is dated before the previous one), ``mixed`` (a ticket's events are not together),
    ``opened-twice``, ``closed-twice``, ``after-closing`` and ``after-final`` (an event that cannot
    have happened there), ``unknown-zone``, ``repeated`` (another ticket has the number),
    ``not-a-history`` (a file of another kind),
    ``truncated``, ``too-long``, ``not-json``, ``not-utf-8``, ``blank``, ``not-found`` (the
    history has no such ticket). *line* counts from 1 where a file is read.
    """

    def __init__(
        self,
        problem: str,
        message: str,
        *,
        ticket: str | None = None,
        seq: int | None = None,
        line: int | None = None,
    ) -> None:
        super().__init__(problem, message)
        self.problem = problem
        self.message = message
        self.ticket = ticket
        self.seq = seq
        self.line = line

    def __str__(self) -> str:
        where = "" if self.line is None else f"line {self.line}: "
        which = "" if self.ticket is None else f"ticket {visible(cut(self.ticket))}: "
        return f"{where}{which}{briefly(self.message)}"


class LogError(DataError):
    """Raised when the ticket log of another system cannot be imported, or one of its rows.

    *place* names the row, such as ``line 7`` of a CSV file or ``element 7`` of a JSON file. It is
    None if the error is about the whole log.
    """

    def __init__(self, message: str, place: str | None = None) -> None:
        super().__init__(message, place)
        self.message = message
        self.place = place

    def __str__(self) -> str:
        return briefly(self.message if self.place is None else f"{self.place}: {self.message}")


class ConfigurationError(TicketcoreError, ValueError):
    """The base of errors in the configuration: calendars, policies and other files."""


class LedgerError(ConfigurationError):
    """Raised when tickets do not form the ledger of one order, or a ledger is of another order."""


class CalendarError(ConfigurationError):
    """Raised when hours, holidays, exceptions or a span are wrong."""


class CalendarRangeError(CalendarError):
    """Raised when a result lies outside the dates that a calendar supports."""


class WrongPolicyError(ConfigurationError):
    """Raised when a ticket is decided by another policy, or version, than it was opened under.

    Use the right one (PolicyVersions finds it), or move the ticket to the other one with the
    command ChangePolicy.
    """

    def __init__(self, of_ticket: str, of_ticket_version: str, given: str, version: str) -> None:
        super().__init__(of_ticket, of_ticket_version, given, version)
        # A ticket that was imported may lack its version.
        self.of_ticket: str = f"{of_ticket} {of_ticket_version}".rstrip()
        self.given: str = f"{given} {version}"

    def __str__(self) -> str:
        return (
            f"the ticket follows the policy {cut(self.of_ticket)}, not {cut(self.given)}: "
            f"use the former, or send ChangePolicy"
        )


class UnknownPolicyError(ConfigurationError):
    """Raised when a set of policy versions does not contain the version of a ticket."""


class UnknownGroupingError(ConfigurationError):
    """Raised when metrics are grouped by something that tickets cannot be grouped by.

    *grouping* is the value found, *known* are the groupings that exist.
    """

    def __init__(self, grouping: object, known: Iterable[str]) -> None:
        self.grouping = grouping
        self.known: tuple[str, ...] = tuple(known)
        super().__init__(grouping, self.known)

    def __str__(self) -> str:
        known = briefly(", ".join(self.known))
        return f"metrics cannot be grouped by {short(self.grouping)}: use {known}"


class UnknownTimerError(ConfigurationError):
    """Raised when a due timer of a ticket is not in its policy, or is there for disputes only.

    The policy's file was edited without a new effective date. Restore the timer, or send
    Reschedule before it is due.
    """

    def __init__(self, timer: str, policy: str, version: str) -> None:
        super().__init__(timer, policy, version)
        self.timer = timer
        self.policy: str = f"{policy} {version}"

    def __str__(self) -> str:
        named = f"the policy {cut(self.policy)} has no timer {short(self.timer)}"
        return f"{named}, which a ticket awaits"


class TimerLoopError(ConfigurationError):
    """Raised when timers of a policy set each other off for ever at one instant.

    *timers* names those that acted at the instant *at*. Change one of them in the policy.
    """

    def __init__(self, timers: tuple[str, ...], at: datetime) -> None:
        super().__init__(timers, at)
        self.timers = timers
        self.at = at

    def __str__(self) -> str:
        names = briefly(", ".join(self.timers))
        return f"timers set each other off for ever at {self.at.isoformat()}: {names}"


class NotificationError(ConfigurationError):
    """Raised when an e-mail or a template cannot be written with the given values.

    *what* names the value ("address", "zone", "locale", "language", "link", "template", "field"),
    *value* is the value found, *why* says what is wrong with it.
    """

    def __init__(self, what: str, value: str, why: str) -> None:
        super().__init__(what, value, why)
        self.what = what
        self.value = value
        self.why = why

    def __str__(self) -> str:
        return f"the {self.what} {short(self.value)} {briefly(self.why)}"


class FileProblem(Protocol):
    """One problem in a file, as `FileError` carries it; its text has all of this in one line."""

    @property
    def source(self) -> str:
        """The file's name."""

    @property
    def line(self) -> int:
        """The line, from 1; 0 if the file could not be read."""

    @property
    def column(self) -> int:
        """The column in characters, from 1; 0 if the file could not be read."""

    @property
    def path(self) -> str:
        """The key path, such as `timer[2].after`; empty if the problem is about the whole file."""

    @property
    def message(self) -> str:
        """The wrong value, and what would be right."""


class FileError(ConfigurationError):
    """The base of errors in a file that people write. Carries all its *problems*, in order."""

    def __init__(self, problems: Iterable[FileProblem]) -> None:
        self.problems: tuple[FileProblem, ...] = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        count = len(self.problems)
        heading = f"{count} problem{'' if count == 1 else 's'}"
        if count >= MAX_PROBLEMS:
            heading += ", and perhaps more"
        lines = [heading, *map(str, self.problems[:MAX_LISTED])]
        if count > MAX_LISTED:
            lines.append(f"and {count - MAX_LISTED} more")
        return "\n".join(lines)


class PolicyError(FileError):
    """Raised when a policy file is wrong."""


class ScenarioError(FileError):
    """Raised when a scenario file is wrong."""


class MappingError(FileError):
    """Raised when a mapping of another system's log is wrong, or does not fit the log."""


class QueryError(ConfigurationError):
    """Raised when a filter, a condition or a goal is not one that tickets can be asked by."""
