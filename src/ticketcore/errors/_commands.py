"""Errors of commands, stores and replays."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from ticketcore._internal.limits import MAX_QUOTED
from ticketcore._internal.local_times import local_text
from ticketcore._internal.terminal import briefly, cut, short, visible
from ticketcore.errors._values import TicketcoreError


class RefusedError(TicketcoreError):
    """Raised when a command is not allowed. The ticket is unchanged.

    *code* is stable and for programs (``"ticket-closed"``), *reason* is a sentence for people, in
    which long names are cut. *rule* is the id of the policy's rule that refuses, if any, *command*
    is the refused command. docs/reference/refusals.md lists the codes.
    """

    def __init__(
        self, code: str, reason: str, *, command: object, rule: str | None = None
    ) -> None:
        self.code = code
        self.reason: str = briefly(reason)
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

    *ticket* is its number and *due* the instant, in UTC, at which it acts. The text has *due* in
    the time *zone*. Nothing is wrong with the command: advance that ticket, or all of them with
    `advance_order`, and try again.
    """

    def __init__(self, ticket: str | None, due: datetime, zone: str) -> None:
        super().__init__(ticket, due, zone)
        self.ticket = ticket
        self.due = due
        self.zone = zone

    def __str__(self) -> str:
        return (
            f"ticket {short(self.ticket)} of the same order acts on "
            f"{local_text(self.due, self.zone)}: advance it first, for example with advance_order"
        )


class ConflictError(TicketcoreError):
    """Raised when a command or an append is based on an old state of its ticket.

    Nothing is stored.

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
    each command an id of its own. Reuse the id only to send the same command again.
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
    """Raised when the database of a store cannot be used. No command is stored in part.

    *problem* is a stable code: ``unreachable``, ``lost`` (the connection broke), ``no-table``,
    ``other-version`` (the tables are those of another version), ``read-only``, ``not-allowed``
    (the user has no permission), ``replaced`` (the file of SQLite), ``full``, ``busy``
    (another transaction held a lock for too long, or the database chose this one to give way),
    ``cannot-lock`` (the connection would not lock the tickets), ``no-connection`` (none of the
    pool is free), ``no-transaction`` (it has ended or failed), ``pooled`` (a pooler
    took prepared statements away), ``too-long`` (a number, an id or a name), ``damaged``.
    *remedy* says what to do. The error of the database is chained.
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
