"""What a history file holds, counted in one pass with flat memory."""

from collections import Counter
from datetime import datetime
from pathlib import Path

import attrs

from ticketcore.errors import CodecError, HistoryError
from ticketcore.events import BrokenHistory, History, Unknown, scan_histories


@attrs.define
class Survey:
    """The tickets and events of a file: how many, of which types, from when to when.

    *unknown* counts the events that this version does not know, by name and schema.
    """

    tickets: int = 0
    events: Counter[str] = attrs.field(factory=Counter)
    unknown: Counter[tuple[str, int]] = attrs.field(factory=Counter)
    first: datetime | None = None
    last: datetime | None = None
    problems: list[CodecError | HistoryError] = attrs.field(factory=list)

    def add(self, history: History) -> None:
        """Count one more ticket."""
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
    """Read a whole file. Raises OSError when it cannot be opened."""
    found = Survey()
    for history in scan_histories(file):
        if isinstance(history, BrokenHistory):
            found.problems.append(history.error)
        else:
            found.add(history)
    return found


def find_history(file: Path, ticket: str) -> History:
    """One ticket of a file. Raises its HistoryError or CodecError when it is broken, and
    HistoryError when it is not there."""
    for found in scan_histories(file):
        if found.ticket == ticket:
            if isinstance(found, BrokenHistory):
                raise found.error
            return found
    raise HistoryError("not-found", f"{file} holds no such ticket", ticket=ticket)
