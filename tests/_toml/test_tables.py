"""Tables, read into instances of the classes that declare their keys."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import attrs
import pytest
from jsonschema import Draft202012Validator

from ticketcore._toml import (
    FLAG,
    NAME,
    TEXT,
    ByName,
    Document,
    Mistake,
    NamedTables,
    Several,
    Table,
    TableArray,
    UnreadError,
    check,
    each,
    file_schema,
    identities,
    integer,
    key,
    keys_of,
    parse,
    read,
    settings,
)
from ticketcore.errors import PolicyError


@attrs.frozen(kw_only=True)
class Timer:
    """An entry of `[[timer]]`."""

    name: str = attrs.field(metadata=key(NAME, "The name.", example='"refund"'))
    since: str = attrs.field(metadata=key(TEXT, "The anchor.", example='"opened"', name="from"))
    after: int = attrs.field(metadata=key(integer(1), "The span.", example="24"))
    tags: tuple[str, ...] = attrs.field(
        default=(), metadata=key(Several(NAME), "Tags.", example='["a"]', unset="none")
    )
    late: bool = attrs.field(metadata=key(FLAG, "Whether it is late.", example="true"))
    twice: int = attrs.field(init=False)

    @late.default
    def _late_after_a_day(self) -> bool:
        return self.after > 24

    @twice.default
    def _twice_the_span(self) -> int:
        return 2 * self.after

    def __attrs_post_init__(self) -> None:
        if self.name == "never":
            raise ValueError("Never is not allowed")


@attrs.frozen(kw_only=True)
class Zone:
    """A table `[zones.NAME]`."""

    name: str
    offset: int = attrs.field(metadata=key(integer(0), "The offset.", example="1"))


@attrs.frozen(kw_only=True)
class Limits:
    """The table `[limits]`."""

    most: int | None = attrs.field(
        default=None, metadata=key(integer(1), "The limit.", example="3", unset="no limit")
    )


@attrs.frozen(kw_only=True)
class File:
    """The head of a file."""

    name: str = attrs.field(metadata=key(NAME, "The name.", example='"shop"'))
    title: str = attrs.field(default="x", metadata=key(TEXT, "The title.", example='"Shop"'))
    extends: str | None = attrs.field(
        default=None, metadata=key(NAME, "Another file.", example='"base"', unset="none")
    )
    timers: tuple[Timer, ...] = attrs.field(
        default=(),
        metadata=key(
            TableArray(Table(Timer), identity=("name",)),
            "Timers.",
            example='[{ name = "a", from = "b", after = 1 }]',
            name="timer",
        ),
    )
    zones: Mapping[str, Zone] = attrs.field(
        factory=dict, metadata=key(NamedTables(Zone), "Zones.", example="{ a = { offset = 1 } }")
    )
    limits: Limits = attrs.field(
        default=Limits(), metadata=key(Table(Limits), "Limits.", example="{ most = 3 }")
    )
    words: Mapping[str, str] = attrs.field(
        factory=dict, metadata=key(ByName(TEXT), "Words.", example='{ a = "b" }')
    )
    source: str = "given"


TIMER = '[[timer]]\nname = "a"\nfrom = "opened"\nafter = 24\n'
WHOLE = f'name = "n"\n{TIMER}tags = "t"\n[zones.z]\noffset = 2\n[limits]\nmost = 3\n'


def problems(text: str) -> list[str]:
    """Return the problems of a file, each with its line."""
    document = parse(text, "x")
    read(document, File)
    return [f"{p.line}: {p.path}: {p.message}" for p in document.problems]


def test_a_right_file_becomes_an_instance() -> None:
    """Tables, arrays of tables and named tables become instances, at any depth."""
    document = parse(WHOLE, "x")
    expected = File(
        name="n",
        timers=(Timer(name="a", since="opened", after=24, tags=("t",)),),
        zones={"z": Zone(name="z", offset=2)},
        limits=Limits(most=3),
        source="mine",
    )

    assert expected == read(document, File, source="mine")
    assert not document.problems


def test_given_values_win_over_the_file() -> None:
    """A given value replaces the value of the file, which is still checked."""
    document = parse('name = "n"\ntitle = "of the file"\nextends = 7\n', "x")
    file = read(document, File, title="given", extends="also given")

    assert ("given", "also given") == (file.title, file.extends)
    assert ["x:3:1: extends: expected text, found the integer 7"] == [*map(str, document.problems)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["1: name: missing; expected a name"]),
        ("nam = 1", ['1: nam: unknown key; did you mean "name"?']),
        ("NAME = 1", ['1: NAME: unknown key; did you mean "name"?']),
        (
            'name = "n"\nxyz = 1',
            [
                '2: xyz: unknown key; expected one of "extends", "limits", "name", "timer", '
                '"title", "words", "zones"'
            ],
        ),
        ('name = "n"\n[limits]\nmoss = 1', ['3: limits.moss: unknown key; did you mean "most"?']),
        ('name = "n"\nlimits = 7', ["2: limits: expected a table, found the integer 7"]),
        ('name = "n"\nzones = 7', ["2: zones: expected a table, found the integer 7"]),
        ('name = "n"\n[zones]\nz = 7', ["3: zones.z: expected a table, found the integer 7"]),
        (
            'name = "n"\n[zones.""]\noffset = 1',
            ['2: zones."": expected a name as key, found an empty one'],
        ),
        (
            'name = "n"\n[zones.z]',
            ["2: zones.z.offset: missing; expected an integer of at least 0"],
        ),
        (
            'name = "n"\ntimer = {}',
            ["2: timer: expected a list of tables, each headed [[timer]], found a table"],
        ),
        ('name = "n"\ntimer = [1]', ["2: timer[0]: expected a table, found the integer 1"]),
        (
            'name = "n"\n' + TIMER.replace("after", "aftr"),
            ['5: timer[0].aftr: unknown key; did you mean "after"?'],
        ),
        (
            'name = "n"\n[limits]\ntitle = "t"',
            [
                '3: limits.title: unknown key; expected "most"; if it is meant for the whole '
                "file, move it above the first [table]"
            ],
        ),
        ('name = "n"\n' + TIMER.replace('"a"', '"never"'), ["2: timer[0]: never is not allowed"]),
    ],
)
def test_a_mistake_is_one_problem(text: str, expected: list[str]) -> None:
    """A mistake is reported once, at its place: a misspelt key is not missing as well."""
    assert expected == problems(text)


def test_all_mistakes_come_at_once() -> None:
    """All mistakes are listed in the order of the file, below their number."""
    text = 'name = 7\n[[timer]]\nafter = 0\n[zones.z]\noffset = "x"\n'
    document = parse(text, "x.toml")
    read(document, File)
    expected = (
        "5 problems\n"
        "x.toml:1:1: name: expected text, found the integer 7\n"
        "x.toml:2:1: timer[0].from: missing; expected text\n"
        "x.toml:2:1: timer[0].name: missing; expected a name\n"
        "x.toml:3:1: timer[0].after: expected an integer of at least 1, found the integer 0\n"
        'x.toml:5:1: zones.z.offset: expected an integer, found the text "x"'
    )

    with pytest.raises(PolicyError) as caught:
        document.raise_problems(PolicyError)
    assert expected == str(caught.value)


def test_a_partial_instance_has_the_values_that_were_read() -> None:
    """A partial instance has the values that were read; any other value raises UnreadError."""
    file = read(parse('name = 7\n[[timer]]\nname = "a"\nafter = 30\nfrom = 1\n', "x"), File)
    (timer,) = file.timers

    assert isinstance(timer, Timer)
    assert ("a", 30, True, 60, ()) == (
        timer.name,
        timer.after,
        timer.late,
        timer.twice,
        timer.tags,
    )
    assert ("x", Limits()) == (file.title, file.limits)
    with pytest.raises(UnreadError):
        timer.since  # noqa: B018
    with pytest.raises(UnreadError):
        file.name  # noqa: B018


def test_defaults_that_need_an_unread_value_are_unread() -> None:
    """A default that depends on an unread value is unread too."""
    file = read(parse('name = "n"\n[[timer]]\nname = "a"\nfrom = "b"\nafter = "c"\n', "x"), File)

    with pytest.raises(UnreadError):
        file.timers[0].late  # noqa: B018
    with pytest.raises(UnreadError):
        file.timers[0].twice  # noqa: B018


def long(file: File) -> Iterator[Mistake]:
    """Find timers that are too long."""

    def too_long(timer: Timer) -> Iterator[Mistake]:
        if timer.after > 24:
            yield ("after",), f"{timer.name} is too long"

    yield from each("timer", enumerate(file.timers), too_long)


def checked(text: str) -> Document:
    """Return a document that was read and checked."""
    document = parse(text, "x")
    check(document, read(document, File), [long])
    return document


def test_a_check_finds_mistakes_that_concern_several_values() -> None:
    """A check reports a mistake in several values at the place of each value."""
    text = 'name = "n"\n' + TIMER + TIMER.replace("24", "25")

    assert ["x:9:1: timer[1].after: a is too long"] == [*map(str, checked(text).problems)]


def test_a_check_is_silent_about_values_that_were_not_read() -> None:
    """Checks ignore values that were not read, so each mistake is reported once."""
    wrong = TIMER.replace("24", '"x"')
    nameless = TIMER.replace('"a"', "7").replace("24", "25")
    text = 'name = "n"\n' + wrong + nameless + TIMER.replace("24", "26")

    assert [
        'timer[0].after: expected an integer, found the text "x"',
        "timer[1].name: expected text, found the integer 7",
        "timer[2].after: a is too long",
    ] == [f"{p.path}: {p.message}" for p in checked(text).problems]
    assert ["timer"] == [p.path for p in checked('name = "n"\ntimer = 7').problems]


def test_arrays_of_tables_have_identities() -> None:
    """`merge` replaces the entries of an array of tables by their identity."""
    assert {"timer": ("name",)} == identities(File)


def test_a_view_follows_from_the_declarations() -> None:
    """A view has each key whose value is not the default, in one line."""
    file = read(parse(WHOLE.replace("24", "30"), "x"), File)

    assert [("from", "opened"), ("after", "30"), ("tags", "t")] == [
        *settings(file.timers[0], beside=("name",))
    ]
    assert {"name": "n"}.items() <= dict(settings(file)).items()


def test_docs_say_what_happens_without_a_key() -> None:
    """Each key is required, or its docs say what happens if it is left out."""
    left_out = {name: declared.left_out for name, declared in keys_of(File).items()}

    assert {"name": "required", "title": '`"x"`', "extends": "none", "timer": ""} == {
        name: left_out[name] for name in ("name", "title", "extends", "timer")
    }


SCHEMA = file_schema(File, "A file")
RIGHT: dict[str, Any] = {"name": "n", "timer": [{"name": "a", "from": "b", "after": 1}]}


@pytest.mark.parametrize(
    ("more", "valid"),
    [
        ({}, True),
        ({"zones": {"z": {"offset": 1}}, "limits": {"most": 1}, "words": {"a": "b"}}, True),
        ({"name": ""}, False),
        ({"nmae": "n"}, False),
        ({"zones": {"": {"offset": 1}}}, False),
        ({"zones": {"z": {}}}, False),
        ({"extends": "base", "zones": {"z": {}}}, True),
        ({"limits": {"most": 0}}, False),
        ({"timer": [{"name": "a", "after": 1}]}, False),
        ({"timer": [{"name": "a", "remove": True}]}, True),
        ({"timer": [{"name": "a", "remove": False}]}, False),
        ({"timer": [{"remove": True}]}, False),
        ({"words": {"a": 1}}, False),
    ],
)
def test_the_schema_says_the_same(more: dict[str, Any], valid: bool) -> None:
    """A file that the reader accepts is valid; unknown, missing and wrong values are not."""
    Draft202012Validator.check_schema(SCHEMA)

    assert valid == Draft202012Validator(SCHEMA).is_valid({**RIGHT, **more})


def test_a_file_that_extends_another_may_leave_out_what_is_required() -> None:
    """A file that extends another may leave out a required key, because the other file has it."""
    assert not Draft202012Validator(SCHEMA).is_valid({})
    assert Draft202012Validator(SCHEMA).is_valid({"extends": "base"})


def test_the_schema_has_descriptions_and_examples() -> None:
    """The schema has descriptions and examples, which editors show."""
    after = SCHEMA["properties"]["timer"]["items"]["properties"]["after"]

    assert {"type": "integer", "minimum": 1, "description": "The span.", "examples": [24]} == after
    assert json.dumps(SCHEMA)


@attrs.frozen(kw_only=True)
class Head:
    """The head of a file that extends no other; its table has a required key."""

    zone: Zone = attrs.field(
        default=Zone(name="z", offset=0),
        metadata=key(Table(Zone), "A zone.", example="{ offset = 1 }", unset="UTC"),
    )


@pytest.mark.parametrize(
    ("file", "valid"), [({}, True), ({"zone": {"offset": 1}}, True), ({"zone": {}}, False)]
)
def test_a_table_that_may_be_left_out_can_require_a_key(
    file: dict[str, Any],
    valid: bool,
) -> None:
    """A required key may be missing only if its table is missing, too."""
    assert valid == Draft202012Validator(file_schema(Head, "A head")).is_valid(file)
