"""`ticketcore figures` shows service figures with what they mean."""

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest

from cli_runs import ticketcore
from ticketcore.cli._figures import GroupedBy
from ticketcore.events import Event, Money, Opened, Order, Refunded, Replied, Unit, write_histories
from ticketcore.metrics import DEFINITIONS, Grouping

AT = datetime(2026, 1, 12, 9, tzinfo=UTC)
LATER = timedelta(days=3)


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """Two tickets of two storefronts, of which one was answered in time."""
    file = tmp_path / "tickets.jsonl"
    write_histories(file, [("1", _ticket("de", timedelta(hours=5))), ("2", _ticket("at", LATER))])
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


def test_a_table_shows_the_figures_that_there_are_and_what_they_mean(history: Path) -> None:
    """A line for each group; nothing that is empty throughout; the rule beside the number."""
    ran = ticketcore("figures", history, "--policy", "kaufland", "--by", "storefront", width=160)
    lines = [line.split() for line in ran.out.splitlines()]

    assert 0 == ran.code
    assert ["de", "1", "100.0%", "100.0%", "5.0", "h", "/", "5.0", "h"] == lines[2][:9]
    assert ["at", "1", "0.0%", "0.0%", "3.0", "d", "/", "3.0", "d"] == lines[1][:9]
    assert ["1", "0.50", "EUR", "1.00"] == lines[1][-4:]
    assert "first answers in time, of the first answers" in ran.out
    assert "warnings" not in ran.out


def test_json_carries_the_definitions(history: Path) -> None:
    """For programs: numbers as they are, and what they mean."""
    ran = ticketcore("figures", history, "--policy", "kaufland", "--json")
    read = json.loads(ran.out)

    assert dict(DEFINITIONS) == read["definitions"]
    assert [("all", 2, 0.5, 2)] == [
        (one["group"], one["tickets"], one["in_time"], one["in_time_of"])
        for one in read["figures"]
    ]


def test_csv_has_a_line_for_each_group(history: Path) -> None:
    """Times in seconds, for a spreadsheet."""
    ran = ticketcore("figures", history, "--policy", "kaufland", "--by", "day", "--csv")
    row, *_ = csv.DictReader(ran.out.splitlines())

    assert ("2026-01-12", "18000.0") == (row["group"], row["waiting_median"])


def test_no_sound_ticket_is_no_csv(tmp_path: Path) -> None:
    """What is broken is named on stderr, and the exit code says so."""
    file = tmp_path / "broken.jsonl"
    file.write_text("{}\n")
    ran = ticketcore("figures", file, "--policy", "kaufland", "--csv")

    assert (2, "") == (ran.code, ran.out)
    assert ran.err.startswith(f"{file}: line 1:")


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        (["--target", "6 hours"], "50.0%"),
        (["--target", "96 hours"], "100.0%"),
        (["--target", "24 working hours", "--calendar", "weekdays"], "50.0%"),
    ],
)
def test_a_target_judges_where_the_policy_promises_nothing(
    history: Path, target: list[str], shown: str
) -> None:
    """Elapsed, or in working time of one of the policy's calendars."""
    ran = ticketcore("figures", history, "--policy", "clickbank", *target)

    assert shown in ran.out


def test_working_time_has_a_column_where_it_is_another(tmp_path: Path) -> None:
    """From Friday to Monday three days pass, one of them open. Short times are minutes."""
    friday = _ticket("de", timedelta(minutes=20))
    moved = [Replied(at=AT + timedelta(days=4), by="customer")]
    moved += [Replied(at=AT + timedelta(days=7), by="vendor")]
    file = tmp_path / "tickets.jsonl"
    write_histories(file, [("1", (*friday, *moved))])
    ran = ticketcore("figures", file, "--policy", "kaufland", width=160)

    assert "20 min / 3.0 d  20 min / 24.0 h" in ran.out


def test_an_unknown_calendar_is_told_with_the_nearest(history: Path) -> None:
    """Before anything is measured."""
    target = ["--target", "8 working hours", "--calendar", "weekday"]
    ran = ticketcore("figures", history, "--policy", "clickbank", *target)

    assert 2 == ran.code
    assert 'no calendar "weekday"' in ran.err


def test_all_groupings_can_be_asked_for() -> None:
    """The option spells out what the inbox can group by."""
    assert get_args(Grouping) == get_args(GroupedBy)


def test_working_time_needs_a_calendar(history: Path) -> None:
    """Without one, 24 working hours would silently be a day."""
    target = ["--target", "24 working hours"]
    ran = ticketcore("figures", history, "--policy", "clickbank", *target)

    assert 2 == ran.code
    assert "target \"24 working hours\" needs a calendar" in ran.err


@pytest.mark.parametrize(
    ("zone", "at", "told"),
    [
        ("Mars/X", AT, "ticket 2: there is no zone 'Mars/X'"),
        ("Europe/Berlin", datetime.max.replace(tzinfo=UTC), "has no date in Europe/Berlin"),
    ],
)
def test_a_ticket_that_cannot_be_measured_is_named(
    tmp_path: Path, zone: str, at: datetime, told: str
) -> None:
    """And left out; the others are measured all the same."""
    broken = Opened(at=at, by="customer", type="technical", zone=zone)
    file = tmp_path / "tickets.jsonl"
    write_histories(file, [("1", _ticket("de", timedelta(minutes=20))), ("2", (broken,))])
    ran = ticketcore("figures", file, "--policy", "clickbank", "--by", "month", "--json")

    assert 2 == ran.code
    assert told in ran.err
    assert 1 == len(json.loads(ran.out)["figures"])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--json", "--csv"], "--json: cannot stand beside --csv, choose one"),
        (["--calendar", "saving"], "--calendar: belongs to a --target, give one"),
        (["--target", "banana"], "--target: 'banana' is not a span: write a whole number"),
        (["--by", "century"], "'century' is not one of 'day', 'week', 'month'"),
    ],
)
def test_options_that_cannot_be_meant_are_refused(
    history: Path, options: list[str], said: str
) -> None:
    """Each by its name, with what would be right."""
    ran = ticketcore("figures", history, "--policy", "clickbank", *options)

    assert (2, "") == (ran.code, ran.out)
    assert said in " ".join(ran.err.replace("│", " ").split())
