"""The inbox: the rows of all tickets in memory, fed by events, and searched."""

from collections.abc import Iterable, Iterator

from ticketcore.events import Recorded
from ticketcore.inbox._query import Query
from ticketcore.inbox._summary import Row, follow


class Inbox:
    """All tickets, one row each. *rows* are what a host has kept.

    >>> inbox = Inbox()
    >>> inbox.search(Query(reason="defective", storefront=["de", "at"]))
    []
    """

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self._rows = {row.number: row for row in rows}

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        """The rows, in the order in which their tickets came to be listed."""
        return iter(self._rows.values())

    def get(self, number: str) -> Row | None:
        """The row of a ticket's number, in whatever state it is; None where it is not listed."""
        return self._rows.get(number)

    def apply(self, recorded: Recorded) -> Row:
        """Take one more event in, and give the row after it. Raises HistoryError as `follow`."""
        number = recorded.ticket
        row = self._rows[number] = follow(self._rows.get(number), recorded)
        return row

    def fold(self, recorded: Iterable[Recorded]) -> None:
        """Take events in one by one; those of one ticket in order, tickets in any."""
        for one in recorded:
            self.apply(one)

    def search(self, query: Query) -> list[Row]:
        """The rows that are asked for, in the order in which their tickets came to be listed."""
        return query.select(self)
