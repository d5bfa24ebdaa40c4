import datetime as dt
import pickle
import tomllib
from collections.abc import Callable
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketcore._toml import (
    Document,
    OldTable,
    Problem,
    describe,
    nearest,
    parse,
)
from ticketcore.errors import (
    CalendarError,
    ConfigurationError,
    FileError,
    PolicyError,
    ScenarioError,
)

POLICY = """\
name = "shop"
effective = 2026-01-31

[calendars.weekdays]
zone = "vendor"

[[timer]]
name = "refund"
after = "24 hours"
by = ["customer", "support"]

[[timer]]
name = "close"
when = { type = "refund", "since the" = [1, 2.5] }
"""


class Effect(StrEnum):
    """What a timer does."""

    WARN = "warn"
    CLOSE = "close"


class SpanError(CalendarError):
    """A parser's own error."""


def hours(text: str) -> int:
    """Parse `24 hours`."""
    number, _, unit = text.partition(" ")
    if unit != "hours":
        raise SpanError(f"Unknown unit {unit!r}")
    return int(number)


def told(document: Document) -> list[str]:
    """The problems of a document as people read them."""
    return [str(problem) for problem in document.problems]


def reading(text: str, read: Callable[[OldTable], object]) -> tuple[object, list[str]]:
    """What a reader gets from the root of a text, and what it is told."""
    document = parse(text, "x.toml")
    result = read(document.root())
    return result, told(document)


class TestParse:
    def test_whole_document(self) -> None:
        """A document holds what tomllib reads."""
        assert tomllib.loads(POLICY) == parse(POLICY, "x.toml").tree.plain()

    def test_bytes(self) -> None:
        """Bytes are read as UTF-8, with or without a byte order mark."""
        assert parse('a = "é"', "x.toml") == parse('\ufeffa = "é"'.encode(), "x.toml")

    def test_empty_file(self) -> None:
        """An empty file is valid; what is missing in it stands at its beginning."""
        expected = ("", ["x.toml:1:1: name: missing; expected text"])

        assert expected == reading("", lambda root: root.text("name"))

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("a = 1\nb = ", '2:5: not valid TOML: expected a value; text stands in "quotes"'),
            ("a = yes", '1:5: not valid TOML: expected a value; text stands in "quotes"'),
            ("= 1", '1:1: not valid TOML: expected a key, a [table] or a comment with "#"'),
            ("a = 1\na = 2\nb = 3", "2:6: not valid TOML: this key is given twice"),
            ("[a]\n[a]\n", "2:3: not valid TOML: this table is given twice"),
            ("a = {}\na.b = 1\n", "2:8: not valid TOML: this table is complete, nothing"),
            ("a 1", "1:3: not valid TOML: expected '=' after a key in a key/value pair"),
            ("a = 1 2", "1:7: not valid TOML: expected newline or end of document after"),
            ('a = "x', "1:7: not valid TOML: unterminated string"),
            ('a = """\n\nx', "3:2: not valid TOML: unterminated string"),
            ("a = [1,\n", '2:1: not valid TOML: expected a value; text stands in "quotes"'),
            ("a = '\x00'", "1:6: not valid TOML: found invalid character '\\x00'"),
            ("a = 1\x00", "1:6: not valid TOML: expected newline or end of document after"),
            ("\x00", '1:1: not valid TOML: expected a key, a [table] or a comment with "#"'),
            (b"a = 1\nb = '\xe9'", "2:6: not UTF-8; save the file in this encoding"),
            ("a = " + "9" * 5000, "1:1: one of the integers has too many digits"),
            ("a = " + "[" * 9999, "1:1: nested too deeply to be a policy or a scenario"),
            ("\na" + ".a" * 99 + "=1", "2:129: nested too deeply to be a policy or a scenario"),
        ],
    )
    def test_unreadable(self, text: str | bytes, expected: str) -> None:
        """What is not TOML gives one problem with its place."""
        (problem,) = told(parse(text, "x.toml"))

        assert f"x.toml:{expected}" == problem[: len(f"x.toml:{expected}")]

    def test_broken_document_gives_no_further_problems(self) -> None:
        """Where nothing could be read, nothing is said to be missing."""
        document = parse("a =", "x.toml")
        expected = document.problems
        root = document.root()
        root.text("name")
        root.done()

        assert document.broken
        assert expected == document.problems

    @given(st.text() | st.binary() | st.text("[]{}=.,#'\"\\\n a1-:"))
    def test_any_text(self, text: str | bytes) -> None:
        """Whatever the text, it is read or there is a problem; nothing is raised."""
        document = parse(text, "x.toml")

        assert document.broken == (document.problems != ())

    @given(st.data())
    def test_mutated_documents(self, data: st.DataObject) -> None:
        """A valid document with some characters changed is read or refused, never raised."""
        text = POLICY
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(0, len(text)))
            cut = data.draw(st.integers(0, 4))
            piece = data.draw(st.text("[]{}=.,#'\"\\\n a1-:", max_size=3))
            text = text[:at] + piece + text[at + cut :]
        document = parse(text, "x.toml")
        read_policy(document.root())

        assert document.problems == tuple(sorted(document.problems))


def read_policy(root: OldTable) -> None:
    """Read what POLICY holds, with every method once."""
    root.text("name")
    root.date("effective")
    calendars = root.section("calendars")
    for name in calendars.names():
        calendars.section(name).text("zone")
    for timer in root.tables("timer"):
        timer.text("name")
        timer.parsed("after", hours, None, example="24 hours")
        timer.choices("by", ["customer", "support"], ())
        if timer.has("when"):
            when = timer.section("when")
            when.choice("type", ["refund"])
            when.value("since the")
    root.done()


class TestProblems:
    def test_valid_file(self) -> None:
        """A file that is read as a whole has no problems, and nothing is raised."""
        document = parse(POLICY, "x.toml")
        read_policy(document.root())

        document.raise_problems(PolicyError)
        assert not document.problems

    def test_all_at_once(self) -> None:
        """Every mistake is told in one error, in the order of the file, below their count."""
        text = POLICY.replace("after", "aftr").replace('name = "shop"', "nmae = 1")
        document = parse(text, "shop.toml")
        read_policy(document.root())

        expected = (
            "3 problems\n"
            "shop.toml:1:1: name: missing; expected text\n"
            'shop.toml:1:1: nmae: unknown key; did you mean "name"?\n'
            'shop.toml:9:1: timer[0].aftr: unknown key; did you mean "after"?'
        )

        with pytest.raises(PolicyError) as caught:
            document.raise_problems(PolicyError)

        assert expected == str(caught.value)
        assert document.problems == caught.value.problems

    def test_values_of_a_problem(self) -> None:
        """A problem carries values, not only text."""
        document = parse(POLICY, "x.toml")
        document.root().tables("timer")[1].problem(("when", "since the", 1), "too many")

        expected = Problem("x.toml", 14, 45, 'timer[1].when."since the"[1]', "too many")
        line = 'x.toml:14:45: timer[1].when."since the"[1]: too many'

        assert (expected,) == document.problems
        assert line == str(expected)

    @pytest.mark.parametrize(
        ("where", "expected"),
        [
            ("name", "x.toml:7:1: timer[0].name: wrong"),
            ("by", "x.toml:9:1: timer[0].by: wrong"),
            (("by", 1), "x.toml:9:19: timer[0].by[1]: wrong"),
            (("by", 2), "x.toml:9:1: timer[0].by[2]: wrong"),
            ("from", "x.toml:6:1: timer[0].from: wrong"),
            (("name", "deeper"), "x.toml:7:1: timer[0].name.deeper: wrong"),
            ((), "x.toml:6:1: timer[0]: wrong"),
        ],
    )
    def test_problem_of_the_caller(self, where: Any, expected: str) -> None:
        """What a caller finds stands at the key, or at what is next above a missing one."""
        document = parse(POLICY.replace("\n\n", "\n", 1), "x.toml")
        document.root().tables("timer")[0].problem(where, "wrong")

        assert [expected] == told(document)

    def test_same_problem_twice(self) -> None:
        """A key that is asked for twice has its problem once."""
        _, problems = reading("a = 1", lambda root: (root.text("a"), root.text("a")))

        expected = ["x.toml:1:1: a: expected text, found the integer 1"]

        assert expected == problems

    @pytest.mark.parametrize("error", [PolicyError, ScenarioError])
    def test_errors(self, error: type[FileError]) -> None:
        """Both kinds of file have their error; it is a configuration error and can be pickled."""
        problem = Problem("x.toml", 1, 2, "a", "wrong")
        raised = error([problem])
        copy = pickle.loads(pickle.dumps(raised))
        expected = "1 problem\nx.toml:1:2: a: wrong"

        assert isinstance(raised, ConfigurationError)
        assert (problem,) == copy.problems
        assert expected == str(copy)


class TestUnknownKeys:
    def read(self, root: OldTable) -> None:
        """Read some keys, some tables, and free names."""
        root.text("name", None)
        root.section("refund").text("after", None)
        root.section("calendars").names()
        root.section("nothing")
        for timer in root.tables("timer"):
            timer.text("after", None)
        root.done()

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("nam = 1", 'x.toml:1:1: nam: unknown key; did you mean "name"?'),
            ("NAME = 1", 'x.toml:1:1: NAME: unknown key; did you mean "name"?'),
            (
                "xyz = 1",
                'x.toml:1:1: xyz: unknown key; expected one of "calendars", "name", '
                '"nothing", "refund", "timer"',
            ),
            ("[refund]\nx.y = 1", 'x.toml:2:1: refund.x: unknown key; expected "after"'),
            ("[nothing]\nx = 1", "x.toml:2:1: nothing.x: unknown key; expected none"),
            ("[nothing.x]", "x.toml:1:1: nothing.x: unknown key; expected none"),
            (
                "[[timer]]\n[[timer]]\nbefore = 1",
                'x.toml:3:1: timer[1].before: unknown key; expected "after"',
            ),
        ],
    )
    def test_unknown(self, text: str, expected: str) -> None:
        """A key that nobody asked for is told, at any depth, with what was asked for there."""
        assert (None, [expected]) == reading(text, self.read)

    def test_known(self) -> None:
        """Keys that were asked for, and free names, are known."""
        text = "name = 'x'\n[refund]\nafter = 'x'\n[calendars.a]\nb = 1\n[[timer]]\nafter = 'y'"

        expected = (None, list[str]())

        assert expected == reading(text, self.read)

    def test_table_asked_for_twice(self) -> None:
        """What two questions for the same table ask is known together."""

        def read(root: OldTable) -> None:
            root.section("a").integer("b")
            root.section("a").integer("c")
            root.done()

        expected = (None, list[str]())

        assert expected == reading("a = { b = 1, c = 2 }", read)


READERS: dict[str, Callable[[OldTable], object]] = {
    "text": lambda t: t.text("k"),
    "texts": lambda t: t.texts("k"),
    "name": lambda t: t.name("k"),
    "name list": lambda t: t.name_list("k"),
    "flag": lambda t: t.flag("k"),
    "integer": lambda t: t.integer("k"),
    "1 to 9": lambda t: t.integer("k", minimum=1, maximum=9),
    "date": lambda t: t.date("k"),
    "choice": lambda t: t.choice("k", Effect),
    "choices": lambda t: t.choices("k", ["warn", "close"]),
    "nothing": lambda t: t.choice("k", list[str]()),
    "parsed": lambda t: t.parsed("k", hours, example="24 hours"),
    "value": lambda t: t.value("k"),
    "section": lambda t: t.section("k").names(),
    "tables": lambda t: [table.names() for table in t.tables("k")],
}

DEFAULTS: dict[str, Callable[[OldTable], object]] = {
    "text": lambda t: t.text("k", None),
    "texts": lambda t: t.texts("k", None),
    "name list": lambda t: t.name_list("k", None),
    "flag": lambda t: t.flag("k", None),
    "integer": lambda t: t.integer("k", None, minimum=1),
    "date": lambda t: t.date("k", None),
    "choice": lambda t: t.choice("k", Effect, None),
    "choices": lambda t: t.choices("k", Effect, None),
    "parsed": lambda t: t.parsed("k", hours, None, example="1 hours"),
    "value": lambda t: t.value("k", None),
}


class TestTable:
    @pytest.mark.parametrize(
        ("reader", "text", "expected"),
        [
            ("text", '"7"', "7"),
            ("texts", '"a"', ("a",)),
            ("texts", '["a", "b", "a"]', ("a", "b", "a")),
            ("texts", "[]", ()),
            ("name", '" "', " "),
            ("name list", '"a"', ("a",)),
            ("name list", '["a", "b"]', ("a", "b")),
            ("flag", "true", True),
            ("integer", "-7", -7),
            ("1 to 9", "1", 1),
            ("1 to 9", "9", 9),
            ("date", "2026-01-31", dt.date(2026, 1, 31)),
            ("choice", '"warn"', Effect.WARN),
            ("choices", '"warn"', ("warn",)),
            ("choices", '["close", "warn"]', ("close", "warn")),
            ("parsed", '"5 hours"', 5),
            ("value", '["a", { b = 1 }]', ["a", {"b": 1}]),
            ("section", "{ a = 1 }", ("a",)),
            ("tables", "[{ a = 1 }, {}]", [("a",), ()]),
        ],
    )
    def test_right_value(self, reader: str, text: str, expected: object) -> None:
        """A right value is returned as what was asked for."""
        result, problems = reading(f"k = {text}", READERS[reader])

        assert not problems
        assert (expected, type(expected)) == (result, type(result))

    @pytest.mark.parametrize(
        ("reader", "text", "placeholder", "expected"),
        [
            ("text", "7", "", "k: expected text, found the integer 7"),
            ("text", "true", "", "k: expected text, found true"),
            ("text", "false", "", "k: expected text, found false"),
            ("text", "7.5", "", "k: expected text, found the number 7.5"),
            ("text", "[]", "", "k: expected text, found an array"),
            ("text", "{}", "", "k: expected text, found a table"),
            ("text", "09:00:00", "", "k: expected text, found the time 09:00:00"),
            ("texts", '["a", 1]', ("a", ""), "k[1]: expected text, found the integer 1"),
            ("name", '""', "", "k: expected a name, found an empty text"),
            ("name", "7", "", "k: expected text, found the integer 7"),
            ("name list", '["a", ""]', ("a", ""), "k[1]: expected a name, found an empty text"),
            ("name list", '["a", "a"]', ("a", "a"), 'k[1]: the text "a" stands here twice'),
            ("flag", "1", False, "k: expected true or false, found the integer 1"),
            ("flag", '"true"', False, 'k: expected true or false, found the text "true"'),
            ("integer", "true", 0, "k: expected an integer, found true"),
            ("integer", "7.0", 0, "k: expected an integer, found the number 7.0"),
            ("integer", '"7"', 0, 'k: expected an integer, found the text "7"'),
            (
                "1 to 9",
                "0",
                1,
                "k: expected an integer of at least 1 and of at most 9, found the integer 0",
            ),
            (
                "1 to 9",
                "10",
                1,
                "k: expected an integer of at least 1 and of at most 9, found the integer 10",
            ),
            (
                "date",
                "2026-01-31T09:00:00",
                dt.date(1970, 1, 1),
                "k: expected a date such as 2026-01-31, "
                "found the date and time 2026-01-31 09:00:00",
            ),
            ("choice", '"wran"', Effect.WARN, 'k: unknown "wran"; did you mean "warn"?'),
            ("choice", "1", Effect.WARN, "k: expected text, found the integer 1"),
            (
                "choices",
                '["close", "xyz"]',
                ("close", "warn"),
                'k[1]: unknown "xyz"; expected one of "close", "warn"',
            ),
            (
                "choices",
                '["warn", "warn"]',
                ("warn", "warn"),
                'k[1]: the text "warn" stands here twice',
            ),
            ("nothing", '"x"', "", 'k: unknown "x"; expected none'),
            ("parsed", '"5 days"', 24, "k: unknown unit 'days'"),
            (
                "parsed",
                '"x hours"',
                24,
                "k: invalid literal for int() with base 10: 'x'",
            ),
            ("parsed", "5", 24, "k: expected text, found the integer 5"),
            ("section", "[]", (), "k: expected a table, found an array"),
            ("tables", "{}", [], "k: expected tables written [[k]], found a table"),
            ("tables", "[{}, 1]", [(), ()], "k[1]: expected a table, found the integer 1"),
        ],
    )
    def test_wrong_value(self, reader: str, text: str, placeholder: object, expected: str) -> None:
        """A wrong value is told with what was found; a placeholder of the right type goes on."""
        result, problems = reading(f"k = {text}", READERS[reader])

        assert [expected] == [problem.split(": ", 1)[1] for problem in problems]
        assert (placeholder, type(placeholder)) == (result, type(result))

    @pytest.mark.parametrize(
        ("reader", "placeholder", "expected"),
        [
            ("text", "", "text"),
            ("texts", (), "text, or an array"),
            ("name", "", "a name"),
            ("name list", (), "a name, or an array"),
            ("flag", False, "true or false"),
            ("integer", 0, "an integer"),
            ("1 to 9", 1, "an integer of at least 1 and of at most 9"),
            ("date", dt.date(1970, 1, 1), "a date such as 2026-01-31"),
            ("choice", Effect.WARN, 'one of "close", "warn"'),
            ("choices", (), 'one of "close", "warn", or an array'),
            ("nothing", "", "none"),
            ("parsed", 24, 'text such as "24 hours"'),
            ("value", None, "a value"),
        ],
    )
    def test_missing(self, reader: str, placeholder: object, expected: str) -> None:
        """A key that is missing without a default is told with what is expected there."""
        result, problems = reading("", READERS[reader])

        assert [f"x.toml:1:1: k: missing; expected {expected}"] == problems
        assert placeholder == result

    @pytest.mark.parametrize("reader", DEFAULTS)
    def test_default(self, reader: str) -> None:
        """A missing key with a default gives the default, also None, and no problem."""
        expected = (None, list[str]())

        assert expected == reading("", DEFAULTS[reader])

    def test_missing_tables(self) -> None:
        """Without an array of tables there are none; without a section it reads as empty."""
        for reader in ("tables", "section"):
            result, problems = reading("", READERS[reader])

            assert not result
            assert not problems

    def test_an_empty_key_is_no_name(self) -> None:
        """It is told once, however often the names are asked for, and is no unknown key too."""

        def read(root: OldTable) -> None:
            root.section("a").names()
            root.section("a").names()
            root.done()

        expected = ['x.toml:1:7: a."": expected a name as key, found an empty one']

        assert (None, expected) == reading('a = { "" = 1, b = 2 }', read)

    def test_required_in_a_missing_section(self) -> None:
        """What a missing section should hold is told where the section would stand."""
        expected = (0, ["x.toml:2:1: a.refund.days: missing; expected an integer"])

        assert expected == reading(
            "\n[a]", lambda root: root.section("a").section("refund").integer("days")
        )

    def test_nothing_is_told_below_a_wrong_table(self) -> None:
        """What a wrong table should hold is not told on top."""

        def read(root: OldTable) -> None:
            root.section("a").section("c").text("x")

        expected = ["x.toml:1:1: a: expected a table, found the integer 1"]

        assert (None, expected) == reading("a = 1", read)


class TestWording:
    def test_long_texts_are_cut(self) -> None:
        """A long text that was found is cut, and stays on one line."""
        expected = 'the text "a\\nb' + "x" * 36 + '…"'

        assert expected == describe("a\nb" + "x" * 99)

    def test_many_names_are_cut(self) -> None:
        """Of many names, only the first are listed where none is near."""
        names = [f"zone{i:03}" for i in range(600)]

        assert nearest("?", names).endswith('"zone018", "zone019", …')
