"""Describe each event in plain words."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, TypeAlias, assert_never
from zoneinfo import ZoneInfo

from ticketcore import events as e
from ticketcore._internal.local_times import day_and_time
from ticketcore._internal.terminal import visible
from ticketcore.events import Event
from ticketcore.ticket import Ticket

_MAX_LENGTH: Final = 200  # characters of one description

Describe: TypeAlias = Callable[[Any, Ticket, ZoneInfo], str]
"""A function of the event, the ticket before it, and the zone for instants in the text."""


def describe(event: Event, ticket: Ticket, zone: ZoneInfo, awaited: e.Party | None = None) -> str:
    """Return what happened, in plain words. Instants are local to *zone*.

    *ticket* is the ticket before the event, or after it if the event is the opening. *awaited* is
    the party whose answer a reminder or a breach is about. An event without words of its own is
    described by its name.
    """
    if isinstance(event, (e.Warned, e.Breached)):
        return _fired(event, awaited)
    return _WORDS.get(type(event), _by_name)(event, ticket, zone)


def local_time(at: datetime, zone: ZoneInfo) -> str:
    """Return an instant as local time: ``Mon 2026-01-12 15:00``, with seconds if it has any."""
    return day_and_time(e.local(at, zone))


def single_line(text: str) -> str:
    """Return *text* on one line, with control characters escaped so that it prints safely."""
    return visible(" ".join(text.split()))


def shortened(text: str) -> str:
    """Return *text* on one line, cut to 200 characters."""
    line = single_line(text)
    return line if len(line) <= _MAX_LENGTH else line[: _MAX_LENGTH - 1] + "…"


def _with_text(description: str, text: str | None) -> str:
    return f"{description}: {text}" if text else description


def _opened(event: e.Opened, _: Ticket, zone: ZoneInfo) -> str:
    facts = [event.type]
    if event.order:
        facts.append(f"order {_order(event.order)}")
    optional = (event.category, event.subcategory, event.reason, event.subject)
    facts += [fact for fact in optional if fact]
    facts += [
        f"{name} {_field_value(field.kind, field.value, zone)}"
        for name, field in sorted(event.fields.items())
    ]
    facts += [f"tag {tag}" for tag in event.tags]
    return f"opened a ticket: {', '.join(facts)}"


def _order(order: e.Order) -> str:
    return f"{order.number} ({order.invoice_amount or order.amount})"


def _field_value(kind: e.FieldKind, text: str, zone: ZoneInfo) -> str:
    """Return the text of a field's value, with an instant as local time."""
    content = e.content_of(kind, text)
    return local_time(content, zone) if isinstance(content, datetime) else text


def _replied(event: e.Replied, *_: object) -> str:
    if event.automatic:
        return _with_text("sent an automatic message", event.text)
    if event.is_blank:
        return "sent an empty message"
    description = "sent an interim notice" if event.interim else "answered"
    if event.solution:
        description += ", the matter is settled"
    return _with_text(description, event.text)


def _type_changed(event: e.TypeChanged, ticket: Ticket, _: ZoneInfo) -> str:
    words = f"changed the type from {ticket.type} to {event.type}{_consent(event)}"
    return _with_text(words, event.text)


def _consent(event: e.TypeChanged | e.Closed) -> str:
    """Return the message that the consent rests on, or that the party alone says so (C11)."""
    if event.consent_message is not None:
        return f", the customer agreed in message {event.consent_message}"
    return ", and said that the customer agreed" if event.consent else ""


def _fired(event: e.Warned | e.Breached, awaited: e.Party | None) -> str:
    """Return the words for a reminder or a late answer, with the party whose answer is awaited."""
    is_reminder = isinstance(event, e.Warned)
    if awaited is None:
        return "sent a reminder" if is_reminder else "breached: the deadline passed"
    party = e.with_article(awaited)
    if is_reminder:
        return f"sent a reminder: {party} has not answered yet"
    return f"breached: still waiting for {party}"


def _refunded(event: e.Refunded, *_: object) -> str:
    units = f" for {', '.join(event.units)}" if event.units else ""
    state = ", not confirmed yet" if event.awaits_confirmation else ""
    return _with_text(f"refunded {event.amount}{units}{state}", event.reason)


def _cancelled(event: e.Cancelled, *_: object) -> str:
    units = ", ".join(event.units)
    description = "ended the subscription" if event.subscription else f"cancelled {units}"
    return _with_text(description, event.reason)


def _closed(event: e.Closed, *_: object) -> str:
    match event.kind:
        case "withdrawn":
            return _with_text("withdrew the ticket", event.reason)
        case "duplicate":
            return f"closed the ticket as a duplicate of {event.duplicate_of}"
        case "closed":
            final = " for good" if event.final else ""
            words = f"closed the ticket{final}{_consent(event)}"
            return _with_text(words, event.reason or event.text)
        case _:
            assert_never(event.kind)


def _field_set(event: e.FieldSet, _: Ticket, zone: ZoneInfo) -> str:
    if event.value is None:
        return f"removed the value of {event.field}"
    return f"set {event.field} to {_field_value(event.kind, event.value, zone)}"


def _classified(event: e.Classified, *_: object) -> str:
    facts = filter(None, (event.category, event.subcategory, event.reason))
    return f"classified the ticket: {', '.join(facts)}"


def _split(event: e.Split, *_: object) -> str:
    messages = f", with {', '.join(event.messages)}" if event.messages else ""
    return f"split the ticket: a part continues in {event.into}{messages}"


def _reviewed(event: e.Reviewed, *_: object) -> str:
    result = "abuse: the vendor loses the grace period" if event.abuse else "no abuse"
    return _with_text(f"reviewed the ticket and found {result}", event.text)


def _dispute_opened(event: e.DisputeOpened, _: Ticket, zone: ZoneInfo) -> str:
    words = f"opened the {event.kind} {event.dispute}{_notice(event, zone)}"
    return _with_text(words, event.reason)


def _dispute_corrected(event: e.DisputeCorrected, _: Ticket, zone: ZoneInfo) -> str:
    return f"corrected the dispute {event.dispute}{_notice(event, zone)}"


def _notice(event: e.DisputeOpened | e.DisputeCorrected, zone: ZoneInfo) -> str:
    """Return the deadline and the amount that the notice of a dispute gives."""
    deadline = f", answer due {local_time(event.deadline, zone)}" if event.deadline else ""
    return f"{deadline}, {event.amount}" if event.amount else deadline


def _dispute_resolved(event: e.DisputeResolved, *_: object) -> str:
    match event.outcome:
        case "superseded":
            return f"ended the dispute {event.dispute}: another one superseded it"
        case "lost" | "won":
            return f"resolved the dispute {event.dispute}: {event.outcome}"
        case _:
            assert_never(event.outcome)


def _by_name(event: Any, *_: object) -> str:
    return _with_text(event.NAME, getattr(event, "text", None))


_WORDS: Mapping[type[Event], Describe] = {
    e.Opened: _opened,
    e.Replied: _replied,
    e.TypeChanged: _type_changed,
    e.Escalated: lambda event, *_: _with_text(f"called in {event.to}", event.reason or event.text),
    e.HandedBack: lambda event, *_: _with_text("handed the ticket back", event.text),
    e.Acknowledged: lambda *_: "acknowledged the ticket",
    e.InfoRequested: lambda event, *_: _with_text(
        "asked the customer for information", event.text
    ),
    e.Assigned: lambda event, *_: f"assigned the ticket to {event.assignee}",
    e.Shared: lambda event, *_: f"shared the ticket with {event.with_person}",
    e.Unshared: lambda event, *_: f"stopped sharing the ticket with {event.with_person}",
    e.Refunded: _refunded,
    e.RefundConfirmed: lambda event, *_: f"confirmed the refund {event.reference}",
    e.RefundFailed: lambda event, *_: _with_text(
        f"declined the refund {event.reference}", event.reason
    ),
    e.Cancelled: _cancelled,
    e.Closed: _closed,
    e.Reopened: lambda event, *_: _with_text("reopened the ticket", event.text),
    e.Rescheduled: lambda *_: "had all deadlines computed again",
    e.PauseStarted: lambda event, *_: f"pause {event.pause} began",
    e.PauseEnded: lambda event, *_: f"pause {event.pause} ended",
    e.DeadlineSet: lambda event, _, zone: (
        f"set the deadline {event.timer} to {local_time(event.due, zone)}"
    ),
    e.Snoozed: lambda event, _, zone: f"snoozed the ticket until {local_time(event.until, zone)}",
    e.Unsnoozed: lambda *_: "ended the snooze",
    e.FieldSet: _field_set,
    e.Tagged: lambda event, *_: f"added the tag {event.tag}",
    e.Untagged: lambda event, *_: f"removed the tag {event.tag}",
    e.NoteAdded: lambda event, *_: _with_text("wrote a note", event.text),
    e.Classified: _classified,
    e.OrderCorrected: lambda event, *_: f"corrected the order: {_order(event.order)}",
    e.ShipmentAdded: lambda event, *_: f"added the shipment {event.shipment.number}",
    e.DuplicateUnmarked: lambda event, *_: _with_text(
        "opened the ticket again: it is not a duplicate", event.text
    ),
    e.Split: _split,
    e.Linked: lambda event, *_: f"added a reference to {event.target.kind} {event.target.number}",
    e.ReviewRequested: lambda event, *_: _with_text("asked for a review", event.text),
    e.Reviewed: _reviewed,
    e.DisputeOpened: _dispute_opened,
    e.DisputeCorrected: _dispute_corrected,
    e.DisputeAnswered: lambda event, *_: _with_text(
        f"answered the dispute {event.dispute}", event.text
    ),
    e.DisputeResolved: _dispute_resolved,
    e.PolicyChanged: lambda event, *_: (
        f"moved the ticket to the policy {event.policy} {event.policy_version}"
    ),
    e.Unknown: lambda event, *_: f"unknown event {event.name}",
}
