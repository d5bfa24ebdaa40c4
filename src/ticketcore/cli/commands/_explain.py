"""``ticketcore explain``: the deadlines of a ticket, and how each is computed."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from ticketcore.cli._common import say
from ticketcore.cli.commands._options import PolicyName

if TYPE_CHECKING:
    from ticketcore.cli._deadlines import Deadline
    from ticketcore.events import Opened

_OpenedAt: TypeAlias = Annotated[
    str,
    typer.Option(
        help="Opening time, such as 2026-03-06T15:00. Local time in the ticket's zone unless it "
        "has an offset."
    ),
]
_By: TypeAlias = Annotated[
    str, typer.Option(help="Party that opens the ticket: customer, vendor or support.")
]
_Type: TypeAlias = Annotated[
    str | None, typer.Option(help="Ticket type. Default: the policy's default type.")
]
_Zone: TypeAlias = Annotated[
    str | None,
    typer.Option(
        help="Vendor's time zone, as an IANA name. Default: the zone of the storefront, else of "
        "the policy."
    ),
]
_Storefront: TypeAlias = Annotated[
    str | None,
    typer.Option(
        help="Storefront, as the policy names it. Required if the policy lists storefronts."
    ),
]
_Category: TypeAlias = Annotated[
    str | None, typer.Option(help="Category, as the policy names it.")
]
_Subcategory: TypeAlias = Annotated[
    str | None, typer.Option(help="Sub-category within --category.")
]
_Reason: TypeAlias = Annotated[
    str | None, typer.Option(help="Reason for the ticket, as the policy names it.")
]
_Billing: TypeAlias = Annotated[
    str | None,
    typer.Option(
        help="Billing mode of the order: one-time or recurring. Default: a ticket without an "
        "order."
    ),
]
_Dispute: TypeAlias = Annotated[
    str | None, typer.Option(help="Kind of a dispute to report together with the opening.")
]
_Deadline: TypeAlias = Annotated[
    str | None,
    typer.Option(help="Deadline stated in the dispute notice. Default: computed from the policy."),
]


def explain(
    policy: PolicyName,
    opened: _OpenedAt,
    by: _By = "customer",
    type: _Type = None,  # noqa: A002  # the option's name
    zone: _Zone = None,
    storefront: _Storefront = None,
    category: _Category = None,
    subcategory: _Subcategory = None,
    reason: _Reason = None,
    billing: _Billing = None,
    dispute: _Dispute = None,
    deadline: _Deadline = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show the deadlines that a ticket would get, and how each is computed.

    Exits with 2 if the policy lacks something that an option names.
    """
    from ticketcore.cli import _deadlines
    from ticketcore.policies import load_policy

    if deadline is not None and dispute is None:
        message = "needs --dispute with the kind of the dispute"
        raise typer.BadParameter(message, param_hint="--deadline")
    rules = load_policy(policy)
    opening = _deadlines.OpeningOptions(
        by=by,
        type=type,
        zone=zone,
        storefront=storefront,
        category=category,
        subcategory=subcategory,
        reason=reason,
        billing=billing,
        dispute=dispute,
    )
    _deadlines.check_names(opening, rules)
    local_zone = _deadlines.zone_of(opening, rules)
    at = _instant(opened, local_zone, "--opened")
    notice = None if deadline is None else _instant(deadline, local_zone, "--deadline")
    ticket = _deadlines.open_ticket(opening, rules, at, notice)
    deadlines = _deadlines.deadlines(ticket, rules)
    if json:
        _print_json(rules.name, rules.version, ticket.opened, deadlines)
    else:
        _print(f"{rules.name} {rules.version}", ticket.opened, deadlines)


def _instant(text: str, zone: str, option: str) -> datetime:
    from ticketcore.scenarios import local_instant

    try:
        return local_instant(text, zone)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None


def _print_json(name: str, version: str, opened: "Opened", deadlines: "list[Deadline]") -> None:
    import json

    from ticketcore.cli._deadlines import utc_text

    answer = {
        "policy": name,
        "version": version,
        "type": opened.type,
        "by": opened.by,
        "zone": opened.zone,
        "opened": utc_text(opened.at),
        "timers": [deadline.to_dict() for deadline in deadlines],
    }
    say(json.dumps(answer, indent=2))


def _print(policy: str, opened: "Opened", deadlines: "list[Deadline]") -> None:
    from zoneinfo import ZoneInfo

    from rich.text import Text

    from ticketcore.cli._screen import console, heading, line
    from ticketcore.timeline import local_time

    out = console()
    at = local_time(opened.at, ZoneInfo(opened.zone))
    title = f"{opened.type} ticket by {opened.by}, opened {at} ({opened.zone})"
    line(out, Text(title, "bold"))
    line(out, Text(policy, "dim"))
    for deadline in deadlines:
        definition = deadline.definition
        by_rule = f", rule {definition.rule}" if definition.rule else ""
        heading(out, definition.name, f"effect {definition.effect}{by_rule}")
        for text in deadline.explained().splitlines():
            line(out, Text(f"  {text}", "bold" if text.startswith("due ") else ""))
    if not deadlines:
        heading(out, "The policy sets no timer for such a ticket")
