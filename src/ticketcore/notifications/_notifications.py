"""Notifications: who is notified of an event, by the [[notification]] tables of the policy."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from hashlib import sha256

import attrs

from ticketcore._internal.arguments import typed, users_of
from ticketcore._internal.strict_json import dump, load
from ticketcore.commands import ChangeType
from ticketcore.decider import decide
from ticketcore.errors import TicketcoreError
from ticketcore.events import Breached, Event, Party, Recorded, Refunded, Unknown, Warned
from ticketcore.policies import (
    NOTIFICATION_KINDS,
    NotificationDefinition,
    NotificationKind,
    Policy,
)
from ticketcore.ticket import Ticket


@attrs.frozen(kw_only=True)
class Notification:
    """A message about one event to one recipient, before it is written.

    *role* and *person* say who receives it. *role* is a `RecipientRole`, or a role of the policy.
    *person* is an id of the host; `None` means the party itself, or the one that has the role.
    *event_name* is the stored name of the event. *noticed_at* is the instant, in UTC, at which a
    store recorded the event, if a store did. *include* names a template of the policy that the
    e-mail also contains, *rule* the ids of the rule that asks for the notification.
    """

    ticket: str
    seq: int
    kind: NotificationKind
    event_name: str
    event: Event
    role: str
    person: str | None = None
    noticed_at: datetime | None = None
    include: str | None = None
    rule: str | None = None

    @property
    def occurred_at(self) -> datetime:
        """The instant of the event, in UTC. A host may notice a timer much later."""
        return self.event.at

    @property
    def party(self) -> Party:
        """The party of the recipient. Users of the account are customers, as those of a share.

        A role of the policy belongs to support.
        """
        match self.role:
            case "account" | "shared":
                return "customer"
            case "customer" | "vendor":
                return self.role
            case _:
                return "support"

    @property
    def identity(self) -> str:
        """A digest of ticket, sequence number, kind and recipient. Store it to send nothing twice.

        A person has the same identity in every role. The digest does not reveal the person, so it
        may stay when the person is erased.
        """
        recipient = ("", self.role) if self.person is None else ("person", self.person)
        return digest(self.ticket, self.seq, self.kind, *recipient)


def digest(*parts: str | int) -> str:
    """Return a short hash, because ids of a host may hold characters that no header may have."""
    return sha256(repr(parts).encode()).hexdigest()[:24]


@typed
def notifications(
    recorded: Recorded,
    after: Ticket,
    policy: Policy,
    members: Mapping[str, Collection[str]] | None = None,
) -> tuple[Notification, ...]:
    """Return the notifications about one event, one per recipient, in the order of the policy.

    *after* is the ticket after the event. *members* lists the persons of each account (W5). If
    several definitions name the same recipient, the first one counts. The person who acted is
    notified like everybody else (C2). Nobody is notified of an event that this version does not
    know. A template that offers a type is left out if the change would be refused (C18).
    """
    event = recorded.event
    if isinstance(event, Unknown):
        return ()
    by_identity: dict[str, Notification] = {}
    for role in _roles_of_level(event, policy):
        notified = _to_role(role, recorded)
        by_identity.setdefault(notified.identity, notified)
    for definition in policy.notifications:
        if event.NAME not in definition.on or not _applies(definition, event, after):
            continue
        for role, person in _recipients(definition, after, members or {}):
            notification = attrs.evolve(
                _to_role(role, recorded),
                person=person,
                include=definition.include,
                rule=definition.rule,
            )
            if not _is_granted(definition.offers, notification.party, event.at, after, policy):
                notification = attrs.evolve(notification, include=None)
            by_identity.setdefault(notification.identity, notification)
    return tuple(by_identity.values())


def _to_role(role: str, recorded: Recorded) -> Notification:
    event = recorded.event
    return Notification(
        ticket=recorded.ticket,
        seq=recorded.seq,
        kind=NOTIFICATION_KINDS[event.NAME],
        event_name=event.NAME,
        event=event,
        role=role,
        noticed_at=recorded.recorded_at,
    )


def _roles_of_level(event: Event, policy: Policy) -> tuple[str, ...]:
    """Return the roles that are notified by the level that caused an event."""
    timer, level = getattr(event, "timer", None), getattr(event, "level", None)
    if timer is None or level is None:
        return ()
    named = (definition.level(level) for definition in policy.alternatives(timer))
    return next((found.notify for found in named if found is not None), ())


def _applies(definition: NotificationDefinition, event: Event, after: Ticket) -> bool:
    if isinstance(event, Refunded) and event.awaits_confirmation:
        return False  # C2: money has not moved before the refund is confirmed
    return event.by in definition.by and definition.when.holds(after)


def _is_granted(
    offered: str | None, by: Party, at: datetime, ticket: Ticket, policy: Policy
) -> bool:
    """Return whether a party could change the ticket to the offered type now."""
    if offered is None:
        return True
    try:
        return bool(decide(ticket, ChangeType(at=at, by=by, type=offered, text="…"), policy))
    except TicketcoreError:
        return False


def _recipients(
    definition: NotificationDefinition, after: Ticket, members: Mapping[str, Collection[str]]
) -> Iterator[tuple[str, str | None]]:
    """Yield the role and the person of each recipient that the definition names."""
    for role in definition.to:
        match role:
            case "customer":
                yield role, after.opened.customer
            case "account":
                users = users_of("notifications", members, after.opened.account)
                yield from ((role, person) for person in sorted(users))
            case "shared":  # W5: without the persons whose share has ended
                yield from ((role, person) for person in after.shared_with)
            case _:
                yield role, None


@typed
def is_overtaken(notification: Notification, ticket: Ticket) -> bool:
    """Return whether a notification asks for something that is no longer needed.

    *ticket* is the ticket as it is now. A reminder or a message about a missed deadline is
    overtaken once the cycle of its timer has ended, or the ticket is closed: the answer came,
    another party owes it, or a party has acted where the timer counts from the last activity. All
    others report what happened, and are never overtaken.

    A host that notices timers late, or whose mail waits in a queue, asks this before it sends.
    """
    event = notification.event
    if not isinstance(event, Warned | Breached):
        return False
    closed = ticket.closed_at is not None and ticket.closed_at > event.at
    return closed or not any(
        timer.name == event.timer and timer.since <= event.at for timer in ticket.timers
    )


def dump_notification(notification: Notification) -> dict[str, object]:
    """Return a notification as JSON values, without fields that have their default."""
    return dump(notification)


def load_notification(source: object) -> Notification:
    """Return the notification that `dump_notification` wrote.

    Raises CodecError with the path of a mistake.
    """
    return load(Notification, source)
