"""The mappings and logs of the page on importing work as shown."""

import re
from pathlib import Path

from support.logs import imported
from ticketcore.importers import ImportReport

PAGE = (Path(__file__).parents[2] / "docs/how-to/import.md").read_text(encoding="utf-8")
ACTIVITIES, TICKETS, ISSUES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
(LOG,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)


def test_the_log_of_activities_becomes_a_history(tmp_path: Path) -> None:
    """Every row of the example is used."""
    report = ImportReport()

    assert {
        "17": [
            "05T08:12 opened customer Printer",
            "05T08:12 assigned support Ada",
            "05T10:30 replied support solution Ada",
            "20T08:00 closed system",
        ]
    } == imported(tmp_path, LOG, ACTIVITIES, zone="Europe/Berlin", report=report)
    assert (0, 0) == (report.wrong, report.unused.total())


def test_the_table_of_tickets_becomes_a_history(tmp_path: Path) -> None:
    """Each event has its column."""
    log = "number,category,opened_at,resolved_at,closed_at,closed_by\n"
    log += "1,,2026-01-05,2026-01-06,2026-01-11,system\n"

    assert [
        "05T00:00 opened customer incident",
        "06T00:00 replied support solution",
        "11T00:00 closed system",
    ] == imported(tmp_path, log, TICKETS)["1"]


def test_the_nested_json_becomes_a_history(tmp_path: Path) -> None:
    """Facts of the issue are read for each of its changes."""
    done = {"field": "status", "toString": "Done"}
    change = {"created": "2026-01-06", "author": {"displayName": "Ada"}, "items": [done]}
    issue = {"key": "A-1", "fields": {"created": "2026-01-05", "issuetype": {"name": "Bug"}}}
    log = {"issues": [{**issue, "changelog": {"histories": [change]}}]}

    assert ["05T00:00 opened customer Bug", "06T00:00 closed support Ada"] == (
        imported(tmp_path, log, ISSUES)["A-1"]
    )
