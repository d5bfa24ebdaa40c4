"""Load policies: presets by name, other files by path, each with the files that it extends."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from ticketcore._internal.arguments import typed
from ticketcore._internal.files import read_file, read_file_below
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
from ticketcore.policies._policy import Policy, PossibleMistake
from ticketcore.policies.loading._variant import with_values

_PRESETS = Path(__file__).parents[1] / "presets"
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


@typed
def load_policy(
    source: str | Path,
    *,
    folder: str | Path | None = None,
    values: Mapping[str, str] | None = None,
) -> Policy:
    """Load the policy of a preset's name (``"service-desk"``) or of a file's path.

    A file may extend a preset, or a file in its folder or below. Name a *folder* if *source*
    comes from outside: it is then a path from there, and files elsewhere are refused. *values*
    replaces values of the file, by keys such as ``timer.refund.after``. Raises PolicyError with
    all problems at once, each with file, line, column, key path, the value found and the nearest
    right name; and QueryError for a key in *values* that the file does not have.
    """
    document, extends, below = _load(source, folder)
    if not values:
        return _finish(document, extends, folder=below)
    try:
        return _finish(with_values(document, values), extends, folder=below)
    except PolicyError as error:
        given = ", ".join(f"{key} = {value}" for key, value in values.items())
        raise PolicyError(
            Problem(
                each.source, each.line, each.column, each.path, f"{each.message}, with {given}"
            )
            for each in error.problems
        ) from None


def _load(
    source: str | Path, folder: str | Path | None
) -> tuple[Document, tuple[str, ...], Path | None]:
    if isinstance(source, str) and source in presets():
        return *_load_preset(source, ()), None
    if folder is not None:
        below = Path(folder)
        return *_load_below(below, str(below / source), ()), below
    document = _read(source, lambda: read_file(source))  # says what is wrong with the path
    path = Path(source)
    return *_extend(document, path, path.parent, (str(source),)), path.parent


def policy_text(source: str | Path) -> tuple[str, Callable[[Sequence[str | int]], int | None]]:
    """Return the text of a policy's file, and a function that finds the line of a key path.

    *source* is a preset's name or a file's path. Paths count entries as the loaded policy does,
    such as ``("timer", 2)``. The line counts from 1, and is None for a value from a file that this
    one extends. Raises PolicyError for a file that cannot be read.
    """
    tree = _load(source, None)[0].tree
    if isinstance(source, str) and source in presets():
        text, own = preset_text(source), f"{source}.toml"
    else:
        text, own = read_file(source).decode(errors="replace"), str(source)

    def line_of(path: Sequence[str | int]) -> int | None:
        place = tree.place_of(tuple(path))
        return place.line if place.source == own else None

    return text, line_of


def policy_places(source: str | Path) -> Callable[[Sequence[str | int]], str]:
    """Return a function that names the file and the line of a key path, as in ``shop.toml:12``.

    *source* is a preset's name or a file's path; paths are those of `policy_text`. A value that a
    file takes over from another file is found in that file. Raises PolicyError for a file that
    cannot be read.
    """
    tree = _load(source, None)[0].tree

    def place_of(path: Sequence[str | int]) -> str:
        place = tree.place_of(tuple(path))
        return f"{place.source}:{place.line}"

    return place_of


@typed
def parse_policy(
    text: str | bytes, source: str = "policy.toml", *, folder: str | Path | None = None
) -> Policy:
    """Read the policy of a text, which may extend a preset. *source* names it in messages.

    Without a *folder*, no file is opened. With one, the text counts as the file *source* in that
    folder, and may name files in the folder or below. Raises PolicyError as `load_policy` does.
    """
    path = Path(source) if folder is None else Path(folder) / source
    document = parse(text, str(path), "policy")
    below = None if folder is None else Path(folder)
    return _finish(*_extend(document, path, below, ()), folder=below)


def policy_schema() -> dict[str, object]:
    """Return the JSON Schema (2020-12) of a policy file, in which dates are text.

    A file that extends another may leave out any key that the other has.
    """
    return file_schema(Policy, "A policy: the rules of one ticket system in one version")


@typed
def possible_mistakes(policy: Policy) -> tuple[PossibleMistake, ...]:
    """Return the rules that the author of a policy may not have meant.

    The policy is valid all the same. The sentences name each timer that ends and comes back with
    the values of a field, a tag, the type, the category or the assignee, and whose count then goes
    on from its old start; each breach without `met_by` that does so with the answers; and final
    closings after which news of pending refunds or disputes would be refused.
    """
    from ticketcore.policies._checks import (  # needed by few processes
        resumed_by_values,
        unrecorded_after_closing,
    )

    return (*resumed_by_values(policy), *unrecorded_after_closing(policy))


_Loaded: TypeAlias = tuple[Document, tuple[str, ...]]
"""A document, merged with all that it extends, and the names of these."""


def _finish(document: Document, extends: tuple[str, ...], folder: Path | None) -> Policy:
    from ticketcore.policies._checks import check_policy

    policy = read(document, Policy, folder=folder, extends=extends)
    check_policy(document, policy)
    document.raise_problems(PolicyError)
    return policy


def _load_preset(name: str, below: tuple[str, ...]) -> _Loaded:
    document = parse(preset_text(name), f"{name}.toml")
    return _extend(document, Path(name), None, (*below, name))


def _read(source: str | Path, content: Callable[[], bytes]) -> Document:
    """Parse the content of a file. Raises PolicyError for one that cannot be read."""
    try:
        return parse(content(), str(source), "policy")
    except FileNotFoundError:
        why = f"no such preset or file; {nearest(Path(source).name, presets())}"
    except OSError as error:
        why = str(error.strerror).lower()
    except (ValueError, TypeError):  # a NUL, or no path at all
        why = "not a file name"
    raise _unreadable(source, why)


def _extend(
    document: Document, path: Path, folder: Path | None, below: tuple[str, ...]
) -> _Loaded:
    """Lay a document over the one that it extends, which is a preset or lies in *folder*."""
    try:
        entry = document.tree.entries.get("extends")
        name = None if entry is None else NAME.read(entry, Reading())
    except UnreadError:  # noted when the whole file is read
        name = None
    if name is None:
        return document, ()
    if len(below) > _LONGEST_CHAIN:
        return _cannot_extend(document, f"more than {_LONGEST_CHAIN} files extend one another")
    parent = name if name in presets() else str(path.parent / name)
    if parent in below:
        circle = " -> ".join((*below, parent))
        return _cannot_extend(document, f"the files extend one another in a circle: {circle}")
    try:
        base, extended = _load_parent(parent, folder, below)
    except PolicyError as error:
        return _cannot_extend(document, *(problem.message for problem in error.problems))
    return merge(base, document, identities(Policy)), (parent, *extended)


def _load_parent(parent: str, folder: Path | None, below: tuple[str, ...]) -> _Loaded:
    if parent in presets():
        return _load_preset(parent, below)
    if folder is None:
        why = f"a text without a folder can only extend a preset; {nearest(parent, presets())}"
        raise _unreadable(parent, why)
    return _load_below(folder, parent, below)


def _load_below(folder: Path, path: str, below: tuple[str, ...]) -> _Loaded:
    document = _read(path, lambda: read_file_below(folder, Path(path)))
    return _extend(document, Path(path), folder, (*below, path))


def _cannot_extend(document: Document, *messages: str) -> tuple[Document, tuple[str, ...]]:
    document.notes.extend(document.tree.problem(message, "extends") for message in messages)
    return document, ()


def _unreadable(source: object, message: str) -> PolicyError:
    return PolicyError([Problem.at(Place(str(source) or ".", 0, 0), message)])
