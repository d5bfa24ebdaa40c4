"""Frozen classes, and what values have in common."""

import copy
import pickle
from collections.abc import Mapping
from unittest.mock import ANY

import attrs
import pytest

from ticketcore._internal.frozen import Value, frozen


@frozen
class Point(Value):
    """A value whose fields are given by position."""

    x: int
    y: int = 0


@frozen
class Noted(Value):
    """A value with a field that does not count in comparisons."""

    name: str
    facts: Mapping[str, str] = attrs.field(factory=dict)
    note: str = attrs.field(default="", eq=False)


@frozen
class Renamed(Noted):
    """A class with the same fields as another one."""


class TestFrozen:
    """`frozen` makes frozen classes with slots."""

    def test_instances_cannot_be_changed(self) -> None:
        """Setting or deleting an attribute is refused, and an instance has slots alone."""
        point = Point(1, 2)
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            point.x = 2  # type: ignore[misc]
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            del point.x

        assert not hasattr(point, "__dict__")

    def test_instances_copy_pickle_and_evolve(self) -> None:
        """Instances can be copied, pickled and evolved, and are equal by their values."""
        point = Point(1, 2)

        assert [point, point] == [copy.deepcopy(point), pickle.loads(pickle.dumps(point))]
        assert Point(1, 3) == attrs.evolve(point, y=3)


class TestValue:
    """`Value` compares, hashes and shows values by their fields."""

    def test_values_are_equal_by_class_and_by_the_fields_that_count(self) -> None:
        """A field with ``eq=False`` does not count; another class may decide, as `ANY` does."""
        assert Noted("a") == ANY
        assert Noted("a", note="1") == Noted("a", note="2")
        assert Noted("a") != Noted("b")
        assert Noted("a") != Noted("a", {"colour": "red"})
        assert Noted("a") != Renamed("a")

    def test_equal_values_have_one_hash(self) -> None:
        """Equal values have equal hashes; fields that hold mappings are left out of the hash."""
        assert hash(Noted("a", note="1")) == hash(Noted("a", note="2"))
        assert hash(Noted("a")) == hash(Noted("a", {"colour": "red"}))
        assert hash(Noted("a")) != hash(Noted("b"))

    def test_a_value_is_shown_without_defaults(self) -> None:
        """The repr of a value is the call that makes an equal value."""
        assert "Noted(name='a', facts={}, note='1')" == repr(Noted("a", note="1"))
        assert "Point(x=1)" == repr(Point(1))
