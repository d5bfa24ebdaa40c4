"""Finding policy files: presets by name, others by path, and what they extend."""

from pathlib import Path

from ticketcore._internal.files import refuse_device
from ticketcore.documents import Document, Place, Problem, merge, nearest, parse
from ticketcore.errors import PolicyError
from ticketcore.policies._model import Policy
from ticketcore.policies._read import BY_NAME, read_policy

_PRESETS = Path(__file__).parent / "presets"
_LONGEST_CHAIN = 50  # of files that extend one another


def presets() -> tuple[str, ...]:
    """The names of the policies that come with the library, in alphabetical order."""
    names = (Path(entry.name) for entry in _PRESETS.iterdir())
    return tuple(sorted(name.stem for name in names if name.suffix == ".toml"))


def preset_text(name: str) -> str:
    """The file of a preset. Raises PolicyError for another name."""
    if name not in presets():
        raise _unreadable(name, f"no such preset; {nearest(str(name), presets())}")
    return (_PRESETS / f"{name}.toml").read_text(encoding="utf-8")


def load_policy(source: str | Path) -> Policy:
    """The policy of a preset's name (``"service-desk"``) or of a file's path.

    What a file extends is a preset, or a path beside it. Raises PolicyError with all problems at
    once, each with file, line, column, key path, what was found and the nearest right name.
    """
    return _finish(*_load(source, ()))


def parse_policy(text: str | bytes, source: str = "policy.toml") -> Policy:
    """The policy of a text. What it extends is a preset, or a path beside *source*."""
    document = parse(text, source)
    return _finish(*_extend(document, Path(source), ()))


def _finish(document: Document, extends: tuple[str, ...]) -> Policy:
    policy = read_policy(document, extends)
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
        raise _unreadable(source, "is no name of a file") from None
    return _extend(parse(text, str(source)), path, (*below, str(source)))


def _extend(
    document: Document, path: Path, below: tuple[str, ...]
) -> tuple[Document, tuple[str, ...]]:
    root = document.root()
    name = root.name("extends") if root.has("extends") else None
    if not name:
        return document, ()
    beside = str(path.parent / name)
    parent = name if name in presets() else beside
    if len(below) > _LONGEST_CHAIN:
        root.problem("extends", f"more than {_LONGEST_CHAIN} files extend one another")
        return document, ()
    if parent in below:
        root.problem("extends", f"goes round in a circle: {' -> '.join((*below, parent))}")
        return document, ()
    try:
        base, extended = _load(parent, below)
    except PolicyError as error:
        for problem in error.problems:
            root.problem("extends", problem.message)
        return document, ()
    return merge(base, document, BY_NAME), (parent, *extended)


def _unreadable(source: object, message: str) -> PolicyError:
    return PolicyError([Problem.at(Place(str(source), 0, 0), message)])
