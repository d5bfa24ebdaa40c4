"""Handle `Open` and check types: known facts, order, time zone and refund window."""

import re
from datetime import datetime
from typing import TypeVar, assert_never
from zoneinfo import ZoneInfo

from ticketcore._internal.fast_attrs import fast
from ticketcore._internal.local_times import local_text
from ticketcore._internal.terminal import either, quoted
from ticketcore.calendar import zone_of
from ticketcore.commands import ChangeType, Classify, Open
from ticketcore.decider._authorization import (
    authorize,
    check_currency_of_others,
    check_other_ticket,
    check_requirements,
    refuse,
    rules_of,
)
from ticketcore.decider.clocks import plan
from ticketcore.decider.handlers._fields import awaited_by_fields, check_tags, opening_fields
from ticketcore.errors import CalendarError
from ticketcore.events import (
    Assigned,
    Classified,
    Event,
    Opened,
    TypeChanged,
    local,
    with_article,
)
from ticketcore.ledger import Ledger, OrderState, price_of
from ticketcore.policies import OWN, Policy, TicketType
from ticketcore.ticket import Ticket, evolve, fold

_T = TypeVar("_T")


def open_ticket(
    command: Open, policy: Policy, ledger: Ledger | None = None
) -> tuple[Ticket, tuple[Event, ...]]:
    """Return a new ticket and the events of its opening. Raises RefusedError."""
    opened = opened_event(command, policy)
    ticket = fold((opened,))
    check_requirements(command, authorize(ticket, command, policy))
    _check_facts(command, policy)
    check_type(ticket, command, opened.type, policy)
    _check_currency(ticket, command, ledger)
    for reference in command.references:
        if reference.kind == "ticket":
            check_other_ticket(ticket, command, reference.number)
    routed = route(opened, policy)
    return fold(routed, ticket) if routed else ticket, (opened, *routed)


def _check_currency(ticket: Ticket, command: Open, ledger: Ledger | None) -> None:
    """Check that the other tickets of the order have its currency."""
    if ledger is not None and ticket.order is not None:
        check_currency_of_others(command, ticket.order, ledger.others(ticket))


def opened_event(command: Open, policy: Policy) -> Opened:
    """Return the opening with the policy's decisions: handler, awaited party, time zone.

    Checks neither permissions nor the order. Raises RefusedError if there is no type or zone, or
    the storefront, a field or its value is unknown.
    """
    kind = command.type or policy.default_type
    if kind is None:
        refuse(command, "type-required", f"a type is required: {', '.join(policy.types)}")
    fields = opening_fields(command, policy)
    awaited = awaited_by_fields(fields, policy) if fields else None
    return fast(Opened)(
        at=command.at,
        by=command.by,
        actor=command.actor,
        command_id=command.command_id,
        number=command.number,
        type=kind,
        zone=_zone(command, policy),
        default_handler=policy.default_handler,
        waiting_for=awaited or policy.first_awaited(command.by),
        policy=policy.name,
        policy_version=policy.version,
        policy_digest=policy.digest,
        storefront=command.storefront,
        vendor=command.vendor,
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
        possible_duplicates=once(command.possible_duplicates),
        reference=command.reference,
        attachments=command.attachments,
        references=once(command.references),
        fields=fields,
        tags=once(command.tags),
    )


def _zone(command: Open, policy: Policy) -> str:
    storefront = policy.storefront(command.storefront)
    if policy.storefronts and storefront is None:
        known = ", ".join(policy.storefronts)
        reason = f"a storefront is required: {known}"
        if command.storefront is not None:
            reason = f"unknown storefront {quoted(command.storefront)}; {policy.name} has {known}"
        refuse(command, "unknown-storefront", reason, policy.storefronts_rule)
    zone = policy.zone_of(command)
    if zone is None:
        reason = 'the vendor\'s time zone is required as "zone", for example Europe/Rome'
        refuse(command, "zone-required", reason)
    try:
        zone_of(zone)
    except CalendarError:
        refuse(command, "unknown-zone", f"{quoted(zone)} is not an IANA time zone")
    return zone


def _units(command: Open) -> tuple[str, ...]:
    """Return the units that the ticket concerns (K5): all of the order's if it names none."""
    known = tuple(unit.id for unit in command.order.units) if command.order else ()
    unknown = [unit for unit in command.units if unit not in known]
    if unknown:
        reason = f"unknown unit {quoted(unknown[0])}; the order has {', '.join(known) or 'none'}"
        refuse(command, "unknown-unit", reason)
    return once(command.units or known)


def once(values: tuple[_T, ...]) -> tuple[_T, ...]:
    """Return each of the values once: an opening may name a unit, tag or reference twice."""
    return tuple(dict.fromkeys(values)) if len(values) > 1 else values


def _check_facts(command: Open, policy: Policy) -> None:
    pattern = policy.opening.number
    number = command.number
    if pattern is not None and number is not None and not re.fullmatch(pattern, number):  # K3
        reason = f"the number {quoted(number)} does not match {pattern}"
        refuse(command, "wrong-number", reason, policy.opening.number_rule)
    missing = [name for name in policy.opening.required if _is_blank(_given(command, name))]
    if missing:
        reason = (
            f"a ticket needs {', '.join(policy.opening.required)}; missing: {', '.join(missing)}"
        )
        refuse(command, "field-required", reason, policy.opening.rule)
    if (
        policy.opening.possible_duplicates == "refuse" and command.possible_duplicates
    ):  # O4 only reports them
        others = either(command.possible_duplicates)
        reason = f"the same problem may have a ticket already: continue with ticket {others}"
        refuse(command, "possible-duplicate", reason, policy.opening.duplicates_rule)
    check_classification(command, command, policy)
    check_tags(command, command.tags, policy)


def check_classification(
    command: Open | Classify, facts: Open | Classified, policy: Policy
) -> None:
    """Refuse a reason, category or sub-category that the policy does not list."""
    if policy.reasons and facts.reason is not None and facts.reason not in policy.reasons:
        known = ", ".join(policy.reasons)
        reason = f"unknown reason {quoted(facts.reason)}; {policy.name} has {known}"
        refuse(command, "unknown-reason", reason, policy.reasons_rule)
    if not policy.categories or facts.category is None:
        return
    category = policy.categories.get(facts.category)
    if category is None:
        known = ", ".join(policy.categories)
        reason = f"unknown category {quoted(facts.category)}; {policy.name} has {known}"
        refuse(command, "unknown-category", reason, rules_of(policy.categories.values()))
    sub = facts.subcategory
    if category.subcategories and sub is not None and sub not in category.subcategories:
        known = ", ".join(category.subcategories)
        reason = f"unknown subcategory {quoted(sub)}; category {category.name} has {known}"
        refuse(command, "unknown-subcategory", reason, category.rule)


def _given(command: Open, name: str) -> object:
    """Return a fact of the opening, or the text of one of the policy's own fields."""
    if name.startswith(OWN):
        return command.fields.get(name.removeprefix(OWN))
    return getattr(command, name)


def _is_blank(value: object) -> bool:
    return not (value.strip() if isinstance(value, str) else value)


def route(opened: Opened | Classified, policy: Policy) -> tuple[Assigned, ...]:
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
        reason = f"unknown type {quoted(name)}; {policy.name} has {known}"
        refuse(command, "unknown-type", reason, rules_of(policy.types.values()))
    order = ticket.order
    if order is None:
        if kind.order:
            refuse(
                command, "order-required", f"a ticket of type {name} requires an order", kind.rule
            )
        return
    if kind.billing and order.billing not in kind.billing:  # C9
        reason = f"{name} is for {either(kind.billing)} products; this one is {order.billing}"
        refuse(command, "billing-mismatch", reason, kind.billing_rule)
    _check_prices(ticket, command, name, policy)
    span = kind.windows.get(command.by)
    if span is not None:
        # C14: calendar days at the same local time, from the sale or the latest invoice
        limit = policy.calendar(None, ticket).due(order.invoiced_at or order.sold_at, span)
        if _passed(kind, limit, _checked_at(ticket, command, kind, policy), ticket.opened.zone):
            until = local_text(limit, ticket.opened.zone)
            since = "latest invoice" if order.invoiced_at else "sale"
            asker = with_article(command.by)
            reason = (
                f"{asker} may ask for type {name} only within {span} of the {since}, until {until}"
            )
            refuse(command, "window-passed", reason, kind.window_rule)


def _check_prices(ticket: Ticket, command: Open | ChangeType, name: str, policy: Policy) -> None:
    """K5: a refund timer that pays for units cannot pay for one without a price."""
    state = OrderState(ticket)
    by_unit = state.pays_for_units(per_unit=policy.refunds.per_unit)
    if "refund" not in policy.carries_out(name) or not by_unit:
        return
    if price_of(state.unpaid_units(ticket.units)) is None:
        reason = f'a ticket of type {name} requires the "amount" of each unit'
        refuse(command, "amount-required", reason, policy.refunds.rule)


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
        answers = policy.retype_answers
        retyped = TypeChanged(at=command.at, by=command.by, type=kind.name, answers=answers)
        changed = evolve(ticket, retyped)
    definitions = policy.timer_definitions(changed)
    paying = {each.name for each in definitions if each.effect in ("refund", "cancel")}
    paid = [timer.due for timer in plan(changed, policy, command.at) if timer.name in paying]
    return min(paid, default=command.at)
