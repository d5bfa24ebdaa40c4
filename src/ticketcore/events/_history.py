"""Lines of events put together into whole histories, or told why they are none.

A history begins at a line with sequence number 1 whose ticket is not that of the line before.
Its further lines belong to it as long as they name its ticket. That rule looks at two lines only,
so memory stays flat, a file can be cut at any such place, and damage stays where it is:

- a line that cannot be read breaks the ticket that it names; one that does not even name a
  ticket is reported by itself, and the tickets around it stand by their own numbers;
- lines of a ticket without its beginning are reported once, as ``not-opened``;
- a ticket that is interrupted by lines of another is ``mixed``.

What two lines cannot show is not found: a ticket that comes a second time as a whole, and the
last lines of a ticket missing without a trace.
"""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

import attrs

from ticketcore._internal.fast_attrs import fast
from ticketcore.errors import CodecError, DataError, HistoryError
from ticketcore.events._events import Event, Opened, Unknown
from ticketcore.events._lines import LineReader, place_of


@attrs.frozen
class History:
    """All events of a ticket, in order. *first_line* is counted from 1 where reading began."""

    ticket: str
    events: tuple[Event, ...]
    first_line: int


@attrs.frozen
class BrokenHistory:
    """A ticket that cannot be used, or, without *ticket*, a line that names none.

    *line* is where the first *error* was met, counted from 1 where reading began.
    """

    ticket: str | None
    line: int
    error: CodecError | HistoryError


Found: TypeAlias = History | BrokenHistory


def scan_lines(lines: Iterable[str | bytes]) -> Iterator[Found]:
    """The histories in *lines*, which keep their line ends; what is broken in its place."""
    run: _Run | None = None
    previous: str | None = None
    number = 0
    read = LineReader().read
    for number, line in enumerate(lines, 1):
        event: Event | CodecError | HistoryError
        try:
            ticket, seq, event = read(line)
        except (CodecError, HistoryError) as wrong:
            place = place_of(line)
            event = _placed(wrong, line, number, *place)
            if place[0] is None:
                yield BrokenHistory(None, number, event)
                continue
            ticket, seq = place[0], place[1] or 0
        if seq == 1 and ticket != previous:
            if run:
                yield run.found()
            run = _Run(ticket, number)
            run.add(seq, event, number)
        elif run and ticket == run.ticket:
            run.add(seq, event if ticket == previous else run.interrupted(seq), number)
        elif ticket != previous:
            yield _stray(ticket, seq, event, number)
        previous = ticket
    if run:
        yield run.found()
    if not number:
        yield BrokenHistory(None, 1, HistoryError("empty", "there is not one event"))


class _Run:
    """The history that is being read: its events, until something is wrong with it."""

    def __init__(self, ticket: str, first_line: int) -> None:
        self.ticket = ticket
        self.first_line = first_line
        self.events: list[Event] = []
        self.error: CodecError | HistoryError | None = None

    def add(self, seq: int, event: Event | CodecError | HistoryError, line: int) -> None:
        told = self.events
        if self.error is not None:
            return
        if isinstance(event, DataError):
            self.error, event.line = event, line
        elif seq == len(told) + 1 and (
            told[-1].at <= event.at if told else isinstance(event, Opened)
        ):
            told.append(event)
        else:
            problem = _problem(len(told), seq, event)
            self.error = HistoryError(*problem, ticket=self.ticket, seq=seq, line=line)

    def interrupted(self, seq: int) -> HistoryError:
        message = f"lines of another ticket stand before event {seq}"
        return HistoryError("mixed", message, ticket=self.ticket, seq=seq)

    def found(self) -> Found:
        if self.error is None:
            return fast(History)(self.ticket, tuple(self.events), self.first_line)
        assert self.error.line is not None
        return BrokenHistory(self.ticket, self.error.line, self.error)


def _problem(last: int, seq: int, event: Event) -> tuple[str, str]:
    """Why an event does not follow the last one."""
    if seq > last + 1:
        return "gap", f"event {last} is followed by event {seq}"
    if seq <= last:
        return "duplicate", f"event {seq} comes again after event {last}"
    if not last:
        return "not-opened", f"begins with {_name(event)}, not with an opening"
    return "backwards", f"event {seq} is stamped before event {last}"


def _name(event: Event) -> str:
    if isinstance(event, Unknown):
        return f"an unknown event ({event.name!r}, schema {event.schema})"
    return repr(event.NAME)


def _stray(
    ticket: str, seq: int, event: Event | CodecError | HistoryError, line: int
) -> BrokenHistory:
    if not isinstance(event, (CodecError, HistoryError)):
        message = f"begins with event {seq}, not with event 1"
        event = HistoryError("not-opened", message, ticket=ticket, seq=seq, line=line)
    return BrokenHistory(ticket, line, event)


def _placed(
    wrong: CodecError | HistoryError,
    line: str | bytes,
    number: int,
    ticket: str | None,
    seq: int | None,
) -> CodecError | HistoryError:
    """The same error, with its place in the file."""
    complete = line.endswith("\n") if isinstance(line, str) else line.endswith(b"\n")
    if isinstance(wrong, HistoryError) and not complete:
        wrong = HistoryError("truncated", f"breaks off: {wrong.message}")
    wrong.ticket, wrong.seq, wrong.line = ticket, seq, number
    return wrong
