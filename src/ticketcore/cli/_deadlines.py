"""The deadlines that a ticket would get: what `ticketcore explain` computes.

The command opens a ticket in memory, without asking for permission, and lets the decider plan
its timers. Every deadline carries the calendar's explanation of each of its spans.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, cast, get_args
from zoneinfo import ZoneInfo

import attrs
import typer

from ticketcore._toml import nearest
from ticketcore.calendar import CalendarError, Explanation
from ticketcore.calendar import zone_of as find_zone
from ticketcore.commands import Open
from ticketcore.decider import opened_event, plan, target_of
from ticketcore.events import PARTIES, Billing, DisputeOpened, Money, Order, Party, Timer
from ticketcore.policies import Policy, TimerDefinition
from ticketcore.ticket import Ticket, fold
from ticketcore.timeline import local_time


@attrs.frozen(kw_only=True)
class OpeningOptions:
    """The facts of the ticket, as the command's options state them; not checked yet."""

    by: str
    type: str | None
    zone: str | None
    storefront: str | None
    category: str | None
    subcategory: str | None
    reason: str | None
    billing: str | None
    dispute: str | None


@attrs.frozen(kw_only=True)
class Deadline:
    """A timer of the ticket with its definition and the explanation of its due instant.

    *explanations* has one entry for each span, in order. It is empty if the notice of the dispute
    states the deadline.
    """

    timer: Timer
    definition: TimerDefinition
    zone: ZoneInfo
    explanations: tuple[Explanation, ...]

    def explained(self) -> str:
        """Return when the timer is due and why, in lines, in the ticket's time zone."""
        if self.explanations:
            return "\n".join(map(str, self.explanations))
        local = local_time(self.timer.due, self.zone)
        return (
            f"due {local}, {utc_text(self.timer.due)}\nthe deadline stated in the dispute notice"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the deadline as JSON values."""
        return {
            "timer": self.timer.name,
            "rules": (self.definition.rule or "").split(),
            "effect": self.definition.effect,
            "since": utc_text(self.timer.since),
            "due": utc_text(self.timer.due),
            "due_local": self.timer.due.astimezone(self.zone).isoformat(),
            "explanation": [explanation.to_dict() for explanation in self.explanations],
        }


def check_names(opening: OpeningOptions, policy: Policy) -> None:
    """Raise typer.BadParameter for a name that the policy lacks; the message has the nearest."""
    _check("--by", opening.by, PARTIES[:3])
    _check("--type", opening.type, () if policy.any_type else policy.types)
    if policy.storefronts and opening.storefront is None:
        message = f"required by the policy: give one of {', '.join(policy.storefronts)}"
        raise typer.BadParameter(message, param_hint="--storefront")
    _check("--storefront", opening.storefront, policy.storefronts)
    _check("--category", opening.category, policy.categories)
    category = policy.category(opening.category)
    _check("--subcategory", opening.subcategory, category.subcategories if category else ())
    _check("--reason", opening.reason, policy.reasons)
    _check("--billing", opening.billing, get_args(Billing))
    if opening.dispute is not None and opening.dispute not in policy.dispute_kinds:
        known = nearest(opening.dispute, policy.dispute_kinds) if policy.dispute_kinds else "none"
        message = f'policy {policy.name} has no dispute kind "{opening.dispute}": {known}'
        raise typer.BadParameter(message, param_hint="--dispute")


def _check(option: str, value: str | None, known: Iterable[str]) -> None:
    names = tuple(known)
    if value is not None and names and value not in names:
        message = f'unknown "{value}": {nearest(value, names)}'
        raise typer.BadParameter(message, param_hint=option)


def zone_of(opening: OpeningOptions, policy: Policy) -> str:
    """Return the IANA name of the ticket's zone: as given, the storefront's or the policy's."""
    storefront = policy.storefront(opening.storefront)
    zone = opening.zone or (storefront.zone if storefront else policy.zone)
    if zone is None:
        raise typer.BadParameter(
            f"policy {policy.name} sets no time zone: give the vendor's, such as America/Boise",
            param_hint="--zone",
        )
    try:
        return find_zone(zone).key
    except CalendarError as error:
        raise typer.BadParameter(str(error), param_hint="--zone") from None


def open_ticket(
    opening: OpeningOptions, policy: Policy, at: datetime, deadline: datetime | None
) -> Ticket:
    """Return the ticket after its opening and, if there is one, its dispute.

    No permission is asked for. *deadline* is the one that the notice of the dispute states.
    """
    by = cast("Party", opening.by)
    opened = opened_event(
        Open(
            at=at,
            by=by,
            type=opening.type,
            zone=opening.zone,
            storefront=opening.storefront,
            category=opening.category,
            subcategory=opening.subcategory,
            reason=opening.reason,
            order=None if opening.billing is None else _order(at, opening.billing),
        ),
        policy,
    )
    if opening.dispute is None:
        return fold((opened,))
    dispute = DisputeOpened(
        at=at, by="customer", dispute="1", kind=opening.dispute, deadline=deadline
    )
    return fold((opened, dispute))


def _order(at: datetime, billing: str) -> Order:
    """Return an order for its billing mode; its other facts mean nothing."""
    return Order(number="1", sold_at=at, amount=Money(0, "USD"), billing=cast("Billing", billing))


def deadlines(ticket: Ticket, policy: Policy) -> list[Deadline]:
    """Return the deadlines of the ticket, the earliest first."""
    return [_explained(timer, ticket, policy) for timer in plan(ticket, policy, ticket.at)]


def _explained(timer: Timer, ticket: Ticket, policy: Policy) -> Deadline:
    definition = policy.timer(timer.name, ticket)
    assert definition is not None, "the plan holds timers of the policy"
    stated = definition.notice_deadline and any(
        dispute.id == timer.dispute and dispute.deadline for dispute in ticket.disputes
    )
    return Deadline(
        timer=timer,
        definition=definition,
        zone=ZoneInfo(ticket.opened.zone),
        explanations=() if stated else _explanations(timer, definition, ticket, policy),
    )


def _explanations(
    timer: Timer, definition: TimerDefinition, ticket: Ticket, policy: Policy
) -> tuple[Explanation, ...]:
    target = target_of(ticket, definition)
    assert target is not None, "a timer is planned only if it has a target"
    return policy.calendar(target.calendar, ticket).explain_chain(
        timer.since,
        (target.after, *definition.then),
        boundary=definition.boundary,
        roll=definition.roll,
        at_time=definition.at_time,
    )


def utc_text(at: datetime) -> str:
    """Return an instant as ``2026-03-09T22:00:00Z``, with a fraction only if it has one."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
