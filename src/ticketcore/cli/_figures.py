"""``ticketcore figures``: the service figures of a history file."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import typer

from ticketcore.cli._app import BROKEN, app, say

if TYPE_CHECKING:
    from ticketcore.events import Event
    from ticketcore.inbox import Target
    from ticketcore.policies import Policy

# The inbox's Grouping, spelled out: it is known without waiting for the engine.
GroupedBy: TypeAlias = Literal["day", "week", "month", "storefront", "type", "team"]


@app.command()
def figures(
    file: Annotated[Path, typer.Argument(metavar="HISTORY", help="A history file.")],
    policy: Annotated[str, typer.Option(help="A preset, or a policy file, that it goes by.")],
    by: Annotated[
        GroupedBy | None, typer.Option(help="What to group by; else all tickets are one group.")
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(help='When an answer is due where the policy says nothing: "24 hours".'),
    ] = None,
    calendar: Annotated[
        str | None, typer.Option(help="The policy's calendar that the target goes by.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON, times in seconds.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV, times in seconds.")] = False,
) -> None:
    """Show how well tickets were served: answers in time, waiting, solutions, refunds.

    Broken tickets are left out and named on stderr. Exits with 2 when there are any.
    """
    from ticketcore.cli import _figures_view as view
    from ticketcore.inbox import measure
    from ticketcore.policies import load_policy

    if json and csv:
        raise typer.BadParameter("cannot stand beside --csv, choose one", param_hint="--json")
    if calendar is not None and target is None:
        raise typer.BadParameter("belongs to a --target, give one", param_hint="--calendar")
    rules = load_policy(policy)
    broken: list[str] = []
    found = measure(
        _sound(file, broken),
        rules,
        by,
        target=_target(target, calendar, rules),
        on_broken=lambda ticket, error: broken.append(f"ticket {ticket}: {error}"),
    )
    if json:
        view.print_json(found)
    elif csv:
        view.print_csv(found)
    else:
        view.print_table(found, by)
    for ticket in broken:
        say(f"{file}: {ticket}", err=True)
    if broken:
        raise typer.Exit(BROKEN)


def _sound(file: Path, broken: list[str]) -> "Iterator[tuple[str, tuple[Event, ...]]]":
    from ticketcore.events import BrokenHistory, scan_histories

    for found in scan_histories(file):
        if isinstance(found, BrokenHistory):
            broken.append(str(found.error))
        else:
            yield found.ticket, found.events


def _target(span: str | None, calendar: str | None, policy: "Policy") -> "Target | None":
    from ticketcore._toml import nearest
    from ticketcore.calendar import CalendarError, Span
    from ticketcore.inbox import Target

    if span is None:
        return None
    if calendar is not None and calendar not in policy.calendars:
        hint = nearest(calendar, policy.calendars)
        said = f'no calendar "{calendar}" in {policy.name}; {hint}'
        raise typer.BadParameter(said, param_hint="--calendar")
    try:
        return Target(span=Span.parse(span), calendar=calendar)
    except CalendarError as error:
        raise typer.BadParameter(str(error), param_hint="--target") from None
