"""Mappings are checked like policies: every mistake with its place and what would be right."""

import json
from pathlib import Path

import jsonschema
import pytest

from support.histories.logs import HEAD
from ticketcore.errors import MappingError
from ticketcore.importers import (
    load_mapping,
    mapping_schema,
    mapping_text,
    mappings,
    parse_mapping,
)

FOLDER = Path(__file__).parents[3] / "src/ticketcore/importers/mappings"


def problems(text: str) -> list[str]:
    """Return the mistakes of a mapping as ``line: path: message``."""
    with pytest.raises(MappingError) as caught:
        parse_mapping(text)
    return [f"{p.line}: {p.path}: {p.message}" for p in caught.value.problems]


@pytest.mark.parametrize("name", mappings())
def test_the_included_mappings_have_no_mistake(name: str) -> None:
    """Each included mapping loads by its name, has a title, and obeys its schema."""
    mapping = load_mapping(name)

    assert mapping.title
    assert mapping_text(name).startswith("#:schema mapping.schema.json\n")


def test_the_schema_is_current() -> None:
    """The schema beside the included mappings is what `make docs` writes."""
    written = json.loads((FOLDER / "mapping.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(written)

    assert mapping_schema() == written


def test_a_mapping_is_loaded_from_a_file(tmp_path: Path) -> None:
    """A mapping is loaded from a file, whose name is in its mistakes."""
    file = tmp_path / "map.toml"
    file.write_text(HEAD)

    assert "id" == next(column for column, _ in load_mapping(file).columns)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("jria", 'no such mapping or file; did you mean "jira"?'),
        ("/", "is a directory"),
        ("a\0b", "not a file name"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_mistake(source: str, message: str) -> None:
    """A mapping that cannot be read is a mistake that names the nearest included one."""
    with pytest.raises(MappingError, match=message.replace("?", "")[:20]) as caught:
        load_mapping(source)

    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('ticket = "id"', "", "2: log.ticket: missing; expected the name of a column"),
        ('"id"', "7", "3: log.ticket: expected the name of a column, found the integer 7"),
        ('"id"', "[]", "3: log.ticket: expected the name of a column, found an empty list"),
        ('"id"', '"{id"', '3: log.ticket: expected the name of a column, found "{id"'),
        ('"id"', '["id", ""]', '3: log.ticket[1]: expected the name of a column, found ""'),
        ('"id"', '{ column = "id", map = 1 }', "3: log.ticket.map: expected a table, found the"),
        ("time =", "tine =", '4: log.tine: unknown key; did you mean "time"?'),
        ('"at"', '"at"\ntime_format = "dayfirst"', '5: log.time_format: did you mean "day-first"'),
        ('"at"', '"at"\ndelimiter = ",,"', "5: log.delimiter: expected one character, such as"),
        ('"at"', '"at"\nencoding = "utf-9"', "5: log.encoding: unknown encoding 'utf-9', such as"),
        ('"at"', '"at"\nrows = "a[].b"', "5: log.rows: expected keys with [] behind each list"),
        ('"at"', '"at"\nwhere = { a = { nor = "x" } }', "5: log.where.a: expected { not = … }, {"),
        (
            '"at"',
            '"at"\nwhere = { a = { contains = "" } }',
            "5: log.where.a.contains: expected a n",
        ),
        ('"at"', '"at"\nwhere = { a = 1 }', "5: log.where.a: expected text, found 1: write it"),
        ('"incident"', '"{a}}"', "7: opened.type: expected text with columns in {braces}, found"),
        ('"support"', '"suport"', '8: opened.default_handler: unknown "suport"; did you mean "s'),
        ('"support"', '"{a}"', "8: opened.default_handler: give each cell a meaning: { column ="),
        (
            '"support"',
            '{ column = "a", map = { x = "agent" }, otherwise = "support" }',
            '8: opened.default_handler: unknown "agent"; did you mean "support"?',
        ),
        (
            '"support"',
            '{ column = "a", map = { A = "support", "a " = "vendor" } }',
            "8: opened.default_handler.map: two cells differ only by case or outer white space",
        ),
        ('"support"', '{ column = "a" }', "8: opened.default_handler.map: missing: give each c"),
        (
            '"incident"',
            '{ column = "a", otherwise = "b" }',
            "7: opened.type.map: missing: give ea",
        ),
        (
            '"support"',
            '{ column = "a", after = "x" }',
            "8: opened.default_handler.map: missing: g",
        ),
        (
            '"incident"',
            '{ column = "a", map = { x = "y" }, otherwise = "{b}" }',
            '7: opened.type: found "{b}": a column is not read here; write [{ column = "…" }',
        ),
        (
            '"at"',
            '"at"\nwhere = { a = { not = ["", { not = "x" }] } }',
            "5: log.where.a.not[1]: expected a text or { contains = … }, found other keys",
        ),
        (
            '"at"',
            '"at"\ntime_format = []',
            "5: log.time_format: expected at least one form, found",
        ),
        ('type = "incident"', 'typ = "x"', '7: opened.typ: unknown key; did you mean "type"?'),
        ("[opened]", "[opened]\nby = true", "7: opened.by: expected one of "),
    ],
)
def test_a_mistake_in_a_table_is_named(old: str, new: str, expected: str) -> None:
    """A mistake in a table has the line, the key, the value found and the right form."""
    found = problems(HEAD.replace(old, new, 1))

    assert [expected] == [problem[: len(expected)] for problem in found]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ('event = "replyed"\nby = "support"\nsolution = 1', ['10: event[0].event: unknown "rep']),
        (
            'event = "solved"\nby = "support"',
            ['10: event[0].event: unknown "solved"; did you mean "replied"?'],
        ),
        ('by = "support"', ["9: event[0].event: missing; expected one of"]),
        ('event = "closed"', ["9: event[0].by: missing: say who acts, here or in [people]"]),
        (
            'event = "closed"\nby = "system"\nfinl = true',
            ['12: event[0].finl: unknown key; did you mean "final"?'],
        ),
        ('event = "closed"\nby = "system"\nfinal = "yes"', ["12: event[0].final: expected true"]),
        ('event = "assigned"\nby = "system"', ["9: event[0].assignee: missing; expected text"]),
        (
            'event = "closed"\nby = "system"\nrows = "x"',
            ['12: event[0].rows: unknown rows "x"; expected nothing here'],
        ),
        (
            'event = "closed"\nby = "system"\nat = "x"\nto_state = "y"\nrises = "z"',
            [
                "13: event[0].to_state: has no effect beside at: use where",
                "14: event[0].rises: has no effect beside at: use where",
            ],
        ),
        (
            'event = "closed"\nby = "x"\nwhere = 1',
            ["11: event[0].by: unknown", "12: event[0].whe"],
        ),
        ('event = "closed"\nby = "system"\nto_state = { column = "x" }', ["12: event[0].to_st"]),
    ],
)
def test_a_mistake_in_a_rule_is_named(rule: str, expected: list[str]) -> None:
    """An unknown event in a rule is one mistake; its fields are not reported too."""
    found = problems(f"{HEAD}[[event]]\n{rule}\n")

    assert expected == [
        problem[: len(start)] for start, problem in zip(expected, found, strict=True)
    ]


def test_without_a_time_each_event_needs_a_column() -> None:
    """Without a column for the time, each event needs its own column, since a row is a ticket."""
    text = HEAD.replace('time = "at"\n', "").replace('state = "state"\n', "")
    rule = '[[event]]\nevent = "closed"\nby = "system"\nto_state = "x"\n'

    assert [
        "4: opened.at: missing: without log.time, name the column of the opening",
        "7: event[0].at: missing: without log.time, name the column of the instant",
        "10: event[0].to_state: log.state must name the column with the state",
    ] == problems(text + rule)


def test_the_schema_accepts_what_the_reader_accepts() -> None:
    """The schema accepts what the reader accepts, such as all included mappings."""
    import tomllib

    validator = jsonschema.Draft202012Validator(mapping_schema())
    wrong = {**tomllib.loads(HEAD), "event": [{"event": "closed", "solution": True}]}
    tests = """[[event]]
event = "closed"
by = "support"
to_state = { not = { contains = "open" } }
where = { a = { contains = ["x", "y"] }, b = { not = { column = "a" } }, c = { not = ["x"] } }
actor = { column = "a", before = "(" }
[[event]]
event = "closed"
by = "support"
where = { a = { not = ["", { contains = "x" }] }, b = ["y", { contains = ["z"] }] }
"""

    assert [] == [
        error.message
        for name in mappings()
        for error in validator.iter_errors(tomllib.loads(mapping_text(name)))
    ]
    assert [] == [*validator.iter_errors(tomllib.loads(HEAD + tests))]
    assert 2 == len(parse_mapping(HEAD + tests).rules)
    assert [] != [*validator.iter_errors(wrong)]
