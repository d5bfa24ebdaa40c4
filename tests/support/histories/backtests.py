"""Small histories, and backtests of them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from support.histories.history_files import write_unchecked
from ticketcore.backtest import BacktestReport, backtest
from ticketcore.events import Event, Money, Opened, Order, Party, Replied
from ticketcore.policies import Policy, PolicyVersions, load_policy

START = datetime(2026, 1, 5, 9, tzinfo=UTC)  # a Monday
SERVICE_DESK = load_policy("service-desk")
CLICKBANK = load_policy("clickbank")
ORDER = Order(number="1", sold_at=START, amount=Money(4900, "USD"))


def hours(count: float) -> datetime:
    """Return the instant this many hours after the start."""
    return START + timedelta(hours=count)


def opened(**facts: Any) -> Opened:
    """Return an opening by the customer at the start."""
    usual: dict[str, Any] = {"at": START, "by": "customer", "type": "incident", "zone": "UTC"}
    return Opened(**usual | facts)


def replied(at: float, by: Party, *, solution: bool = False) -> Replied:
    """Return a reply, this many hours after the start."""
    return Replied(at=hours(at), by=by, solution=solution)


def run_backtest(
    folder: Path,
    *tickets: Sequence[Event],
    policy: Policy | PolicyVersions = SERVICE_DESK,
    **options: Any,
) -> BacktestReport:
    """Backtest tickets with these events, named T1, T2, and so on."""
    path = folder / "history.jsonl"
    write_unchecked(path, [(f"T{n}", events) for n, events in enumerate(tickets, 1)])
    return backtest(path, policy, workers=1, **options)


def timer_counts(report: BacktestReport, name: str) -> tuple[int, int, int, int, int]:
    """Return how often a timer was set, fired, ended early, overturned and confirmed."""
    (timer,) = (timer for timer in report.timers if timer.name == name)
    fired = timer.fired + timer.late
    return timer.cycles, fired, timer.cycles - fired, timer.overturned, timer.confirmed


def refusal_counts(report: BacktestReport) -> list[tuple[str, str, str, int, str]]:
    """Return code, command, party, count and first ticket of each kind of refusal."""
    return [(r.code, r.command, r.by, r.count, r.ticket) for r in report.refusals]
