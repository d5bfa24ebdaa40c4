"""``ticketcore explain``: the deadlines of a ticket or of one timer, and how they are computed."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from ticketcore.cli._common import say_json, utc_text
from ticketcore.cli.commands._options import AsJson, PolicyName, check_name, local_option

if TYPE_CHECKING:
    from ticketcore.cli._opening import OpeningOptions
    from ticketcore.explain import TimerExplanation
    from ticketcore.policies import Policy

_OpenedAt: TypeAlias = Annotated[
    str | None,
    typer.Option(
        help="Opening time, such as 2026-03-06T15:00. Local time in the ticket's zone unless it "
        "has an offset."
    ),
]
_Timer: TypeAlias = Annotated[
    str | None, typer.Option(help="Explain this timer of the policy, from --from on.")
]
_From: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--from",
        help="Start of the timer, whatever event it counts from, in the form of --opened.",
    ),
]
_By: TypeAlias = Annotated[
    str | None,
    typer.Option(
        help="Party that opens the ticket: customer, vendor or support. Default with --opened: "
        "customer."
    ),
]
_Type: TypeAlias = Annotated[
    str | None,
    typer.Option(help="Ticket type. Default with --opened: the policy's default type."),
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
        help="Storefront, by its name in the policy. Required if the policy lists storefronts."
    ),
]
_Category: TypeAlias = Annotated[
    str | None, typer.Option(help="Category, by its name in the policy.")
]
_Subcategory: TypeAlias = Annotated[
    str | None, typer.Option(help="Sub-category within --category.")
]
_Reason: TypeAlias = Annotated[
    str | None, typer.Option(help="Reason for the ticket, by its name in the policy.")
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
_Fields: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=VALUE", help="Value of a field of the policy. Repeatable, once per field."
    ),
]
_Deadline: TypeAlias = Annotated[
    str | None,
    typer.Option(help="Deadline stated in the dispute notice. Default: computed from the policy."),
]


def explain(
    policy: PolicyName,
    opened: _OpenedAt = None,
    timer: _Timer = None,
    from_: _From = None,
    by: _By = None,
    type: _Type = None,  # noqa: A002  # the option's name
    zone: _Zone = None,
    storefront: _Storefront = None,
    category: _Category = None,
    subcategory: _Subcategory = None,
    reason: _Reason = None,
    billing: _Billing = None,
    field: _Fields = None,
    dispute: _Dispute = None,
    deadline: _Deadline = None,
    json: AsJson = False,
) -> None:
    """Show the deadlines that a new ticket would get, or one timer from any start.

    With --opened, shows the deadlines of a ticket that is opened then. With --timer and --from,
    explains one timer in each variant that the other options allow. "history explain" explains a
    recorded ticket. Exits with 2 if the policy lacks something that an option names.
    """
    from ticketcore.cli import _opening
    from ticketcore.policies import load_policy

    if (opened is None) == (timer is None) or (timer is None) != (from_ is None):
        raise typer.BadParameter("give either --opened, or --timer and --from")
    if deadline is not None and (dispute is None or opened is None):
        message = "needs --dispute with the kind of the dispute, and --opened"
        raise typer.BadParameter(message, param_hint="--deadline")
    rules = load_policy(policy)
    options = _opening.OpeningOptions(
        by=by,
        type=type,
        zone=zone,
        storefront=storefront,
        category=category,
        subcategory=subcategory,
        reason=reason,
        billing=billing,
        dispute=dispute,
        fields=tuple(field or ()),
    )
    _opening.check_names(options, rules)
    if timer is not None and from_ is not None:
        _explain_timer(timer, from_, options, rules, json=json)
    else:
        _explain_opening(opened or "", deadline, options, rules, json=json)


def _explain_opening(
    opened: str, deadline: str | None, options: "OpeningOptions", policy: "Policy", *, json: bool
) -> None:
    from zoneinfo import ZoneInfo

    from ticketcore.cli._opening import open_ticket, zone_of
    from ticketcore.explain import explain_opening
    from ticketcore.timeline import local_time

    zone = zone_of(options, policy)
    at = local_option(opened, zone, "--opened")
    notice = None if deadline is None else local_option(deadline, zone, "--deadline")
    ticket = open_ticket(options, policy, at, notice)
    opening, explanations = ticket.opened, explain_opening(ticket, policy)
    if json:
        facts: dict[str, str | datetime] = {
            "type": opening.type,
            "by": opening.by,
            "zone": zone,
            "opened": opening.at,
        }
        _print_json(policy, facts, explanations)
        return
    local = local_time(opening.at, ZoneInfo(zone))
    title = f"{opening.type} ticket by {opening.by}, opened {local} ({zone})"
    _print(title, policy, explanations, "The policy sets no timer for such a ticket")


def _explain_timer(
    name: str, start: str, options: "OpeningOptions", policy: "Policy", *, json: bool
) -> None:
    from zoneinfo import ZoneInfo

    from ticketcore.cli._opening import known_facts, zone_of
    from ticketcore.explain import explain_timer
    from ticketcore.timeline import local_time

    zone = zone_of(options, policy)
    since = local_option(start, zone, "--from")
    names = dict.fromkeys(each.name for each in policy.timers)
    check_name("--timer", name, names, f"policy {policy.name} has no timer")
    explanations = explain_timer(
        policy,
        name,
        since,
        zone=zone,
        storefront=options.storefront,
        facts=known_facts(options, policy),
    )
    if json:
        _print_json(policy, {"zone": zone, "from": since}, explanations)
        return
    title = f"timer {name} from {local_time(since, ZoneInfo(zone))} ({zone})"
    _print(title, policy, explanations, "The timer does not run for such a ticket")


def _print_json(
    policy: "Policy",
    facts: Mapping[str, str | datetime],
    explanations: "tuple[TimerExplanation, ...]",
) -> None:
    from ticketcore.cli.views.clocks._timers import timer_json

    answer = {
        "policy": policy.name,
        "version": policy.version,
        **{
            name: utc_text(fact) if isinstance(fact, datetime) else fact
            for name, fact in facts.items()
        },
        "timers": [timer_json(each) for each in explanations],
    }
    say_json(answer)


def _print(
    title: str, policy: "Policy", explanations: "tuple[TimerExplanation, ...]", otherwise: str
) -> None:
    from rich.text import Text

    from ticketcore.cli._screen import console, heading, line
    from ticketcore.cli.views.clocks._timers import show_timers

    out = console()
    line(out, Text(title, "bold"))
    line(out, Text(f"{policy.name} {policy.version}", "dim"))
    show_timers(out, explanations)
    if not explanations:
        heading(out, otherwise)
