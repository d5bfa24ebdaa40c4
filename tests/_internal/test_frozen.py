"""Frozen classes whose initializer is written when it is first asked for."""

import copy
import inspect
import pickle
import traceback
from collections.abc import Mapping
from typing import Any
from unittest.mock import ANY

import attrs
import pytest

from ticketcore._internal.frozen import LazyInit, Value, frozen
from ticketcore.commands import COMMANDS
from ticketcore.events import EVENTS, Timer
from ticketcore.policies import TimerDefinition
from ticketcore.ticket import Ticket


def _positive(_: object, field: "attrs.Attribute[int]", value: int) -> None:
    if value <= 0:
        raise ValueError(f"{field.name} is not positive")


def _twice(made: Any) -> int:
    return 2 * int(made.count)


class Fields:
    """A field of each kind, in the order in which attrs takes them."""

    count: int = attrs.field(converter=int, validator=_positive)
    text: str = "none"
    size: int = attrs.field(default=-7, converter=abs)
    items: list[int] = attrs.field(factory=list)
    _hidden: str = "hidden"
    fixed: int = attrs.field(init=False, default=3)
    twice: int = attrs.field(init=False, default=attrs.Factory(_twice, takes_self=True))
    total: int = attrs.field(init=False)
    named: str = attrs.field(kw_only=True)
    other: str = attrs.field(kw_only=True, default="other")

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "total", self.count + self.size)


def _copy_of(cls: type) -> type:
    return type("Made", (), {name: each for name, each in vars(cls).items() if name != "__dict__"})


Lazy: Any = frozen(_copy_of(Fields))
Eager: Any = attrs.frozen(_copy_of(Fields))


@frozen
class Point(Value):
    """A value whose fields are given by position."""

    x: int
    y: int = 0


@frozen(kw_only=True)
class Named(Value):
    """A value whose fields are given by name."""

    name: str


@frozen(kw_only=True)
class Titled(Named):
    """A value with a field more."""

    title: str = ""


@frozen
class Noted(Value):
    """A value with a field that does not count."""

    name: str
    facts: Mapping[str, str] = attrs.field(factory=dict)
    note: str = attrs.field(default="", eq=False)


@frozen
class Renamed(Noted):
    """Another class with the same fields."""


class TestInitializer:
    """The initializer does what the one that attrs writes does."""

    @pytest.mark.parametrize(
        "given",
        [
            ((1,), {"named": "a"}),
            ((1, "text", 2, [3], "b"), {"named": "a", "other": "c"}),
            (("1",), {"size": -4, "items": [], "hidden": "d", "named": "a"}),
        ],
    )
    def test_it_sets_the_same_values(self, given: tuple[tuple[Any, ...], dict[str, Any]]) -> None:
        """Defaults, factories, converters, aliases, and fields that the class computes."""
        arguments, named = given

        assert attrs.asdict(Eager(*arguments, **named)) == attrs.asdict(Lazy(*arguments, **named))

    @pytest.mark.parametrize(
        "given",
        [((), {"named": "a"}), ((1,), {}), ((0,), {"named": "a"}), ((1,), {"named": "a", "z": 1})],
    )
    def test_it_refuses_the_same_arguments(
        self, given: tuple[tuple[Any, ...], dict[str, Any]]
    ) -> None:
        """The error has the same type and text."""
        arguments, named = given
        with pytest.raises((TypeError, ValueError)) as expected:
            Eager(*arguments, **named)
        with pytest.raises((TypeError, ValueError)) as found:
            Lazy(*arguments, **named)

        assert repr(expected.value).replace("Made.", "") == repr(found.value).replace("Made.", "")

    def test_a_default_that_is_made_belongs_to_one_instance(self) -> None:
        """No two instances share a list."""
        assert Lazy(1, named="a").items is not Lazy(1, named="a").items

    def test_the_signature_and_the_fields_are_the_same(self) -> None:
        """Editors, `attrs.fields` and `match` see what was declared."""
        signatures = [inspect.signature(cls).parameters.values() for cls in (Eager, Lazy)]
        expected, found = ([(p.name, p.kind) for p in each] for each in signatures)

        assert expected == found
        assert attrs.fields(Eager) == attrs.fields(Lazy)
        assert Eager.__match_args__ == Lazy.__match_args__
        assert ("x", "y") == Point.__match_args__
        assert not Named.__match_args__

    def test_a_traceback_shows_its_source(self) -> None:
        """The function can be read in a traceback and in a debugger."""
        with pytest.raises(ValueError, match="count is not positive") as caught:
            Lazy(0, named="a")
        shown = "".join(traceback.format_exception(caught.value))

        assert "in __init__\n    _count.validator(self, _count, self.count)" in shown


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
        """They are equal by their values."""
        point = Point(1, 2)

        assert [point, point] == [copy.deepcopy(point), pickle.loads(pickle.dumps(point))]
        assert Point(1, 3) == attrs.evolve(point, y=3)

    def test_each_class_has_its_own_initializer(self) -> None:
        """This holds although the class above it is used first."""
        assert "a" == Named(name="a").name
        assert ("a", "b") == attrs.astuple(Titled(name="a", title="b"))

    def test_a_plain_class_below_it_uses_its_initializer(self) -> None:
        """A host may add methods, and needs no attrs for it."""

        class Shown(Point):
            def shown(self) -> str:
                return f"{self.x}/{self.y}"

        assert "1/2" == Shown(1, 2).shown()

    def test_an_initializer_is_written_when_it_is_first_asked_for(self) -> None:
        """Making the class writes none; the first instance replaces what stands for it."""

        @frozen
        class Unused(Value):
            name: str

        assert isinstance(vars(Unused)["__init__"], LazyInit)
        Unused("a")
        assert inspect.isfunction(vars(Unused)["__init__"])

    @pytest.mark.parametrize("cls", [*EVENTS.values(), *COMMANDS.values(), Ticket, Timer])
    def test_the_library_s_classes_take_their_fields(self, cls: Any) -> None:
        """Each parameter has the name, the type and the default of its field."""
        fields: tuple[attrs.Attribute[Any], ...] = attrs.fields(cls)
        parameters = inspect.signature(cls).parameters

        assert [(f.name, f.type) for f in fields] == [
            (p.name, p.annotation) for p in parameters.values()
        ]
        assert [attrs.NOTHING if f.default is attrs.NOTHING else f.default for f in fields] == [
            attrs.NOTHING if p.default is p.empty else p.default for p in parameters.values()
        ]

    def test_computed_fields_are_no_parameters(self) -> None:
        """A timer of a policy computes some of its fields."""
        computed = {field.name for field in attrs.fields(TimerDefinition) if not field.init}

        assert computed
        assert not computed & {*inspect.signature(TimerDefinition).parameters}


class TestValue:
    """`Value` compares, hashes and shows values by their fields."""

    def test_values_are_equal_by_class_and_by_the_fields_that_count(self) -> None:
        """A field with ``eq=False`` does not; another class may know better, as `ANY` does."""
        assert Noted("a") == ANY
        assert Noted("a", note="1") == Noted("a", note="2")
        assert Noted("a") != Noted("b")
        assert Noted("a") != Noted("a", {"colour": "red"})
        assert Noted("a") != Renamed("a")

    def test_equal_values_have_one_hash(self) -> None:
        """Mappings are left out of it: they have none."""
        assert hash(Noted("a", note="1")) == hash(Noted("a", note="2"))
        assert hash(Noted("a")) == hash(Noted("a", {"colour": "red"}))
        assert hash(Noted("a")) != hash(Noted("b"))

    def test_a_value_is_shown_without_defaults(self) -> None:
        """The text is the call that makes an equal value."""
        assert "Noted(name='a', facts={}, note='1')" == repr(Noted("a", note="1"))
        assert "Point(x=1)" == repr(Point(1))
