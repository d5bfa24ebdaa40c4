"""Documents: TOML texts with the place of every value and all problems met so far."""

import re

import attrs

from ticketcore._internal.files import not_a_text
from ticketcore._internal.frozen import Value, frozen
from ticketcore._internal.limits import MAX_FILE_BYTES
from ticketcore._internal.terminal import short
from ticketcore._toml._node import Node, tree
from ticketcore._toml._other_files import FileKind, other_content, other_kind
from ticketcore._toml._positions import TooDeepError, positions
from ticketcore._toml._problem import Place, Problem
from ticketcore._toml._size import TOO_DEEP, too_large
from ticketcore._toml._wording import sentence
from ticketcore.errors import FileError

_SYNTAX = re.compile(
    r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)",
    re.DOTALL,
)

_TIME_WITHOUT_SECONDS = re.compile(r".?\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?!:)")

_COMPLETE = "this table was written above and cannot be extended here: move the keys there"

_HINTS = {
    "Invalid value": 'expected a value: put text in "quotes"',
    "Invalid statement": 'expected a key, a [table] or a comment with "#"',
    "Cannot overwrite": "this key is given twice",
    "Cannot declare": "this table is given twice",
    "Cannot mutate": _COMPLETE,
    "Cannot redefine": _COMPLETE,
}


@frozen
class Document(Value):
    """The values of a file, or of several files merged, and the problems met so far.

    A broken document could not be read at all. It has one problem, which says why; reading its
    empty tree adds none.
    """

    tree: Node
    broken: bool = False
    _problems: list[Problem] = attrs.field(factory=list, eq=False)

    @classmethod
    def unreadable(cls, place: Place, message: str) -> "Document":
        """Make a broken document."""
        return cls(Node({}, place), broken=True, problems=[Problem.at(place, message)])

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems met so far, in the order of their places."""
        return tuple(sorted(set(self._problems)))

    @property
    def notes(self) -> list[Problem]:
        """The list to which a reader adds problems; those of a broken document are dropped."""
        return [] if self.broken else self._problems

    def raise_problems(self, error: type[FileError]) -> None:
        """Raise all problems as one error of this kind, if there are any."""
        if self._problems:
            raise error(self.problems)


def parse(text: str | bytes, source: str, kind: FileKind | None = None) -> Document:
    """Read a TOML 1.0 text, or its bytes in UTF-8; *source* is the file's name in messages.

    A text that is not TOML, or has the keys of another kind of file, gives a broken document with
    one problem, not an exception.
    """
    import tomllib

    start = Place(source, 1, 1)
    if not isinstance(text, (str, bytes)):  # from a caller whose types nobody checks
        return Document.unreadable(start, f"expected text or bytes, found {short(text)}")  # type: ignore[unreachable]
    if len(text) > MAX_FILE_BYTES:
        return Document.unreadable(start, f"has more than {MAX_FILE_BYTES:,} bytes")
    if isinstance(text, bytes):
        if wrong := not_a_text(text):
            if other := other_content(text, kind):
                return Document.unreadable(start, other)
            at, why = wrong
            return Document.unreadable(_end(text[:at].decode(errors="replace"), source), why)
        try:
            text = text.decode()
        except UnicodeDecodeError as error:
            place = _end(error.object[: error.start].decode(), source)
            found = error.object[error.start]
            why = f"the byte 0x{found:02x} is not UTF-8: save the file as UTF-8"
            return Document.unreadable(place, why)
    text = text.removeprefix("\ufeff")  # the byte order mark that some editors write
    if excess := too_large(text):
        position, message = excess
        return Document.unreadable(_end(text[:position], source), message)
    try:
        values = tomllib.loads(text)
        if other := other_kind(values, kind):
            return Document.unreadable(start, other)
        return Document(tree(values, positions(text), source))
    except tomllib.TOMLDecodeError as error:
        if other := other_content(text.encode(errors="replace"), kind):
            return Document.unreadable(start, other)
        return _syntax_problem(str(error), text, source)
    except TooDeepError as error:
        where = error.position
        return Document.unreadable(Place(source, where.line, where.column), TOO_DEEP)
    except RecursionError:
        return Document.unreadable(start, TOO_DEEP)
    except ValueError:  # int() refuses thousands of digits
        return Document.unreadable(start, "one of the integers has too many digits")


def _syntax_problem(text_of_error: str, text: str, source: str) -> Document:
    match = _SYNTAX.fullmatch(text_of_error)
    what = match["what"] if match else text_of_error
    if match and match["line"]:
        place = Place(source, int(match["line"]), int(match["column"]))
    else:
        place = _end(text, source)
    hints = [hint for begin, hint in _HINTS.items() if what.startswith(begin)]
    line = text.split("\n")[place.line - 1]
    if _TIME_WITHOUT_SECONDS.match(line[max(0, place.column - 12) :]):  # the date ends here
        hints = ["a date and time needs seconds, such as 2026-01-31T15:00:00"]
    return Document.unreadable(place, f"not valid TOML: {hints[0] if hints else sentence(what)}")


def _end(text: str, source: str) -> Place:
    return Place(source, text.count("\n") + 1, len(text) - text.rfind("\n"))
