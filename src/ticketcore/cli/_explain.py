"""``ticketcore explain``: the deadlines of a ticket, and how each comes about."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from ticketcore.cli._app import app, say

if TYPE_CHECKING:
    from ticketcore.cli._deadlines import Deadline
    from ticketcore.events import Opened


_Policy = Annotated[str, typer.Argument(help="A preset's name, or a policy file.")]
_Opened = Annotated[
    str, typer.Option(help="When: 2026-03-06T15:00, local in the zone, or with an offset.")
]
_By = Annotated[str, typer.Option(help="Who opened it: customer, vendor, support.")]
_Type = Annotated[str | None, typer.Option(help="The ticket's type; else the policy's default.")]
_Zone = Annotated[
    str | None, typer.Option(help="The vendor's IANA zone; else the storefront's or policy's.")
]
_OfThePolicy = Annotated[str | None, typer.Option(help="One of the policy's.")]
_OfTheCategory = Annotated[str | None, typer.Option(help="One of the category's.")]
_Billing = Annotated[
    str | None,
    typer.Option(help="How the order is paid: one-time or recurring; else there is none."),
]
_Dispute = Annotated[str | None, typer.Option(help="A kind of dispute that is reported at once.")]
_Notice = Annotated[
    str | None, typer.Option(help="The one in the dispute's notice; else the policy's.")
]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON instead.")]


@app.command()
def explain(
    policy: _Policy,
    opened: _Opened,
    by: _By = "customer",
    type: _Type = None,  # noqa: A002  # the option's name
    zone: _Zone = None,
    storefront: _OfThePolicy = None,
    category: _OfThePolicy = None,
    subcategory: _OfTheCategory = None,
    reason: _OfThePolicy = None,
    billing: _Billing = None,
    dispute: _Dispute = None,
    deadline: _Notice = None,
    json: _Json = False,
) -> None:
    """Explain each deadline of a ticket: when it is due, what counted, what was skipped and why.

    Exits with 2 when something given is not to be had.
    """
    from ticketcore.cli import _deadlines
    from ticketcore.policies import load_policy

    if deadline is not None and dispute is None:
        raise typer.BadParameter("belongs to a --dispute, name its kind", param_hint="--deadline")
    rules = load_policy(policy)
    given = _deadlines.Given(
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
    _deadlines.check_names(given, rules)
    local_zone = _deadlines.zone_of(given, rules)
    at = _instant(opened, local_zone, "--opened")
    until = None if deadline is None else _instant(deadline, local_zone, "--deadline")
    ticket = _deadlines.open_ticket(given, rules, at, until)
    found = _deadlines.deadlines(ticket, rules)
    if json:
        _print_json(rules.name, rules.version, ticket.opened, found)
    else:
        _print(f"{rules.name} {rules.version}", ticket.opened, found)


def _instant(text: str, zone: str, option: str) -> datetime:
    from ticketcore.scenarios import local_instant

    try:
        return local_instant(text, zone)
    except ValueError as wrong:
        raise typer.BadParameter(str(wrong), param_hint=option) from None


def _print_json(name: str, version: str, opened: "Opened", found: "list[Deadline]") -> None:
    import json

    from ticketcore.cli._deadlines import utc_text

    answer = {
        "policy": name,
        "version": version,
        "type": opened.type,
        "by": opened.by,
        "zone": opened.zone,
        "opened": utc_text(opened.at),
        "timers": [deadline.to_dict() for deadline in found],
    }
    say(json.dumps(answer, indent=2))


def _print(policy: str, opened: "Opened", found: "list[Deadline]") -> None:
    from zoneinfo import ZoneInfo

    from rich.text import Text

    from ticketcore.cli._output import console, heading
    from ticketcore.timeline import local_time

    out = console()
    at = local_time(opened.at, ZoneInfo(opened.zone))
    out.print(Text(f"{opened.type} ticket by {opened.by}, opened {at} ({opened.zone})", "bold"))
    out.print(Text(policy, "dim"))
    for deadline in found:
        rule = deadline.rule
        by_rule = f", rule {rule.rule}" if rule.rule else ""
        heading(out, rule.name, f"effect {rule.effect}{by_rule}")
        for line in deadline.explained().splitlines():
            out.print(Text(f"  {line}", "bold" if line.startswith("due ") else ""))
    if not found:
        heading(out, "No timer runs on such a ticket")
