"""The mappings and logs of the page on importing work as shown."""

import json
import re
from pathlib import Path

from support.histories.logs import imported, short
from ticketcore.importers import ImportReport, import_log, parse_mapping

PAGE = (Path(__file__).parents[2] / "docs/how-to/import.md").read_text(encoding="utf-8")
ACTIVITIES, TICKETS, ISSUES, LISTS, MAIL, TABLES = re.findall(
    r"```toml\n(.*?)```", PAGE, re.DOTALL
)
(LOG,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)


def test_the_log_of_activities_becomes_a_history(tmp_path: Path) -> None:
    """Every row of the log of activities on the page is used."""
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
    """In the table of tickets on the page, each event has its column."""
    log = "number,category,opened_at,resolved_at,closed_at,closed_by\n"
    log += "1,,2026-01-05,2026-01-06,2026-01-11,system\n"

    assert [
        "05T00:00 opened customer incident",
        "06T00:00 replied support solution",
        "11T00:00 closed system",
    ] == imported(tmp_path, log, TICKETS)["1"]


def test_the_nested_json_becomes_a_history(tmp_path: Path) -> None:
    """In the nested JSON on the page, each change has the facts of its issue."""
    done = {"field": "status", "toString": "Done"}
    change = {"created": "2026-01-06", "author": {"displayName": "Ada"}, "items": [done]}
    issue = {"key": "A-1", "fields": {"created": "2026-01-05", "issuetype": {"name": "Bug"}}}
    log = {"issues": [{**issue, "changelog": {"histories": [change]}}]}

    assert ["05T00:00 opened customer Bug", "06T00:00 closed support Ada"] == (
        imported(tmp_path, log, ISSUES)["A-1"]
    )


def test_several_lists_of_a_document_in_each_line_become_a_history(tmp_path: Path) -> None:
    """With several lists in each document, every row belongs to the document's issue."""
    note = {"id": 7, "created_at": "2026-01-06", "system": False, "author": {"username": "ada"}}
    issue = {
        "id": 1,
        "created_at": "2026-01-05",
        "author": {"username": "eve"},
        "notes": [
            {**note, "internal": False, "body": "Ah"},
            {**note, "internal": True, "body": "Hm"},
        ],
        "state_events": [
            {"created_at": "2026-01-09", "state": "closed", "user": {"username": "support-bot"}}
        ],
    }
    lines = "\n".join(json.dumps({**issue, "id": n}) for n in (1, 2))

    assert [
        "05T00:00 opened customer incident eve",
        "06T00:00 replied support Ah ada",
        "06T00:00 note-added support Hm ada",
        "09T00:00 closed system support-bot",
    ] == imported(tmp_path, lines, LISTS)["2"]


def test_messages_become_a_history(tmp_path: Path) -> None:
    """The domain of the sender says who wrote; automatic messages are left out."""
    senders = (
        "eve@home.example",
        "Desk <x@Shop.example>",
        "Ada <a@shop.example>",
        "eve@home.ex",
    )
    lines = [
        {
            "thread_id": "T",
            "From": sender,
            "Date": f"Tue, {day} Jan 2026 17:00 +0100",
            "Subject": "Lost",
            "Body": f"{day}",
            "headers": {"Auto-Submitted": "auto-replied"} if day == 7 else {},
        }
        for day, sender in enumerate(senders, 6)
    ]

    assert [
        "06T16:00 opened customer question Lost 6 eve@home.example",
        "08T16:00 replied support 8 Ada <a@shop.example>",
        "09T16:00 replied customer 9 eve@home.ex",
    ] == imported(tmp_path, "\n".join(map(json.dumps, lines)), MAIL)["T"]


def test_two_tables_become_a_history(tmp_path: Path) -> None:
    """Tickets and comments in two tables with different columns become one history."""
    tickets, comments = tmp_path / "tickets.csv", tmp_path / "comments.csv"
    tickets.write_text(
        "id,type,requester_id,created_at,resolved_at,closed_at\n"
        "1,,eve,2026-01-05,2026-01-08,2026-01-11\n"
    )
    comments.write_text(
        "id,ticket_id,author_role,public,created_at,body\n"
        "70,1,agent,true,2026-01-06,Ah\n71,1,end-user,true,2026-01-07,Oh\n"
        "72,1,agent,false,2026-01-07,Hm\n"
    )
    ((number, events),) = import_log([tickets, comments], parse_mapping(TABLES), "UTC")

    assert "1" == number
    assert [
        "05T00:00 opened customer question eve",
        "06T00:00 replied support Ah",
        "07T00:00 replied customer Oh",
        "08T00:00 replied support solution",
        "11T00:00 closed system",
    ] == [*map(short, events)]
