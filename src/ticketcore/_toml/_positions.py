"""Find the line and column of every key of a TOML document, which tomllib does not report.

The scanner reads a document that tomllib has accepted, so it checks nothing; it only walks over
keys and values once, from left to right.
"""

import re
from typing import TypeAlias

from ticketcore._internal.frozen import Value, frozen
from ticketcore._internal.limits import MAX_DEPTH

Path: TypeAlias = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*+")
_KEY = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*+"|'[^']*'""")
_SCALAR = re.compile(
    r'''
      """(?:[^"\\]|\\.|"{1,2}(?!"))*+"{3,5}
    | \'\'\'(?:[^']|'{1,2}(?!'))*+'{3,5}
    | "(?:[^"\\]|\\.)*+"
    | '[^']*'
    | [^,\]}\n\#]+
    ''',
    re.DOTALL | re.VERBOSE,
)


@frozen
class Position(Value):
    """A place in a text; line and column count from 1, columns in characters."""

    line: int
    column: int


class TooDeepError(Exception):
    """Raised when a document nests deeper than `MAX_DEPTH`."""

    def __init__(self, position: Position) -> None:
        super().__init__(position)
        self.position = position


def positions(text: str) -> dict[Path, Position]:
    """Map every key path of a valid TOML 1.0 document to where its key begins.

    An element of an array stands where it begins, a table where its `[header]` does, a table
    that no header opens where its name is first met, and the document itself at 1:1.
    """
    return _Scanner(text).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._counted = 0  # the end of the text whose lines are counted
        self._line = 1
        self._line_start = 0
        self._lengths: dict[Path, int] = {}  # lengths of the arrays of tables, by path
        self._found: dict[Path, Position] = {(): Position(1, 1)}

    def scan(self) -> dict[Path, Position]:
        table: Path = ()
        while self._skip_blank() < len(self._text):
            if self._sees("["):
                table = self._header()
            else:
                self._pair(table)
        return self._found

    def _header(self) -> Path:
        here = self._here()
        is_array = self._eats("[[")
        if not is_array:
            self._eats("[")
        *parents, last = [name for name, _ in self._keys()]
        self._eats("]]" if is_array else "]")
        path: Path = ()
        for name in parents:
            path = self._latest((*path, name))
            self._put(path, here)
        path = (*path, last)
        if not is_array:
            self._put(path, here, again=True)
            return path
        self._put(path, here)
        self._lengths[path] = self._lengths.get(path, 0) + 1
        path = self._latest(path)
        self._put(path, here)
        return path

    def _latest(self, path: Path) -> Path:
        """Step into the last table of an array of tables."""
        return (*path, self._lengths[path] - 1) if path in self._lengths else path

    def _pair(self, table: Path) -> None:
        path = table
        for name, here in self._keys():
            path = (*path, name)
            self._put(path, here)
        self._eats("=")
        self._value(path)

    def _keys(self) -> list[tuple[str, Position]]:
        keys = []
        while True:
            self._skip_blank()
            here = self._here()
            keys.append((_unquoted(self._take(_KEY)), here))
            self._skip_blank()
            if not self._eats("."):
                return keys

    def _value(self, path: Path) -> None:
        self._skip_blank()
        if self._eats("["):
            self._array(path)
        elif self._eats("{"):
            self._inline_table(path)
        else:
            self._take(_SCALAR)

    def _array(self, path: Path) -> None:
        index = 0
        while not self._closes("]"):
            self._put((*path, index), self._here())
            self._value((*path, index))
            self._separator()
            index += 1

    def _inline_table(self, path: Path) -> None:
        while not self._closes("}"):
            self._pair(path)
            self._separator()

    def _separator(self) -> None:
        self._skip_blank()
        self._eats(",")

    def _closes(self, bracket: str) -> bool:
        self._skip_blank()
        return self._eats(bracket)

    def _put(self, path: Path, here: Position, *, again: bool = False) -> None:
        if len(path) > MAX_DEPTH:
            raise TooDeepError(here)
        if again or path not in self._found:
            self._found[path] = here

    def _here(self) -> Position:
        newlines = self._text.count("\n", self._counted, self._at)
        if newlines:
            self._line += newlines
            self._line_start = self._text.rindex("\n", self._counted, self._at) + 1
        self._counted = self._at
        return Position(self._line, self._at - self._line_start + 1)

    def _skip_blank(self) -> int:
        self._take(_BLANK)
        return self._at

    def _sees(self, mark: str) -> bool:
        return self._text.startswith(mark, self._at)

    def _eats(self, mark: str) -> bool:
        seen = self._sees(mark)
        if seen:
            self._at += len(mark)
        return seen

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        assert match is not None, "tomllib accepts only what the patterns know"
        self._at = match.end()
        return match[0]


def _unquoted(key: str) -> str:
    if key[0] not in "\"'":
        return key
    if "\\" not in key or key[0] == "'":
        return key[1:-1]
    import tomllib

    return str(tomllib.loads(f"key = {key}")["key"])
