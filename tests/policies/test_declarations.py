"""Every declared key of a policy is used."""

import ast
from pathlib import Path

import attrs
import pytest

from ticketcore._toml import NamedTables, Table, TableArray, keys_of
from ticketcore.policies import Policy

SOURCE = Path(__file__).parents[2] / "src" / "ticketcore"

# A check of the file, or a view of all keys, does not use a key.
NO_USE = ("policies/_checks", "cli/views/_policy.py", "_toml")


def declared(cls: type[attrs.AttrsInstance]) -> set[str]:
    """Yield the attributes of the keys that a class declares, at any depth."""
    found = set()
    for key in keys_of(cls).values():
        found.add(key.attribute)
        kind = key.kind.table if isinstance(key.kind, TableArray) else key.kind
        if isinstance(kind, NamedTables | Table):
            found |= declared(kind.cls)
    return found


def read_attributes(source: str) -> set[str]:
    """Return the names of the attributes that a module reads."""
    return {
        node.attr
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
    }


READ = {
    name
    for path in SOURCE.rglob("*.py")
    if not str(path.relative_to(SOURCE)).startswith(NO_USE)
    for name in read_attributes(path.read_text(encoding="utf-8"))
}

# `rules` and `languages` are for the check of the file alone, as are the roles that levels name;
# `extends` is followed before the file is read.
CHECKED_ONLY = {"rules", "languages", "roles", "extends"}


@pytest.mark.parametrize("attribute", sorted(declared(Policy)))
def test_a_declared_key_is_read(attribute: str) -> None:
    """Each declared key is read by some code, so that none is accepted without effect."""
    assert attribute in READ | CHECKED_ONLY


def test_a_key_that_nothing_reads_is_found() -> None:
    """A key that is only assigned or named, and never read, is found."""
    assert {"b"} == read_attributes("a.b.c = 1\nd = 'e'")
