"""``ticketcore metrics``: the service metrics of a history file."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ticketcore.cli._common import Problems
from ticketcore.cli.commands._options import HistoryFile, Only, Since, Until, checked_filter

if TYPE_CHECKING:
    from ticketcore.backtest import TicketFilter
    from ticketcore.errors import TicketcoreError
    from ticketcore.events import Event
    from ticketcore.metrics import AnswerTarget, Metrics, TimerMetrics
    from ticketcore.policies import Policy


def metrics(
    file: HistoryFile,
    policy: Annotated[
        str, typer.Option(help="Preset name or policy file that sets the deadlines.")
    ],
    by: Annotated[
        list[str] | None,
        typer.Option(
            help="Group by day, week, month, storefront, type, team or a field of the policy, "
            "such as fields.priority. Repeatable. Default: one group.",
        ),
    ] = None,
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
    json: Annotated[
        bool, typer.Option("--json", help="Print JSON, with times in seconds.")
    ] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV, with times in seconds.")] = False,
) -> None:
    """Show service metrics: answers in time, waiting and resolution times, refunds, timers.

    Skips broken tickets and lists them on stderr. Exits with 2 if the file has any.
    """
    from ticketcore.cli.views import _metrics as view
    from ticketcore.errors import UnknownGroupingError
    from ticketcore.metrics import measure, measure_timers
    from ticketcore.policies import load_policy

    if json and csv:
        message = "cannot be combined with --csv: choose one"
        raise typer.BadParameter(message, param_hint="--json")
    if timers and target is not None:
        message = "cannot be combined with --timers, which have their own deadlines"
        raise typer.BadParameter(message, param_hint="--target")
    if calendar is not None and target is None:
        message = "needs --target with the span that it counts"
        raise typer.BadParameter(message, param_hint="--calendar")
    rules = load_policy(policy)
    broken = Problems()
    answer_target = _target(target, calendar, rules)
    histories = _readable(file, broken, checked_filter(file, since, until, only, [rules]))

    def skip(ticket: str, error: "TicketcoreError") -> None:
        broken.add(f"ticket {ticket}: {error}")

    groups: tuple[Metrics, ...] | tuple[TimerMetrics, ...]
    try:
        if timers:
            groups = measure_timers(histories, rules, by or (), on_broken=skip)
        else:
            groups = measure(histories, rules, by or (), target=answer_target, on_broken=skip)
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
    from ticketcore._toml import nearest
    from ticketcore.calendar import CalendarError, Span
    from ticketcore.metrics import AnswerTarget

    if span is None:
        return None
    if calendar is not None and calendar not in policy.calendars:
        hint = nearest(calendar, policy.calendars)
        message = f'policy {policy.name} has no calendar "{calendar}": {hint}'
        raise typer.BadParameter(message, param_hint="--calendar")
    try:
        return AnswerTarget(span=Span.parse(span), calendar=calendar)
    except CalendarError as error:
        raise typer.BadParameter(str(error), param_hint="--target") from None
