import datetime as dt
import tomllib

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.counting import calls_of
from ticketcore._toml._positions import (
    Path,
    Position,
    TooDeepError,
    positions,
)

SCALARS = [
    "1",
    "0x1F",
    "6.5e-3",
    "true",
    "inf",
    "2026-01-31",
    "2026-01-31 09:00:00Z",
    "2026-01-31T09:00:00.5+01:00",
    "09:00:00",
    '""',
    '"# [no] = {comment}, \\" \\\\"',
    "'C:\\'",
    "''",
    '""""""',
    '"""two "" quotes""\n[x]\na = 1 \\""" \\\\"""""',
    "'''\n[y]\n''b = 2\\'''''",
]
KEYS = ["a", "b-c", "1", "true", "'a.b'", "'#'", '"q\\"=\\u00e9"', '""', '"]"', "'\"'"]
BLANKS = ["", " ", "\t  "]
GAPS = ["", " ", "\n", "\r\n\t", '# it\'s [not] "a" = {value}\n', "\n\n# one\n# two\n "]


@attrs.define
class Writer:
    """A writer of documents that records where each path begins."""

    text: str = ""
    noted: dict[Path, Position] = attrs.field(factory=lambda: {(): Position(1, 1)})

    def write(self, text: str) -> None:
        self.text += text

    def here(self) -> Position:
        return Position(self.text.count("\n") + 1, len(self.text) - self.text.rfind("\n"))

    def note(self, *path: str | int) -> None:
        self.noted.setdefault(path, self.here())


def unquoted(key: str) -> str:
    """Return the name that a key spells, as tomllib reads it."""
    return next(iter(tomllib.loads(f"{key} = 1")))


def unique_keys() -> st.SearchStrategy[list[str]]:
    """Draw spellings of up to three different names."""
    return st.lists(st.sampled_from(KEYS), max_size=3, unique_by=unquoted)


class Drawn:
    """A valid document, drawn piece by piece; no key is opened twice."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.out = Writer()

    def document(self) -> Writer:
        self.gap()
        self.pairs(())
        for name in self.draw(unique_keys()):
            self.top_level(f"t{name}" if name[0] not in "\"'" else name[0] + "t" + name[1:])
        return self.out

    def top_level(self, name: str) -> None:
        key = unquoted(name)
        match self.draw(st.sampled_from(["table", "implicit", "array"])):
            case "table":
                self.header("[", [name], (key,))
                self.pairs((key,))
            case "implicit":
                self.header("[", [name, "sub"], (key, "sub"), note=[(key,)])
                self.pairs((key, "sub"))
                del self.out.noted[(key,)]  # its own header is the better position
                self.header("[", [name], (key,))
            case _:
                for i in range(self.draw(st.integers(1, 3))):
                    self.header("[[", [name], (key, i), note=[(key,)])
                    self.pairs((key, i))
                    self.header("[", [name, "'un der'", "x"], (key, i, "un der", "x"), note=[
                        (key, i, "un der"),
                    ])  # fmt: skip
                    self.pairs((key, i, "un der", "x"))

    def header(
        self, mark: str, names: list[str], path: Path, note: list[Path] | None = None
    ) -> None:
        for noted in [*(note or []), path]:
            self.out.note(*noted)
        self.out.write(mark)
        for i, name in enumerate(names):
            self.out.write("." if i else "")
            self.blank()
            self.out.write(name)
            self.blank()
        self.out.write("]" * len(mark))
        self.end_of_line()

    def pairs(self, path: Path) -> None:
        for name in self.draw(unique_keys()):
            self.pair(path, name, 0)
            self.end_of_line()

    def pair(self, path: Path, name: str, depth: int) -> None:
        path = (*path, unquoted(name))
        self.out.note(*path)
        self.out.write(name)
        self.blank()
        for part in self.draw(st.lists(st.sampled_from(KEYS), max_size=2)):
            self.out.write(".")
            self.blank()
            path = (*path, unquoted(part))
            self.out.note(*path)
            self.out.write(part)
            self.blank()
        self.out.write("=")
        self.blank()
        self.value(path, depth)

    def value(self, path: Path, depth: int) -> None:
        kinds = ["scalar", "array", "inline"] if depth < 3 else ["scalar"]
        match self.draw(st.sampled_from(kinds)):
            case "array":
                self.array(path, depth + 1)
            case "inline":
                self.inline_table(path, depth + 1)
            case _:
                self.out.write(self.draw(st.sampled_from(SCALARS)))

    def array(self, path: Path, depth: int) -> None:
        self.out.write("[")
        size = self.draw(st.integers(0, 3))
        for i in range(size):
            self.gap()
            self.out.note(*path, i)
            self.value((*path, i), depth)
            self.gap()
            if i < size - 1 or self.draw(st.booleans()):
                self.out.write(",")
        self.gap()
        self.out.write("]")

    def inline_table(self, path: Path, depth: int) -> None:
        self.out.write("{")
        for i, name in enumerate(self.draw(unique_keys())):
            self.out.write("," if i else "")
            self.blank()
            self.pair(path, name, depth)
            self.blank()
        self.blank()
        self.out.write("}")

    def blank(self) -> None:
        self.out.write(self.draw(st.sampled_from(BLANKS)))

    def gap(self) -> None:
        self.out.write(self.draw(st.sampled_from(GAPS)))

    def end_of_line(self) -> None:
        self.blank()
        self.out.write("\n")
        self.gap()


@st.composite
def documents(draw: st.DrawFn) -> Writer:
    """Draw a valid document in every notation, and where its paths begin."""
    return Drawn(draw).document()


def paths_of(value: object, path: Path = ()) -> set[Path]:
    """Return every path of parsed data."""
    below: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        below = list(value.items())
    elif isinstance(value, list):
        below = list(enumerate(value))
    return {path}.union(*(paths_of(child, (*path, step)) for step, child in below))


class TestPositions:
    @given(documents())
    def test_generated_documents(self, document: Writer) -> None:
        """The scanner finds each key path at the position at which it was written."""
        assert document.noted == positions(document.text)

    @given(documents())
    def test_agrees_with_tomllib(self, document: Writer) -> None:
        """The paths with a position are exactly those that tomllib reads."""
        assert paths_of(tomllib.loads(document.text)) == positions(document.text).keys()

    def test_keys_of_all_sorts(self) -> None:
        """Bare, quoted and dotted keys have a position, and so has each part of a dotted key."""
        text = "a = 1\n  b.\"c.d\".e = 2\n'f' = { g = [10,\n  {h = 3}] }\n"

        assert {
            (): Position(1, 1),
            ("a",): Position(1, 1),
            ("b",): Position(2, 3),
            ("b", "c.d"): Position(2, 5),
            ("b", "c.d", "e"): Position(2, 11),
            ("f",): Position(3, 1),
            ("f", "g"): Position(3, 9),
            ("f", "g", 0): Position(3, 14),
            ("f", "g", 1): Position(4, 3),
            ("f", "g", 1, "h"): Position(4, 4),
        } == positions(text)

    def test_headers(self) -> None:
        """A table has the position of its header, even if a table below it comes first."""
        text = "[a.b]\n[a]\n[[t]]\n[t.x]\n  [[t]]\n[[t.y]]\n"

        assert {
            (): Position(1, 1),
            ("a",): Position(2, 1),
            ("a", "b"): Position(1, 1),
            ("t",): Position(3, 1),
            ("t", 0): Position(3, 1),
            ("t", 0, "x"): Position(4, 1),
            ("t", 1): Position(5, 3),
            ("t", 1, "y"): Position(6, 1),
            ("t", 1, "y", 0): Position(6, 1),
        } == positions(text)

    def test_dates_hold_blanks(self) -> None:
        """A date and time with a blank between them is one value."""
        text = "a = 2026-01-31 09:00:00Z # noon\nb = [2026-01-31 09:00:00, 09:00:00]"

        assert {
            (): Position(1, 1),
            ("a",): Position(1, 1),
            ("b",): Position(2, 1),
            ("b", 0): Position(2, 6),
            ("b", 1): Position(2, 27),
        } == positions(text)
        assert dt.time(9) == tomllib.loads(text)["b"][1]

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (".".join("a" * 65) + " = 1", Position(1, 129)),
            ("[" + ".".join("a" * 65) + "]", Position(1, 1)),
            ("a = " + "[" * 64 + "1" + "]" * 64, Position(1, 69)),
            ("a = " + "{b = " * 64 + "1" + "}" * 64, Position(1, 321)),
        ],
        ids=["dotted", "header", "array", "inline"],
    )
    def test_too_deep(self, text: str, expected: Position) -> None:
        """A document nested deeper than 64 levels is refused with the place, in any notation."""
        with pytest.raises(TooDeepError) as caught:
            positions(text)

        assert expected == caught.value.position

    @pytest.mark.parametrize(
        "piece",
        [
            "a{} = [1, {{b = 2}}]\n",
            "[[t]]\n[t.a{}]\nb = 1\n",
            'a{} = """\n"x""\\\\\n"""\n',
            "#{}\n",
        ],
        ids=["inline", "headers", "strings", "comments"],
    )
    def test_takes_linear_time(self, piece: str) -> None:
        """Reading twenty times the text takes about twenty times the work."""

        def work(count: int) -> int:
            text = "".join(piece.format(i) for i in range(count))
            return calls_of(lambda: positions(text))

        assert work(10_000) < 21 * work(500)
