"""The published ServiceNow log through its mapping: the differences of rows become events."""

import csv
import hashlib
import re
from datetime import UTC, datetime, timedelta
from io import TextIOWrapper
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from support.histories.servicenow import MAPPING, Make, imported_events, log_maker
from ticketcore.errors import CalendarError, LogError
from ticketcore.events import (
    Closed,
    Event,
    Opened,
    Replied,
    dump_event,
    read_histories,
    write_histories,
)
from ticketcore.importers import (
    ImportReport,
    LogMapping,
    import_log,
    load_mapping,
    mapping_text,
    parse_mapping,
)
from ticketcore.importers.logs._files import open_log

PUBLISHED = Path(__file__).parents[3] / "shared/data/servicenow/incident_event_log.zip"


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Write a small log into the test's folder."""
    return log_maker(tmp_path)


def imported(
    path: Path, *, escalations: bool = False, report: ImportReport | None = None
) -> dict[str, list[str]]:
    """Return the events of each ticket in short, with the log's times read as UTC."""
    tickets = imported_events(path, escalations=escalations, report=report)
    return {ticket: list(map(short, events)) for ticket, events in tickets}


def short(event: Event) -> str:
    """Return an event as ``1T09:00 replied support solution``."""
    name, _, body = dump_event(event)
    detail = body.get("type") or body.get("reason") or ("solution" if "solution" in body else "")
    return f"{event.at:%-dT%H:%M} {name} {event.by} {detail}".rstrip()


def states(*names: str) -> list[dict[str, str]]:
    """Return rows that differ only in their state."""
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
    """The opening has the caller, channel, category and zone of the first row."""
    (_, events), *_ = imported_events(make({}), "America/Sao_Paulo")

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
    """Only two transitions are actions of the customer: an answer and a return."""
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
    ] == imported(path, escalations=True)["INC1"][1:-1]


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
    assert (5, 2, 5) == (report.rows, report.tickets, report.events)
    assert (2, 1) == (report.left_out, report.moved)


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
    (_, events), *_ = imported_events(
        make({"opened_at": local, "closed_at": "?"}), ZoneInfo("Europe/Berlin")
    )

    assert utc == events[0].at


def test_an_unknown_zone_is_refused(make: Make) -> None:
    """An import of the ServiceNow log with an unknown time zone is refused."""
    with pytest.raises(CalendarError):
        imported_events(make({}), "Boise")


def statistics(
    mapping: LogMapping, path: Path, folder: Path
) -> tuple[ImportReport, int, int, str]:
    """Return the report, two numbers of the log's README, and the checksum of the history.

    The numbers count the tickets with a resolution, and those that were closed 120 hours after
    the last reply, within an hour.
    """
    report = ImportReport()
    with open_log(path) as file:
        rows = csv.DictReader(TextIOWrapper(file, encoding="utf-8"))
        resolved = {row["number"] for row in rows if row["resolved_at"] != "?"}
    history = folder / "history.jsonl"
    write_histories(history, import_log(path, mapping, "UTC", report=report))
    closed_by_rule = 0
    for ticket in read_histories(history):
        events = ticket.events
        replies = [event.at for event in events if isinstance(event, Replied)]
        if ticket.ticket in resolved and replies and isinstance(events[-1], Closed):
            difference = events[-1].at - replies[-1] - timedelta(hours=120)
            closed_by_rule += abs(difference) <= timedelta(hours=1)
    checksum = hashlib.sha256(history.read_bytes()).hexdigest()
    return report, len(resolved), closed_by_rule, checksum


def test_a_closing_after_five_days_is_recognized(make: Make, tmp_path: Path) -> None:
    """A closing five days after the resolution is recognized as automatic."""
    late = {"number": "INC2", "closed_at": "7/3/2016 13:00"}
    path = make(*[{}] * 4, {"incident_state": "Resolved"}, late | {"incident_state": "Resolved"})
    report, resolved, closed_by_rule, _ = statistics(MAPPING, path, tmp_path)

    assert (6, 2, 6) == (report.rows, report.tickets, report.events)
    assert (2, 1) == (resolved, closed_by_rule)


@pytest.mark.slow
def test_the_published_log_gives_its_known_history(tmp_path: Path) -> None:
    """The published log, if it is beside the project, gives its known history.

    The report has the statistics of the log's README. The checksum is that of the history that an
    earlier program, written for this log alone, made.
    """
    mapping = load_mapping("servicenow-log")
    for path in [PUBLISHED] if PUBLISHED.exists() else []:
        report, resolved, closed_by_rule, checksum = statistics(mapping, path, tmp_path)

        assert (141_712, 24_918, 84_105) == (report.rows, report.tickets, report.events)
        assert (5, 2, 0) == (report.left_out, report.moved, report.wrong)
        assert (23_362, 20_049) == (resolved, closed_by_rule)
        assert checksum == "b5e6e08a2cf128803e8a48c2350aafc6732e50997a105929c75200d9a8f06748"


def test_another_copy_is_refused(make: Make) -> None:
    """Another copy of the log is refused, because the mapping has its checksum."""
    with pytest.raises(LogError, match="differs from the file that the mapping is for"):
        import_log(make({}), load_mapping("servicenow-log"), "UTC")


def test_a_file_with_the_checksum_is_imported(make: Make) -> None:
    """The checksum of a mapping is compared with the unpacked log."""
    path = make({})
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    text = re.sub("[0-9a-f]{64}", digest, mapping_text("servicenow-log"))

    assert ["INC1"] == [ticket for ticket, _ in import_log(path, parse_mapping(text), "UTC")]
