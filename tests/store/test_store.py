"""The interface of a store."""

from inspect import getdoc, isfunction

import pytest

from ticketcore.store import MemoryStore, Store
from ticketcore.store.sql import SqlStore

METHODS = [name for name, value in vars(Store).items() if isfunction(value) and name[0] != "_"]


@pytest.mark.parametrize("cls", [MemoryStore, SqlStore])
def test_the_methods_of_a_store_are_documented_once(cls: type) -> None:
    """Each method of a store has the documentation of the interface."""
    assert {name: getdoc(getattr(Store, name)) for name in METHODS} == {
        name: getdoc(getattr(cls, name)) for name in METHODS
    }
