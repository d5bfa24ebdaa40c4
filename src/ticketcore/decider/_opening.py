"""Opening a ticket, and asking for another type: what is asked for must be there to be had."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ticketcore._making import maker
from ticketcore.calendar import zone_of
from ticketcore.commands import ChangeType, Open
from ticketcore.decider._planning import plan
from ticketcore.decider._refusing import authorize, check_requirements, refuse
from ticketcore.errors import CalendarError
from ticketcore.events import Assigned, Event, Opened, TypeChanged
from ticketcore.policies import Policy, TicketType
from ticketcore.ticket import Ticket, apply, begin, evolve

_new_opened = maker(Opened)


def open_ticket(command: Open, policy: Policy) -> tuple[Any, tuple[Event, ...]]:
    """The draft of a new ticket, and the events of its opening. Raises RefusedError."""
    opened = opened_event(command, policy)
    draft = begin(opened)
    check_requirements(command, authorize(draft, command, policy))
    _check_facts(command, policy)
    check_type(draft, command, opened.type, policy)
    routed = _route(opened, policy)
    apply(routed, draft)
    return draft, (opened, *routed)


def opened_event(command: Open, policy: Policy) -> Opened:
    """The opening with what the policy says of it: whose desk, whose turn, in which zone.

    Asks no permission, and for no order. Raises RefusedError where no type, storefront or zone
    is to be had.
    """
    kind = command.type or policy.default_type
    if kind is None:
        refuse(command, "type-required", f"name a type: {', '.join(policy.types)}")
    return _new_opened(
        at=command.at,
        by=command.by,
        actor=command.actor,
        type=kind,
        zone=_zone(command, policy),
        default_handler=policy.default_handler,
        waiting_for="customer"
        if command.by == policy.default_handler == "vendor"
        else policy.default_handler,
        policy=policy.name,
        policy_version=policy.version,
        storefront=command.storefront,
        order=command.order,
        units=_units(command),
        customer=command.customer,
        account=command.account,
        category=command.category,
        subcategory=command.subcategory,
        reason=command.reason,
        subject=command.subject,
        text=command.text,
        channel=command.channel,
        has_grace_period=command.has_grace_period,
        possible_duplicates=command.possible_duplicates,
    )


def _zone(command: Open, policy: Policy) -> str:
    storefront = policy.storefront(command.storefront)
    if policy.storefronts and storefront is None:
        known = ", ".join(policy.storefronts)
        reason = f"{command.storefront!r} is no storefront of {policy.name}: name one of {known}"
        refuse(command, "unknown-storefront", reason)
    zone = command.zone or (storefront.zone if storefront else policy.zone)
    if zone is None:
        refuse(command, "zone-required", "name the vendor's time zone, for example Europe/Rome")
    try:
        zone_of(zone)
    except CalendarError:
        refuse(command, "unknown-zone", f"{zone!r} is no IANA time zone")
    return zone


def _units(command: Open) -> tuple[str, ...]:
    """K5: a ticket concerns one or more units of its order; all of them when none is named."""
    known = tuple(unit.id for unit in command.order.units) if command.order else ()
    unknown = [unit for unit in command.units if unit not in known]
    if unknown:
        reason = f"{unknown[0]!r} is no unit of the order: it has {', '.join(known) or 'none'}"
        refuse(command, "unknown-unit", reason)
    return tuple(dict.fromkeys(command.units or known))


def _check_facts(command: Open, policy: Policy) -> None:
    missing = [name for name in policy.opening.required if _is_blank(getattr(command, name))]
    if missing:
        reason = (
            f"a ticket needs {', '.join(policy.opening.required)}: {', '.join(missing)} is missing"
        )
        refuse(command, "field-required", reason, policy.opening.rule)
    if (
        policy.opening.possible_duplicates == "refuse" and command.possible_duplicates
    ):  # O4 only reports them
        others = ", ".join(command.possible_duplicates)
        reason = f"one ticket for one problem: go on with {others}"
        refuse(command, "possible-duplicate", reason, policy.opening.duplicates_rule)
    if policy.reasons and command.reason is not None and command.reason not in policy.reasons:
        reason = f"{command.reason!r} is none of the reasons {', '.join(policy.reasons)}"
        refuse(command, "unknown-reason", reason)
    if not policy.categories or command.category is None:
        return
    category = policy.categories.get(command.category)
    if category is None:
        known = ", ".join(policy.categories)
        reason = f"{command.category!r} is none of the categories {known}"
        refuse(command, "unknown-category", reason)
    sub = command.subcategory
    if category.subcategories and sub is not None and sub not in category.subcategories:
        known = ", ".join(category.subcategories)
        reason = f"{sub!r} is none of the sub-categories of {category.name}: {known}"
        refuse(command, "unknown-subcategory", reason, category.rule)


def _is_blank(value: object) -> bool:
    return not (value.strip() if isinstance(value, str) else value)


def _route(opened: Opened, policy: Policy) -> tuple[Assigned, ...]:
    """The category decides whom a ticket is given to (W2, O5)."""
    category = policy.category(opened.category)
    if category is None or category.team is None:
        return ()
    return (Assigned(at=opened.at, assignee=category.team),)


def check_type(ticket: Ticket, command: Open | ChangeType, name: str, policy: Policy) -> None:
    """Refuse a type that the policy does not know, or that this order cannot have now."""
    kind = policy.types.get(name)
    if kind is None:
        if policy.any_type:
            return
        known = ", ".join(policy.types)
        refuse(command, "unknown-type", f"{name!r} is no type of {policy.name}: {known}")
    order = ticket.opened.order
    if order is None:
        if kind.order:
            refuse(command, "order-required", f"a {name} ticket needs its order", kind.rule)
        return
    if kind.billing and order.billing not in kind.billing:  # C9
        reason = f"{name} exists for {kind.billing[0]} products, this one is {order.billing}"
        refuse(command, "billing-mismatch", reason, kind.billing_rule)
    span = kind.windows.get(command.by)
    if span is not None:
        # C14: calendar days at the same local time, from the sale or the latest invoice
        limit = policy.calendar(None, ticket).due(order.invoiced_at or order.sold_at, span)
        if _passed(kind, limit, _checked_at(ticket, command, kind, policy), ticket.opened.zone):
            reason = f"{command.by} may ask for a {name} for {span}, until {limit.isoformat()}"
            refuse(command, "window-passed", reason, kind.window_rule)


def _passed(kind: TicketType, limit: datetime, at: datetime, zone: str) -> bool:
    if kind.window_bound == "end-of-day":
        local = ZoneInfo(zone)
        return at.astimezone(local).date() > limit.astimezone(local).date()
    if kind.window_bound == "exclusive":
        return at >= limit
    return at > limit  # C14: the last instant included


def _checked_at(
    ticket: Ticket, command: Open | ChangeType, kind: TicketType, policy: Policy
) -> datetime:
    if kind.window_checked == "on-request":  # C14: judged when asked for
        return command.at
    asked = ticket
    if ticket.type != kind.name:
        asked = evolve(ticket, TypeChanged(at=command.at, by=command.by, type=kind.name))
    rules = policy.timer_definitions(asked)
    paying = {rule.name for rule in rules if rule.effect in ("refund", "cancel")}
    paid = [timer.due for timer in plan(asked, policy, command.at) if timer.name in paying]
    return min(paid, default=command.at)
