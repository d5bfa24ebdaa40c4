"""Documents: TOML texts with places and problems."""

import pickle
import tomllib

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketcore._toml import (
    TEXT,
    Document,
    NamedTables,
    Problem,
    Table,
    TableArray,
    describe,
    key,
    nearest,
    parse,
    quoted,
    read,
)
from ticketcore.errors import ConfigurationError, FileError, PolicyError, ScenarioError

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


@attrs.frozen(kw_only=True)
class Timer:
    """An entry of an array of tables."""

    name: str = attrs.field(metadata=key(TEXT, "The name.", example='"refund"'))
    after: str = attrs.field(default="", metadata=key(TEXT, "The span.", example='"1 hour"'))


@attrs.frozen(kw_only=True)
class Zone:
    """A table with a name."""

    name: str
    zone: str = attrs.field(metadata=key(TEXT, "The zone.", example='"UTC"'))


@attrs.frozen(kw_only=True)
class Shop:
    """The head of a file."""

    name: str = attrs.field(metadata=key(TEXT, "The name.", example='"shop"'))
    calendars: dict[str, Zone] = attrs.field(
        factory=dict,
        metadata=key(NamedTables(Zone), "Calendars.", example='{ a = { zone = "UTC" } }'),
    )
    timers: tuple[Timer, ...] = attrs.field(
        default=(),
        metadata=key(
            TableArray(Table(Timer)), "Timers.", example='[{ name = "a" }]', name="timer"
        ),
    )


def texts(document: Document) -> list[str]:
    """Return the problems of a document as text."""
    return [str(problem) for problem in document.problems]


class TestParse:
    def test_whole_document(self) -> None:
        """A document holds the values that tomllib reads."""
        assert tomllib.loads(POLICY) == parse(POLICY, "x.toml").tree.plain()

    def test_bytes(self) -> None:
        """Bytes are read as UTF-8, with or without a byte order mark."""
        assert parse('a = "é"', "x.toml") == parse('\ufeffa = "é"'.encode(), "x.toml")

    def test_empty_file(self) -> None:
        """An empty file is a valid document."""
        assert {} == parse("", "x.toml").tree.plain()

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("a = 1\nb = ", '2:5: not valid TOML: expected a value: put text in "quotes"'),
            ("a = yes", '1:5: not valid TOML: expected a value: put text in "quotes"'),
            ("= 1", '1:1: not valid TOML: expected a key, a [table] or a comment with "#"'),
            ("a = 1\na = 2\nb = 3", "2:6: not valid TOML: this key is given twice"),
            ("[a]\n[a]\n", "2:3: not valid TOML: this table is given twice"),
            ("a = {}\na.b = 1\n", "2:8: not valid TOML: this table was written above and cannot"),
            ("a 1", "1:3: not valid TOML: expected '=' after a key in a key/value pair"),
            ("a = 1 2", "1:7: not valid TOML: expected newline or end of document after"),
            ("a = 2026-01-31T15:00", "1:15: not valid TOML: a date and time needs seconds, such"),
            (
                "a = { b = 2026-01-31 15:00 }",
                "1:22: not valid TOML: a date and time needs seconds",
            ),
            ('a = "x', "1:7: not valid TOML: unterminated string"),
            ('a = """\n\nx', "3:2: not valid TOML: unterminated string"),
            ("a = [1,\n", '2:1: not valid TOML: expected a value: put text in "quotes"'),
            ("a = '\x00'", "1:6: not valid TOML: found invalid character '\\x00'"),
            ("a = 1\x00", "1:6: not valid TOML: expected newline or end of document after"),
            ("\x00", '1:1: not valid TOML: expected a key, a [table] or a comment with "#"'),
            (b"a = 1\nb = '\xe9'", "2:6: the byte 0xe9 is not UTF-8: save the file as UTF-8"),
            ("a = 1".encode("utf-16"), "1:1: is UTF-16: save the file as UTF-8"),
            (b"a = 1\n\xff\x7fELF", "2:2: contains the byte 0x7f, which no text has"),
            ("a = " + "9" * 5000, "1:1: one of the integers has too many digits"),
            ("a = " + "[" * 9999, "1:1: nested too deeply: more than 64 keys"),
            ("\na" + ".a" * 99 + "=1", "2:129: nested too deeply: more than 64 keys"),
        ],
    )
    def test_unreadable(self, text: str | bytes, expected: str) -> None:
        """A text that is not TOML gives one problem with its place."""
        (problem,) = texts(parse(text, "x.toml"))

        assert f"x.toml:{expected}" == problem[: len(f"x.toml:{expected}")]

    def test_broken_document_gives_no_further_problems(self) -> None:
        """A broken document has no problems about missing keys."""
        document = parse("a =", "x.toml")
        expected = document.problems
        read(document, Shop)

        assert document.broken
        assert expected == document.problems

    def test_another_type(self) -> None:
        """A value that is neither text nor bytes is one problem."""
        assert ["x:1:1: expected text or bytes, found 7"] == texts(parse(7, "x"))  # type: ignore[arg-type]

    @given(st.text() | st.binary() | st.text("[]{}=.,#'\"\\\n a1-:"))
    def test_any_text(self, text: str | bytes) -> None:
        """Every text gives a document or a problem, never an exception."""
        document = parse(text, "x.toml")

        assert document.broken == (document.problems != ())

    @given(st.data())
    def test_mutated_documents(self, data: st.DataObject) -> None:
        """A damaged document gives a result or problems, never an exception."""
        text = POLICY
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(0, len(text)))
            cut = data.draw(st.integers(0, 4))
            piece = data.draw(st.text("[]{}=.,#'\"\\\n a1-:", max_size=3))
            text = text[:at] + piece + text[at + cut :]
        document = parse(text, "x.toml")
        read(document, Shop)

        assert document.problems == tuple(sorted(document.problems))


class TestProblems:
    def test_a_problem_carries_values(self) -> None:
        """A problem has file, line, column, key path and message, not only text."""
        document = parse(POLICY, "x.toml")
        problem = document.tree.problem("too many", "timer", 1, "when", "since the", 1)
        expected = Problem("x.toml", 14, 45, 'timer[1].when."since the"[1]', "too many")

        assert expected == problem
        assert 'x.toml:14:45: timer[1].when."since the"[1]: too many' == str(problem)

    @pytest.mark.parametrize(
        ("where", "expected"),
        [
            (("name",), "x.toml:7:1: timer[0].name: wrong"),
            (("by", 1), "x.toml:9:19: timer[0].by[1]: wrong"),
            (("by", 2), "x.toml:9:1: timer[0].by[2]: wrong"),
            (("from",), "x.toml:6:1: timer[0].from: wrong"),
            (("name", "deeper"), "x.toml:7:1: timer[0].name.deeper: wrong"),
            ((), "x.toml:6:1: timer[0]: wrong"),
        ],
    )
    def test_a_missing_value_has_the_place_above_it(
        self, where: tuple[str | int, ...], expected: str
    ) -> None:
        """A problem has the place of its key, or of the nearest table above a missing one."""
        document = parse(POLICY.replace("\n\n", "\n", 1), "x.toml")

        assert expected == str(document.tree.problem("wrong", "timer", 0, *where))

    def test_a_document_without_problems_raises_nothing(self) -> None:
        """A document without problems raises no error."""
        parse(POLICY, "x.toml").raise_problems(PolicyError)

    @pytest.mark.parametrize("error", [PolicyError, ScenarioError])
    def test_errors(self, error: type[FileError]) -> None:
        """PolicyError and ScenarioError are configuration errors, and can be pickled."""
        problem = Problem("x.toml", 1, 2, "a", "wrong")
        raised = error([problem])
        copy = pickle.loads(pickle.dumps(raised))

        assert isinstance(raised, ConfigurationError)
        assert (problem,) == copy.problems
        assert "1 problem\nx.toml:1:2: a: wrong" == str(copy)


class TestWording:
    def test_long_texts_are_cut(self) -> None:
        """A long value is cut, and stays on one line."""
        expected = 'the text "a\\nb' + "x" * 36 + '…"'

        assert expected == describe("a\nb" + "x" * 99)

    def test_many_names_are_cut(self) -> None:
        """A long list of names is cut."""
        names = [f"zone{i:03}" for i in range(600)]

        assert nearest("?", names).endswith('"zone018", "zone019", …')

    def test_further_words_lead_to_the_name_that_they_mean(self) -> None:
        """A known synonym suggests its name, if that name is allowed."""
        names = ("customer", "vendor")

        assert 'did you mean "vendor"?' == nearest("Seller", names, {"seller": "vendor"})
        assert nearest("agent", names, {"agent": "support"}).startswith("expected one of")

    def test_where_nothing_is_allowed(self) -> None:
        """If no name is allowed, the message about a name says so."""
        assert "expected nothing here" == nearest("x", [])

    def test_quotes_are_those_of_toml(self) -> None:
        """A text is quoted as a file would have it, on one line."""
        assert '"a \\"b\\" c\\n"' == quoted('a "b" c\n')


def test_arrays_inside_one_another_are_limited() -> None:
    """Arrays that are nested too deeply are a problem at the place of the first."""
    document = parse("a = " + "[" * 70 + "]" * 70, "x")

    (problem,) = document.problems
    assert (1, 69) == (problem.line, problem.column)
    assert problem.message.startswith("nested too deeply")
