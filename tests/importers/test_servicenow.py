"""Import of the ServiceNow log: the differences between rows become events."""

import csv
from datetime import UTC, datetime, timedelta
from io import TextIOWrapper
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from support.servicenow import Make, log_maker
from ticketcore.errors import CalendarError, LogError
from ticketcore.events import Closed, Event, Opened, Replied, dump_event
from ticketcore.importers import ImportReport, import_servicenow
from ticketcore.importers._servicenow_rows import open_log

PUBLISHED = Path(__file__).parents[3] / "shared/data/servicenow/incident_event_log.zip"


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Write a small log into the test's folder."""
    return log_maker(tmp_path)


def imported(
    path: Path, *, infer_escalations: bool = False, report: ImportReport | None = None
) -> dict[str, list[str]]:
    """Return the events of each ticket in short, with the log's times read as UTC."""
    tickets = import_servicenow(
        path, "UTC", infer_escalations=infer_escalations, skip_checksum=True, report=report
    )
    return {ticket: list(map(short, events)) for ticket, events in tickets}


def short(event: Event) -> str:
    """Return an event as ``1T09:00 replied support solution``."""
    name, _, body = dump_event(event)
    detail = body.get("type") or body.get("reason") or ("solution" if "solution" in body else "")
    return f"{event.at:%-dT%H:%M} {name} {event.by} {detail}".rstrip()


def states(*names: str) -> list[dict[str, str]]:
    """Return rows that differ in their state."""
    return [{"incident_state": name} for name in names]


def test_states_tell_who_answered(make: Make) -> None:
    """Questions, answers, solutions and the closing are read from the states of the rows."""
    rows = states("New", "Awaiting User Info", "Active", "Resolved", "Resolved", "Active")
    rows += states("Awaiting Vendor", "Resolved", "Closed")

    assert {
        "INC1": [
            "1T08:00 opened customer Category 5",
            "1T10:00 replied support",
            "1T11:00 replied customer",
            "1T12:00 replied support solution",
            "1T13:00 replied support solution",  # no new state, but at resolved_at
            "1T14:00 replied customer",
            "1T16:00 replied support solution",
            "6T13:00 closed system",
        ]
    } == imported(make(*rows))


def test_the_opening_has_the_facts_of_the_first_row(make: Make) -> None:
    """The opening has caller, channel, category and zone; support handles the ticket."""
    (_, events), *_ = import_servicenow(make({}), "America/Sao_Paulo", skip_checksum=True)

    assert events[0] == Opened(
        at=datetime(2016, 3, 1, 11, tzinfo=UTC),
        by="customer",
        actor="Caller 7",
        type="Category 5",
        zone="America/Sao_Paulo",
        default_handler="support",
        waiting_for="support",
        channel="Phone",
    )


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (states("Awaiting User Info", "Resolved"), ["support", "support solution"]),
        (states("Awaiting User Info", "Awaiting Vendor", "Active"), ["support"]),
        (states("Resolved", "Closed", "Resolved"), ["support solution", "support solution"]),
        (states("Closed", "Awaiting User Info"), ["customer", "support"]),
        (states("New", "Closed"), []),
    ],
)
def test_only_two_transitions_are_answers_of_the_customer(
    make: Make, rows: list[dict[str, str]], expected: list[str]
) -> None:
    """The customer answers a question, or takes up a settled ticket again."""
    events = imported(make(*rows))["INC1"]

    assert expected == [text.split(" replied ")[1] for text in events if "replied" in text]


def test_a_category_is_a_type(make: Make) -> None:
    """Another category changes the type; a ticket without one is an incident."""
    rows = [{"category": name} for name in ("?", "Category 1", "Category 1", "?")]

    assert [
        "1T08:00 opened customer incident",
        "1T10:00 type-changed support Category 1",
        "1T12:00 type-changed support incident",
        "6T13:00 closed system",
    ] == imported(make(*rows))["INC1"]


def test_escalations_are_inferred_on_request(make: Make) -> None:
    """A more urgent priority or one more reassignment is an escalation, if asked for."""
    rows = [
        {"priority": "3 - Moderate", "reassignment_count": "0"},
        {"priority": "2 - High", "reassignment_count": "1"},
        {"priority": "4 - Low", "reassignment_count": "1"},
        {"priority": "4 - Low", "reassignment_count": "2"},
    ]
    path = make(*rows)

    assert 2 == len(imported(path)["INC1"])
    assert [
        "1T10:00 escalated support priority",
        "1T12:00 escalated support reassigned",
    ] == imported(path, infer_escalations=True)["INC1"][1:-1]


def test_faults_of_the_log_are_corrected_and_counted(make: Make) -> None:
    """Rows without a state are left out, updates sorted, and events dated too early moved."""
    report = ImportReport()
    path = make(
        {"sys_mod_count": "2", "incident_state": "Resolved", "sys_updated_at": "1/3/2016 09:00"},
        {"sys_mod_count": "0", "incident_state": "Awaiting User Info"},
        {"sys_mod_count": "1", "incident_state": "-100"},
        {"number": "INC2", "incident_state": "-100"},
        {"number": "INC3", "closed_at": "?"},
    )

    assert {
        "INC1": [
            "1T08:00 opened customer Category 5",
            "1T10:00 replied support",
            "1T10:00 replied support solution",
            "6T13:00 closed system",
        ],
        "INC3": ["1T08:00 opened customer Category 5"],
    } == imported(path, report=report)
    assert ImportReport(rows=5, tickets=2, events=5, bad_rows=2, corrections=1) == report


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("27/3/2016 01:59", datetime(2016, 3, 27, 0, 59, tzinfo=UTC)),
        ("27/3/2016 02:30", datetime(2016, 3, 27, 1, tzinfo=UTC)),
        ("30/10/2016 02:30", datetime(2016, 10, 30, 0, 30, tzinfo=UTC)),
    ],
)
def test_skipped_and_repeated_local_times_are_read(make: Make, local: str, utc: datetime) -> None:
    """A skipped local time is the instant of the change, a repeated one its first occurrence."""
    (_, events), *_ = import_servicenow(
        make({"opened_at": local, "closed_at": "?"}), ZoneInfo("Europe/Berlin"), skip_checksum=True
    )

    assert utc == events[0].at


def test_an_unknown_zone_is_refused(make: Make) -> None:
    """The zone must be an IANA time zone."""
    with pytest.raises(CalendarError):
        import_servicenow(make({}), "Boise", skip_checksum=True)


def test_the_rows_of_a_ticket_must_be_together(make: Make) -> None:
    """A log in which other tickets come between the rows of a ticket is refused."""
    path = make({}, {"number": "INC2"}, {})

    with pytest.raises(LogError, match="line 4: the rows of INC1 are not together"):
        imported(path)


def statistics(path: Path, *, skip_checksum: bool) -> tuple[ImportReport, int, int]:
    """Return the report, the number of resolved tickets, and how many the five-day rule closed.

    The last number counts tickets that were closed 120 hours after the last reply, within an hour.
    """
    report = ImportReport()
    with TextIOWrapper(open_log(path), encoding="utf-8") as file:
        resolved = {row["number"] for row in csv.DictReader(file) if row["resolved_at"] != "?"}
    closed_by_rule = 0
    for ticket, events in import_servicenow(
        path, "UTC", skip_checksum=skip_checksum, report=report
    ):
        replies = [event.at for event in events if isinstance(event, Replied)]
        if ticket in resolved and replies and isinstance(events[-1], Closed):
            difference = events[-1].at - replies[-1] - timedelta(hours=120)
            closed_by_rule += abs(difference) <= timedelta(hours=1)
    return report, len(resolved), closed_by_rule


def test_a_closing_after_five_days_is_recognized(make: Make) -> None:
    """Only the ticket that closed five days after its resolution follows the rule."""
    late = {"number": "INC2", "closed_at": "7/3/2016 13:00"}
    path = make(*[{}] * 4, {"incident_state": "Resolved"}, late | {"incident_state": "Resolved"})

    assert (ImportReport(6, 2, 6), 2, 1) == statistics(path, skip_checksum=True)


@pytest.mark.slow
def test_the_published_log_has_its_known_statistics() -> None:
    """Import the published log, if it is beside the project, and compare its known statistics."""
    expected = ImportReport(141_712, 24_918, 84_105, bad_rows=5, corrections=2), 23_362, 20_049

    assert [expected] * PUBLISHED.exists() == [
        statistics(path, skip_checksum=False) for path in [PUBLISHED] if path.exists()
    ]
