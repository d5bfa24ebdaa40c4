"""The example history, and the script that makes it."""

import runpy
from pathlib import Path

from ticketcore.backtest import backtest
from ticketcore.events import write_histories
from ticketcore.policies import load_policy

EXAMPLES = Path(__file__).parents[2] / "examples/histories"


def test_the_script_makes_the_example_history(tmp_path: Path) -> None:
    """The script makes the same file, byte for byte, on every machine."""
    made = tmp_path / "service-desk.jsonl"
    write_histories(made, runpy.run_path(str(EXAMPLES / "service_desk.py"))["tickets"]())
    assert (EXAMPLES / "service-desk.jsonl").read_bytes() == made.read_bytes()


def test_the_example_history_shows_every_count_of_a_timer() -> None:
    """The example history has customers who return in time, too late, and never."""
    report = backtest(EXAMPLES / "service-desk.jsonl", load_policy("service-desk"), workers=1)
    (timer,) = report.timers
    assert (300, 0, 0) == (report.tickets, report.broken, report.refused)
    assert timer.cycles > timer.fired > timer.cancelled > timer.overturned > 0
    assert timer.cycles == timer.fired + timer.cancelled
