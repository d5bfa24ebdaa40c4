"""The course of a ticket: which events can follow each other, whatever the policy says.

A history may be well formed line by line and still tell what cannot have happened: a ticket that
was opened twice, closed while it was closed, or answered after it was closed for good. Rules of a
policy are not checked here: a history of another system need not follow any.
"""

from collections.abc import Iterable, Iterator
from typing import Final, Literal, TypeAlias

from ticketcore._internal.files import sorted_on_disk
from ticketcore._internal.terminal import quoted
from ticketcore.errors import CalendarError, HistoryError
from ticketcore.events._clock_events import (
    DeadlineSet,
    PauseEnded,
    PauseStarted,
    Scheduled,
    Snoozed,
    Unsnoozed,
)
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
    Reviewed,
    ReviewRequested,
    Split,
    TypeChanged,
    Unknown,
)
from ticketcore.events._money_events import (
    Cancelled,
    DisputeAnswered,
    DisputeCorrected,
    DisputeOpened,
    DisputeResolved,
    Outcome,
    RefundConfirmed,
    Refunded,
    RefundFailed,
)

_ON_OPEN_TICKETS: Final = frozenset(
    {
        Acknowledged,
        Assigned,
        Cancelled,
        Classified,
        DeadlineSet,
        Escalated,
        HandedBack,
        InfoRequested,
        Refunded,
        Replied,
        Snoozed,
        Split,
        TypeChanged,
        Unsnoozed,
    }
)
_AFTER_THE_END: Final = frozenset(
    {
        DisputeAnswered,
        DisputeCorrected,
        DisputeOpened,
        DisputeResolved,
        PauseEnded,
        PauseStarted,
        RefundConfirmed,
        RefundFailed,
        Scheduled,
        Unknown,
    }
)
_BY_HAND: Final = "deadline"
"""The timer that every ticket has: a party sets its deadline by hand."""

_Problem: TypeAlias = tuple[str, str] | None


class Course:
    """What may come next on a ticket, as its events follow each other.

    It knows whether the ticket is open, closed or closed for good, and what has begun: timers,
    pauses, refunds, disputes, a review and a snooze. Events that only say again what is so, such
    as a second tag of one name, are possible. Other systems record neither timers nor whether a
    refund awaits its confirmation, so these are checked if this library decided the events. After
    an unknown event anything may have begun.
    """

    def __init__(self) -> None:
        self._opened = self._final = self._duplicate = self._decided = False
        self._closings: tuple[Closed, ...] = ()
        self._pending: frozenset[str] = frozenset()
        self._known = {_BY_HAND}  # timers that the ticket has or had
        self._pauses: set[str] = set()
        self._refunds: dict[str, bool] = {}  # whether it is pending, by reference
        self._disputes: dict[str, Outcome | None] = {}
        self._review: Literal["possible", "requested"] | None = None
        self._snoozed = self._unread = False

    @property
    def is_closed(self) -> bool:
        """Whether the ticket is closed."""
        return bool(self._closings)

    def problem(self, event: Event) -> _Problem:
        """Return a code and a message if *event* cannot come next."""
        if isinstance(event, Opened):
            return ("opened-twice", "the ticket is opened again") if self._opened else None
        if self.is_over(event):
            return "after-final", f"{event.NAME} follows after the ticket was closed for good"
        if self.is_closed_again(event):
            return "closed-twice", "the ticket is already closed"
        if self.needs_reopening(event):
            return "after-closing", f"{event.NAME} follows after the closing, without reopened"
        return self.cause_problem(event)

    def is_over(self, event: Event) -> bool:
        """Return whether *event* cannot happen because the ticket is closed for good (K8)."""
        return (
            self._final
            and type(event) not in _AFTER_THE_END
            and _timer_of(event) not in self._pending
        )

    def is_closed_again(self, event: Event) -> bool:
        """Return whether *event* closes a closed ticket; another person may confirm it (K8)."""
        return (
            isinstance(event, Closed)
            and bool(self._closings)
            and event.timer is None
            and (
                event.by == "system"
                or any(closing.by == event.by for closing in self._closings)
                or any(closing.kind != "closed" for closing in (event, *self._closings))
            )
        )

    def needs_reopening(self, event: Event) -> bool:
        """Return whether *event* happens on open tickets only, and this one is closed.

        A timer may still act on a closed ticket, and an automatic or a blank message may come.
        """
        return (
            bool(self._closings)
            and type(event) in _ON_OPEN_TICKETS
            and _timer_of(event) is None
            and not (isinstance(event, Replied) and (event.automatic or event.is_blank))
        )

    def cause_problem(self, event: Event) -> _Problem:
        """Return a code and a message if *event* ends, settles or repeats what cannot be so."""
        if self._unread:
            return None
        match event:
            case Reopened() if not self._closings:
                return "not-closed", "reopened follows on an open ticket"
            case DuplicateUnmarked() if not self._duplicate:
                return (
                    "not-closed",
                    "duplicate-unmarked follows, but the ticket is not a duplicate",
                )
            case Refunded(reference=str(reference)) if reference in self._refunds:
                return "begun-twice", f"the refund {quoted(reference)} is made again"
            case DisputeOpened(dispute=dispute) if dispute in self._disputes:
                return "begun-twice", f"the dispute {quoted(dispute)} is opened again"
            case PauseStarted(pause=pause) if pause in self._pauses:
                return "begun-twice", f"the pause {quoted(pause)} begins again"
        missing = self._missing(event)
        if missing is None:
            return None
        return "without-cause", f"{event.NAME} follows, but {missing}"

    def _missing(self, event: Event) -> str | None:
        """Return what had to be so before *event*, and was not."""
        match event:
            case RefundConfirmed(reference=reference) | RefundFailed(reference=reference):
                if not self._refunds.get(reference):
                    return f"no refund {quoted(reference)} is pending"
            case DisputeAnswered(dispute=dispute) | DisputeCorrected(dispute=dispute):
                if self._disputes.get(dispute, "") is not None:
                    return f"no dispute {quoted(dispute)} is running"
            case DisputeResolved(dispute=dispute):
                outcome = self._disputes.get(dispute, "superseded")
                if outcome == "superseded" or (outcome and event.outcome == "superseded"):
                    return f"no dispute {quoted(dispute)} can end"
            case PauseEnded(pause=pause) if pause not in self._pauses:
                return f"no pause {quoted(pause)} has begun"
            case ReviewRequested() if self._review is None:
                return "the ticket was neither closed nor changed"
            case Reviewed() if self._review != "requested":
                return "no review was requested"
            case Unsnoozed() if not self._snoozed:
                return "the ticket is not snoozed"
            case DeadlineSet(timer=name) if self._decided and name not in self._known:
                return f"the ticket never had the timer {quoted(name)}"
        timer = _timer_of(event)
        if timer is None or timer in self._pending:
            return None
        if self._closings or self._decided:
            return f"the timer {quoted(timer)} is not pending"
        return None

    def add(self, event: Event) -> None:
        """Follow the ticket through *event*."""
        match event:
            case Opened():
                self._opened, self._decided = True, event.policy is not None
            case Scheduled(timers=timers):
                acting = (timer.name for timer in timers if timer.wakes is not None)
                self._pending, self._decided = frozenset(acting), True
                self._known.update(timer.name for timer in timers if timer.dispute is None)
            case Closed():
                self._closings = (*self._closings, event)
                self._final = self._final or event.final
                self._duplicate = self._duplicate or event.kind == "duplicate"
                self._review = self._review or "possible"
            case Reopened() | DuplicateUnmarked():
                self._closings, self._final, self._duplicate = (), False, False
            case TypeChanged():
                self._review = self._review or "possible"
            case ReviewRequested():
                self._review = "requested"
            case Reviewed():
                self._review = "possible"
            case Snoozed() | Unsnoozed():
                self._snoozed = isinstance(event, Snoozed)
            case PauseStarted(pause=pause):
                self._pauses.add(pause)
            case PauseEnded(pause=pause):
                self._pauses.discard(pause)
            case Refunded(reference=str(reference)):
                self._refunds[reference] = event.awaits_confirmation or not self._decided
            case RefundConfirmed(reference=reference) | RefundFailed(reference=reference):
                self._refunds[reference] = False
            case DisputeOpened(dispute=dispute):
                self._disputes[dispute] = None
            case DisputeResolved(dispute=dispute):
                self._disputes[dispute] = event.outcome
            case Unknown(name=name):
                self._unread = self._unread or "." not in name  # else it belongs to the host
            case _:
                pass


def _timer_of(event: Event) -> str | None:
    """Return the timer that caused *event*."""
    return None if isinstance(event, DeadlineSet) else getattr(event, "timer", None)


def impossible_events(ticket: str, events: Iterable[Event]) -> Iterator[HistoryError]:
    """Yield an error for each event that cannot have happened; its *seq* counts from 1.

    Checked are a second opening, a closing of a closed ticket, an action after a closing without a
    reopening, a reopening of an open ticket, anything but disputes, settled refunds, pauses and
    pending timers after a final closing, the zone, and events that answer to nothing, such as the
    answer to a dispute that was not opened.
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
