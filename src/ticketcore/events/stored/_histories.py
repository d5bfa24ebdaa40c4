"""Group the lines of events by ticket, and report the lines that do not form a history.

A history begins at a line with sequence number 1 whose ticket differs from that of the line
before. Further lines belong to it as long as they name its ticket. This rule compares two lines
only, so memory stays flat, a file can be split at the beginning of any history, and a broken line
affects one ticket:

- A line that cannot be read breaks the ticket that it names. A line that names no ticket is
  reported alone; the tickets around it are checked by their own sequence numbers.
- Lines of a ticket without its beginning are reported once, as ``not-opened``.
- A ticket that is interrupted by lines of another is ``mixed``.
- Blank lines that follow each other are reported once.

Two lines cannot show that a whole ticket occurs twice, or that the last lines of a ticket are
missing, so these are not found.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import TypeAlias

from ticketcore._internal.fast_attrs import fast
from ticketcore._internal.frozen import Value, frozen
from ticketcore.errors import CodecError, DataError, HistoryError
from ticketcore.events._events import Event, Opened, Unknown
from ticketcore.events.stored._codec import unknown_content
from ticketcore.events.stored._lines import LineReader, place_of
from ticketcore.events.stored._other_files import LINES_READ, other_file


@frozen
class History(Value):
    """All events of a ticket in order. *first_line* counts from 1 where reading began."""

    ticket: str
    events: tuple[Event, ...]
    first_line: int


@frozen
class BrokenHistory(Value):
    """A ticket that cannot be used, or, if *ticket* is None, a line that names none.

    *line* is the line of the first *error*, counted from 1 where reading began.
    """

    ticket: str | None
    line: int
    error: CodecError | HistoryError


Found: TypeAlias = History | BrokenHistory


def scan_lines(lines: Iterable[str | bytes]) -> Iterator[Found]:
    """Yield the histories in *lines*, and a BrokenHistory in place of each that is broken.

    The lines keep their line ends. A file of another kind gives one BrokenHistory that says so.
    """
    lines = iter(lines)
    beginning = list(islice(lines, LINES_READ))
    other = other_file(beginning)
    if other is not None:
        yield BrokenHistory(None, 1, other)
        return
    run: _Run | None = None
    previous: str | None = None
    number = 0
    read = LineReader().read
    blank = False
    for number, line in enumerate(chain(beginning, lines), 1):
        event: Event | CodecError | HistoryError
        if blank and line.isspace():
            continue
        blank = line.isspace()
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
        yield BrokenHistory(None, 1, HistoryError("empty", "the file has no events"))


class _Run:
    """The history that is being read, up to its first error."""

    def __init__(self, ticket: str, first_line: int) -> None:
        self.ticket = ticket
        self.first_line = first_line
        self.events: list[Event] = []
        self.error: CodecError | HistoryError | None = None

    def add(self, seq: int, event: Event | CodecError | HistoryError, line: int) -> None:
        events = self.events
        if self.error is not None:
            return
        if isinstance(event, DataError):
            self.error, event.line = event, line
        elif seq == len(events) + 1 and (
            events[-1].at <= event.at if events else isinstance(event, Opened)
        ):
            events.append(event)
        else:
            problem = problem_of(len(events), seq, event)
            self.error = HistoryError(*problem, ticket=self.ticket, seq=seq, line=line)

    def interrupted(self, seq: int) -> HistoryError:
        message = f"lines of another ticket come before event {seq}"
        return HistoryError("mixed", message, ticket=self.ticket, seq=seq)

    def found(self) -> Found:
        if self.error is None:
            return fast(History)(self.ticket, tuple(self.events), self.first_line)
        assert self.error.line is not None
        return BrokenHistory(self.ticket, self.error.line, self.error)


def problem_of(last: int, seq: int, event: Event) -> tuple[str, str]:
    """Return code and message for an event that cannot follow event number *last*."""
    if seq > last + 1:
        return "gap", f"event {last} is followed by event {seq}"
    if seq <= last:
        return "duplicate", f"event {seq} occurs again after event {last}"
    if not last:
        return "not-opened", f"begins with {_name(event)}, not with an opening"
    return "backwards", f"event {seq} is dated before event {last}"


def _name(event: Event) -> str:
    if isinstance(event, Unknown):
        unknown = unknown_content(event)
        why = "" if unknown is None else f": {unknown}"
        return f"an unknown event ({event.name!r}, schema {event.schema}{why})"
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
    """Return the same error with its position in the file."""
    complete = line.endswith("\n") if isinstance(line, str) else line.endswith(b"\n")
    if isinstance(wrong, HistoryError) and wrong.problem != "too-long" and not complete:
        why = f"the line is cut off: {wrong.message}" if line else "the rest cannot be unpacked"
        wrong = HistoryError("truncated", why)
    wrong.ticket, wrong.seq, wrong.line = ticket, seq, number
    return wrong
