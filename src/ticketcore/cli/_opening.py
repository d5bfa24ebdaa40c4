"""The ticket that `ticketcore explain` is about, made from the options of the command.

It is opened in memory, without asking for permission.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import cast, get_args

import attrs
import typer

from ticketcore._internal.terminal import short
from ticketcore.cli.commands._options import check_name, zone_name
from ticketcore.commands import Open
from ticketcore.decider import opened_event
from ticketcore.errors import FieldError
from ticketcore.events import (
    PARTIES,
    Billing,
    DisputeOpened,
    FieldContent,
    FieldValue,
    Money,
    Order,
    Party,
)
from ticketcore.policies import Policy
from ticketcore.ticket import Ticket, fold


@attrs.frozen(kw_only=True)
class OpeningOptions:
    """The facts of the ticket, as the command's options state them; not checked yet."""

    by: str | None
    type: str | None
    zone: str | None
    storefront: str | None
    category: str | None
    subcategory: str | None
    reason: str | None
    billing: str | None
    dispute: str | None
    fields: tuple[str, ...]


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
    has_no_kind = f"policy {policy.name} has no dispute kind"
    check_name("--dispute", opening.dispute, policy.dispute_kinds, has_no_kind)


def field_values(opening: OpeningOptions, policy: Policy) -> Mapping[str, FieldValue]:
    """Return the values of the policy's fields, from texts such as ``priority=high``.

    Raises typer.BadParameter for anything that the policy does not have.
    """
    values: dict[str, FieldValue] = {}
    for each in opening.fields:
        name, equals, text = each.partition("=")
        if not equals:
            raise typer.BadParameter(f"expected NAME=VALUE, found {each}", param_hint="--field")
        check_name("--field", name, policy.fields, f"policy {policy.name} has no field")
        value = policy.fields[name].value(text)
        if value is None:
            message = f'{name} is {policy.fields[name].expected}, found "{text}"'
            raise typer.BadParameter(message, param_hint="--field")
        values[name] = value
    return values


def known_facts(opening: OpeningOptions, policy: Policy) -> Mapping[str, FieldContent]:
    """Return the facts that the options state, by the names that conditions give them."""
    stated = {
        "opened_by": opening.by,
        "type": opening.type,
        "storefront": opening.storefront,
        "category": opening.category,
        "subcategory": opening.subcategory,
        "reason": opening.reason,
        "billing": opening.billing,
        "dispute_kind": opening.dispute,
    }
    fields = field_values(opening, policy)
    return {
        **{name: value for name, value in stated.items() if value is not None},
        **{f"fields.{name}": value.content for name, value in fields.items()},
    }


def _check(option: str, value: str | None, known: Collection[str]) -> None:
    """Check a name. A policy that lists none has any."""
    if known:
        check_name(option, value, known, "unknown")


def zone_of(opening: OpeningOptions, policy: Policy) -> str:
    """Return the IANA name of the ticket's zone: as given, the storefront's or the policy's."""
    if opening.zone is not None:
        return zone_name(opening.zone)
    storefront = policy.storefront(opening.storefront)
    zone = storefront.zone if storefront else policy.zone
    if zone is None:
        raise typer.BadParameter(
            f"policy {policy.name} sets no time zone: give the vendor's, such as America/Boise",
            param_hint="--zone",
        )
    return zone


def open_ticket(
    opening: OpeningOptions, policy: Policy, at: datetime, deadline: datetime | None
) -> Ticket:
    """Return the ticket after its opening and, if there is one, its dispute.

    No permission is asked for. *deadline* is the one that the notice of the dispute states.
    Raises typer.BadParameter for a text that no ticket has, such as an empty type.
    """
    by = cast("Party", opening.by or "customer")
    fields = {name: each.value for name, each in field_values(opening, policy).items()}
    try:
        command = Open(
            at=at,
            by=by,
            type=opening.type,
            zone=opening.zone,
            storefront=opening.storefront,
            category=opening.category,
            subcategory=opening.subcategory,
            reason=opening.reason,
            order=None if opening.billing is None else _order(at, opening.billing),
            fields=fields,
        )
    except FieldError as error:
        message = f"expected {error.expected}, found {short(error.value)}"
        raise typer.BadParameter(message, param_hint=f"--{error.field}") from None
    opened = opened_event(command, policy)
    if opening.dispute is None:
        return fold((opened,))
    dispute = DisputeOpened(
        at=at, by="customer", dispute="1", kind=opening.dispute, deadline=deadline
    )
    return fold((opened, dispute))


def _order(at: datetime, billing: str) -> Order:
    """Return an order with this billing mode; its other facts are made up."""
    return Order(number="1", sold_at=at, amount=Money(0, "USD"), billing=cast("Billing", billing))
