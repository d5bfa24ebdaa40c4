"""The course of a ticket: which events can follow each other, whatever the policy says.

A history may be well formed line by line and still tell what cannot have happened: a ticket that
was opened twice, closed while it was closed, or answered after it was closed for good. Rules of a
policy are not checked here: a history of another system need not follow any.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from ticketcore._internal.disk_sort import sorted_on_disk
from ticketcore.errors import CalendarError, HistoryError
from ticketcore.events._clock_events import Scheduled
from ticketcore.events._events import (
    Acknowledged,
    Assigned,
    Classified,
    Closed,
    DuplicateUnmarked,
    Escalated,
    Event,
    HandedBack,
    InfoRequested,
    Opened,
    Reopened,
    Replied,
    Split,
    TypeChanged,
    Unknown,
)
from ticketcore.events._money_events import (
    DisputeAnswered,
    DisputeCorrected,
    DisputeOpened,
    DisputeResolved,
    RefundConfirmed,
    RefundFailed,
)
from ticketcore.events._values import Party

_ON_OPEN_TICKETS: Final = frozenset(
    {
        Acknowledged,
        Assigned,
        Classified,
        Escalated,
        HandedBack,
        InfoRequested,
        Replied,
        Split,
        TypeChanged,
    }
)
_AFTER_THE_END: Final = frozenset(
    {
        DisputeAnswered,
        DisputeCorrected,
        DisputeOpened,
        DisputeResolved,
        RefundConfirmed,
        RefundFailed,
        Scheduled,
        Unknown,
    }
)


class Course:
    """Whether a ticket is open, closed or closed for good, as its events follow each other."""

    __slots__ = ("_closed_by", "_final", "_opened")

    def __init__(self) -> None:
        self._opened = self._final = False
        self._closed_by: tuple[Party, ...] = ()

    def problem(self, event: Event) -> tuple[str, str] | None:
        """Return a code and a message if *event* cannot come next."""
        if not self._closed_by:
            if self._opened and isinstance(event, Opened):
                return "opened-twice", "the ticket is opened again"
            return None
        if self.is_over(event):
            return "after-final", f"{event.NAME} follows after the ticket was closed for good"
        if isinstance(event, Opened):
            return "opened-twice", "the ticket is opened again"
        if self.is_closed_again(event):
            return "closed-twice", "the ticket is already closed"
        if self.needs_reopening(event):
            return "after-closing", f"{event.NAME} follows after the closing, without reopened"
        return None

    def is_over(self, event: Event) -> bool:
        """Return whether *event* cannot happen because the ticket is closed for good (K8)."""
        return self._final and type(event) not in _AFTER_THE_END

    def is_closed_again(self, event: Event) -> bool:
        """Return whether *event* closes a closed ticket; another person may confirm it (K8)."""
        return (
            isinstance(event, Closed)
            and bool(self._closed_by)
            and event.timer is None
            and (event.by in self._closed_by or event.by == "system")
        )

    def needs_reopening(self, event: Event) -> bool:
        """Return whether *event* happens on open tickets only, and this one is closed.

        A timer may still act on a closed ticket, and an automatic or a blank message may come.
        """
        return (
            bool(self._closed_by)
            and type(event) in _ON_OPEN_TICKETS
            and getattr(event, "timer", None) is None
            and not (isinstance(event, Replied) and (event.automatic or event.is_blank))
        )

    def add(self, event: Event) -> None:
        """Follow the ticket through *event*."""
        if isinstance(event, Closed):
            self._closed_by = (*self._closed_by, event.by)
            self._final = self._final or event.final
        elif isinstance(event, Reopened | DuplicateUnmarked):
            self._closed_by, self._final = (), False
        self._opened = True


def impossible_events(ticket: str, events: Iterable[Event]) -> Iterator[HistoryError]:
    """Yield an error for each event that cannot have happened; its *seq* counts from 1.

    Checked are a second opening, a closing of a closed ticket, an action after a closing without a
    reopening, anything but disputes and settled refunds after a final closing, and the zone.
    """
    course = Course()
    for seq, event in enumerate(events, 1):
        found = course.problem(event)
        if isinstance(event, Opened):
            found = found or _zone_problem(event)
        if found is not None:
            yield HistoryError(found[0], f"event {seq}: {found[1]}", ticket=ticket, seq=seq)
        course.add(event)


def _zone_problem(event: Opened) -> tuple[str, str] | None:
    from ticketcore.calendar import zone_of

    try:
        zone_of(event.zone)
    except CalendarError as error:
        return "unknown-zone", str(error)
    return None


def repeated_tickets(numbers: Iterable[tuple[str, int]]) -> Iterator[HistoryError]:
    """Yield an error for each ticket number, given with its line, that occurred before.

    The numbers are sorted on disk, so memory does not grow with them.
    """
    first: tuple[str, int] | None = None
    for ticket, line, _ in sorted_on_disk((ticket, line, None) for ticket, line in numbers):
        if first is not None and ticket == first[0]:
            message = f"this number occurs before, at line {first[1]}"
            yield HistoryError("repeated", message, ticket=ticket, line=line)
        else:
            first = ticket, line
