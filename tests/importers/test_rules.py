"""Which of several rules make the events of a row, and what becomes of rows without a rule."""

from pathlib import Path

from support.histories.logs import HEAD, imported
from ticketcore.importers import ImportReport

REPLIED = '[[event]]\nevent = "replied"\nby = "support"\n'
CLOSED = '[[event]]\nevent = "closed"\nby = "system"\n'


def rows(*lines: str, header: str) -> str:
    """Return a CSV file."""
    return "\n".join([header, *lines, ""])


def test_a_row_closes_its_ticket_once(tmp_path: Path) -> None:
    """A row closes its ticket once, by the first rule that fits."""
    mapping = f"""{HEAD}
{CLOSED}where = {{ who = "robot" }}
[[event]]
event = "closed"
by = "support"
where = {{ state = "closed" }}
{REPLIED}at = "solved"
solution = true
{REPLIED}at = "solved"
"""
    log = rows(
        "1,2026-01-05,new,,",
        "1,2026-01-07,closed,robot,2026-01-06",
        "2,2026-01-05,new,,",
        "2,2026-01-07,closed,Ada,",
        header="id,at,state,who,solved",
    )

    assert {
        "1": [
            "05T00:00 opened customer incident",
            "06T00:00 replied support solution",
            "07T00:00 closed system",
        ],
        "2": ["05T00:00 opened customer incident", "07T00:00 closed support"],
    } == imported(tmp_path, log, mapping)


def test_the_first_message_opens_the_ticket(tmp_path: Path) -> None:
    """The first message becomes the text of the opening; a second one stays a reply."""
    mapping = f"""{HEAD}text = "{{head}}"
[[event]]
event = "replied"
by = "customer"
where = {{ state = ["mail", "mine"] }}
text = "{{body}}"
"""
    header = "id,at,state,head,body"
    log = rows(
        "1,2026-01-05,mail,,Help",
        "1,2026-01-05,mail,,Hello?",
        "2,2026-01-05,mail,H,B",
        header=header,
    )

    assert {
        "1": ["05T00:00 opened customer incident Help", "05T00:00 replied customer Hello?"],
        "2": ["05T00:00 opened customer incident H"],
    } == imported(tmp_path, log, mapping)


def test_unused_rows_are_counted_by_state_without_case(tmp_path: Path) -> None:
    """Unused rows are counted by state, ignoring case, under the first spelling."""
    log = rows(
        "1,2026-01-05,",
        "1,2026-01-06,Hold",
        "1,2026-01-07,HOLD",
        "1,2026-01-08,on",
        header="id,at,state",
    )
    report = ImportReport()
    imported(tmp_path, log, HEAD, report=report)

    assert {"Hold": 2, "on": 1} == report.unused


def test_rows_without_a_state_are_reported_by_their_path(tmp_path: Path) -> None:
    """Rows without a state are reported by their path, which has no rule."""
    log = {"issues": [{"id": "1", "at": "2026-01-05", "notes": [{"at": "2026-01-06"}]}]}
    paths = 'rows = { issue = "issues[]", note = "issues[].notes[]" }'
    mapping = HEAD.replace('state = "state"', paths).replace('"id"', '"issues[].id"')
    report = ImportReport()
    imported(tmp_path, log, mapping, report=report)

    assert {"note": 1} == report.unused


def test_a_ticket_is_reopened_once(tmp_path: Path) -> None:
    """A message reopens a ticket before the row that says so, which is counted as unused.

    A reopening after a closing counts, one after a solution is a reply, others are left out.
    """
    mapping = f"""{HEAD}
{CLOSED}to_state = "closed"
{REPLIED}where = {{ state = "solved" }}
solution = true
[[event]]
event = "replied"
where = {{ state = "mail" }}
by = "customer"
[[event]]
event = "reopened"
where = {{ state = "reopened" }}
by = "system"
"""
    log = rows(
        "1,2026-01-05,new",
        "1,2026-01-06,reopened",
        "1,2026-01-07,closed",
        "1,2026-01-08,mail",
        "1,2026-01-09,reopened",
        "1,2026-01-10,solved",
        "1,2026-01-11,reopened",
        "1,2026-01-12,closed",
        "1,2026-01-13,reopened",
        header="id,at,state",
    )
    report = ImportReport()

    assert [
        "05T00:00 opened customer incident",
        "07T00:00 closed system",
        "08T00:00 reopened customer",
        "08T00:00 replied customer",
        "10T00:00 replied support solution",
        "11T00:00 replied system",
        "12T00:00 closed system",
        "13T00:00 reopened system",
    ] == imported(tmp_path, log, mapping, report=report)["1"]
    assert (1, 2, 1) == (report.reopened, report.reopened_again, report.replied)


def test_events_that_answer_to_nothing_are_left_out(tmp_path: Path) -> None:
    """A warning about a closed ticket and the confirmation of no refund are left out."""
    mapping = f"""{HEAD}
[[event]]
event = "closed"
where = {{ state = "closed" }}
by = "support"
[[event]]
event = "warned"
where = {{ state = "reminder" }}
by = "system"
timer = "reminder"
[[event]]
event = "refund-confirmed"
where = {{ state = "paid" }}
by = "system"
reference = "r"
"""
    days = ("new", "reminder", "paid", "closed", "reminder")
    log = rows(*(f"1,2026-01-0{n},{s}" for n, s in enumerate(days, 5)), header="id,at,state")
    report = ImportReport()

    assert [
        "05T00:00 opened customer incident",
        "06T00:00 warned system reminder",
        "08T00:00 closed support",
    ] == imported(tmp_path, log, mapping, report=report)["1"]
    assert 2 == report.without_cause
