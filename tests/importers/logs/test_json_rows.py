"""Rows of JSON that are no list of objects: objects by key, and lists of cells."""

import json
from pathlib import Path
from typing import Any

import pytest

from support.histories.logs import HEAD, imported
from ticketcore.errors import LogError
from ticketcore.importers import ImportReport

CLOSED = '[[event]]\nevent = "closed"\nby = "system"\nto_state = "closed"\n'
KEYED = HEAD.replace('"id"', '"*[]"').replace('"state"\n', '"state"\nrows = "*[].history[]"\n')
BY_PLACE = HEAD.replace('"id"', '"1"').replace('"at"', '"2"').replace('"state"', '"3"') + CLOSED
CELLS = [["T1", "2026-01-05", "new"], ["T1", "2026-01-06", "closed"]]
EXPECTED = {"T1": ["05T00:00 opened customer incident", "06T00:00 closed system"]}


def change(day: int, state: str) -> dict[str, str]:
    """Return a change of a ticket's state."""
    return {"at": f"2026-01-0{day}", "state": state}


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_outermost_object_has_tickets_by_number(tmp_path: Path, mark: str) -> None:
    """The path ``*[]`` is that of the values of the outermost object, and of their keys."""
    log = {
        "T1": {"subject": "Late", "history": [change(5, "new"), change(6, "closed")]},
        "T2": {"subject": "Lost", "history": [change(7, "new")]},
    }
    mapping = KEYED.replace('"incident"', '"incident"\nsubject = "{*[].subject}"') + CLOSED

    assert {
        "T1": ["05T00:00 opened customer incident Late", "06T00:00 closed system"],
        "T2": ["07T00:00 opened customer incident Lost"],
    } == imported(tmp_path, mark + json.dumps(log), mapping)


def test_the_outermost_object_has_lists_by_number(tmp_path: Path) -> None:
    """If the values of the outermost object are lists, each of their elements is a row."""
    log = {"T1": [change(5, "new"), change(6, "closed")]}

    assert EXPECTED == imported(tmp_path, log, KEYED.replace(".history[]", "") + CLOSED)


def test_an_object_by_number_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    """An object that is cut off is refused, and the error names the last whole element."""
    content = '{"T1": {"history": []}, "T2": {"his'
    with pytest.raises(LogError, match=r"is not JSON after element 1: .*; export it again"):
        imported(tmp_path, content, KEYED)


def test_a_list_has_no_values_by_key(tmp_path: Path) -> None:
    """The path ``*[]`` finds no rows in a list."""
    report = ImportReport()

    assert {} == imported(tmp_path, [{"history": [change(5, "new")]}], KEYED, report=report)
    assert 0 == report.rows


@pytest.mark.parametrize(
    "content",
    [json.dumps(CELLS), "\n".join(map(json.dumps, CELLS))],
    ids=["a list", "lines"],
)
def test_a_row_may_be_a_list_of_cells(tmp_path: Path, content: str) -> None:
    """The columns of a row that is a list have the names ``1``, ``2`` and so on."""
    assert EXPECTED == imported(tmp_path, content, BY_PLACE)


def test_a_line_with_a_list_of_rows_is_not_a_row(tmp_path: Path) -> None:
    """Lines with lists of objects or of lists give the elements of all lists."""
    for rows, mapping in (
        ([{"id": "T1", **change(5, "new")}], HEAD),
        (CELLS[:1], BY_PLACE),
    ):
        content = f"{json.dumps(rows)}\n{json.dumps(rows)}"
        report = ImportReport()

        assert {"T1": EXPECTED["T1"][:1]} == imported(tmp_path, content, mapping, report=report)
        assert 2 == report.rows


def test_a_header_in_a_list_is_left_out(tmp_path: Path) -> None:
    """A list with the names of the columns is no row, since it has no instant."""
    log: list[Any] = [["ticket", "at", "state"], *CELLS]
    report = ImportReport()

    assert EXPECTED == imported(tmp_path, log, BY_PLACE, report=report)
    assert ["element 1: expected a time (iso), found 'at': write 2026-01-31 17:00"] == [
        str(error) for error in report.wrong_examples
    ]


@pytest.mark.parametrize(
    "content",
    [
        "-- MySQL dump 10.13\n\nDROP TABLE IF EXISTS `t`;\n",
        "\ufeff--\n-- PostgreSQL database dump\n--\n",
        "/*!40101 SET NAMES utf8 */;\n",
        "SET statement_timeout = 0;\n",
        "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n",
        "begin;\ninsert into t values (1);\n",
        "INSERT INTO t VALUES (1, '2026-01-05');\n",
        "CREATE TABLE t (id int, at text);\n",
        "SQLite format 3\0\x10",
        "PGDMP\x01\x0e\0",
    ],
)
def test_the_dump_of_a_database_is_refused(tmp_path: Path, content: str) -> None:
    """The dump of a database is refused once, with the advice to export its tables as CSV."""
    why = "^is the dump of a database: export its tables as CSV, one file each$"
    with pytest.raises(LogError, match=why):
        imported(tmp_path, content, HEAD)


def test_a_table_with_words_of_sql_is_read(tmp_path: Path) -> None:
    """A header that begins with a word of SQL is that of a table."""
    for name in ("SET", "create by", "begin", "use case"):
        log = f"{name};at;state\nT1;2026-01-05;new\n"

        assert ["T1"] == [*imported(tmp_path, log, HEAD.replace('"id"', f'"{name}"'))]
