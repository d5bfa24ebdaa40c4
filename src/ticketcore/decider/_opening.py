"""Handle `Open` and check types: known facts, order, time zone and refund window."""

from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from ticketcore._internal.fast_attrs import fast
from ticketcore.calendar import zone_of
from ticketcore.commands import ChangeType, Open
from ticketcore.decider._authorization import (
    authorize,
    check_requirements,
    local_text,
    refuse,
)
from ticketcore.decider._timers import plan
from ticketcore.errors import CalendarError
from ticketcore.events import Assigned, Event, Opened, Party, TypeChanged, local
from ticketcore.policies import Policy, TicketType
from ticketcore.ticket import Ticket, evolve, fold


def open_ticket(command: Open, policy: Policy) -> tuple[Ticket, tuple[Event, ...]]:
    """Return a new ticket and the events of its opening. Raises RefusedError."""
    opened = opened_event(command, policy)
    ticket = fold((opened,))
    check_requirements(command, authorize(ticket, command, policy))
    _check_facts(command, policy)
    check_type(ticket, command, opened.type, policy)
    routed = _route(opened, policy)
    return fold(routed, ticket) if routed else ticket, (opened, *routed)


def opened_event(command: Open, policy: Policy) -> Opened:
    """Return the opening with the policy's decisions: handler, awaited party, time zone.

    Checks neither permissions nor the order. Raises RefusedError if there is no type or zone, or
    the storefront is unknown.
    """
    kind = command.type or policy.default_type
    if kind is None:
        refuse(command, "type-required", f"a type is required: {', '.join(policy.types)}")
    return fast(Opened)(
        at=command.at,
        by=command.by,
        actor=command.actor,
        command_id=command.command_id,
        type=kind,
        zone=_zone(command, policy),
        default_handler=policy.default_handler,
        waiting_for=_first_awaited(command, policy),
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


def _first_awaited(command: Open, policy: Policy) -> Party:
    """Wait for the customer if the vendor opens a ticket that they handle themselves."""
    if command.by == policy.default_handler == "vendor":
        return "customer"
    return policy.default_handler


def _zone(command: Open, policy: Policy) -> str:
    storefront = policy.storefront(command.storefront)
    if policy.storefronts and storefront is None:
        known = ", ".join(policy.storefronts)
        reason = f"unknown storefront {command.storefront!r}; {policy.name} has {known}"
        refuse(command, "unknown-storefront", reason)
    zone = command.zone or (storefront.zone if storefront else policy.zone)
    if zone is None:
        refuse(
            command, "zone-required", "the vendor's time zone is required, for example Europe/Rome"
        )
    try:
        zone_of(zone)
    except CalendarError:
        refuse(command, "unknown-zone", f"{zone!r} is not an IANA time zone")
    return zone


def _units(command: Open) -> tuple[str, ...]:
    """Return the units that the ticket concerns (K5): all of the order's if it names none."""
    known = tuple(unit.id for unit in command.order.units) if command.order else ()
    unknown = [unit for unit in command.units if unit not in known]
    if unknown:
        reason = f"unknown unit {unknown[0]!r}; the order has {', '.join(known) or 'none'}"
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
        reason = f"the same problem may have a ticket already: continue with {others}"
        refuse(command, "possible-duplicate", reason, policy.opening.duplicates_rule)
    if policy.reasons and command.reason is not None and command.reason not in policy.reasons:
        reason = f"unknown reason {command.reason!r}; expected one of {', '.join(policy.reasons)}"
        refuse(command, "unknown-reason", reason)
    if not policy.categories or command.category is None:
        return
    category = policy.categories.get(command.category)
    if category is None:
        known = ", ".join(policy.categories)
        reason = f"unknown category {command.category!r}; expected one of {known}"
        refuse(command, "unknown-category", reason)
    sub = command.subcategory
    if category.subcategories and sub is not None and sub not in category.subcategories:
        known = ", ".join(category.subcategories)
        reason = f"unknown subcategory {sub!r} of {category.name}; expected one of {known}"
        refuse(command, "unknown-subcategory", reason, category.rule)


def _is_blank(value: object) -> bool:
    return not (value.strip() if isinstance(value, str) else value)


def _route(opened: Opened, policy: Policy) -> tuple[Assigned, ...]:
    """Return the assignment to the team of the ticket's category (W2, O5), if it has one."""
    category = policy.category(opened.category)
    if category is None or category.team is None:
        return ()
    assigned = Assigned(
        at=opened.at, assignee=category.team, command_id=opened.command_id, derived=True
    )
    return (assigned,)


def check_type(ticket: Ticket, command: Open | ChangeType, name: str, policy: Policy) -> None:
    """Refuse a type that the policy lacks, or that this order cannot have at this instant."""
    kind = policy.types.get(name)
    if kind is None:
        if policy.any_type:
            return
        known = ", ".join(policy.types)
        refuse(command, "unknown-type", f"unknown type {name!r}; {policy.name} has {known}")
    order = ticket.opened.order
    if order is None:
        if kind.order:
            refuse(
                command, "order-required", f"a ticket of type {name} requires an order", kind.rule
            )
        return
    if kind.billing and order.billing not in kind.billing:  # C9
        reason = f"{name} is for {' or '.join(kind.billing)} products; this one is {order.billing}"
        refuse(command, "billing-mismatch", reason, kind.billing_rule)
    span = kind.windows.get(command.by)
    if span is not None:
        # C14: calendar days at the same local time, from the sale or the latest invoice
        limit = policy.calendar(None, ticket).due(order.invoiced_at or order.sold_at, span)
        if _passed(kind, limit, _checked_at(ticket, command, kind, policy), ticket.opened.zone):
            until = local_text(limit, ticket)
            reason = f"{command.by} may ask for type {name} within {span}, until {until}"
            refuse(command, "window-passed", reason, kind.window_rule)


def _passed(kind: TicketType, limit: datetime, at: datetime, zone: str) -> bool:
    match kind.window_bound:
        case "inclusive":  # C14: the last instant included
            return at > limit
        case "exclusive":
            return at >= limit
        case "end-of-day":
            zone_info = ZoneInfo(zone)
            return local(at, zone_info).date() > local(limit, zone_info).date()
        case _:
            assert_never(kind.window_bound)


def _checked_at(
    ticket: Ticket, command: Open | ChangeType, kind: TicketType, policy: Policy
) -> datetime:
    if kind.window_checked == "on-request":  # C14: checked when requested
        return command.at
    changed = ticket
    if ticket.type != kind.name:
        changed = evolve(ticket, TypeChanged(at=command.at, by=command.by, type=kind.name))
    definitions = policy.timer_definitions(changed)
    paying = {each.name for each in definitions if each.effect in ("refund", "cancel")}
    paid = [timer.due for timer in plan(changed, policy, command.at) if timer.name in paying]
    return min(paid, default=command.at)
