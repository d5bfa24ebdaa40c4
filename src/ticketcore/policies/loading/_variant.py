"""Change single values of a policy file after it is read, to try other values."""

from collections.abc import Iterable, Mapping

import attrs

from ticketcore._toml import Document, Node, nearest
from ticketcore.errors import QueryError


def with_values(document: Document, values: Mapping[str, str]) -> Document:
    """Return the document with other values at some keys, such as ``timer.refund.after``.

    An entry of an array is addressed by its name; all entries of that name are changed. A value is
    written as in the file; text may be without quotes. Raises QueryError for a key that is not
    there.
    """
    tree = document.tree
    for path, value in values.items():
        tree = _with_value(tree, path.split("."), value, path)
    return attrs.evolve(document, tree=tree, problems=list(document.problems))


def _with_value(node: Node, path: list[str], value: str, whole: str) -> Node:
    if not path:
        return attrs.evolve(node, value=_read(value))
    step, *rest = path
    if isinstance(node.value, list):
        known = [each.entries["name"].plain() for each in node.value if "name" in each.entries]
        if step not in known:
            raise _unknown(whole, step, map(str, known))
        return attrs.evolve(
            node,
            value=[
                _with_value(each, rest, value, whole)
                if "name" in each.entries and each.entries["name"].plain() == step
                else each
                for each in node.value
            ],
        )
    if step not in node.entries:
        raise _unknown(whole, step, node.entries)
    below = _with_value(node.entries[step], rest, value, whole)
    return attrs.evolve(node, value={**node.entries, step: below})


def _unknown(path: str, step: str, known: Iterable[str]) -> QueryError:
    return QueryError(f'the policy has no "{path}": "{step}" is unknown; {nearest(step, known)}')


def _read(text: str) -> str | int | float | bool:
    """Return a value as TOML reads it; anything but a number, a yes-no or quoted text is text."""
    import tomllib

    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
    return value if isinstance(value, str | int | float) else text
