"""All commands that read histories select tickets by period and field in the same way."""

import json
from pathlib import Path

import pytest

from support.command_line import EXAMPLES, ticketcore

HISTORY = EXAMPLES / "histories" / "service-desk.jsonl"
SELECTED = ("--since", "2026-02-01", "--until", "2026-02-10", "--only", "type=network")


@pytest.fixture(scope="module")
def count() -> int:
    """Return the number of tickets of a type that were opened in the period."""
    tickets: dict[str, tuple[str, str]] = {}
    for line in HISTORY.read_text("utf-8").splitlines():
        event = json.loads(line)
        opened_at, kind = tickets.get(event["ticket"], (event["occurred_at"], ""))
        tickets[event["ticket"]] = opened_at, event["data"].get("type", kind)
    return sum(
        "2026-02-01" <= opened_at < "2026-02-10" and kind == "network"
        for opened_at, kind in tickets.values()
    )


def test_each_command_counts_the_selected_tickets(count: int, tmp_path: Path) -> None:
    """All commands print the count of the same selected tickets."""
    assert 0 < count < 61
    policy = ("--policy", "service-desk")
    backtest = json.loads(ticketcore("backtest", HISTORY, *policy, *SELECTED, "--json").out)
    [metrics] = json.loads(ticketcore("metrics", HISTORY, *policy, *SELECTED, "--json").out)[
        "metrics"
    ]
    checked = ticketcore("history", "check", HISTORY, *SELECTED).out
    listed = json.loads(ticketcore("tickets", HISTORY, *policy, *SELECTED, "--json").out)
    assert [count] * 3 == [backtest["tickets"], metrics["tickets"], len(listed)]
    assert f"{count} tickets, " in checked
    xes = tmp_path / "log.xes"
    assert (
        f"{xes}: {count} traces\n"
        == ticketcore("history", "export", HISTORY, *SELECTED, "-o", xes).out
    )
    inferred = ticketcore("history", "infer", HISTORY, "--only", "type=network").out
    assert "closings by the system of solved tickets" in inferred
    assert inferred != ticketcore("history", "infer", HISTORY).out
