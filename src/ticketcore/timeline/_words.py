"""What each event says in single_line words."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from ticketcore import events as e
from ticketcore._internal.terminal import visible
from ticketcore.calendar import clock_time
from ticketcore.events import Event
from ticketcore.ticket import Ticket

_LONGEST: Final = 200  # characters of one entry
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?\+00:00")


def words_for(event: Event, ticket: Ticket, zone: ZoneInfo) -> str:
    """What happened, told of the *ticket* as it was before (of an opening, as it is after)."""
    words = _WORDS.get(event.__class__, _by_its_name)
    return words(event, ticket, zone)


def local_time(at: datetime, zone: ZoneInfo) -> str:
    """An instant on the zone's clocks: ``Mon 2026-01-12 15:00``, as exactly as it has to be."""
    local = e.local(at, zone)
    return f"{local:%a %Y-%m-%d} {clock_time(local)}"


def local_times(text: str, zone: ZoneInfo) -> str:
    """The same text, the instants in it on the zone's clocks."""
    return _INSTANT.sub(lambda found: local_time(datetime.fromisoformat(found[0]), zone), text)


def single_line(text: str) -> str:
    """A text on one line that acts on no terminal."""
    return visible(" ".join(text.split()))


def shortened(text: str) -> str:
    """A text that was said, single_line and not longer than a few lines."""
    shown = single_line(text)
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"


def _said(what: str, text: str | None) -> str:
    return f"{what}: {text}" if text else what


def _opened(o: e.Opened, t: Ticket, z: ZoneInfo) -> str:
    facts = [o.type]
    if o.order:
        facts.append(f"order {o.order.number} ({o.order.invoice_amount or o.order.amount})")
    facts += [str(fact) for fact in (o.category, o.subcategory, o.reason, o.subject) if fact]
    return f"opened a ticket: {', '.join(facts)}"


def _replied(r: e.Replied, t: Ticket, z: ZoneInfo) -> str:
    what = "sent an interim notice" if r.interim else "answered"
    return _said(f"{what}, the matter is settled" if r.solution else what, r.text)


def _type_changed(c: e.TypeChanged, t: Ticket, z: ZoneInfo) -> str:
    consent = ", the customer agreed" if c.consent else ""
    return _said(f"changed the type from {t.type} to {c.type}{consent}", c.text)


def _refunded(r: e.Refunded, t: Ticket, z: ZoneInfo) -> str:
    units = f" for {', '.join(r.units)}" if r.units else ""
    waits = ", to be confirmed" if r.awaits_confirmation else ""
    return _said(f"refunded {r.amount}{units}{waits}", r.reason)


def _cancelled(c: e.Cancelled, t: Ticket, z: ZoneInfo) -> str:
    what = "ended the subscription" if c.subscription else f"cancelled {', '.join(c.units)}"
    return _said(what, c.reason)


def _closed(c: e.Closed, t: Ticket, z: ZoneInfo) -> str:
    if c.kind == "withdrawn":
        return _said("withdrew the ticket", c.reason)
    if c.kind == "duplicate":
        return f"closed the ticket as a duplicate of {c.duplicate_of}"
    final = " for good" if c.final else ""
    consent = ", the customer agreed" if c.consent else ""
    return _said(f"closed the ticket{final}{consent}", c.reason or c.text)


def _dispute_opened(d: e.DisputeOpened, t: Ticket, z: ZoneInfo) -> str:
    until = f", to be answered until {local_time(d.deadline, z)}" if d.deadline else ""
    return _said(f"reported the {d.kind} {d.dispute}{until}", d.reason)


def _dispute_resolved(d: e.DisputeResolved, t: Ticket, z: ZoneInfo) -> str:
    if d.outcome == "superseded":
        return f"ended the dispute {d.dispute}, another took its place"
    return f"resolved the dispute {d.dispute}: {d.outcome}"


def _by_its_name(x: Any, t: Ticket, z: ZoneInfo) -> str:
    """An event that nobody wrote words for: a new kind is shown all the same."""
    return _said(x.NAME, getattr(x, "text", None))


def _reviewed(r: e.Reviewed, t: Ticket, z: ZoneInfo) -> str:
    found = "abuse: the vendor loses the saving window" if r.abuse else "no abuse"
    return _said(f"reviewed the ticket and found {found}", r.text)


_WORDS: dict[type[Event], Callable[[Any, Ticket, ZoneInfo], str]] = {
    e.Opened: _opened,
    e.Replied: _replied,
    e.TypeChanged: _type_changed,
    e.Escalated: lambda x, t, z: _said(f"called in {x.to}", x.reason or x.text),
    e.HandedBack: lambda x, t, z: _said("handed the ticket back", x.text),
    e.Acknowledged: lambda x, t, z: "took the ticket up",
    e.InfoRequested: lambda x, t, z: _said("asked the customer for information", x.text),
    e.Assigned: lambda x, t, z: f"gave the ticket to {x.assignee}",
    e.Shared: lambda x, t, z: f"shared the ticket with {x.with_person}",
    e.Unshared: lambda x, t, z: f"ended the sharing with {x.with_person}",
    e.Warned: lambda x, t, z: f"warned: the {t.waiting_for}'s answer is awaited",
    e.Breached: lambda x, t, z: f"overdue: the {t.waiting_for} did not answer in time",
    e.Refunded: _refunded,
    e.RefundConfirmed: lambda x, t, z: f"confirmed the refund {x.reference}",
    e.RefundFailed: lambda x, t, z: _said(f"declined the refund {x.reference}", x.reason),
    e.Cancelled: _cancelled,
    e.Closed: _closed,
    e.Reopened: lambda x, t, z: _said("reopened the ticket", x.text),
    e.ReviewRequested: lambda x, t, z: _said("asked for a review", x.text),
    e.Reviewed: _reviewed,
    e.DisputeOpened: _dispute_opened,
    e.DisputeAnswered: lambda x, t, z: _said(f"answered the dispute {x.dispute}", x.text),
    e.DisputeResolved: _dispute_resolved,
    e.PolicyChanged: lambda x, t, z: f"put the ticket under {x.policy} {x.policy_version}",
    e.Unknown: lambda x, t, z: f"{x.name}, an event that this version does not know",
}
