"""The included mappings, each with a small log in the form of its system."""

from pathlib import Path
from typing import Any

from support.histories.logs import imported
from ticketcore.importers import ImportReport, load_mapping

USER, AGENT = {"login": "eve", "accountId": "eve"}, {"login": "ada", "accountId": "ada"}


def converted(folder: Path, log: Any, name: str, *, unused: int = 0) -> dict[str, list[str]]:
    """Return the tickets of a log, and check that its rows could be read."""
    report = ImportReport()
    tickets = imported(folder, log, load_mapping(name), report=report)

    assert (0, unused) == (report.wrong, report.unused.total())
    return tickets


def test_a_table_of_servicenow(tmp_path: Path) -> None:
    """In a table of ServiceNow a row is a ticket, closed by a person or automatically."""
    header = (
        "number,state,opened_at,sys_created_on,caller_id,category,short_description,contact_type,"
        "assignment_group,priority,resolved_at,resolved_by,closed_at,closed_by"
    )
    row = "{},Closed,2026-01-05 09:00:00,,Eve,network,It is slow,phone,Net,2 - High,{},Ada,{},{}"
    log = "\n".join(
        [
            header,
            row.format("INC1", "2026-01-06 09:00:00", "2026-01-11 09:00:00", "system"),
            row.format("INC2", "", "2026-01-07 09:00:00", "Ada"),
        ]
    )
    opened = [
        "05T09:00 opened customer network It is slow phone Eve",
        "05T09:00 assigned support Net",
    ]

    assert {
        "INC1": [*opened, "06T09:00 replied support solution Ada", "11T09:00 closed system"],
        "INC2": [*opened, "07T09:00 closed support"],
    } == converted(tmp_path, log, "servicenow-table")


def test_an_audit_of_servicenow(tmp_path: Path) -> None:
    """In an audit of ServiceNow a row is a change of one field, with both values."""
    rows = [
        "INC1,incident,2026-01-05 09:00:00,eve,number,,INC1",
        "INC1,incident,2026-01-05 10:00:00,ada,assigned_to,,Ada",
        "INC1,incident,2026-01-05 11:00:00,ada,state,In Progress,On Hold",
        "INC1,incident,2026-01-05 12:00:00,eve,state,On Hold,In Progress",
        "INC1,incident,2026-01-05 13:00:00,ada,comments,,Done",
        "INC1,incident,2026-01-05 14:00:00,ada,category,,network",
        "INC1,incident,2026-01-05 15:00:00,ada,state,In Progress,Resolved",
        "INC1,incident,2026-01-10 15:00:00,system,state,Resolved,Closed",
        "CHG1,change_request,2026-01-10 15:00:00,system,state,New,Closed",
    ]
    header = "documentkey,tablename,sys_created_on,user,fieldname,oldvalue,newvalue"

    assert {
        "INC1": [
            "05T09:00 opened customer incident eve",
            "05T10:00 assigned support Ada ada",
            "05T11:00 replied support ada",
            "05T12:00 replied customer",
            "05T13:00 replied support ada",
            "05T14:00 type-changed support network ada",
            "05T15:00 replied support solution ada",
            "10T15:00 closed system",
        ]
    } == converted(tmp_path, "\n".join([header, *rows]), "servicenow-audit")


def test_issues_of_jira(tmp_path: Path) -> None:
    """Issues of Jira have changes and comments in two lists, the newest first."""

    def change(day: int, author: dict[str, str], **item: str | None) -> dict[str, Any]:
        return {
            "created": f"2026-01-{day:02}T09:00:00.000+0000",
            "author": author,
            "items": [item],
        }

    histories = [
        change(12, USER, field="status", fromString="Closed", toString="Open"),
        change(11, AGENT, field="status", fromString="Resolved", toString="Closed"),
        change(8, AGENT, field="status", fromString="Open", toString="Resolved"),
        change(7, AGENT, field="issuetype", fromString="Task", toString="Bug"),
        change(6, AGENT, field="status", fromString="Open", toString="Waiting for customer"),
        change(6, AGENT, field="assignee", fromString=None, toString="Ada"),
        change(6, AGENT, field="labels", fromString="", toString="x"),
    ]
    comments = [{"created": "2026-01-07T09:00:00.000+0000", "author": USER, "body": "It is"}]
    fields = {
        "created": "2026-01-05T09:00:00.000+0000",
        "issuetype": {"name": "Task"},
        "summary": "It is slow",
        "reporter": USER,
        "comment": {"comments": comments},
    }
    log = {"issues": [{"key": "A-1", "fields": fields, "changelog": {"histories": histories}}]}

    assert {
        "A-1": [
            "05T09:00 opened customer Task It is slow eve",
            "06T09:00 assigned support Ada ada",
            "06T09:00 replied support ada",
            "07T09:00 type-changed support Bug ada",
            "07T09:00 replied customer It is eve",
            "08T09:00 replied support solution ada",
            "11T09:00 closed support ada",
            "12T09:00 reopened customer eve",
        ]
    } == converted(tmp_path, log, "jira", unused=1)


def test_issues_of_github(tmp_path: Path) -> None:
    """In issues of GitHub the opener is the customer, bots are machines, others are support."""
    timeline = [
        {"event": "labeled", "created_at": "2026-01-05T09:00:00Z", "actor": USER},
        {
            "event": "assigned",
            "created_at": "2026-01-05T10:00:00Z",
            "actor": AGENT,
            "assignee": AGENT,
        },
        {
            "event": "commented",
            "created_at": "2026-01-05T11:00:00Z",
            "user": AGENT,
            "actor": AGENT,
            "body": "Why?",
        },
        {
            "event": "commented",
            "created_at": "2026-01-05T12:00:00Z",
            "user": USER,
            "actor": USER,
            "body": "So",
        },
        {
            "event": "closed",
            "created_at": "2026-02-05T12:00:00Z",
            "actor": {"login": "stale[bot]"},
        },
        {"event": "reopened", "created_at": "2026-02-06T12:00:00Z", "actor": USER},
    ]
    issue = {
        "number": 7,
        "created_at": "2026-01-05T09:00:00Z",
        "user": USER,
        "title": "It is slow",
        "body": None,
        "type": {"name": "Bug"},
        "timeline": timeline,
    }

    assert {
        "7": [
            "05T09:00 opened customer Bug It is slow eve",
            "05T10:00 assigned support ada ada",
            "05T11:00 replied support Why? ada",
            "05T12:00 replied customer So eve",
            "05T12:00 closed system stale[bot]",
            "06T12:00 reopened customer eve",
        ]
    } == converted(tmp_path, [issue], "github", unused=1)


def test_tickets_of_zendesk(tmp_path: Path) -> None:
    """Audits of Zendesk have comments and changes, and the system has the author -1."""

    def audit(day: int, author: int, *events: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": day,
            "created_at": f"2026-01-{day:02}T09:00:00Z",
            "author_id": author,
            "events": [*events],
        }

    def change(name: str, value: str | None) -> dict[str, Any]:
        return {"id": 1, "type": "Change", "field_name": name, "value": value}

    ticket = {
        "id": 35436,
        "created_at": "2026-01-05T09:00:00Z",
        "type": "question",
        "subject": "It is slow",
        "requester_id": 5,
        "via": {"channel": "web"},
        "audits": [
            audit(5, 5, {"type": "Comment", "public": True, "author_id": 5, "body": "Help"}),
            audit(
                6,
                8,
                {"type": "Comment", "public": True, "author_id": 8, "body": "Thus"},
                change("status", "solved"),
                change("group_id", "17"),
            ),
            audit(6, 8, {"type": "Comment", "public": False, "author_id": 8, "body": "Note"}),
            audit(10, -1, change("status", "closed"), {"type": "Notification"}),
        ],
    }

    assert {
        "35436": [
            "05T09:00 opened customer question It is slow Help web 5",
            "06T09:00 replied support Thus 8",
            "06T09:00 replied support solution 8",
            "06T09:00 assigned support 17 8",
            "10T09:00 closed system -1",
        ]
    } == converted(tmp_path, {"tickets": [ticket]}, "zendesk", unused=2)
