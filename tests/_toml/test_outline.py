"""A reader's outline is the schema of what it reads."""

from jsonschema import Draft202012Validator

from ticketcore._toml import OldTable, Outline


def read(root: OldTable) -> None:
    """A reader that uses every kind of question."""
    root.name("name")
    root.name_list("tags", ())
    root.integer("count", 0, minimum=1)
    root.flag("on", False)
    root.date("day", None)
    root.choice("color", ("red", "blue"), "red")
    root.parsed("length", int, 1, example="7")
    root.value("any", None)
    root.text("any", "")
    root.section("must").text("x", "")
    if root.has("maybe"):
        root.text("maybe")
    free = root.section("free")
    for name in free.names():
        free.text(name)
    for entry in root.tables("entry"):
        entry.integer("n")
    root.problem("name", "nothing is wrong with what is not written")
    root.done()


def outline() -> Draft202012Validator:
    """What the reader's outline allows."""
    root = Outline()
    read(root)
    schema = root.schema("A file")
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


WHOLE = {
    "name": "n",
    "tags": ["a", "b"],
    "count": 1,
    "on": True,
    "day": "2026-01-01",
    "color": "blue",
    "length": "7",
    "any": [1],
    "must": {"x": "y"},
    "maybe": "m",
    "free": {"whatever": "text"},
    "entry": [{"n": 1}],
}


def test_what_a_reader_takes_is_valid() -> None:
    """A whole file and the least file are valid."""
    assert outline().is_valid(WHOLE)
    assert outline().is_valid({"name": "n", "must": {}})


def test_what_a_reader_refuses_is_not() -> None:
    """Missing, unknown, mistyped and out of bounds are told by the schema too."""
    wrong = [
        {"must": {}},
        {**WHOLE, "nmae": "n"},
        {**WHOLE, "count": 0},
        {**WHOLE, "color": "green"},
        {**WHOLE, "tags": ["a", "a"]},
        {**WHOLE, "name": ""},
        {**WHOLE, "tags": ["a", ""]},
        {**WHOLE, "free": {"whatever": 1}},
        {**WHOLE, "free": {"": "text"}},
        {**WHOLE, "entry": [{}]},
        {**WHOLE, "must": {"y": ""}},
    ]

    assert [] == [case for case in wrong if outline().is_valid(case)]
