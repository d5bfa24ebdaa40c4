"""`ticketcore metrics` shows service metrics with their definitions."""

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest

from support.command_line import EXAMPLES, ticketcore, usage_error
from support.histories.history_files import write_unchecked
from support.policies.timed_desk import TIMED_DESK_TEXT, TimedTicket
from ticketcore.events import Event, Money, Opened, Order, Refunded, Replied, Unit
from ticketcore.metrics import DEFINITIONS, TIMER_DEFINITIONS, Grouping

AT = datetime(2026, 1, 12, 9, tzinfo=UTC)
LATER = timedelta(days=3)


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """Return a history of two tickets of two storefronts, one of them answered in time."""
    file = tmp_path / "tickets.jsonl"
    write_unchecked(file, [("1", _ticket("de", timedelta(hours=5))), ("2", _ticket("at", LATER))])
    return file


def _ticket(storefront: str, waited: timedelta) -> tuple[Event, ...]:
    order = Order(number="M1", sold_at=AT, amount=Money(100, "EUR"), units=(Unit(id="u"),))
    opened = Opened(
        at=AT,
        by="customer",
        type="request",
        zone="UTC",
        storefront=storefront,
        order=order,
        units=("u",),
    )
    refunded = Refunded(at=AT + waited, by="vendor", amount=Money(50, "EUR"))
    return opened, Replied(at=AT + waited, by="vendor"), refunded


def test_a_table_shows_the_metrics_and_their_definitions(history: Path) -> None:
    """A table of metrics has a line for each group, and leaves out metrics without a value."""
    ran = ticketcore("metrics", history, "--policy", "kaufland", "--by", "storefront", width=160)
    lines = [line.split() for line in ran.out.splitlines()]

    assert 0 == ran.code
    assert ["de", "1", *("100.0", "%", "of", "1") * 2, "5.0", "/", "5.0", "h"] == lines[2][:14]
    assert ["at", "1", *("0.0", "%", "of", "1") * 2, "72.0", "/", "72.0", "h"] == lines[1][:14]
    assert ["1", "0.50", "EUR", "1.00"] == lines[1][-4:]
    assert DEFINITIONS["first_in_time"] in ran.out
    assert "warnings" not in ran.out


def test_a_table_has_a_column_for_each_grouping(history: Path) -> None:
    """Grouping by month and storefront prints a column for each (K11)."""
    by = ("--by", "month", "--by", "storefront")
    ran = ticketcore("metrics", history, "--policy", "kaufland", *by, width=160)
    lines = [line.split()[:3] for line in ran.out.splitlines()]

    assert ["month", "storefront", "tickets"] == lines[0]
    assert [["2026-01", "at", "1"], ["2026-01", "de", "1"]] == lines[1:3]


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (
            80,
            [
                "storefront  tickets  first in time   all in time        waiting  refunds",
                "at                1     0.0 % of 1    0.0 % of 1  72.0 / 72.0 h        1",
                "de                1   100.0 % of 1  100.0 % of 1    5.0 / 5.0 h        1",
                "",
                "storefront  refunded  per unit",
                "at          0.50 EUR      1.00",
                "de          0.50 EUR      1.00",
            ],
        ),
        (
            50,
            [
                "storefront  tickets  first in time   all in time",
                "at                1     0.0 % of 1    0.0 % of 1",
                "de                1   100.0 % of 1  100.0 % of 1",
                "",
                "storefront        waiting  refunds  refunded   per",
                "                                              unit",
                "at          72.0 / 72.0 h        1  0.50 EUR  1.00",
                "de            5.0 / 5.0 h        1  0.50 EUR  1.00",
            ],
        ),
    ],
)
def test_a_table_fits_the_terminal(history: Path, width: int, expected: list[str]) -> None:
    """Titles wrap, then the table is split and repeats the groups; no value is broken."""
    args = ("metrics", history, "--policy", "kaufland", "--by", "storefront")
    table, _, meaning = ticketcore(*args, width=width).out.partition("\n\nWhat this means\n")

    assert expected == table.splitlines()
    assert width >= max(map(len, meaning.splitlines()))


def test_json_has_the_definitions(history: Path) -> None:
    """JSON has the definitions of the metrics, and unrounded numbers."""
    ran = ticketcore("metrics", history, "--policy", "kaufland", "--json")
    read = json.loads(ran.out)

    assert dict(DEFINITIONS) == read["definitions"]
    assert [(2, 0.5, 2)] == [
        (group["tickets"], group["in_time"], group["in_time_of"]) for group in read["metrics"]
    ]


def test_csv_has_a_line_for_each_group(history: Path) -> None:
    """CSV has a line for each group, with times in seconds."""
    ran = ticketcore("metrics", history, "--policy", "kaufland", "--by", "day", "--csv")
    row, *_ = csv.DictReader(ran.out.splitlines())

    assert ("2026-01-12", "18000.0") == (row["day"], row["waiting_median"])


def test_csv_of_a_file_without_readable_tickets_is_empty(tmp_path: Path) -> None:
    """CSV of a file without readable tickets is empty, and the exit code is 2."""
    file = tmp_path / "broken.jsonl"
    file.write_text("{}\n")
    ran = ticketcore("metrics", file, "--policy", "kaufland", "--csv")

    assert (2, "") == (ran.code, ran.out)
    assert ran.err.startswith(f"{file}: line 1:")


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        (["--target", "6 hours"], "50.0 %"),
        (["--target", "96 hours"], "100.0 %"),
        (["--target", "24 working hours", "--calendar", "weekdays"], "50.0 %"),
    ],
)
def test_a_target_applies_if_the_policy_sets_no_deadline(
    history: Path, target: list[str], shown: str
) -> None:
    """A target is elapsed time, or working time of one of the policy's calendars."""
    ran = ticketcore("metrics", history, "--policy", "clickbank", *target)

    assert shown in ran.out


def test_working_time_has_its_own_column_if_it_differs(tmp_path: Path) -> None:
    """Working time has its own column if it differs from elapsed time."""
    friday = _ticket("de", timedelta(minutes=20))
    moved = [Replied(at=AT + timedelta(days=4), by="customer")]
    moved += [Replied(at=AT + timedelta(days=7), by="vendor")]
    file = tmp_path / "tickets.jsonl"
    write_unchecked(file, [("1", (*friday, *moved))])
    ran = ticketcore("metrics", file, "--policy", "kaufland", width=160)

    assert "0.3 / 72.0 h  0.3 / 24.0 h" in ran.out


@pytest.mark.parametrize(
    ("answered", "shown"),
    [(timedelta(minutes=20), "20 / 20 min"), (timedelta(days=3), "3.0 / 3.0 d")],
)
def test_times_have_the_unit_that_suits_their_column(
    tmp_path: Path, answered: timedelta, shown: str
) -> None:
    """Times in a column of metrics have one unit that suits them."""
    file = tmp_path / "tickets.jsonl"
    write_unchecked(file, [("1", _ticket("de", answered))])

    assert shown in ticketcore("metrics", file, "--policy", "kaufland").out


def test_an_unknown_calendar_gets_the_nearest_name(history: Path) -> None:
    """An unknown calendar is refused with the nearest name, before anything is measured."""
    target = ["--target", "8 working hours", "--calendar", "weekday"]
    ran = ticketcore("metrics", history, "--policy", "clickbank", *target)

    assert 2 == ran.code
    assert 'policy clickbank has no calendar "weekday": did you mean "weekdays"?' in (
        usage_error(ran)
    )


def test_the_help_names_all_groupings() -> None:
    """The help of the option lists the groupings of `measure`, and fields."""
    words = " ".join(ticketcore("metrics", "--help", width=200).out.split())

    assert all(name in words for name in get_args(Grouping))
    assert "a field of the policy, such as fields.priority" in words


@pytest.fixture
def timed(tmp_path: Path) -> list[str | Path]:
    """Arguments for two tickets of a desk with three timers, one of them late."""
    history, policy = tmp_path / "timed.jsonl", tmp_path / "timed.toml"
    late = TimedTicket(fields={"priority": "high"})
    late.do(5, 10, "set-field", field="supplier-awaited", value=True)
    late.do(5, 12, "set-field", field="supplier-awaited", value=False)
    late.do(6, 10, "reply").until(20)
    in_time = TimedTicket().do(5, 12, "reply").do(5, 13, "close")
    write_unchecked(history, [("1", late.events), ("2", in_time.events)])
    policy.write_text(TIMED_DESK_TEXT, encoding="utf-8")
    return [history, "--policy", policy, "--timers"]


def test_a_table_of_timers_has_a_line_for_each_timer(timed: list[str | Path]) -> None:
    """The table has a line for each timer, and explains the figures that any timer has."""
    ran = ticketcore("metrics", *timed, width=160)
    table, _, meaning = ran.out.partition("\n\nWhat this means\n")

    assert [
        "timer     cycles  met in time      in time  met late          late by  "
        "late by, working  fired  cancelled  paused",
        "reply          2            1  50.0 % of 2         1    21.0 / 21.0 h       5.0 / 5.0 h",
        "solution       2            1  50.0 % of 2         1  167.0 / 167.0 h     39.0 / 39.0 h"
        "                     2.0 h",
        "silence        2                                                                       "
        "      1          1",
    ] == table.splitlines()
    assert TIMER_DEFINITIONS["attained"].split(".")[0] in meaning


def test_the_counts_of_a_timer_add_up() -> None:
    """The counts of a timer add up; a timer that does not breach also counts its met cycles."""
    history = EXAMPLES / "histories/help-desk.jsonl.gz"
    table, _, _ = ticketcore(
        "metrics", history, "--policy", "help-desk", "--timers", width=160
    ).out.partition("\n\n")
    head, *lines = table.splitlines()
    titles = ("met in time", "met late", "fired", "cancelled")
    places = [head.index(title) for title in titles]

    for line in lines:
        cells = [line[at : at + len(title)] for at, title in zip(places, titles, strict=True)]
        assert int(line.split()[1]) == sum(int(cell.strip() or 0) for cell in cells), line


def test_the_timers_of_each_group(timed: list[str | Path]) -> None:
    """Timers of each group have a line in CSV, and a record in JSON."""
    by = ("--by", "fields.priority")
    rows = list(csv.DictReader(ticketcore("metrics", *timed, *by, "--csv").out.splitlines()))
    read = json.loads(ticketcore("metrics", *timed, "--json").out)

    assert ["high", "high", "high", "normal", "normal", "normal"] == [
        row["fields.priority"] for row in rows
    ]
    assert ["reply", "solution", "silence"] == [row["timer"] for row in rows[:3]]
    assert dict(TIMER_DEFINITIONS) == read["definitions"]
    assert [2, 2, 2] == [row["cycles"] for row in read["metrics"]]


def test_an_imported_history_has_no_timers(history: Path) -> None:
    """An imported history records no timers, so the table of timers is empty."""
    ran = ticketcore("metrics", history, "--policy", "kaufland", "--timers")

    assert (0, True) == (ran.code, ran.out.startswith("No timer is recorded in this history. "))
    assert "`ticketcore backtest`" in ran.out


def test_timers_take_no_target(history: Path) -> None:
    """A target with `metrics --timers` is refused, because timers have their own deadlines."""
    target = ["--target", "24 hours", "--timers"]
    ran = ticketcore("metrics", history, "--policy", "clickbank", *target)

    assert 2 == ran.code
    assert "cannot be combined with --timers" in usage_error(ran)


def test_a_target_in_working_time_needs_a_calendar(history: Path) -> None:
    """A target in working time without a calendar is refused."""
    target = ["--target", "24 working hours"]
    ran = ticketcore("metrics", history, "--policy", "clickbank", *target)

    assert 2 == ran.code
    assert "24 working hours" in ran.err
    assert "calendar" in ran.err


@pytest.mark.parametrize(
    ("zone", "at", "message"),
    [
        ("Mars/X", AT, 'ticket 2: unknown zone "Mars/X"'),
        ("Europe/Berlin", datetime.max.replace(tzinfo=UTC), "has no date in Europe/Berlin"),
    ],
)
def test_a_ticket_that_cannot_be_measured_is_named(
    tmp_path: Path, zone: str, at: datetime, message: str
) -> None:
    """A ticket that cannot be measured is named and left out; the others are measured."""
    broken = Opened(at=at, by="customer", type="technical", zone=zone)
    file = tmp_path / "tickets.jsonl"
    write_unchecked(file, [("1", _ticket("de", timedelta(minutes=20))), ("2", (broken,))])
    ran = ticketcore("metrics", file, "--policy", "clickbank", "--by", "month", "--json")

    assert 2 == ran.code
    assert message in ran.err
    assert 1 == len(json.loads(ran.out)["metrics"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--json", "--csv"], "--json: cannot be combined with --csv: choose one"),
        (["--calendar", "saving"], "--calendar: needs --target with the span that it counts"),
        (["--target", "banana"], '--target: "banana" is not a span'),
        (
            ["--by", "century"],
            "grouped by 'century': use day, week, month, storefront, type, team",
        ),
    ],
)
def test_options_without_a_meaning_are_refused(
    history: Path, options: list[str], message: str
) -> None:
    """An option without a meaning is refused, and the message says what would be right."""
    ran = ticketcore("metrics", history, "--policy", "clickbank", *options)

    assert (2, "") == (ran.code, ran.out)
    assert message in usage_error(ran)


def test_a_table_of_a_file_without_readable_tickets_says_so(tmp_path: Path) -> None:
    """A file without readable tickets gives an empty table and names the broken line."""
    file = tmp_path / "broken.jsonl"
    file.write_text("no json\n", encoding="utf-8")
    ran = ticketcore("metrics", file, "--policy", "kaufland", "--by", "month")

    assert 2 == ran.code
    assert "No ticket could be measured." in ran.out


def test_of_many_broken_tickets_twenty_are_named(tmp_path: Path) -> None:
    """The first twenty broken tickets are named, and the others are counted."""
    file = tmp_path / "log.jsonl"
    file.write_text("?\n" * 30)
    ran = ticketcore("metrics", file, "--policy", "kaufland")

    assert 2 == ran.code
    assert 21 == len(ran.err.splitlines())
