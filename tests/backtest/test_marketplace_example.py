"""The invented year of a marketplace, and the script that makes it."""

import gzip
from pathlib import Path

import pytest

from marketplace import TARGET, packed, tickets
from ticketcore.backtest import backtest
from ticketcore.events import impossible_events, write_histories
from ticketcore.policies import load_policy


@pytest.mark.slow
def test_the_script_makes_the_example_history() -> None:
    """The script makes the same history, byte for byte, on every machine."""
    assert gzip.decompress(TARGET.read_bytes()) == gzip.decompress(packed(tickets()))


@pytest.mark.parametrize(
    ("policy", "opened", "fired"),
    [
        ("clickbank", 400, 300),
        ("kaufland", 360, 50),
        ("webshippy", 330, 200),
        ("amazon-pay", 400, 3),
        ("office", 25, 10),
    ],
)
def test_each_of_the_five_systems_has_tickets_in_it(
    tmp_path: Path, policy: str, opened: int, fired: int
) -> None:
    """Under each preset, the invented tickets are opened and fire timers."""
    path = tmp_path / "part.jsonl"
    histories = [*tickets(400)]
    write_histories(path, iter(histories))
    report = backtest(path, load_policy(policy), workers=1)

    assert [] == [
        found for number, events in histories for found in impossible_events(number, events)
    ]
    assert (400, 0) == (report.tickets, report.broken)
    assert opened <= report.tickets - report.not_opened
    assert fired <= report.fired
