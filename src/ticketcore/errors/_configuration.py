"""Errors in the configuration: calendars, policies and other files."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from ticketcore._internal.limits import MAX_LISTED, MAX_PROBLEMS
from ticketcore._internal.local_times import local_text
from ticketcore._internal.terminal import briefly, cut, short
from ticketcore.errors._values import TicketcoreError


class ConfigurationError(TicketcoreError, ValueError):
    """The base of errors in the configuration: calendars, policies and other files."""


class LedgerError(ConfigurationError):
    """Raised when tickets do not form the ledger of one order, or a ledger is of another order."""


class CalendarError(ConfigurationError):
    """Raised when hours, holidays, exceptions or a span are wrong."""


class CalendarRangeError(CalendarError):
    """Raised when a result lies outside the dates that a calendar supports."""


class DiagramError(ConfigurationError):
    """Raised when a policy has more rules than a diagram can show."""


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
        return f"{named}, which is pending on a ticket"


class TimerLoopError(ConfigurationError):
    """Raised when timers of a policy set each other off for ever at one instant.

    *timers* names those that acted at the instant *at*, in UTC. The text has *at* in the time
    *zone*. Change one of the timers in the policy.
    """

    def __init__(self, timers: tuple[str, ...], at: datetime, zone: str) -> None:
        super().__init__(timers, at, zone)
        self.timers = timers
        self.at = at
        self.zone = zone

    def __str__(self) -> str:
        names = briefly(", ".join(self.timers))
        at = local_text(self.at, self.zone)
        return f"timers set each other off for ever on {at}: {names}"


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
    """One problem in a file, as a `FileError` has it; its text has all of this in one line."""

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
    """Raised when a filter, a condition or a goal is wrong, or names what tickets do not have."""
