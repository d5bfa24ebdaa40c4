"""A history file in numbers, counted in one pass whose memory does not grow with the file."""

from collections import Counter
from datetime import datetime
from pathlib import Path

import attrs

from ticketcore.cli._common import Problems
from ticketcore.errors import HistoryError
from ticketcore.events import BrokenHistory, History, Unknown, scan_histories


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


def survey(file: Path) -> Survey:
    """Read a whole history file. Raises OSError if it cannot be opened."""
    summary = Survey()
    for history in scan_histories(file):
        if isinstance(history, BrokenHistory):
            summary.problems.add(history.error)
        else:
            summary.add(history)
    return summary


def find_history(file: Path, ticket: str) -> History:
    """Return one ticket of a history file.

    Raises its HistoryError or CodecError if the ticket is broken, and HistoryError if the file
    lacks it.
    """
    for history in scan_histories(file):
        if history.ticket == ticket:
            if isinstance(history, BrokenHistory):
                raise history.error
            return history
    raise HistoryError("not-found", f"not found in {file}", ticket=ticket)
