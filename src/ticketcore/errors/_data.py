"""Errors in stored data: events, histories, logs of other systems."""

from ticketcore._internal.terminal import briefly, cut, short, visible
from ticketcore.errors._values import TicketcoreError


class DataError(TicketcoreError, ValueError):
    """The base of errors in stored data."""


class CodecError(DataError):
    """Raised when one stored event or command cannot be read.

    *path* is the place in it (``data.amount.minor``), *value* the value found there, *expected* a
    description of a right value. *ticket* and *seq* name the event where they are known; *line*,
    counted from 1, is the place in a file. *is_unknown* says that a later version may know the
    value: it is that of an unknown key, or a word that is none of those expected, and no required
    field is missing.
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
        is_unknown: bool = False,
    ) -> None:
        super().__init__(path, value, expected)
        self.path = path
        self.value = value
        self.expected = expected
        self.ticket = ticket
        self.seq = seq
        self.line = line
        self.is_unknown = is_unknown

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
    ``opened-twice``, ``closed-twice``, ``after-closing``, ``after-final``, ``not-closed``,
    ``begun-twice`` and ``without-cause`` (an event that cannot have happened there),
    ``unknown-zone``, ``repeated`` (another ticket has the number), ``not-a-history`` (a file of
    another kind), ``truncated``, ``too-long``, ``not-json``, ``not-utf-8``, ``blank``,
    ``not-found`` (the history has no such ticket). *line* counts from 1 where a file is read.
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
