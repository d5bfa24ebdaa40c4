import json
from collections.abc import Collection, Iterator, Mapping
from itertools import islice

import attrs

from ticketcore._internal.limits import MAX_PROBLEMS
from ticketcore._toml._document import Document
from ticketcore._toml._node import Node
from ticketcore._toml._problem import Problem
from ticketcore._toml._wording import nearest, quoted


def merge(parent: Document, child: Document, by_name: Mapping[str, tuple[str, ...]]) -> Document:
    """Lay a child file over the one that it extends; every value keeps its own place.

    Tables merge key by key, and other values of the child replace those of the parent. So do
    arrays, except those at the keys of `by_name` in the root (`{"timer": ("name",)}`), whose
    entries have an identity: their values at these keys. The child's entries replace all entries
    of the parent with the same identity, at the place of the first of them. New entries are
    appended in their order. An entry or a table of the child with `remove = true` only removes.
    """
    problems = [*parent.problems, *child.problems]
    entries = dict(child.tree.entries)
    for key, names in by_name.items():
        array = entries.get(key)
        if array is None or not isinstance(array.value, list):
            continue
        old = parent.tree.entries[key].elements if key in parent.tree.entries else []
        problems += islice(_idle_removals(key, names, old, array.value), MAX_PROBLEMS)
        entries[key] = attrs.evolve(array, value=_merged_by_name(names, old, array.value))
    tree = _merged(parent.tree, attrs.evolve(child.tree, value=entries), problems)
    return Document(tree, broken=parent.broken or child.broken, problems=problems)


def _merged(parent: Node, child: Node, problems: list[Problem]) -> Node:
    if not isinstance(parent.value, dict) or not isinstance(child.value, dict):
        return child
    entries = dict(parent.value)
    for key, node in child.value.items():
        if _removes(node):
            if key not in parent.value:
                problems.append(_nothing_to_remove(node, quoted(key), key, parent.value))
            problems += _idle_keys(node, ())
            entries.pop(key, None)
        else:
            entries[key] = _merged(entries[key], node, problems) if key in entries else node
    return attrs.evolve(child, value=entries)


def _merged_by_name(names: tuple[str, ...], old: list[Node], new: list[Node]) -> list[Node]:
    groups: dict[tuple[str, ...], list[Node]] = {_identity(node, names): [] for node in new}
    staying = [node for node in new if not _removes(node)]
    for node in staying:
        groups[_identity(node, names)].append(node)
    result = []
    placed = set()
    for node in old:
        identity = _identity(node, names)
        if identity not in groups:
            result.append(node)
        elif identity not in placed:
            result += groups[identity]
        placed.add(identity)
    return result + [node for node in staying if _identity(node, names) not in placed]


def _idle_removals(
    key: str, names: tuple[str, ...], old: list[Node], new: list[Node]
) -> Iterator[Problem]:
    """Find entries with `remove = true` that remove nothing, or that have further keys."""
    known = {_identity(node, names): _label(node, names) for node in old}
    for node in filter(_removes, new):
        if _identity(node, names) not in known:
            label = _label(node, names)
            yield _nothing_to_remove(node, f"{key} {quoted(label)}", label, known.values())
        yield from _idle_keys(node, names)


def _nothing_to_remove(node: Node, what: str, name: str, known: Collection[str]) -> Problem:
    right = nearest(name, known) if known else "the extended file has none"
    return Problem.at(node.place, f"no {what} to remove; {right}")


def _idle_keys(node: Node, names: tuple[str, ...]) -> Iterator[Problem]:
    for name in node.entries.keys() - {*names, "remove"}:
        message = "has no effect with remove = true: delete one of the two"
        yield Problem.at(node.entries[name].place, message)


def _removes(node: Node) -> bool:
    return "remove" in node.entries and node.entries["remove"].value is True


def _identity(node: Node, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the values of an entry at these keys as text; a missing key is `null`."""
    values = [node.entries[name].plain() if name in node.entries else None for name in names]
    return tuple(json.dumps(value, default=str, sort_keys=True) for value in values)


def _label(node: Node, names: tuple[str, ...]) -> str:
    return ", ".join(str(node.entries[name].plain()) for name in names if name in node.entries)
