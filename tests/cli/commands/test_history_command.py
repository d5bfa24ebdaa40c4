"""`ticketcore history check` and `history show`."""

import gzip
import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from support.command_line import EXAMPLES, ticketcore
from support.stories.scenarios import LATE_CLOSE, REFUND
from ticketcore.events import Closed, FieldValue, Opened, Recorded, to_line, write_histories
from ticketcore.scenarios import parse_scenario, run_scenario


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """Return a history of the refunded ticket."""
    run = run_scenario(parse_scenario(REFUND + LATE_CLOSE))
    file = tmp_path / "tickets.jsonl"
    write_histories(file, [("00123456789", [recorded.event for recorded in run.recorded])])
    return file


def test_a_history_file_is_summarized(history: Path) -> None:
    """A history is summarized by its tickets, its events by name, and its period in UTC."""
    ran = ticketcore("history", "check", history)

    assert (0, "") == (ran.code, ran.err)
    assert [
        str(history),
        "1 ticket, 5 events",
        "from 2026-01-09 22:00 to 2026-01-12 22:00 UTC",
        "  scheduled  2",
        "  opened     1",
        "  refunded   1",
        "  closed     1",
        "no problems",
    ] == ran.out.splitlines()


def test_compressed_histories_are_read(history: Path) -> None:
    """`history check` decompresses a file whose name ends in .gz."""
    packed = history.with_suffix(".jsonl.gz")
    packed.write_bytes(gzip.compress(history.read_bytes()))

    assert "1 ticket, 5 events" in ticketcore("history", "check", packed).out


def test_unknown_events_are_counted(history: Path) -> None:
    """`history check` counts events of a later version by name and schema number."""
    line = history.read_text().splitlines()[-2]
    unknown = line.replace('"seq":4', '"seq":6').replace('"event":"closed"', '"event":"sung"')
    history.write_text(history.read_text() + unknown + "\n")
    out = ticketcore("history", "check", history).out

    assert "sung, schema 1: unknown to this version, kept  1" in out


def test_unknown_content_of_an_event_is_a_problem(history: Path) -> None:
    """A key that this version does not know may be a mistake, so its place is reported."""
    first, second, *rest = history.read_text().splitlines(keepends=True)
    history.write_text("".join([first, second.replace('"data":{', '"data":{"txet":1,'), *rest]))
    ran = ticketcore("history", "check", history)

    assert (2, True) == (ran.code, "1 problem" in ran.out)
    assert ran.err.startswith(
        f"{history}: line 2: ticket 00123456789 event 2: data.txet: expected a known field"
    )


def test_every_problem_is_named_with_its_line(history: Path) -> None:
    """`history check` reports every problem with its line, and counts the other tickets."""
    lines = history.read_text().splitlines()
    history.write_text("\n".join([*lines, lines[0].replace("00123456789", "7"), "{", "[]"]))
    ran = ticketcore("history", "check", history)

    assert 2 == ran.code
    assert "2 problems" in ran.out
    assert "2 tickets, 6 events" in ran.out
    assert f"{history}: line 7: " in ran.err
    assert f"{history}: line 8: " in ran.err


def test_a_ticket_that_cannot_have_happened_is_a_problem(history: Path) -> None:
    """`history check` reports events that cannot have happened, and repeated numbers."""
    lines = history.read_text().splitlines(keepends=True)
    event = Closed(at=datetime(2026, 2, 1, tzinfo=UTC), by="system")
    again = to_line(Recorded("00123456789", 6, event)) + "\n"
    history.write_text("".join([*lines, again, lines[0].replace("00123456789", "7"), *lines]))
    ran = ticketcore("history", "check", history)

    assert (2, True) == (ran.code, "2 problems" in ran.out)
    assert [
        f"{history}: line 6: ticket 00123456789: event 6: the ticket is already closed",
        f"{history}: line 8: ticket 00123456789: this number occurs before, at line 1",
    ] == ran.err.splitlines()


def test_no_list_of_problems_is_longer_than_twenty_lines(history: Path) -> None:
    """Problems after the twentieth are only counted."""
    history.write_text(history.read_text() + "?\n" * 30)
    ran = ticketcore("history", "check", history)

    assert "30 problems" in ran.out
    assert 21 == len(ran.err.splitlines())
    assert f"{history}: and 10 problems more\n" == ran.err.splitlines(keepends=True)[-1]


def test_another_kind_of_file_is_reported_once(tmp_path: Path) -> None:
    """A file of another kind, such as a table, is reported once and not for each line."""
    file = tmp_path / "table.csv"
    file.write_text("number,state\n" + "1,New\n" * 1000)
    ran = ticketcore("history", "check", file)

    assert 2 == ran.code
    assert ran.err.startswith(f"{file}: is a table such as CSV, not a history: convert it with")
    assert 1 == len(ran.err.splitlines())


def test_an_empty_file_is_a_problem(tmp_path: Path) -> None:
    """An empty history file is reported as a problem."""
    file = tmp_path / "empty.jsonl"
    file.touch()
    ran = ticketcore("history", "check", file)

    assert (2, f"{file}: the file has no events\n") == (ran.code, ran.err)


def test_a_ticket_is_shown_as_a_timeline(history: Path) -> None:
    """A ticket is shown as a timeline with the rules of the preset that it recorded."""
    out = ticketcore("history", "show", history, "00123456789").out

    assert "clickbank 2013-01-01, times in America/Boise" in out
    assert "refund (C5)" in out
    assert "Nothing is pending" in out


def test_a_policy_can_be_given_for_the_rules(history: Path) -> None:
    """--policy names the rules of a ticket that recorded no policy."""
    text = re.sub(r'"policy[a-z_]*":"[^"]*",', "", history.read_text())
    history.write_text(text)
    args = ("history", "show", history, "00123456789")

    assert "(C5)" not in ticketcore(*args).out
    assert "refund (C5)" in ticketcore(*args, "--policy", "clickbank").out


def test_a_ticket_in_an_unknown_zone_is_shown_in_utc(history: Path) -> None:
    """A ticket of an unknown zone is shown in UTC."""
    history.write_text(history.read_text().replace("America/Boise", "Mars/Base"))

    assert "times in UTC" in ticketcore("history", "show", history, "00123456789").out


@pytest.mark.parametrize(
    "command",
    [
        ("history", "show"),
        ("history", "explain"),
        ("forecast", "--policy", "clickbank"),
        ("replay", "--policy", "clickbank"),
    ],
)
def test_a_number_without_its_leading_zeros_is_suggested(
    history: Path, command: tuple[str, ...]
) -> None:
    """K3: leading zeros count, so the error has the number in the file with its zeros."""
    ran = ticketcore(*command, history, "123456789")

    assert 2 == ran.code
    assert ran.err.endswith(f'not found in {history}: did you mean "00123456789"?\n')


@pytest.mark.parametrize(
    ("number", "written", "suggested"),
    [
        ("T-0007", "t-7", True),
        ("T-0007", "T7", True),
        ("0007", "#7", True),
        ("70", "7", False),
        ("0", "00", True),
        ("0", "7", False),
    ],
)
def test_only_a_number_of_the_same_digits_is_suggested(
    tmp_path: Path, number: str, written: str, suggested: bool
) -> None:
    """Only a number that differs in case, punctuation or zeros alone is suggested."""
    history = tmp_path / "history.jsonl"
    history.write_text(json.dumps({"ticket": number, "seq": 1}) + "\n")
    ran = ticketcore("history", "show", history, written)

    assert 2 == ran.code
    assert ran.err.endswith(f'did you mean "{number}"?\n') == suggested


def test_a_missing_or_broken_ticket_is_an_error(history: Path) -> None:
    """A missing or broken ticket is an error with exit code 2 and its place."""
    missing = ticketcore("history", "show", history, "7")
    history.write_text(history.read_text().replace('"seq":2', '"seq":3'))
    broken = ticketcore("history", "show", history, "00123456789")

    assert (2, f"error: ticket 7: not found in {history}\n") == (missing.code, missing.err)
    assert (
        2,
        f"error: {history}: line 2: ticket 00123456789: event 1 is followed by event 3\n",
    ) == (
        broken.code,
        broken.err,
    )


@pytest.mark.parametrize(
    "command",
    [
        "history check",
        "backtest --policy service-desk",
        "metrics --policy service-desk",
        "simulate",
        "test",
        "policy check",
    ],
)
def test_a_device_is_refused(command: str) -> None:
    """Reading a device might never end, so every command refuses it at once."""
    ran = ticketcore(*command.split(), "/dev/zero")

    assert ran.code in (1, 2)
    assert "is a device, not a file" in ran.err + ran.out


def test_an_instant_without_a_local_date_is_refused(tmp_path: Path) -> None:
    """An instant without a local date, at the end of the year 9999, is refused."""
    last = datetime.max.replace(tzinfo=UTC)
    opened = Opened(at=last, by="customer", type="incident", zone="Europe/Berlin")
    file = tmp_path / "last.jsonl"
    write_histories(file, [("1", (opened,))])
    ran = ticketcore("history", "show", file, "1")

    assert 2 == ran.code
    assert "has no date in Europe/Berlin" in ran.err


@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("history check /dev/stdin", "300 tickets, 1,330 events"),
        ("history show /dev/stdin 00000000001", "ticket 00000000001"),
        ("metrics /dev/stdin --policy service-desk", "    300  12.2 / "),
        ("backtest /dev/stdin --policy service-desk", "300  tickets replayed"),
    ],
)
def test_a_history_can_come_through_a_pipe(command: str, line: str) -> None:
    """A history can come through a pipe as standard input."""
    content = (EXAMPLES / "histories/service-desk.jsonl").read_text("utf-8")
    run = [sys.executable, "-m", "ticketcore", *command.split()]
    done = subprocess.run(run, input=content, capture_output=True, encoding="utf-8", check=False)

    assert (0, "") == (done.returncode, done.stderr)
    assert line in done.stdout


def test_the_rule_of_the_example_desk_is_inferred(history: Path) -> None:
    """`history infer` prints the share of each kind of rule, and the best one as TOML."""
    ran = ticketcore("history", "infer", EXAMPLES / "histories/service-desk.jsonl")
    few = ticketcore("history", "infer", history)

    assert (0, True) == (ran.code, "278 closings by the system of solved tickets" in ran.out)
    assert "count   share  rule\n  222  79.9 %  120 hours elapsed\n" in ran.out
    assert 'after = "120 hours"\neffect = "close"\n' in ran.out
    assert (5, "no rule found") == (few.code, few.err[len(str(history)) + 2 :][:13])


def test_a_target_for_each_value_of_a_field_is_inferred(tmp_path: Path) -> None:
    """`history infer` prints the field that divides the closings, and a target for each value."""
    opened_at = datetime(2026, 1, 5, tzinfo=UTC)
    path = tmp_path / "divided.jsonl"
    events = []
    for n in range(200):
        at = opened_at + timedelta(minutes=457 * n)
        value, hours = ("high", 48) if n % 3 == 0 else ("low", 120)
        fields = {"priority": FieldValue(kind="text", value=value)}
        opened = Opened(at=at, by="customer", type="x", zone="UTC", fields=fields)
        events.append((opened, Closed(at=at + timedelta(hours=hours), by="system")))
    write_histories(path, ((str(n), history) for n, history in enumerate(events)))
    ran = ticketcore("history", "infer", path)

    assert (0, "") == (ran.code, ran.err)
    assert "  200  100.0 %  48 to 120 hours elapsed, by fields.priority\n" in ran.out
    assert "# high: 67 of 67 closings, 100.0 %, after 48 hours\n" in ran.out
    assert 'after = { high = "48 hours", low = "120 hours" }\n' in ran.out


@pytest.mark.parametrize(
    ("run", "line"),
    [
        (False, "The best rule may be chance: 12 came in the hour before, where it has a gap."),
        (True, "The best rule may be chance: 10 came in the days before and after, where it has "),
    ],
)
def test_no_rule_is_printed_that_may_be_chance(tmp_path: Path, *, run: bool, line: str) -> None:
    """`history infer` prints no rule if many came just before it, since a timer leaves a gap."""
    opened_at = datetime(2026, 1, 5, tzinfo=UTC)
    path = tmp_path / "chance.jsonl"
    events = []
    for n in range(30):
        start = opened_at + timedelta(hours=n)
        end = start + timedelta(hours=2 if n < 12 else 3, minutes=n)
        if run:
            start = opened_at + timedelta(hours=n % 10)
            end = opened_at + timedelta(days=1 if n < 10 else 2)
        opened = Opened(at=start, by="customer", type="x", zone="UTC")
        events.append((opened, Closed(at=end, by="system")))
    write_histories(path, ((str(n), history) for n, history in enumerate(events)))
    ran = ticketcore("history", "infer", path)

    assert (5, False) == (ran.code, "[[timer]]" in ran.out)
    assert line in ran.out


def test_no_rule_is_printed_that_explains_less_than_half(tmp_path: Path) -> None:
    """`history infer` shows the shares, but no rule, if none explains half of the closings."""
    opened_at = datetime(2026, 1, 5, tzinfo=UTC)
    path = tmp_path / "mixed.jsonl"
    events = [
        (Opened(at=opened_at, by="customer", type="x", zone="UTC"), Closed(at=at, by="system"))
        for at in (opened_at + timedelta(days=1 + n % 3) for n in range(30))
    ]
    write_histories(path, ((str(n), history) for n, history in enumerate(events)))
    ran = ticketcore("history", "infer", path)

    assert (5, "", False) == (ran.code, ran.err, "[[timer]]" in ran.out)
    assert "   10  33.3 %  24 hours elapsed\n" in ran.out
    assert "\nNo rule explains half of them. Select tickets of one kind with --only.\n" in ran.out


def test_a_history_is_exported_as_xes(history: Path) -> None:
    """A history is exported as XES, with the number of traces printed."""
    target = history.with_suffix(".xes")
    ran = ticketcore("history", "export", history, "-o", target)

    assert (0, f"{target}: 1 trace\n") == (ran.code, ran.out)
    assert target.read_text().endswith("</log>\n")
    assert 2 == ticketcore("history", "export", history, "-o", history).code
