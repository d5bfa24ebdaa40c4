"""Load policies: presets by name, other files by path, each with the files that it extends."""

from pathlib import Path
from typing import Any

from ticketcore._internal.files import refuse_device
from ticketcore._toml import (
    NAME,
    Document,
    Place,
    Problem,
    Reading,
    UnreadError,
    file_schema,
    identities,
    merge,
    nearest,
    parse,
    read,
)
from ticketcore.errors import PolicyError
from ticketcore.policies._policy import Policy

_PRESETS = Path(__file__).parent / "presets"
_LONGEST_CHAIN = 50  # of files that extend one another


def presets() -> tuple[str, ...]:
    """Return the names of the policies that come with the library, in alphabetical order."""
    names = (Path(entry.name) for entry in _PRESETS.iterdir())
    return tuple(sorted(name.stem for name in names if name.suffix == ".toml"))


def preset_text(name: str) -> str:
    """Return the TOML text of a preset. Raises PolicyError for another name."""
    if name not in presets():
        raise _unreadable(name, f"no such preset; {nearest(str(name), presets())}")
    return (_PRESETS / f"{name}.toml").read_text(encoding="utf-8")


def load_policy(source: str | Path) -> Policy:
    """Load the policy of a preset's name (``"service-desk"``) or of a file's path.

    A file may extend a preset, or a file in the same folder. Raises PolicyError with all problems
    at once, each with file, line, column, key path, the value found and the nearest right name.
    """
    return _finish(*_load(source, ()))


def parse_policy(text: str | bytes, source: str = "policy.toml") -> Policy:
    """Read the policy of a text. It may extend a preset, or a file beside *source*.

    Raises PolicyError as `load_policy` does.
    """
    document = parse(text, source)
    return _finish(*_extend(document, Path(source), ()))


def policy_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a policy file, in which dates are text.

    A file that extends another may leave out any key that the other has.
    """
    return file_schema(Policy, "A policy: the rules of one ticket system in one version")


def _finish(document: Document, extends: tuple[str, ...]) -> Policy:
    from ticketcore.policies._checks import check_policy

    policy = read(document, Policy, extends=extends)
    check_policy(document, policy)
    document.raise_problems(PolicyError)
    return policy


def _load(source: str | Path, below: tuple[str, ...]) -> tuple[Document, tuple[str, ...]]:
    if isinstance(source, str) and source in presets():
        document = parse(preset_text(source), f"{source}.toml")
        return _extend(document, Path(source), (*below, source))
    try:
        path = Path(source)
        refuse_device(path)
        text = path.read_bytes()
    except FileNotFoundError:
        why = f"no such preset or file; {nearest(path.name, presets())}"
        raise _unreadable(source, why) from None
    except OSError as error:
        why = f"{str(error.strerror).lower()}; {nearest(path.name, presets())}"
        raise _unreadable(source, why) from None
    except (ValueError, TypeError):  # a NUL, say
        raise _unreadable(source, "not a file name") from None
    return _extend(parse(text, str(source)), path, (*below, str(source)))


def _extend(
    document: Document, path: Path, below: tuple[str, ...]
) -> tuple[Document, tuple[str, ...]]:
    try:
        entry = document.tree.entries.get("extends")
        name = None if entry is None else NAME.read(entry, Reading())
    except UnreadError:  # noted when the whole file is read
        name = None
    if name is None:
        return document, ()
    beside = str(path.parent / name)
    parent = name if name in presets() else beside
    if len(below) > _LONGEST_CHAIN:
        return _cannot_extend(document, f"more than {_LONGEST_CHAIN} files extend one another")
    if parent in below:
        circle = " -> ".join((*below, parent))
        return _cannot_extend(document, f"the files extend one another in a circle: {circle}")
    try:
        base, extended = _load(parent, below)
    except PolicyError as error:
        return _cannot_extend(document, *(problem.message for problem in error.problems))
    return merge(base, document, identities(Policy)), (parent, *extended)


def _cannot_extend(document: Document, *messages: str) -> tuple[Document, tuple[str, ...]]:
    document.notes.extend(document.tree.problem(message, "extends") for message in messages)
    return document, ()


def _unreadable(source: object, message: str) -> PolicyError:
    return PolicyError([Problem.at(Place(str(source), 0, 0), message)])
