"""Compare the expectations of a scenario with its run."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import attrs

from ticketcore._internal.limits import MAX_LISTED
from ticketcore.errors import RefusedError
from ticketcore.events import Event, Money, Timer, Unknown
from ticketcore.scenarios._expected import ExpectedEvent, ExpectedTicket, ExpectedTimer
from ticketcore.scenarios._scenario import Step
from ticketcore.ticket import Ticket


@attrs.frozen
class Expectation:
    """One expectation in words, whether it was met, and what was found if it was not."""

    expected: str
    met: bool
    found: str = ""


def check_refusal(
    number: int, step: Step, refusal: RefusedError | None, events: Sequence[Event]
) -> Iterator[Expectation]:
    """Check whether a step was allowed or refused as expected.

    Yields nothing for a step that was allowed and expects no refusal. *number* counts from 1.
    """
    subject = f"step {number}, {step.command.NAME} by {step.command.by},"
    found = f"refused, {refusal}" if refusal else f"allowed, with {_names(events)}"
    if step.refused is not None:
        met = refusal is not None and refusal.code == step.refused
        yield Expectation(f"{subject} is refused: {step.refused}", met, found)
    elif refusal is not None:
        yield Expectation(f"{subject} is allowed", False, found)


def check_outcome(
    expected: ExpectedTicket, ticket: Ticket | None, events: Sequence[Event], zone: str | None
) -> Iterator[Expectation]:
    """Check each expectation of the result. Without a ticket, all of them fail.

    Instants in the texts are local to *zone*, an IANA name, or in UTC without one.
    """
    formatter = _ValueFormatter(ZoneInfo(zone or "UTC"))
    if expected.events is not None:
        names = tuple(map(_name, events))
        met = expected.events == names
        yield Expectation(f"events: {_list(expected.events)}", met, _list(names))
    yield from _check_events(expected.event, events, formatter)
    if expected.deadlines is not None:
        yield _check_deadlines(
            expected.deadlines, ticket.pending_timers if ticket else (), formatter
        )
    for fact in ("status", "type", "waiting_for", "refunded", "closed_by"):
        value = getattr(expected, fact)
        if value is not None:
            actual = _fact(ticket, fact)
            yield Expectation(
                f"{fact.replace('_', ' ')}: {formatter.value(value)}",
                _sorted(value) == _sorted(actual),
                formatter.value(actual),
            )


def _sorted(value: object) -> object:
    """Sort the parties of *closed_by*: their order does not matter."""
    return sorted(value) if isinstance(value, tuple) else value


def _fact(ticket: Ticket | None, fact: str) -> object:
    if ticket is None:
        return "the ticket was never opened"
    if fact != "refunded":
        return getattr(ticket, fact)
    order = ticket.order
    return Money(ticket.refunded, order.amount.currency) if order else "nothing, without an order"


def _check_events(
    expected: Sequence[ExpectedEvent], events: Sequence[Event], formatter: "_ValueFormatter"
) -> Iterator[Expectation]:
    """Match each expected event with an event of its own, those with the most fields first."""
    unmatched = list(events)
    for wanted in sorted(expected, key=lambda each: -len(each.fields)):
        match = next((event for event in unmatched if _matches(wanted, event)), None)
        if match is not None:
            unmatched.remove(match)
        text = formatter.event(wanted.name, wanted.fields)
        found = "" if match is not None else _nearest(wanted, unmatched, formatter)
        yield Expectation(text, match is not None, found)


def _matches(wanted: ExpectedEvent, event: Event) -> bool:
    return _name(event) == wanted.name and all(
        getattr(event, field) == value for field, value in wanted.fields.items()
    )


def _nearest(wanted: ExpectedEvent, events: Sequence[Event], formatter: "_ValueFormatter") -> str:
    """Describe the events of the expected name, with the fields that the expectation names."""
    same_name = [event for event in events if _name(event) == wanted.name]
    shown = [
        formatter.event(wanted.name, {field: getattr(event, field) for field in wanted.fields})
        for event in same_name[:MAX_LISTED]
    ]
    if len(same_name) > MAX_LISTED:
        shown.append(f"and {len(same_name) - MAX_LISTED} more")
    return "; ".join(shown) or f"no other {wanted.name}, but {_names(events[:MAX_LISTED])}"


def _check_deadlines(
    expected: Sequence[ExpectedTimer], timers: Sequence[Timer], formatter: "_ValueFormatter"
) -> Expectation:
    """Match each expected timer with a pending one, those with a due instant first."""
    unmatched = list(timers)
    for wanted in sorted(expected, key=lambda each: each.due is None):
        match = next((timer for timer in unmatched if _is_timer(wanted, timer)), None)
        if match is not None:
            unmatched.remove(match)
    met = not unmatched and len(expected) == len(timers)
    text = _list([formatter.timer(wanted.name, wanted.due) for wanted in expected])
    found = _list([formatter.timer(timer.name, timer.due) for timer in timers])
    return Expectation(f"deadlines: {text}", met, found)


def _is_timer(wanted: ExpectedTimer, timer: Timer) -> bool:
    return wanted.name == timer.name and wanted.due in (None, timer.due)


@attrs.frozen
class _ValueFormatter:
    """Formats values for people, with instants in a zone."""

    zone: ZoneInfo

    def event(self, name: str, fields: Mapping[str, object]) -> str:
        return ", ".join(
            [name, *(f"{field} {self.value(value)}" for field, value in fields.items())]
        )

    def timer(self, name: str, due: datetime | None) -> str:
        return name if due is None else f"{name} at {self.value(due)}"

    def value(self, value: object) -> str:
        if isinstance(value, datetime):
            return value.astimezone(self.zone).isoformat()
        if isinstance(value, tuple):
            return _list([self.value(each) for each in value])
        return str(value).lower() if isinstance(value, bool) else str(value)


def _names(events: Sequence[Event]) -> str:
    return _list([_name(event) for event in events])


def _name(event: Event) -> str:
    return event.name if isinstance(event, Unknown) else event.NAME


def _list(texts: Sequence[str]) -> str:
    return ", ".join(texts) or "nothing"
