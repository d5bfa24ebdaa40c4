"""`ticketcore report` writes one HTML file."""

from pathlib import Path
from typing import Any

import pytest

from support.command_line import ticketcore, usage_error
from support.histories.comparisons import Desk
from ticketcore.backtest import ReplayJob, run_replay


def test_a_report_is_one_file(desk: Desk, tmp_path: Path) -> None:
    """A report is one file, whose name is printed."""
    out = tmp_path / "report.html"
    ran = ticketcore("report", desk.history, desk.slow, desk.fast, "-o", out)
    assert (0, f"{out}\n") == (ran.code, ran.out)
    page = out.read_text("utf-8")
    assert "<title>slow 2026-01-01 compared with fast 2026-01-01</title>" in page
    assert "Curve of" not in page
    assert "used by no ticket" in page
    assert f"base {desk.slow}:" in page
    swept = ("--set", "timer.silent.after=20 hours,40 hours", "--by", "category")
    ticketcore("report", desk.history, desk.slow, desk.fast, "-o", out, *swept)
    page = out.read_text("utf-8")
    assert 2 == page.count("Curve of")
    assert "<h2>By category</h2>" in page


def test_the_pass_of_the_table_counts_the_uses_too(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A report replays the history once, for the numbers, the sweep and the uses of policies."""
    monkeypatch.delattr("ticketcore.coverage._coverage.run_replay")
    jobs = []

    def counted(job: ReplayJob[Any], *args: Any, **options: Any) -> Any:
        jobs.append(job)
        return run_replay(job, *args, **options)

    monkeypatch.setattr("ticketcore.comparison._tally.run_replay", counted)
    args = ("report", desk.history, desk.slow, desk.fast, "-o", tmp_path / "report.html")

    assert 0 == ticketcore(*args, "--set", "timer.silent.after=20 hours,40 hours").code
    assert [4] == [len(job.policies) for job in jobs]


def test_the_history_is_not_overwritten(desk: Desk) -> None:
    """A report is not written over the history: the output must be another file."""
    ran = ticketcore("report", desk.history, desk.slow, desk.fast, "-o", desk.history)
    assert "the file being read" in usage_error(ran)
