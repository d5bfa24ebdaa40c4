import re
import tomllib

from ticketcore.documents._document import Document
from ticketcore.documents._node import Place, tree
from ticketcore.documents._positions import TooDeepError, positions
from ticketcore.documents._wording import sentence

_TOO_DEEP = "nested too deeply to be a policy or a scenario"

_SYNTAX = re.compile(
    r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)",
    re.DOTALL,
)

_HINTS = {
    "Invalid value": 'expected a value; text stands in "quotes"',
    "Invalid statement": 'expected a key, a [table] or a comment with "#"',
    "Cannot overwrite": "this key is given twice",
    "Cannot declare": "this table is given twice",
    "Cannot mutate": "this table is complete, nothing can be added to it here",
    "Cannot redefine": "this table is complete, nothing can be added to it here",
}


def parse(text: str | bytes, source: str) -> Document:
    """Read a TOML 1.0 text, or its bytes in UTF-8; `source` is the file's name in messages.

    A text that is not TOML gives a broken document with one problem, not an exception.
    """
    start = Place(source, 1, 1)
    if not isinstance(text, (str, bytes)):
        return Document.unreadable(start, f"expected text or bytes, found {text!r}")
    try:
        text = text.decode() if isinstance(text, bytes) else text
    except UnicodeDecodeError as error:
        place = _end(error.object[: error.start].decode(), source)
        return Document.unreadable(place, "not UTF-8; save the file in this encoding")
    text = text.removeprefix("\ufeff")  # the byte order mark that some editors write
    try:
        return Document(tree(tomllib.loads(text), positions(text), source))
    except tomllib.TOMLDecodeError as error:
        return _syntax_problem(str(error), text, source)
    except TooDeepError as error:
        where = error.position
        return Document.unreadable(Place(source, where.line, where.column), _TOO_DEEP)
    except RecursionError:
        return Document.unreadable(start, _TOO_DEEP)
    except ValueError:  # what int() raises for thousands of digits
        return Document.unreadable(start, "one of the integers has too many digits")


def _syntax_problem(text_of_error: str, text: str, source: str) -> Document:
    match = _SYNTAX.fullmatch(text_of_error)
    what = match["what"] if match else text_of_error
    if match and match["line"]:
        place = Place(source, int(match["line"]), int(match["column"]))
    else:
        place = _end(text, source)
    hints = [hint for begin, hint in _HINTS.items() if what.startswith(begin)]
    return Document.unreadable(place, f"not valid TOML: {hints[0] if hints else sentence(what)}")


def _end(text: str, source: str) -> Place:
    return Place(source, text.count("\n") + 1, len(text) - text.rfind("\n"))
