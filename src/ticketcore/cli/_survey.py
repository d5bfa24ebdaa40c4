"""A history file in numbers, counted in one pass whose memory does not grow with the file."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Final

import attrs

from ticketcore._internal.terminal import quoted
from ticketcore.cli._common import Problems, reading
from ticketcore.errors import CodecError, DataError, HistoryError
from ticketcore.events import (
    BrokenHistory,
    History,
    Unknown,
    impossible_events,
    repeated_tickets,
    scan_histories,
    unknown_content,
)

_PADDING: Final = re.compile(r"\W|(?<!\d)0+(?=\d)")  # T-007 is T7


@attrs.define
class Survey:
    """The number of tickets and events in a file, the period in UTC, and the problems.

    *events* counts events by name, *unknown* those that this version does not know, by name and
    schema number.
    """

    tickets: int = 0
    events: Counter[str] = attrs.field(factory=Counter)
    unknown: Counter[tuple[str, int]] = attrs.field(factory=Counter)
    first: datetime | None = None
    last: datetime | None = None
    problems: Problems = attrs.field(factory=Problems)

    def add(self, history: History) -> None:
        """Count the events of one more ticket."""
        self.tickets += 1
        for event in history.events:
            if isinstance(event, Unknown):
                self.unknown[event.name, event.schema] += 1
            else:
                self.events[event.NAME] += 1
        begin, end = history.events[0].at, history.events[-1].at
        self.first = min(self.first or begin, begin)
        self.last = max(self.last or end, end)


def survey(file: Path, selected: Callable[[History], bool] | None = None) -> Survey:
    """Read a whole history file, and check each ticket for events that cannot have happened.

    *selected* says which tickets are counted and checked; without it all are. Raises OSError if
    the file cannot be opened.
    """
    summary = Survey()
    for repeated in repeated_tickets(_survey(file, summary, selected)):
        summary.problems.add(repeated)
    return summary


def _survey(
    file: Path, summary: Survey, selected: Callable[[History], bool] | None
) -> Iterator[tuple[str, int]]:
    """Count the histories of a file, and yield the number and the first line of each ticket."""
    for history in scan_histories(file):
        if isinstance(history, BrokenHistory):
            summary.problems.add(history.error)
            continue
        yield history.ticket, history.first_line
        if selected is not None and not selected(history):
            continue
        summary.add(history)
        problems: Iterator[CodecError | HistoryError] = chain(
            _unread(history), impossible_events(history.ticket, history.events)
        )
        for problem in problems:
            assert problem.seq is not None
            problem.line = history.first_line + problem.seq - 1
            summary.problems.add(problem)


def _unread(history: History) -> Iterator[CodecError]:
    """Find events of known names whose content is unknown: of a later version, or a mistake."""
    for seq, event in enumerate(history.events, 1):
        if isinstance(event, Unknown) and (wrong := unknown_content(event)) is not None:
            wrong.ticket, wrong.seq = history.ticket, seq
            yield wrong


def find_history(file: Path, ticket: str) -> History:
    """Return one ticket of a history file.

    Raises DataError if the ticket is broken, or the file lacks it.
    """
    with reading([file]):
        for history in scan_histories(file):
            if history.ticket == ticket:
                if isinstance(history, BrokenHistory):
                    raise history.error
                return history
    raise not_found(file, ticket)


def not_found(file: Path, ticket: str) -> DataError:
    """Return the error for a ticket that the file lacks, or for a file that is no history.

    Its message has the number of a ticket that differs only in case, punctuation or leading zeros.
    """
    first = next(scan_histories(file))
    if isinstance(first, BrokenHistory) and first.ticket is None:
        return DataError(f"{file}: {first.error}")
    numbers = (history.ticket for history in scan_histories(file) if history.ticket is not None)
    hint = similar_number(ticket, numbers)
    return HistoryError("not-found", f"not found in {file}{hint}", ticket=ticket)


def similar_number(ticket: str, numbers: Iterable[str]) -> str:
    """Ask for the number that differs only in case, punctuation or leading zeros; "" without one.

    Numbers with other digits are no spelling mistakes: they belong to other tickets.
    """
    similar = next((number for number in numbers if _core(number) == _core(ticket)), None)
    return "" if similar is None else f": did you mean {quoted(similar)}?"


def _core(number: str) -> str:
    return _PADDING.sub("", number).casefold()
