"""Who is told of an event, and why. Nothing is sent here: the host sends."""

from collections.abc import Collection, Iterator, Mapping
from typing import TypeAlias

import attrs

from ticketcore.events import Event, Party, Recorded, Refunded, Unknown
from ticketcore.policies import KINDS, Kind, NotificationDefinition, Policy, Role
from ticketcore.ticket import Ticket

Identity: TypeAlias = tuple[str, int, str, str, str]


@attrs.frozen
class Recipient:
    """Somebody who is told. *person* is an id of the host; without one, the party is meant."""

    role: Role
    person: str | None = None


@attrs.frozen(kw_only=True)
class Notice:
    """That somebody is told of an event, and by which rule.

    *about* is the event's stored name, *include* that of a text of the policy that is said too.
    """

    ticket: str
    seq: int
    kind: Kind
    about: str
    event: Event
    to: Recipient
    include: str | None = None
    rule: str | None = None

    @property
    def identity(self) -> Identity:
        """What tells sending it twice from sending two: ticket, sequence number, kind, whom.

        A person has one identity, as whatever he is told.
        """
        whom = ("", self.to.role) if self.to.person is None else ("person", self.to.person)
        return (self.ticket, self.seq, self.kind, *whom)


def notices(
    recorded: Recorded,
    after: Ticket,
    policy: Policy,
    members: Mapping[str, Collection[str]] | None = None,
) -> tuple[Notice, ...]:
    """Who is told of one event, each once, in the order of the policy's file.

    *after* is the ticket that the event made, *members* the persons of each account (W5). Where
    several rules name somebody, the first counts. Who acted is told like everybody else (C2).
    """
    event = recorded.event
    if isinstance(event, Unknown):
        return ()
    told: dict[Identity, Notice] = {}
    for rule in policy.notifications:
        if event.NAME not in rule.on or not _applies(rule, event, after):
            continue
        for recipient in _recipients(rule, after, members or {}):
            notice = Notice(
                ticket=recorded.ticket,
                seq=recorded.seq,
                kind=KINDS[event.NAME],
                about=event.NAME,
                event=event,
                to=recipient,
                include=rule.include,
                rule=rule.rule,
            )
            told.setdefault(notice.identity, notice)
    return tuple(told.values())


def _applies(rule: NotificationDefinition, event: Event, after: Ticket) -> bool:
    if isinstance(event, Refunded) and event.awaits_confirmation:
        return False  # C2: when money goes back, and until it is confirmed it has not
    by: Party = getattr(event, "by", "system")
    return by in rule.by and rule.when.holds(after)


def _recipients(
    rule: NotificationDefinition, after: Ticket, members: Mapping[str, Collection[str]]
) -> Iterator[Recipient]:
    for role in rule.to:
        match role:
            case "customer":
                yield Recipient(role, after.opened.customer)
            case "account":
                account = after.opened.account or ""
                yield from (Recipient(role, person) for person in sorted(members.get(account, ())))
            case "shared":  # W5: a share that was withdrawn is not among them
                yield from (Recipient(role, person) for person in after.shared_with)
            case _:
                yield Recipient(role)
