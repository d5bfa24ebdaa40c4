"""A backtest's report for people: the few big numbers first, then where they come from."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ticketcore._visible import visible
from ticketcore.backtest import BacktestReport, ClosingComparison, TimerReport
from ticketcore.cli._app import counted, plural
from ticketcore.cli._output import columns, heading

_QUANTILES = ((0.05, "5 %"), (0.25, "25 %"), (0.5, "median"), (0.75, "75 %"), (0.95, "95 %"))


def show_backtest(out: Console, history: Path, report: BacktestReport) -> None:
    """Write all that a report holds; parts without content are left out."""
    _show_summary(out, history, report)
    _show_timers(out, report.timers)
    _show_refusals(out, report)
    if report.closings is not None:
        _show_closings(out, report.closings)
    _show_broken(out, report)
    heading(out, "Assumed")
    assumed = Table.grid(padding=(0, 1, 0, 0))
    for assumption in _assumptions(report):
        assumed.add_row("-", Text(assumption))
    out.print(assumed)


def _show_summary(out: Console, history: Path, report: BacktestReport) -> None:
    out.print(Text.assemble(("  then  ".join(report.policy), "bold"), f"  over {history.name}"))
    if report.first is not None and report.last is not None:
        period = f"{report.first:%Y-%m-%d} to {report.last:%Y-%m-%d}"
        out.print(Text(f"{period}, {counted(report.events, 'recorded event')}", "dim"))
    out.print()
    contradicted = _share(report.overturned, report.fired)
    idle = f"{report.no_ops:,} of them changed nothing" if report.no_ops else ""
    empty = any(
        getattr(broken.error, "problem", "") == "empty" for broken in report.broken_examples
    )
    broken = 0 if empty else report.broken
    numbers = [
        (report.tickets, f"{plural(report.tickets, 'ticket')} replayed", ""),
        (report.actions, f"{plural(report.actions, 'action')} of people", idle),
        (report.fired, f"{plural(report.fired, 'timer')} fired", ""),
        (report.overturned, "contradicted", f"{contradicted}: people acted on it later"),
        (
            report.refused,
            f"{plural(report.refused, 'action')} refused",
            "the policy would not have allowed them",
        ),
        (broken, f"{plural(broken, 'ticket')} broken", "left out"),
    ]
    table = _table("right", "left", "left")
    for number, what, more in numbers:
        style = "bold red" if number and what.endswith(("contradicted", "broken")) else "bold"
        table.add_row(Text(f"{number:,}", style), what, Text(more if number else "", "dim"))
    out.print(table)


def _show_timers(out: Console, timers: tuple[TimerReport, ...]) -> None:
    heading(out, "Timers", "each promise fires, or is ended before by what somebody does")
    table = _table("left", "left", "left", *["right"] * 5)
    names = "timer rule effect set fired ended contradicted confirmed".split()
    table.add_row(*(Text(name, "dim") for name in names))
    for timer in timers:
        if not timer.set:
            continue
        counts = (timer.set, timer.fired, timer.ended_early, timer.overturned, timer.confirmed)
        shown = [Text(f"{n:,}" if n else "-", "" if n else "dim") for n in counts]
        if timer.overturned:
            shown[3].stylize("bold red")
        table.add_row(timer.name, timer.rule or "", timer.effect, *shown)
    out.print(table)
    unset = [timer.name for timer in timers if not timer.set]
    if unset:
        out.print(Text(f"never set: {', '.join(unset)}", "dim"))


def _show_refusals(out: Console, report: BacktestReport) -> None:
    if not report.refusals:
        return
    heading(out, "Refused", "what people did and the policy does not allow, with the first case")
    table = _table("right", "left")
    for refusal in report.refusals:
        case = (
            f"{refusal.command} by {refusal.by}, such as ticket {refusal.ticket} "
            f"at {refusal.at:%Y-%m-%d %H:%M} UTC: {refusal.reason}"
        )
        words = Text.assemble((refusal.code, "bold"), f"  {visible(case)}")
        table.add_row(f"{refusal.count:,}", words)
    out.print(table)


def _show_closings(out: Console, closings: ClosingComparison) -> None:
    heading(out, "ClosingComparison", "the last of each ticket, simulated against recorded")
    table = _table("right", "right", "left")
    both = closings.both
    for count, what in (
        (closings.within_hour, "within an hour of the recorded one"),
        (closings.earlier, "earlier"),
        (closings.later, "later"),
    ):
        table.add_row(f"{count:,}", _share(count, both), what)
    for count, what in (
        (closings.only_simulated, "closed by the policy only"),
        (closings.only_recorded, "closed in the record only"),
        (closings.neither, "closed in neither"),
    ):
        table.add_row(f"{count:,}", "", what)
    out.print(table)
    if both:
        spread = _table(*["right"] * (1 + len(_QUANTILES)))
        spread.add_row("", *(Text(name, "dim") for _, name in _QUANTILES))
        spread.add_row("difference", *(_lag(closings.quantile(q)) for q, _ in _QUANTILES))
        out.print(spread)


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
        out.print(Text(str(broken)))


def _assumptions(report: BacktestReport) -> Iterator[str]:
    yield "people would have acted as they did, whatever the policy did meanwhile"
    yield "who acted on a ticket that the policy had closed by then found it reopened"
    yield "after the last recorded action nobody acts any more, and every pending timer falls due"
    if report.ticket_type is not None:
        yield f"every ticket is one of type {report.ticket_type}"
    elif report.type_overridden:
        yield f"what is of a type that the policy lacks has its default type: {report.type_overridden:,}"
    if report.not_opened:
        yield f"tickets whose opening was refused took no part: {report.not_opened:,}"


def _table(*aligned: str) -> Table:
    table = columns(*[None] * len(aligned))
    for column, justify in zip(table.columns, aligned, strict=True):
        column.justify = "right" if justify == "right" else "left"
    return table


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}".replace("%", " %") if whole else ""


def _lag(difference: timedelta | None) -> str:
    """A signed difference in its two largest units: ``-9 d 0 h``, ``+33 min``."""
    if difference is None or not difference:
        return "0 min"
    sign = "-" if difference < timedelta() else "+"
    hours, minutes = divmod(int(abs(difference).total_seconds()) // 60, 60)
    if hours >= 24:
        return f"{sign}{hours // 24} d {hours % 24} h"
    return f"{sign}{hours} h {minutes} min" if hours else f"{sign}{minutes} min"
