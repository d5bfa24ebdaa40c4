"""Load mappings: those that come with the library by name, other files by path."""

from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import attrs

from ticketcore._internal.arguments import typed
from ticketcore._internal.files import read_file
from ticketcore._toml import (
    Document,
    Mistake,
    Place,
    Problem,
    check,
    file_schema,
    nearest,
    parse,
    quoted,
    read,
)
from ticketcore._toml._positions import Path as KeyPath
from ticketcore.errors import MappingError
from ticketcore.importers.logs._row import compared
from ticketcore.importers.mapping._file import LogMapping, Rule

_INCLUDED = Path(__file__).parents[1] / "mappings"


def mappings() -> tuple[str, ...]:
    """Return the names of the mappings that come with the library, in alphabetical order."""
    return tuple(sorted(entry.stem for entry in _INCLUDED.glob("*.toml")))


def mapping_text(name: str) -> str:
    """Return the TOML text of an included mapping. Raises MappingError for another name."""
    if name not in mappings():
        raise _unreadable(name, f"no such mapping; {nearest(str(name), mappings())}")
    return (_INCLUDED / f"{name}.toml").read_text(encoding="utf-8")


@typed
def load_mapping(source: str | Path) -> LogMapping:
    """Load the mapping of a name (``"jira"``) or of a file's path.

    Raises MappingError with all problems at once, each with file, line, column, key path, the
    value found and the nearest right name.
    """
    if isinstance(source, str) and source in mappings():
        return parse_mapping(mapping_text(source), f"{source}.toml")
    try:
        text = read_file(source)
    except OSError as error:
        why = str(error.strerror).lower()
        if isinstance(error, FileNotFoundError):
            why = f"no such mapping or file; {nearest(Path(source).name, mappings())}"
        raise _unreadable(source, why) from None
    return parse_mapping(text, str(source))


@typed
def parse_mapping(text: str | bytes, source: str = "mapping.toml") -> LogMapping:
    """Read the mapping of a text. Raises MappingError as `load_mapping` does."""
    document = parse(text, source, "mapping")
    mapping = read(document, LogMapping, origin=document)
    checks = [
        _times_have_a_form,
        _rules_have_instants,
        _states_are_known,
        _rows_are_named,
        _parties,
    ]
    check(document, mapping, checks)
    document.raise_problems(MappingError)
    return mapping


def mapping_schema() -> dict[str, object]:
    """Return the JSON Schema (2020-12) of a mapping file."""
    return file_schema(LogMapping, "A mapping from another system's log to the events of tickets")


def wrong_columns(mapping: LogMapping, known: tuple[str, ...]) -> MappingError | None:
    """Return the error about the columns that a log lacks, each with the nearest one, or None.

    One of several alternatives is enough.
    """
    document = mapping.origin
    assert isinstance(document, Document)
    problems = [
        document.tree.problem(
            f"the log has no column {quoted(column)}; {nearest(column, known)}", *path
        )
        for column, path in _lacking(mapping, lambda column: column in known)
    ]
    return MappingError(sorted(set(problems))) if problems else None


def without_effect(
    mapping: LogMapping,
    empty: Collection[str],
    fitted: Collection[int],
    overtaken: Collection[int],
    unmet: Collection[str | None],
) -> tuple[Problem, ...]:
    """Return the places of columns that are *empty*, and of rules that are not among *fitted*.

    One of several alternatives is enough. An earlier rule took each row of the rules
    *overtaken*; *unmet* has the names of persons who did nothing.
    """
    document = mapping.origin
    assert isinstance(document, Document)
    problems = [
        document.tree.problem(f"no row has a value in the column {quoted(column)}", *path)
        for column, path in _lacking(mapping, lambda column: column not in empty)
    ]
    problems += [
        document.tree.problem(
            f'an earlier rule takes each row of this rule for "{rule.event.NAME}"'
            if i in overtaken
            else f'no row fits this rule for "{rule.event.NAME}"',
            "event",
            i,
        )
        for i, rule in _rules(mapping)
        if i not in fitted
    ]
    people = {} if mapping.people is None else attrs.asdict(mapping.people)
    problems += [
        document.tree.problem(f"no event is by {quoted(name)}", "people", key)
        for key in ("system", "support", "names")
        for name in people.get(key, ())
        if compared(name.strip()) in unmet
    ]
    return tuple(sorted(set(problems)))


def _lacking(mapping: LogMapping, found: Callable[[str], bool]) -> Iterator[tuple[str, KeyPath]]:
    """Yield the columns that are not *found*, with the places of values that need them."""
    columns = [*mapping.columns]
    lacking = [(column, path) for column, path in columns if not found(column)]
    whole = {path for _, path in columns} - {path for _, path in lacking}
    enough = {path[:-1] for path in whole}
    for column, path in lacking:
        if not isinstance(path[-1], int):
            yield column, path
        elif path[:-1] not in enough:
            yield column, path[:-1]


def _rules(mapping: LogMapping) -> Iterator[tuple[int, Rule]]:
    return iter(enumerate(mapping.rules))


def _times_have_a_form(mapping: LogMapping) -> Iterator[Mistake]:
    if not mapping.log.time_format:
        yield ("log", "time_format"), "expected at least one form, found an empty list"


def _rules_have_instants(mapping: LogMapping) -> Iterator[Mistake]:
    if mapping.log.time is not None:
        return
    if mapping.opened.at is None:
        yield ("opened", "at"), "missing: without log.time, name the column of the opening"
    for i, rule in _rules(mapping):
        if rule.at is None:
            yield ("event", i, "at"), "missing: without log.time, name the column of the instant"


def _states_are_known(mapping: LogMapping) -> Iterator[Mistake]:
    for i, rule in _rules(mapping):
        for name in ("to_state", "from_state"):
            if getattr(rule, name) is None:
                continue
            if mapping.log.state is None:
                yield ("event", i, name), "log.state must name the column with the state"
            if rule.at is not None:
                yield ("event", i, name), "has no effect beside at: use where"
        for name in ("changed", "rises", "falls"):
            if rule.at is not None and getattr(rule, name):
                yield ("event", i, name), "has no effect beside at: use where"


def _rows_are_named(mapping: LogMapping) -> Iterator[Mistake]:
    names = mapping.log.rows or {}
    for i, rule in _rules(mapping):
        if rule.rows is not None and rule.rows not in names:
            found = f"unknown rows {quoted(rule.rows)}; {nearest(rule.rows, names)}"
            yield ("event", i, "rows"), found


def _parties(mapping: LogMapping) -> Iterator[Mistake]:
    for i, rule in _rules(mapping):
        if mapping.people is None and rule.by is None:
            yield ("event", i, "by"), "missing: say who acts, here or in [people]"


def _unreadable(source: object, message: str) -> MappingError:
    return MappingError([Problem.at(Place(str(source), 0, 0), message)])
