"""Kinds of values: what each accepts, and what it says about anything else."""

import datetime as dt
from collections.abc import Mapping
from typing import Literal

import pytest
from jsonschema import Draft202012Validator

from ticketcore._toml import (
    DATE,
    FLAG,
    NAME,
    TEXT,
    ByName,
    Kind,
    PartialMapping,
    Reading,
    Several,
    UnreadError,
    choice,
    integer,
    json_value,
    literal,
    parse,
    parsed,
)
from ticketcore.errors import CalendarError


def hours(text: str) -> int:
    """Parse `24 hours`."""
    number, _, unit = text.partition(" ")
    if unit != "hours":
        raise CalendarError(f'Unknown unit "{unit}"')
    return int(number)


KINDS: Mapping[str, Kind[object]] = {
    "text": TEXT,
    "name": NAME,
    "flag": FLAG,
    "date": DATE,
    "at least 1": integer(1),
    "1 to 9": integer(1, 9),
    "choice": choice(("warn", "close"), {"remind": "warn"}),
    "nothing": choice(()),
    "parsed": parsed(hours, "24 hours"),
    "texts": Several(TEXT, unique=False),
    "names": Several(NAME),
    "by name": ByName(TEXT),
    "by party": ByName(TEXT, ("vendor", "customer")),
}


def read(kind: str, value: str) -> tuple[object, list[str]]:
    """Read a value, and return it with the problems."""
    reading = Reading()
    node = parse(f"k = {value}", "x").tree.entries["k"]
    try:
        found: object = KINDS[kind].read(node, reading)
    except UnreadError:
        found = UnreadError
    return found, [f"{p.path}: {p.message}" for p in reading.problems]


RIGHT = [
    ("text", '"7"', "7"),
    ("name", '" "', " "),
    ("flag", "true", True),
    ("date", "2026-01-31", dt.date(2026, 1, 31)),
    ("at least 1", "1", 1),
    ("1 to 9", "1", 1),
    ("1 to 9", "9", 9),
    ("choice", '"warn"', "warn"),
    ("parsed", '"5 hours"', 5),
    ("texts", '"a"', ("a",)),
    ("texts", '["a", "b", "a"]', ("a", "b", "a")),
    ("texts", "[]", ()),
    ("names", '"a"', ("a",)),
    ("names", '["a", "b"]', ("a", "b")),
    ("by name", '{ b = "1", a = "2" }', {"b": "1", "a": "2"}),
    ("by party", '{ customer = "1", vendor = "2" }', {"vendor": "2", "customer": "1"}),
]


@pytest.mark.parametrize(("kind", "value", "expected"), RIGHT)
def test_a_right_value_is_returned(kind: str, value: str, expected: object) -> None:
    """A right value is returned in the type of its kind, whose schema accepts it."""
    found, problems = read(kind, value)

    assert ([], expected, type(expected)) == (problems, found, type(found))
    schema = KINDS[kind].schema()
    Draft202012Validator.check_schema(schema)
    assert Draft202012Validator(schema).is_valid(json_value(value))


def test_names_of_a_closed_set_come_in_its_order() -> None:
    """Names that are not from a closed set keep the order of the file."""
    found, _ = read("by party", '{ customer = "1", vendor = "2" }')
    assert isinstance(found, dict)
    assert ["vendor", "customer"] == list(found)


WRONG = [
    ("text", "7", "k: expected text, found the integer 7"),
    ("text", "true", "k: expected text, found true"),
    ("text", "false", "k: expected text, found false"),
    ("text", "7.5", "k: expected text, found the number 7.5"),
    ("text", "[]", "k: expected text, found an array"),
    ("text", "{}", "k: expected text, found a table"),
    ("text", "09:00:00", "k: expected text, found the time 09:00:00"),
    ("name", '""', "k: expected a name, found an empty text"),
    ("name", "7", "k: expected text, found the integer 7"),
    ("flag", "1", "k: expected true or false, found the integer 1"),
    ("flag", '"true"', 'k: expected true or false, found the text "true"'),
    ("at least 1", "true", "k: expected an integer, found true"),
    ("at least 1", "7.0", "k: expected an integer, found the number 7.0"),
    ("at least 1", "0", "k: expected an integer of at least 1, found the integer 0"),
    ("1 to 9", "0", "k: expected an integer of at least 1 and at most 9, found the integer 0"),
    ("1 to 9", "10", "k: expected an integer of at least 1 and at most 9, found the integer 10"),
    (
        "date",
        "2026-01-31T09:00:00",
        "k: expected a date such as 2026-01-31, found the date and time 2026-01-31 09:00:00",
    ),
    ("choice", '"wran"', 'k: unknown "wran"; did you mean "warn"?'),
    ("choice", '"Remind"', 'k: unknown "Remind"; did you mean "warn"?'),
    ("choice", '"x"', 'k: unknown "x"; expected one of "close", "warn"'),
    ("choice", "1", "k: expected text, found the integer 1"),
    ("nothing", '"x"', 'k: unknown "x"; expected nothing here'),
    ("parsed", '"5 days"', 'k: unknown unit "days"'),
    ("parsed", '"x hours"', "k: invalid literal for int() with base 10: 'x'"),
    ("parsed", "5", "k: expected text, found the integer 5"),
    ("texts", '["a", 1]', "k[1]: expected text, found the integer 1"),
    ("names", '["a", ""]', "k[1]: expected a name, found an empty text"),
    ("names", '["a", "a"]', 'k[1]: the text "a" is listed twice'),
    ("by name", "[]", "k: expected a table, found an array"),
]


@pytest.mark.parametrize(("kind", "value", "expected"), WRONG)
def test_a_wrong_value_is_one_problem(kind: str, value: str, expected: str) -> None:
    """A wrong value is one problem, which names the value found."""
    assert (UnreadError, [expected]) == read(kind, value)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("by name", '{ a = 1, b = "2" }', "k.a: expected text, found the integer 1"),
        ("by name", '{ "" = "1" }', 'k."": expected a name as key, found an empty one'),
        ("by party", '{ vender = "1" }', 'k.vender: unknown key; did you mean "vendor"?'),
    ],
)
def test_a_wrong_entry_leaves_the_others(kind: str, value: str, expected: str) -> None:
    """A wrong entry leaves the others in a partial mapping."""
    found, problems = read(kind, value)

    assert isinstance(found, PartialMapping)
    assert [expected] == problems


def test_a_partial_mapping_has_no_end() -> None:
    """Iterating over a partial mapping yields the entries that were read, then raises an error."""
    partial = PartialMapping({"a": 1}, {"b"})
    entries = iter(partial)

    assert 1 == partial["a"]
    assert "a" == next(entries)
    for ask in (
        lambda: partial["b"],
        lambda: "b" in partial,
        lambda: len(partial),
        lambda: next(entries),
    ):
        with pytest.raises(UnreadError):
            ask()
    assert "c" not in partial


def test_every_member_of_a_literal_has_a_meaning() -> None:
    """A member of a Literal without a meaning raises an error at import."""
    kind = literal(Literal["a", "b"], {"a": "First.", "b": "Second."})

    assert {"docs": {"enumValues": ["First.", "Second."]}} == kind.schema()["x-taplo"]
    with pytest.raises(TypeError, match="give a meaning to each"):
        literal(Literal["a", "b"], {"a": "First."})


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("text", "text"),
        ("texts", "text, or an array"),
        ("choice", 'one of "close", "warn"'),
        ("parsed", 'text such as "24 hours"'),
        ("by name", "a table"),
    ],
)
def test_a_kind_says_what_it_expects(kind: str, expected: str) -> None:
    """The message about a missing key says what its kind expects."""
    assert expected == KINDS[kind].expected
