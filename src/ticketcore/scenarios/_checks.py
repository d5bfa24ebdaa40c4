"""What a scenario expects, held against what happened."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import attrs

from ticketcore.errors import RefusedError
from ticketcore.events import Event, Money, Timer, Unknown
from ticketcore.scenarios._expected import Expected, ExpectedEvent, ExpectedTimer
from ticketcore.scenarios._scenario import Step
from ticketcore.ticket import Ticket


@attrs.frozen
class Expectation:
    """One expectation, in words; whether it was met, and, if not, what happened instead."""

    expected: str
    met: bool
    found: str = ""


def check_refusal(
    number: int, step: Step, refusal: RefusedError | None, events: Sequence[Event]
) -> Iterator[Expectation]:
    """Whether a step was refused as expected; nothing to say of one that is simply granted."""
    what = f"step {number}, {step.command.NAME} by {step.command.by},"
    found = f"refused, {refusal}" if refusal else f"granted, with {_names(events)}"
    if step.refused is not None:
        met = refusal is not None and refusal.code == step.refused
        yield Expectation(f"{what} is refused: {step.refused}", met, found)
    elif refusal is not None:
        yield Expectation(f"{what} is granted", False, found)


def check_outcome(
    expected: Expected, ticket: Ticket | None, events: Sequence[Event], zone: str | None
) -> Iterator[Expectation]:
    """How each expectation of the end fared. Without a ticket, all of them failed.

    Instants are told in the IANA *zone*, without one in UTC.
    """
    words = _ValueFormatter(ZoneInfo(zone or "UTC"))
    if expected.events is not None:
        names = tuple(map(_name, events))
        yield Expectation(
            f"events: {_list(expected.events)}", expected.events == names, _list(names)
        )
    yield from _check_events(expected.event, events, words)
    if expected.deadlines is not None:
        yield _check_deadlines(expected.deadlines, ticket.timers if ticket else (), words)
    for fact in ("status", "type", "waiting_for", "refunded", "closed_by"):
        wanted = getattr(expected, fact)
        if wanted is not None:
            found = _fact(ticket, fact)
            said = f"{fact.replace('_', ' ')}: {words.value(wanted)}"
            yield Expectation(said, _sorted(wanted) == _sorted(found), words.value(found))


def _sorted(value: object) -> object:
    """Parties in any order: who closed first is not asked."""
    return sorted(value) if isinstance(value, tuple) else value


def _fact(ticket: Ticket | None, fact: str) -> object:
    if ticket is None:
        return "the ticket was never opened"
    if fact != "refunded":
        return getattr(ticket, fact)
    order = ticket.opened.order
    return Money(ticket.refunded, order.amount.currency) if order else "nothing, without an order"


def _check_events(
    expected: Sequence[ExpectedEvent], events: Sequence[Event], words: "_ValueFormatter"
) -> Iterator[Expectation]:
    """Each expected event claims one that happened; those who ask for more choose first."""
    left = list(events)
    for wanted in sorted(expected, key=lambda each: -len(each.fields)):
        match = next((event for event in left if _matches(wanted, event)), None)
        if match is not None:
            left.remove(match)
        said = words.event(wanted.name, wanted.fields)
        yield Expectation(said, match is not None, _nearest(wanted, left, words))


def _matches(wanted: ExpectedEvent, event: Event) -> bool:
    return _name(event) == wanted.name and all(
        getattr(event, field) == value for field, value in wanted.fields.items()
    )


def _nearest(wanted: ExpectedEvent, events: Sequence[Event], words: "_ValueFormatter") -> str:
    """The events of that name, with the fields that were asked for."""
    found = [
        words.event(wanted.name, {field: getattr(event, field) for field in wanted.fields})
        for event in events
        if _name(event) == wanted.name
    ]
    return "; ".join(found) or f"no other {wanted.name}, but {_names(events)}"


def _check_deadlines(
    expected: Sequence[ExpectedTimer], timers: Sequence[Timer], words: "_ValueFormatter"
) -> Expectation:
    left = list(timers)
    for wanted in sorted(expected, key=lambda each: each.due is None):
        found = [t for t in left if t.name == wanted.name and wanted.due in (None, t.due)]
        if found:
            left.remove(found[0])
    met = not left and len(expected) == len(timers)
    said = _list([words.timer(each.name, each.due) for each in expected])
    return Expectation(
        f"deadlines: {said}", met, _list([words.timer(t.name, t.due) for t in timers])
    )


@attrs.frozen
class _ValueFormatter:
    """How values are told, instants in a zone."""

    zone: ZoneInfo

    def event(self, name: str, fields: Mapping[str, object]) -> str:
        told = (f"{field} {self.value(value)}" for field, value in fields.items())
        return ", ".join([name, *told])

    def timer(self, rule: str, due: datetime | None) -> str:
        return rule if due is None else f"{rule} at {self.value(due)}"

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
