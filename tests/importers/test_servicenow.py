"""The ServiceNow log becomes histories; its traps are met, and other files are refused."""

import csv
import hashlib
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import TextIOWrapper
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ticketcore.errors import CalendarError, LogError
from ticketcore.events import Closed, Event, Replied, dump_event, from_line
from ticketcore.importers import ImportReport, _servicenow_rows, import_servicenow
from ticketcore.importers._servicenow_rows import open_log

HEADER = (
    "number,incident_state,active,reassignment_count,reopen_count,sys_mod_count,made_sla,"
    "caller_id,opened_by,opened_at,sys_created_by,sys_created_at,sys_updated_by,sys_updated_at,"
    "contact_type,location,category,subcategory,u_symptom,cmdb_ci,impact,urgency,priority,"
    "assignment_group,assigned_to,knowledge,u_priority_confirmation,notify,problem_id,rfc,vendor,"
    "caused_by,closed_code,resolved_by,resolved_at,closed_at"
).split(",")
USUAL = dict.fromkeys(HEADER, "?") | {
    "number": "INC1",
    "incident_state": "New",
    "reassignment_count": "0",
    "sys_mod_count": "0",
    "caller_id": "Caller 7",
    "contact_type": "Phone",
    "category": "Category 5",
    "priority": "3 - Moderate",
    "opened_at": "1/3/2016 08:00",
    "sys_updated_at": "1/3/2016 08:05",
    "resolved_at": "1/3/2016 13:00",
    "closed_at": "6/3/2016 13:00",
}
PUBLISHED = Path(__file__).parents[3] / "shared/data/servicenow/incident_event_log.zip"
Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Writes a log: rows are what differs from a usual row, one update and one minute apart."""

    def write(*rows: dict[str, str], header: list[str] = HEADER) -> Path:
        path = tmp_path / "log.csv"
        with path.open("w", newline="") as file:
            table = csv.DictWriter(file, header, extrasaction="ignore")
            table.writeheader()
            for number, row in enumerate(rows):
                place = {
                    "sys_mod_count": str(number),
                    "sys_updated_at": f"1/3/2016 {9 + number:02}:00",
                }
                table.writerow(USUAL | place | row)
        return path

    return write


def imported(
    path: Path,
    zone: str = "UTC",
    *,
    infer_escalations: bool = False,
    report: ImportReport | None = None,
) -> dict[str, list[str]]:
    """What happened to each ticket, in short: day and time, name, party."""
    tickets = import_servicenow(
        path, zone, infer_escalations=infer_escalations, skip_checksum=True, report=report
    )
    return {ticket: list(map(short, events)) for ticket, events in tickets}


def short(event: Event) -> str:
    """An event as ``1T09:00 replied support solution``."""
    name, _, body = dump_event(event)
    detail = body.get("type") or body.get("reason") or ("solution" if "solution" in body else "")
    return f"{event.at:%-dT%H:%M} {name} {body['by']} {detail}".rstrip()


def states(*names: str) -> list[dict[str, str]]:
    """Rows that differ in their state."""
    return [{"incident_state": name} for name in names]


def refusal(path: Path, *, skip_checksum: bool = True) -> tuple[int | None, str | None, str]:
    """Line, column and message of the error that a file meets."""
    with pytest.raises(LogError) as caught:
        list(import_servicenow(path, "UTC", skip_checksum=skip_checksum))
    return caught.value.line, caught.value.column, caught.value.message


def test_story(make: Make) -> None:
    """Questions, answers, solutions, a return and the closing are read from the states."""
    rows = states("New", "Awaiting User Info", "Active", "Resolved", "Resolved", "Active")
    rows += states("Awaiting Vendor", "Resolved", "Closed")

    assert {
        "INC1": [
            "1T08:00 opened customer Category 5",
            "1T10:00 replied support",
            "1T11:00 replied customer",
            "1T12:00 replied support solution",
            "1T13:00 replied support solution",  # an update, but at resolved_at
            "1T14:00 replied customer",
            "1T16:00 replied support solution",
            "6T13:00 closed system",
        ]
    } == imported(make(*rows))


def test_opening(make: Make) -> None:
    """The opening carries caller, channel, category and zone; the turn is the desk's."""
    (_, events), *_ = import_servicenow(make({}), "America/Sao_Paulo", skip_checksum=True)

    expected = from_line(
        '{"ticket":"INC1","seq":1,"event":"opened","schema":1,'
        '"occurred_at":"2016-03-01T11:00:00.000000Z","data":{"by":"customer","channel":"Phone",'
        '"default_handler":"support","waiting_for":"support","type":"Category 5","actor":"Caller 7",'
        '"zone":"America/Sao_Paulo"}}'
    )
    assert expected.event == events[0]


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
def test_transitions(make: Make, rows: list[dict[str, str]], expected: list[str]) -> None:
    """Only an answer to a question, and a return of what was settled, are the customer's."""
    events = imported(make(*rows))["INC1"]

    assert expected == [text.split(" replied ")[1] for text in events if "replied" in text]


def test_categories(make: Make) -> None:
    """Another category is another type; without one, it is an incident."""
    rows = [{"category": name} for name in ("?", "Category 1", "Category 1", "?")]

    assert [
        "1T08:00 opened customer incident",
        "1T10:00 type-changed support Category 1",
        "1T12:00 type-changed support incident",
        "6T13:00 closed system",
    ] == imported(make(*rows))["INC1"]


def test_escalations(make: Make) -> None:
    """A higher priority or a reassignment is an escalation, if that is wanted."""
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


def test_traps(make: Make) -> None:
    """Bad rows are left out, updates put in order, times that run back moved; all is counted."""
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
def test_clock_changes(make: Make, local: str, utc: datetime) -> None:
    """A skipped local time is the instant of the change, a repeated one its first occurrence."""
    (_, events), *_ = import_servicenow(
        make({"opened_at": local, "closed_at": "?"}), ZoneInfo("Europe/Berlin"), skip_checksum=True
    )

    assert utc == events[0].at


def test_unknown_zone(make: Make) -> None:
    """The zone is given by the caller, and must be one."""
    with pytest.raises(CalendarError):
        import_servicenow(make({}), "Boise", skip_checksum=True)


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ({"number": "?"}, "number", "expected a value, found '?'"),
        ({"sys_mod_count": "x"}, "sys_mod_count", "expected a whole number, found 'x'"),
        ({"priority": "High"}, "priority", "expected a whole number, found 'High'"),
        ({"opened_at": "?"}, "opened_at", "expected a time like 29/2/2016 01:16, found '?'"),
        ({"closed_at": "2016-03-01"}, "closed_at", "expected a time like 29/2/2016 01:16"),
        ({"resolved_at": "30/2/2016 01:16"}, "resolved_at", "day "),
    ],
)
def test_wrong_cells(make: Make, row: dict[str, str], column: str, message: str) -> None:
    """A wrong cell is named by line and column, with what was found."""
    line, found_column, found = refusal(make({}, row))

    assert (3, column, message) == (line, found_column, found[: len(message)])


def test_a_time_that_has_no_utc(make: Make) -> None:
    """The last hours that a clock can show are later than any instant in the west."""
    table = make({}, {"closed_at": "31/12/9999 23:59"})
    with pytest.raises(
        LogError, match="line 3: closed_at: 9999-12-31 23:59:00 in America/Boise l"
    ):
        list(import_servicenow(table, "America/Boise", skip_checksum=True))


def test_missing_column(make: Make) -> None:
    """A column that is missing is named."""
    header = [name for name in HEADER if name != "closed_at"]

    assert (1, "closed_at", "the header lacks this column") == refusal(make({}, header=header))


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"", 1, "holds no header"),
        (f"{','.join(HEADER)}\nINC1\n".encode(), 2, "has 1 cells, but the header has 36"),
        (b'number\n"INC1', 1, "the header lacks this column"),
        (f'{",".join(HEADER)}\n"INC1'.encode(), 3, "cannot be read: "),
        (b"number\n\xff\n", 1, "cannot be read: "),
    ],
)
def test_no_table(tmp_path: Path, content: bytes, line: int, message: str) -> None:
    """What is no table of the log is refused at its line."""
    path = tmp_path / "log.csv"
    path.write_bytes(content)

    found_line, _, found = refusal(path)
    assert (line, message) == (found_line, found[: len(message)])


def test_scattered_ticket(make: Make) -> None:
    """A ticket whose rows are not together is refused: one that was shuffled is another log."""
    path = make({}, {"number": "INC2"}, {})

    assert (4, None, "the rows of INC1 are not together") == refusal(path)


def test_other_copies(make: Make) -> None:
    """A file that is not the published log is refused, unless any copy is allowed."""
    assert refusal(make({}), skip_checksum=False)[2].startswith(
        "is not the published log: its sha256"
    )


def test_the_published_log_needs_no_leave(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log that is known by its hash is read as it is."""
    path = make({})
    known = hashlib.sha256(path.read_bytes()).hexdigest()
    monkeypatch.setattr(_servicenow_rows, "SHA256", known)

    assert ["INC1"] == [ticket for ticket, _ in import_servicenow(path, "UTC")]


def test_zip(make: Make, tmp_path: Path) -> None:
    """The log may be in a zip file."""
    plain = make({})
    with zipfile.ZipFile(tmp_path / "log.zip", "w") as archive:
        archive.write(plain, "log.csv")

    assert imported(plain) == imported(tmp_path / "log.zip")


@pytest.mark.parametrize("skip_checksum", [True, False])
@pytest.mark.parametrize("damage", ["none", "text", "cut", "flip"])
def test_broken_zip(make: Make, tmp_path: Path, damage: str, skip_checksum: bool) -> None:
    """A zip file without one CSV file, or that cannot be unpacked, is refused."""
    path = tmp_path / "log.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(make({}), "log.txt" if damage == "none" else "log.csv")
    content = bytearray(path.read_bytes())
    if damage == "text":
        content = bytearray(b"no zip")
    if damage == "cut":
        del content[-30:]
    if damage == "flip":
        content[80] ^= 0xFF
    path.write_bytes(content)

    message = {"none": "holds 0 CSV", "text": "is no zip", "cut": "is no zip"}
    expected = message.get(damage, "cannot be read")
    assert refusal(path, skip_checksum=skip_checksum)[2].startswith(expected)


def figures(path: Path, *, skip_checksum: bool) -> tuple[ImportReport, int, int]:
    """What the log holds, how many tickets were resolved, and how many of them were closed
    within an hour of 120 hours after the desk's last reply."""
    report = ImportReport()
    with TextIOWrapper(open_log(path), encoding="utf-8") as file:
        resolved = {row["number"] for row in csv.DictReader(file) if row["resolved_at"] != "?"}
    closed_in_time = 0
    for ticket, events in import_servicenow(
        path, "UTC", skip_checksum=skip_checksum, report=report
    ):
        replies = [event.at for event in events if isinstance(event, Replied)]
        if ticket in resolved and replies and isinstance(events[-1], Closed):
            five_days = events[-1].at - replies[-1] - timedelta(hours=120)
            closed_in_time += abs(five_days) <= timedelta(hours=1)
    return report, len(resolved), closed_in_time


def test_figures(make: Make) -> None:
    """A desk that closes after five days of silence is seen to do so."""
    late = {"number": "INC2", "closed_at": "7/3/2016 13:00"}
    path = make(*[{}] * 4, {"incident_state": "Resolved"}, late | {"incident_state": "Resolved"})

    assert (ImportReport(6, 2, 6), 2, 1) == figures(path, skip_checksum=True)


@pytest.mark.slow
def test_figures_of_the_published_log() -> None:
    """Where the published log lies beside the project, it gives the figures known of it."""
    expected = ImportReport(141_712, 24_918, 84_105, bad_rows=5, corrections=2), 23_362, 20_049

    assert [expected] * PUBLISHED.exists() == [
        figures(path, skip_checksum=False) for path in [PUBLISHED] if path.exists()
    ]
