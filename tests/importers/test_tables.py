"""Several CSV tables with different columns, such as tickets and their comments."""

import hashlib
from pathlib import Path

import pytest

from support.histories.logs import HEAD, short
from ticketcore.errors import LogError, MappingError
from ticketcore.importers import ImportReport, import_log, parse_mapping, sketch_log

STATUS = HEAD.replace('"state"', '"status"')
TABLES = f"""{STATUS}
[log.rows]
ticket = "tickets.csv"
comment = "comments.csv"
[[event]]
event = "replied"
rows = "comment"
by = {{ column = "role", map = {{ agent = "support" }}, otherwise = "customer" }}
text = "{{body}}"
[[event]]
event = "closed"
by = "system"
rows = "ticket"
at = "closed_at"
"""


def write(folder: Path, name: str, content: str) -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_text(content)
    return path


def test_tables_with_different_columns_make_one_history(tmp_path: Path) -> None:
    """`log.rows` names the files of several tables, so that a rule can select one."""
    tickets = table(
        "1,2026-01-05,closed,2026-01-09", "2,2026-01-05,open,", header="id,at,status,closed_at"
    )
    comments = table("1,2026-01-06,agent,Ah", "2,2026-01-07,user,Oh", header="id,at,role,body")
    paths = [write(tmp_path, "comments.csv", comments), write(tmp_path, "tickets.csv", tickets)]
    mapping, report = parse_mapping(TABLES), ImportReport()

    assert {
        "1": [
            "05T00:00 opened customer incident",
            "06T00:00 replied support Ah",
            "09T00:00 closed system",
        ],
        "2": ["05T00:00 opened customer incident", "07T00:00 replied customer Oh"],
    } == {
        t: [*map(short, events)] for t, events in import_log(paths, mapping, "UTC", report=report)
    }
    assert 0 == report.unused.total()


def test_a_table_that_the_mapping_does_not_name_is_refused(tmp_path: Path) -> None:
    """A table that the mapping does not name is refused with the nearest file."""
    other = write(tmp_path, "comment.csv", table("1,2026-01-05", header="id,at"))
    only = write(tmp_path, "tickets.csv", table("1,2026-01-05", header="id,at"))
    mapping = parse_mapping(TABLES)

    with pytest.raises(LogError, match=r'does not name this file: did you mean "comments.csv"'):
        list(import_log(other, mapping, "UTC"))
    with pytest.raises(MappingError, match='the log has no column "role"'):
        list(import_log(only, mapping, "UTC"))


def table(*lines: str, header: str) -> str:
    """Return a CSV file."""
    return "\n".join([header, *lines, ""])


def test_a_checksum_of_one_of_several_logs_names_it(tmp_path: Path) -> None:
    """The log that differs from the one that the mapping is for is named."""
    right, wrong = tmp_path / "right.csv", tmp_path / "wrong.csv"
    right.write_text("id,at\n1,2026-01-05\n", "utf-8")
    wrong.write_text("id,at\n2,2026-01-05\n", "utf-8")
    digest = hashlib.sha256(right.read_bytes()).hexdigest()
    mapping = parse_mapping(
        f'[log]\nticket = "id"\ntime = "at"\nsha256 = "{digest}"\n[opened]\ntype = "x"\n'
    )
    with pytest.raises(LogError, match=r"^wrong\.csv: differs from the file"):
        import_log([right, wrong], mapping, "UTC")


def test_an_error_of_one_of_several_logs_names_it(tmp_path: Path) -> None:
    """An error about the whole file is named with the file if there are several."""
    first = write(tmp_path, "a.csv", table("1,2026-01-05,new", header="id,at,state"))
    second = write(tmp_path, "b.json", "{")

    with pytest.raises(LogError, match=r"b\.json: is not JSON"):
        list(import_log([first, second], parse_mapping(HEAD), "UTC"))


def test_the_place_of_a_row_names_its_file(tmp_path: Path) -> None:
    """If several files are read, the place of a row names its file."""
    tickets = write(
        tmp_path, "tickets.csv", table("1,2026-01-05,x,", header="id,at,status,closed_at")
    )
    lines = table("1,2026-01-06", ",2026-01-06,agent,Ah", "1,soon,,", header="id,at,role,body")
    report = ImportReport()
    comments = write(tmp_path, "comments.csv", lines + "1,2026-01-07,\n")
    list(import_log([tickets, comments], parse_mapping(TABLES), "UTC", report=report))

    assert {"comments.csv, line 2", "comments.csv, line 3", "comments.csv, line 4"} < {
        str(error.place) for error in report.wrong_examples
    }


def test_json_files_can_be_tables_too(tmp_path: Path) -> None:
    """JSON files can be tables too: a list, or a document in each line."""
    tickets = table("1,2026-01-05,closed,2026-01-09", header="id,at,status,closed_at")
    comments = '{"id": 1, "at": "2026-01-06", "role": "agent", "body": "Ah"}'
    other = write(tmp_path, "a.json", "[]")
    paths = [
        write(tmp_path, "tickets.csv", tickets),
        write(tmp_path, "comments.jsonl", comments),
        write(tmp_path, "notes.json", f"[{comments.replace('Ah', 'Oh')}]"),
        other,
    ]
    names = 'comment = "comments.jsonl"\nnote = "notes.json"'
    mapping = parse_mapping(TABLES.replace('comment = "comments.csv"', names))

    assert [
        "05T00:00 opened customer incident",
        "06T00:00 replied support Ah",
        "09T00:00 closed system",
    ] == [*map(short, dict(import_log(paths, mapping, "UTC"))["1"])]
    assert [] == list(import_log(other, mapping, "UTC"))


def test_each_table_may_have_its_encoding(tmp_path: Path) -> None:
    """`log.encoding` names an encoding for a file, and the sketch writes such a table."""
    tickets = table("1,2026-01-05,closed,2026-01-09", header="id,at,status,closed_at")
    comments = table("1,2026-01-06,agent,Größe", header="id,at,role,body")
    paths = [write(tmp_path, "tickets.csv", tickets), tmp_path / "comments.csv"]
    paths[1].write_bytes(comments.encode("cp1252"))
    assert 'encoding = { "comments.csv" = "cp1252" }' in sketch_log(paths).to_toml()
    mapping = parse_mapping(
        TABLES.replace("[log]", '[log]\nencoding = { "comments.csv" = "cp1252" }')
    )
    [(_, events)] = import_log(paths, mapping, "UTC")
    assert "06T00:00 replied support Größe" in map(short, events)
