"""`ticketcore tickets` lists the tickets behind a count, in every form."""

import csv
import io
import json
from pathlib import Path

import duckdb
import pytest

from support.command_line import Ran, ticketcore, usage_error
from support.histories.backtests import opened
from support.histories.comparisons import Desk
from ticketcore.events import write_histories

CHANGED = "changed AND other.late > base.late"


def listed(desk: Desk, *args: str | Path) -> Ran:
    """Run the command on the desk's two policies."""
    return ticketcore(
        "tickets", desk.history, "--policy", desk.slow, "--against", desk.fast, *args
    )


def test_the_forms_have_the_same_tickets(desk: Desk, tmp_path: Path) -> None:
    """Text, JSON, CSV and Parquet list the same tickets."""
    rows = json.loads(listed(desk, "--where", CHANGED, "--json").out)
    printed = listed(desk, "--where", CHANGED, "--csv").out
    table = list(csv.DictReader(io.StringIO(printed)))
    numbers = [row["ticket"] for row in rows]
    assert numbers
    assert numbers == [row["ticket"] for row in table]
    assert rows[0]["base"]["closed_at"] == table[0]["base.closed_at"]
    assert rows[0]["moved"] == (float(table[0]["moved"]) if table[0]["moved"] else None)
    assert rows[0]["other"]["deadlines"] == json.loads(table[0]["other.deadlines"])
    assert rows[0]["fields"] == json.loads(table[0]["fields"])
    assert json.dumps(rows[0]["base"]["opened"]) == table[0]["base.opened"]
    text = listed(desk, "--where", CHANGED)
    assert text.out.splitlines()[-1].startswith(f"{len(numbers)} ticket")
    assert all(number in text.out for number in numbers)
    for name in ("out.parquet", "out.csv"):
        ran = listed(desk, "--where", CHANGED, "-o", tmp_path / name)
        assert (0, f"{tmp_path / name}\n") == (ran.code, ran.out)
        read = duckdb.read_parquet if name.endswith("parquet") else duckdb.read_csv
        found = read(str(tmp_path / name)).fetchall()
        assert [int(number) for number in numbers] == [int(row[0]) for row in found]
    assert printed == (tmp_path / "out.csv").read_text("utf-8")


def test_a_wrong_condition_leaves_a_file_as_it_is(desk: Desk, tmp_path: Path) -> None:
    """A condition that fails on a ticket leaves the output file as it was."""
    kept = tmp_path / "kept.csv"
    kept.write_text("kept", "utf-8")

    assert 2 == listed(desk, "--where", "ticket::int > 5 AND 'x'::int = 1", "-o", kept).code
    assert "kept" == kept.read_text("utf-8")


def test_a_formula_in_a_text_is_quoted_in_each_csv(tmp_path: Path) -> None:
    """A text that a spreadsheet would run begins with a quote, printed or in a file."""
    history, out = tmp_path / "history.jsonl", tmp_path / "out.csv"
    write_histories(history, [("T1", [opened(type="=1+1")])])
    args = ("tickets", history, "--policy", "service-desk")
    assert 0 == ticketcore(*args, "-o", out).code

    assert ",'=1+1," in out.read_text("utf-8")
    assert ",'=1+1," in ticketcore(*args, "--csv").out


def test_text_shows_twenty_tickets_unless_asked(desk: Desk) -> None:
    """Text shows twenty tickets unless more are requested, and counts all of them."""
    ran = ticketcore("tickets", desk.history, "--policy", desk.slow, width=160)
    assert (0, "40 tickets, of which 20 are shown; times in UTC") == (
        ran.code,
        ran.out.splitlines()[-1],
    )
    assert "ticket" == ran.out.split()[0]
    ran = ticketcore("tickets", desk.history, "--policy", desk.slow, "--limit", "40")
    assert "40 tickets; times in UTC" == ran.out.splitlines()[-1]
    assert 3 == len(json.loads(listed(desk, "--json", "--limit", "3").out))
    assert 40 == len(json.loads(listed(desk, "--json", "--limit", str(10**30)).out))


def test_no_ticket_is_no_table(desk: Desk) -> None:
    """If no ticket is selected, text says so and CSV has only its header."""
    assert "0 tickets\n" == listed(desk, "--where", "false").out
    [header] = listed(desk, "--where", "false", "--csv").out.splitlines()
    assert header.startswith("ticket,order_key,")
    assert [] == json.loads(listed(desk, "--where", "false", "--json").out)


def test_a_wrong_condition_is_an_error(desk: Desk) -> None:
    """A wrong condition is refused with the right column, and no condition opens a file."""
    ran = listed(desk, "--where", "base.closed > 1")
    assert (
        2,
        'error: unknown name "base.closed" in a condition: did you mean "base.closed_at"?',
    ) == (
        ran.code,
        ran.err.splitlines()[0],
    )
    other = "ticket IN (SELECT column0 FROM read_csv('/etc/hostname'))"
    assert "a condition is one expression" in listed(desk, "--where", other).err


def test_the_history_is_not_overwritten(desk: Desk, tmp_path: Path) -> None:
    """A list of tickets is not written over the history, and not in an unknown format."""
    assert "expected a .parquet or .csv file" in usage_error(listed(desk, "-o", "out.xlsx"))
    parquet = tmp_path / "history.parquet"
    parquet.write_bytes(desk.history.read_bytes())
    ran = ticketcore("tickets", parquet, "--policy", desk.slow, "-o", parquet)
    assert "the file being read" in usage_error(ran)


def test_broken_tickets_are_reported(desk: Desk, tmp_path: Path) -> None:
    """Broken tickets are listed on stderr, and left out."""
    broken = tmp_path / "broken.jsonl"
    lines = desk.history.read_text("utf-8").splitlines(keepends=True)
    broken.write_text(lines[0].replace('"by"', '"from"') + "".join(lines[1:]), "utf-8")
    ran = ticketcore("tickets", broken, "--policy", desk.slow)
    assert "39 tickets" in ran.out
    assert f"{broken}: ticket" in ran.err


@pytest.mark.parametrize("missing", ["duckdb", "pyarrow"])
def test_a_missing_extra_is_named(
    desk: Desk, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing optional package is named with the command that installs it."""
    import sys

    for name in [name for name in sys.modules if name.startswith("ticketcore.comparison")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    ran = ticketcore("tickets", desk.history, "--policy", desk.slow)
    assert (2, f"error: this needs {missing}: pip install 'ticketcore[comparison]'\n") == (
        ran.code,
        ran.err,
    )


def test_another_missing_module_is_a_fault(monkeypatch: pytest.MonkeyPatch, desk: Desk) -> None:
    """Another missing module raises its own error."""
    import sys

    for name in [name for name in sys.modules if name.startswith("ticketcore.comparison")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "ticketcore.comparison._columns", None)
    with pytest.raises(ModuleNotFoundError):
        ticketcore("tickets", desk.history, "--policy", desk.slow)


def test_a_policy_that_was_not_named_is_pointed_out(desk: Desk) -> None:
    """A condition on `other` needs `--against`; the message says which policies there are."""
    ran = ticketcore("tickets", desk.history, "--policy", desk.slow, "--where", "other.late > 0")

    assert (2, 'error: unknown name "other" in a condition\nThe names are: base\n') == (
        ran.code,
        ran.err,
    )
