"""The deadlines of a ticket that was never opened: planned as they would be, and explained."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, cast, get_args
from zoneinfo import ZoneInfo

import attrs
import typer

from ticketcore._toml import nearest
from ticketcore.calendar import CalendarError, Explanation
from ticketcore.calendar import zone_of as find_zone
from ticketcore.commands import Open
from ticketcore.decider import opened_event, plan
from ticketcore.events import PARTIES, Billing, DisputeOpened, Money, Order, Party, Timer
from ticketcore.policies import Policy, TimerDefinition
from ticketcore.ticket import Ticket, fold
from ticketcore.timeline import local_time


@attrs.frozen(kw_only=True)
class Given:
    """The facts of a ticket, as the options give them."""

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
    """A timer of the ticket, its rule, and how it comes about.

    *explanations* are one for each of its spans in turn; none where the dispute's own notice
    carries the deadline.
    """

    timer: Timer
    rule: TimerDefinition
    zone: ZoneInfo
    explanations: tuple[Explanation, ...]

    def explained(self) -> str:
        """When it is due, and why then, in lines."""
        if self.explanations:
            return "\n".join(map(str, self.explanations))
        local = local_time(self.timer.due, self.zone)
        return f"due {local}, {utc_text(self.timer.due)}\nthe notice's own deadline"

    def to_dict(self) -> dict[str, Any]:
        """The same as JSON has it."""
        return {
            "timer": self.timer.name,
            "rules": (self.rule.rule or "").split(),
            "effect": self.rule.effect,
            "since": utc_text(self.timer.since),
            "due": utc_text(self.timer.due),
            "due_local": self.timer.due.astimezone(self.zone).isoformat(),
            "explanation": [explanation.to_dict() for explanation in self.explanations],
        }


def check_names(given: Given, policy: Policy) -> None:
    """Refuse what the policy does not know, with the nearest name that it does."""
    _check("--by", given.by, PARTIES[:3])
    _check("--type", given.type, () if policy.any_type else policy.types)
    if policy.storefronts and given.storefront is None:
        message = f"needed: one of {', '.join(policy.storefronts)}"
        raise typer.BadParameter(message, param_hint="--storefront")
    _check("--storefront", given.storefront, policy.storefronts)
    _check("--category", given.category, policy.categories)
    category = policy.category(given.category)
    _check("--subcategory", given.subcategory, category.subcategories if category else ())
    _check("--reason", given.reason, policy.reasons)
    _check("--billing", given.billing, get_args(Billing))
    if given.dispute is not None and given.dispute not in policy.dispute_kinds:
        known = nearest(given.dispute, policy.dispute_kinds) if policy.dispute_kinds else "none"
        message = f'{policy.name} knows no dispute "{given.dispute}"; {known}'
        raise typer.BadParameter(message, param_hint="--dispute")


def _check(option: str, value: str | None, known: Iterable[str]) -> None:
    names = tuple(known)
    if value is not None and names and value not in names:
        raise typer.BadParameter(
            f'"{value}" is unknown; {nearest(value, names)}', param_hint=option
        )


def zone_of(given: Given, policy: Policy) -> str:
    """The zone that local times are read in: the one given, the storefront's or the policy's."""
    storefront = policy.storefront(given.storefront)
    zone = given.zone or (storefront.zone if storefront else policy.zone)
    if zone is None:
        raise typer.BadParameter(
            f"needed: {policy.name} does not know the vendor's, such as America/Boise",
            param_hint="--zone",
        )
    try:
        return find_zone(zone).key
    except CalendarError as error:
        raise typer.BadParameter(str(error), param_hint="--zone") from None


def open_ticket(given: Given, policy: Policy, at: datetime, deadline: datetime | None) -> Ticket:
    """The ticket as it would be after its opening, and after the dispute. Asks no permission."""
    by = cast("Party", given.by)
    opened = opened_event(
        Open(
            at=at,
            by=by,
            type=given.type,
            zone=given.zone,
            storefront=given.storefront,
            category=given.category,
            subcategory=given.subcategory,
            reason=given.reason,
            order=None if given.billing is None else _order(at, given.billing),
        ),
        policy,
    )
    if given.dispute is None:
        return fold((opened,))
    dispute = DisputeOpened(
        at=at, by="customer", dispute="1", kind=given.dispute, deadline=deadline
    )
    return fold((opened, dispute))


def _order(at: datetime, billing: str) -> Order:
    """An order of which only the billing matters."""
    return Order(number="1", sold_at=at, amount=Money(0, "USD"), billing=cast("Billing", billing))


def deadlines(ticket: Ticket, policy: Policy) -> list[Deadline]:
    """Every timer of the ticket, the earliest first."""
    return [_explained(timer, ticket, policy) for timer in plan(ticket, policy, ticket.at)]


def _explained(timer: Timer, ticket: Ticket, policy: Policy) -> Deadline:
    rule = policy.timer(timer.name, ticket)
    assert rule is not None, "the plan holds timers of the policy"
    noticed = rule.notice_deadline and any(
        dispute.id == timer.dispute and dispute.deadline for dispute in ticket.disputes
    )
    return Deadline(
        timer=timer,
        rule=rule,
        zone=ZoneInfo(ticket.opened.zone),
        explanations=() if noticed else tuple(_explanations(timer, rule, ticket, policy)),
    )


def _explanations(
    timer: Timer, rule: TimerDefinition, ticket: Ticket, policy: Policy
) -> Iterator[Explanation]:
    calendar = policy.calendar(rule.calendar, ticket)
    since = timer.since
    spans = (rule.after, *rule.then)
    for place, span in enumerate(spans, 1):
        roll = rule.roll if place == len(spans) else None
        yield (explanation := calendar.explain(since, span, boundary=rule.boundary, roll=roll))
        since = explanation.due


def utc_text(at: datetime) -> str:
    """An instant as ``2026-03-09T22:00:00Z``, with a fraction only where there is one."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
