"""Turn the events of a ticket into a conversation that people can read (C3, O6)."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime

import attrs

from ticketcore._internal.arguments import typed
from ticketcore._internal.strict_json import dump, load
from ticketcore.events import (
    EVENTS,
    PARTIES,
    Assigned,
    Attachment,
    Breached,
    Cancelled,
    Classified,
    Closed,
    DeadlineSet,
    DisputeCorrected,
    DisputeOpened,
    DisputeResolved,
    Escalated,
    Event,
    FieldSet,
    Linked,
    NoteAdded,
    Opened,
    OrderCorrected,
    Party,
    PauseEnded,
    PauseStarted,
    PolicyChanged,
    Recorded,
    Reference,
    Refunded,
    Replied,
    Reviewed,
    Scheduled,
    Shared,
    ShipmentAdded,
    Split,
    Tagged,
    TypeChanged,
    Unknown,
    Unshared,
    Untagged,
    Warned,
    with_words,
)


@attrs.frozen(kw_only=True)
class ConversationEntry:
    """One entry of a ticket's conversation. *at* is UTC.

    *event* is the stored name of the event. *about* is its subject in a word or two, such as the
    new type, the amount or the person. *text* is the message. *by* is the acting party, `None` for
    an event whose name this version does not know; *actor* is the id of the acting person.
    *attachments* are the files that were sent with the message (K14). *automatic* is true for a
    message that a machine wrote. *consent* is true if the customer agreed to a closing or change
    of type, *consent_message* the reference of the message in which they did; without it, the
    party alone says so (C11).
    """

    seq: int
    at: datetime
    by: Party | None
    actor: str | None = None
    event: str
    about: str | None = None
    text: str | None = None
    interim: bool = False
    automatic: bool = False
    attachments: tuple[Attachment, ...] = ()
    consent: bool = False
    consent_message: str | None = None


def dump_entry(entry: ConversationEntry) -> dict[str, object]:
    """Return an entry of a conversation as JSON values, without fields that have their default."""
    return dump(entry)


def load_entry(source: object) -> ConversationEntry:
    """Return the entry that `dump_entry` wrote. Raises CodecError with a mistake's path."""
    return load(ConversationEntry, source)


def conversation_entry(
    recorded: Recorded, *, words: Mapping[str, str] = {}
) -> ConversationEntry | None:
    """Return the entry for one event, or `None` for `Scheduled`, which tells people nothing.

    The entry depends on this event alone, so a host can append entries as events arrive. It must
    not show a ``note-added`` to the customer's side. *words* take the place of names of the policy
    in the subject of the entry, such as those of ``policy.words["de"]``.
    """
    event = recorded.event
    if isinstance(event, Scheduled):
        return None
    if isinstance(event, Unknown):
        return _unread_entry(recorded.seq, event)
    text: str | None = getattr(event, "text", None)
    return ConversationEntry(
        seq=recorded.seq,
        at=event.at,
        by=event.by,
        actor=event.actor,
        event=event.NAME,
        about=_about(with_words(event, words)),
        text=text,
        interim=isinstance(event, Replied) and event.interim,
        automatic=isinstance(event, Replied) and event.automatic,
        attachments=event.attachments if isinstance(event, Opened | Replied | NoteAdded) else (),
        consent=isinstance(event, TypeChanged | Closed) and event.consent,
        consent_message=event.consent_message if isinstance(event, TypeChanged | Closed) else None,
    )


def _unread_entry(seq: int, event: Unknown) -> ConversationEntry:
    """Return the entry for an event that this version cannot read.

    If it has the name of a known event, a later version added to it: what a person wrote is shown.
    """
    body = json.loads(event.body) if event.name in EVENTS else {}
    by = body.get("by")
    actor, text = (
        value if isinstance(value := body.get(key), str) else None for key in ("actor", "text")
    )
    return ConversationEntry(
        seq=seq,
        at=event.at,
        by=by if by in PARTIES else None,
        actor=actor,
        event=event.name,
        text=text,
    )


@typed
def conversation(
    recorded: Iterable[Recorded], *, notes: bool = False, words: Mapping[str, str] = {}
) -> tuple[ConversationEntry, ...]:
    """Return the conversation of one ticket, in the order of its events (O6).

    Internal notes are left out unless *notes* asks for them: the customer's side never reads them.
    *words* are those of :func:`conversation_entry`.
    """
    return tuple(
        entry
        for each in recorded
        if (entry := conversation_entry(each, words=words)) is not None
        and (notes or entry.event != NoteAdded.NAME)
    )


@typed
def participants(entries: Iterable[ConversationEntry]) -> tuple[tuple[Party, str], ...]:
    """Return the persons who acted on a ticket, each with their party, in order (O6).

    Persons who only wrote internal notes are among them if *entries* has the notes.
    """
    return tuple(
        dict.fromkeys(
            (entry.by, entry.actor)
            for entry in entries
            if entry.by is not None and entry.actor is not None
        )
    )


def _about(event: Event) -> str | None:
    """Return the subject of an event in a word or two. Most events have none."""
    match event:
        case Opened(subject=subject):
            return subject
        case TypeChanged(type=name):
            return name
        case Escalated(reason=reason):
            return reason
        case Assigned(assignee=assignee):
            return assignee
        case Shared(with_person=person) | Unshared(with_person=person):
            return person
        case Warned(timer=timer) | Breached(timer=timer) | DeadlineSet(timer=timer):
            return timer
        case PauseStarted(pause=pause) | PauseEnded(pause=pause):
            return pause
        case Refunded(amount=amount):
            return str(amount)
        case Cancelled(subscription=subscription, units=units):
            return "subscription" if subscription else ", ".join(units)
        case Closed(duplicate_of=original, reason=reason):
            return original or reason
        case FieldSet(field=field, value=value):
            return f"{field}: {value or ''}".rstrip(": ")
        case Tagged(tag=tag) | Untagged(tag=tag):
            return tag
        case Classified(category=category, reason=reason):
            return category or reason
        case OrderCorrected(order=order):
            return order.number
        case ShipmentAdded(shipment=shipment):
            return shipment.number
        case Split(into=number) | Linked(target=Reference(number=number)):
            return number
        case DisputeCorrected(dispute=dispute):
            return dispute
        case Reviewed(abuse=abuse):
            return "abuse" if abuse else "no abuse"
        case DisputeOpened(kind=kind):
            return kind
        case DisputeResolved(outcome=outcome):
            return outcome
        case PolicyChanged(policy=policy, policy_version=version):
            return f"{policy} {version}"
        case _:
            return None
