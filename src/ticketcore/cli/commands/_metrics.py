"""``ticketcore metrics``: the service metrics of a history file."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from ticketcore.cli._common import Problems
from ticketcore.cli.commands._options import (
    AsCsv,
    AsJson,
    HistoryFile,
    Only,
    Since,
    Until,
    check_name,
    checked_filter,
    refuse_several,
)

if TYPE_CHECKING:
    from ticketcore.backtest import TicketFilter
    from ticketcore.events import Event
    from ticketcore.metrics import AnswerTarget, Metrics, TimerMetrics
    from ticketcore.policies import Policy

_Groupings: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        help="Group by day, week, month, storefront, type, team or a field of the policy, "
        "such as fields.priority. Repeatable. Default: one group.",
    ),
]


def metrics(
    file: HistoryFile,
    policy: Annotated[
        str, typer.Option(help="Preset name or policy file that sets the deadlines.")
    ],
    by: _Groupings = None,
    timers: Annotated[
        bool,
        typer.Option(
            "--timers", help="Show the figures of each timer, counted from recorded deadlines."
        ),
    ] = False,
    target: Annotated[
        str | None,
        typer.Option(help='Deadline for answers if the policy sets none, such as "24 hours".'),
    ] = None,
    calendar: Annotated[
        str | None, typer.Option(help="Calendar of the policy that --target uses.")
    ] = None,
    since: Since = None,
    until: Until = None,
    only: Only = None,
    json: AsJson = False,
    csv: AsCsv = False,
) -> None:
    """Show service metrics: answers in time, waiting and resolution times, refunds, timers.

    JSON and CSV have times in seconds. Skips broken tickets and lists them on stderr. Exits with
    2 if the file has any.
    """
    from ticketcore.cli.views import _metrics as view
    from ticketcore.errors import UnknownGroupingError
    from ticketcore.metrics import measure, measure_timers
    from ticketcore.policies import load_policy

    refuse_several(json=json, csv=csv)
    if timers and target is not None:
        message = "cannot be combined with --timers, which have their own deadlines"
        raise typer.BadParameter(message, param_hint="--target")
    rules = load_policy(policy)
    answer_target = _target(target, calendar, rules)
    broken = Problems()
    histories = _readable(file, broken, checked_filter(file, since, until, only, [rules]))
    groups: tuple[Metrics, ...] | tuple[TimerMetrics, ...]
    try:
        if timers:
            groups = measure_timers(histories, rules, by or (), on_broken=broken.add_ticket)
        else:
            groups = measure(
                histories, rules, by or (), target=answer_target, on_broken=broken.add_ticket
            )
    except UnknownGroupingError as error:
        raise typer.BadParameter(str(error), param_hint="--by") from None
    if json:
        view.print_json(groups, timers=timers)
    elif csv:
        view.print_csv(groups)
    else:
        view.print_table(groups, timers=timers)
    broken.say(file)


def _readable(
    file: Path, broken: Problems, selected: "TicketFilter | None"
) -> "Iterator[tuple[str, tuple[Event, ...]]]":
    """Yield the selected tickets with their events; add those that cannot be read to *broken*."""
    from ticketcore.events import BrokenHistory, scan_histories

    for history in scan_histories(file):
        if isinstance(history, BrokenHistory):
            broken.add(history.error)
        elif selected is None or selected(history):
            yield history.ticket, history.events


def _target(span: str | None, calendar: str | None, policy: "Policy") -> "AnswerTarget | None":
    from ticketcore.calendar import CalendarError
    from ticketcore.metrics import AnswerTarget
    from ticketcore.policies._kinds import bounded_span

    if span is None:
        if calendar is not None:
            message = "needs --target with the span that it counts"
            raise typer.BadParameter(message, param_hint="--calendar")
        return None
    check_name("--calendar", calendar, policy.calendars, f"policy {policy.name} has no calendar")
    try:
        return AnswerTarget(span=bounded_span(span), calendar=calendar)
    except CalendarError as error:
        raise typer.BadParameter(str(error), param_hint="--target") from None
