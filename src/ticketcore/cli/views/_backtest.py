"""A backtest's report on the screen: the large numbers first, then the details behind them."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from ticketcore._internal.terminal import percent, time_words, visible
from ticketcore.backtest import BacktestReport, ClosingComparison, TimerReport
from ticketcore.cli._common import counted, plural, say
from ticketcore.cli._screen import heading, line
from ticketcore.cli._table import show_table

_QUANTILES: Final = (
    (0.05, "5 %"),
    (0.25, "25 %"),
    (0.5, "median"),
    (0.75, "75 %"),
    (0.95, "95 %"),
)


def show_backtest(out: Console, history: Path, report: BacktestReport, policy: str) -> None:
    """Print a whole report; parts without content are left out.

    *policy* names the policy in the scenarios of tickets that break a guarantee.
    """
    _show_summary(out, history, report)
    _show_timers(out, report.timers)
    _show_refusals(out, report)
    if report.closings is not None:
        _show_closings(out, report.closings)
    _show_guarantees(out, report)
    _show_broken(out, report)
    heading(out, "Assumptions")
    show_table(out, [(Text("-"), Text(sentence)) for sentence in _assumptions(report)])
    for guarantee in report.guarantees:
        if guarantee.story is not None:
            comment = f'the first ticket that breaks "{guarantee.name}": {guarantee.message}'
            say(f"\n{guarantee.story.scenario(policy, comment=comment)}", nl=False)


def _show_summary(out: Console, history: Path, report: BacktestReport) -> None:
    policies = "  then  ".join(report.policy)
    line(out, Text.assemble((policies, "bold"), f"  over {history.name}"))
    if report.first is not None and report.last is not None:
        period = f"{report.first:%Y-%m-%d} to {report.last:%Y-%m-%d}"
        line(out, Text(f"{period}, {counted(report.events, 'recorded event')}", "dim"))
    out.print()
    overturned = _share(report.overturned, report.fired)
    commands = ", ".join(f"{name} {count:,}" for name, count in report.no_ops.items())
    no_ops = sum(report.no_ops.values())
    no_effect = f"{no_ops:,} had no effect: {commands}" if no_ops else ""
    retyped = _share(report.type_overridden, report.tickets)
    not_opened = _share(report.not_opened, report.tickets)
    empty = any(
        getattr(broken.error, "problem", "") == "empty" for broken in report.broken_examples
    )
    broken = 0 if empty else report.broken
    numbers = [
        (report.tickets, f"{plural(report.tickets, 'ticket')} replayed", ""),
        (report.type_overridden, "treated as another type", f"{retyped} of the tickets"),
        (
            report.not_opened,
            "not opened",
            f"{not_opened} of the tickets: their opening was refused",
        ),
        (report.actions, f"{plural(report.actions, 'action')} of people", no_effect),
        (report.fired, f"{plural(report.fired, 'timer')} fired", ""),
        (report.overturned, "overturned", f"{overturned}: people acted on the ticket later"),
        (report.refused, f"{plural(report.refused, 'action')} refused", "by the policy"),
        (broken, f"{plural(broken, 'ticket')} broken", "left out"),
    ]
    rows = []
    for number, label, remark in numbers:
        if not number and label in ("treated as another type", "not opened"):
            continue
        alarming = number and label.endswith(("overturned", "broken", "not opened"))
        style = "bold red" if alarming else "bold"
        rows.append(
            (Text(f"{number:,}", style), Text(label), Text(remark if number else "", "dim"))
        )
    show_table(out, rows, right=(0,))


def _show_timers(out: Console, timers: tuple[TimerReport, ...]) -> None:
    """Print the timers that were set, without columns that are empty for all of them."""
    heading(out, "Timers", "what becomes of each deadline that is set")
    shown = {
        name: title
        for name, title in _COUNTS.items()
        if name == "cycles" or any(getattr(timer, name) for timer in timers)
    }
    with_rules = any(timer.rule for timer in timers if timer.cycles)
    heads = ("timer", *(("rule",) if with_rules else ()), "effect", *shown.values())
    rows = [tuple(Text(head, "dim") for head in heads)]
    for timer in timers:
        if timer.cycles:
            counts = ((name, getattr(timer, name)) for name in shown)
            numbers = (Text(f"{n:,}" if n else "-", _style(name, n)) for name, n in counts)
            rule = (Text(timer.rule or ""),) if with_rules else ()
            rows.append((Text(timer.name), *rule, Text(timer.effect), *numbers))
    show_table(out, rows, right=range(len(heads) - len(shown), len(heads)), whole=(0, 1))
    unset = [timer.name for timer in timers if not timer.cycles]
    if unset:
        names = Text(", ".join(unset), "dim")
        show_table(out, [(Text("never set:", "dim"), names)], whole=(0,))


def _style(count: str, number: int) -> str:
    if not number:
        return "dim"
    return "bold red" if count == "overturned" else ""


_COUNTS: Final = {
    "cycles": "set",
    "met_in_time": "in time",
    "late": "late",
    "fired": "fired",
    "cancelled": "cancelled",
    "overturned": "overturned",
    "confirmed": "confirmed",
}


def _show_refusals(out: Console, report: BacktestReport) -> None:
    if not report.refusals:
        return
    heading(out, "Refused", "actions that the policy does not allow, each with its first case")
    rows = []
    for refusal in report.refusals:
        case = (
            f"{refusal.command} by {refusal.by}, such as ticket {refusal.ticket} "
            f"at {refusal.at:%Y-%m-%d %H:%M} UTC: {refusal.reason}"
        )
        words = Text.assemble((refusal.code, "bold"), f"  {visible(case)}")
        rows.append((Text(f"{refusal.count:,}"), words))
    show_table(out, rows, right=(0,))


def _show_closings(out: Console, closings: ClosingComparison) -> None:
    heading(out, "Closings", "the last one of each ticket, simulated compared with recorded")
    system, people = closings.by_system, closings.by_people
    heads = (Text(), *(Text(name, "dim") for name in ("by the system", "", "by people")))
    rows: list[tuple[Text, ...]] = [heads]
    for label, by_system, by_people in (
        ("within an hour of the recorded one", system.within_hour, people.within_hour),
        ("earlier", system.earlier, people.earlier),
        ("later", system.later, people.later),
        ("still open in the replay", system.only_recorded, people.only_recorded),
    ):
        share = _share(by_system, system.closed)
        rows.append((Text(label), Text(f"{by_system:,}"), Text(share), Text(f"{by_people:,}")))
    show_table(out, rows, right=(1, 2, 3))
    line(
        out,
        Text(
            f"Open in the record: {closings.only_simulated:,} closed by the policy only, "
            f"{closings.neither:,} open in both."
        ),
    )
    if system.both:
        quantiles = [Text(), *(Text(name, "dim") for _, name in _QUANTILES)]
        lags = [
            Text(time_words((system.quantile(q) or timedelta()).total_seconds()))
            for q, _ in _QUANTILES
        ]
        columns = range(1 + len(_QUANTILES))
        show_table(out, [quantiles, [Text("difference"), *lags]], right=columns, whole=columns)


def _show_guarantees(out: Console, report: BacktestReport) -> None:
    if not report.guarantees:
        return
    heading(out, "Guarantees", "tickets that break them, each with its first case")
    rows = []
    for guarantee in report.guarantees:
        rule = f" ({guarantee.rule})" if guarantee.rule else ""
        case = f"ticket {guarantee.ticket}: {guarantee.message}" if guarantee.broken else "kept"
        style = "bold red" if guarantee.broken else "green"
        name = Text(visible(f"{guarantee.name}{rule}"))
        rows.append((Text(f"{guarantee.broken:,}", style), name, Text(visible(case))))
    show_table(out, rows, right=(0,), whole=(0,))


def _show_broken(out: Console, report: BacktestReport) -> None:
    if not report.broken:
        return
    more = report.broken - len(report.broken_examples)
    heading(
        out,
        "Broken",
        f"the first {len(report.broken_examples)} of {report.broken:,}" if more else "",
    )
    for broken in report.broken_examples:
        line(out, Text(str(broken)))


def _assumptions(report: BacktestReport) -> Iterator[str]:
    yield "people act as they did in the record, whatever the policy does"
    yield (
        "if somebody acted on a ticket after the policy had closed it, the ticket was reopened "
        "for them"
    )
    yield "nobody acts after the last recorded action, and every pending timer fires"
    if report.closings is not None and report.closings.by_people.closed:
        yield "closings by people are replayed as recorded, so they do not count as agreement"
    if report.ticket_type is not None:
        yield f"every ticket is of type {report.ticket_type}"
    elif report.type_overridden:
        yield (
            f"{counted(report.type_overridden, 'ticket')} with a type that the policy does not "
            "declare: its default type is used"
        )
    if report.not_opened:
        yield f"{counted(report.not_opened, 'ticket')} left out, because the opening was refused"


def _share(part: int, whole: int) -> str:
    return percent(part, whole) if whole else ""
