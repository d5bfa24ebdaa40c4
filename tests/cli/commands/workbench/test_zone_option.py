"""`--zone` of the commands that show instants of many tickets, and the zone without it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from support.command_line import ticketcore, usage_error
from support.histories.comparisons import SLOW_FILE
from ticketcore.events import Opened, Replied, write_histories

LATE = datetime(2026, 1, 5, 23, 30, tzinfo=UTC)


def history_in(folder: Path, *zones: str) -> Path:
    """Write a history with one ticket per zone, opened half an hour before midnight in UTC."""
    path = folder / "history.jsonl"
    tickets = [
        (
            f"T{n}",
            (
                Opened(at=LATE, by="customer", type="question", zone=zone),
                Replied(at=LATE, by="vendor", text="text"),
            ),
        )
        for n, zone in enumerate(zones)
    ]
    write_histories(path, tickets)
    return path


@pytest.mark.parametrize(
    ("own", "zones", "asked", "shown"),
    [
        ("Asia/Tokyo", ("Europe/Rome",), ("--zone", "America/Boise"), "America/Boise"),
        ("Asia/Tokyo", ("Europe/Rome",), (), "Asia/Tokyo"),
        (None, ("Europe/Rome", "Europe/Rome"), (), "Europe/Rome"),
        (None, ("Europe/Rome", "Europe/Paris"), (), "UTC"),
    ],
    ids=["as asked", "of the policy", "of all tickets", "UTC"],
)
def test_times_are_in_one_zone(
    tmp_path: Path, own: str | None, zones: tuple[str, ...], asked: tuple[str, ...], shown: str
) -> None:
    """Times are in the given zone, else in the policy's, else in that of all tickets."""
    history, policy, out = history_in(tmp_path, *zones), tmp_path / "p.toml", tmp_path / "r.html"
    policy.write_text(SLOW_FILE.replace('zone = "UTC"\n', f'zone = "{own}"\n' if own else ""))
    opened = {
        "America/Boise": "2026-01-05 16:30",
        "Asia/Tokyo": "2026-01-06 08:30",
        "Europe/Rome": "2026-01-06 00:30",
        "UTC": "2026-01-05 23:30",
    }[shown]

    tickets = ticketcore("tickets", history, "--policy", policy, *asked).out
    assert f"times in {shown}" in tickets
    assert opened in tickets
    workload = ticketcore("workload", history, "--policy", policy, *asked).out
    assert f"by hour and weekday in {shown}" in workload
    ticketcore("report", history, policy, policy, "-o", out, *asked)
    assert f"hour ({shown})" in out.read_text("utf-8")


@pytest.mark.parametrize("command", ["tickets", "workload", "report"])
def test_an_unknown_zone_is_refused(tmp_path: Path, command: str) -> None:
    """An unknown zone is refused before any ticket is replayed."""
    policies = ("service-desk", "service-desk", "-o", tmp_path / "r.html")
    given = policies if command == "report" else ("--policy", "service-desk")
    ran = ticketcore(command, tmp_path / "none.jsonl", *given, "--zone", "Europe/Rom")

    assert "Europe/Rom" in usage_error(ran)
