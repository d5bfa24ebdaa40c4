"""Frozen classes that cost little to import.

Most classes of the library are declared with `frozen`: it is ``attrs.frozen``, but attrs writes
and compiles no methods that compare, hash and show. They would take half of the time of a class at
import. `Value` has one of each for all classes below it. A class that is not below it, such as
`Policy`, is equal to itself alone.
"""

from collections.abc import Callable, Mapping
from functools import cache, partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, get_origin

import attrs

__all__ = ["Value", "frozen", "short_repr"]

if TYPE_CHECKING:
    from attrs import frozen
else:
    frozen = partial(attrs.frozen, repr=False, eq=False)


def short_repr(instance: Any) -> str:
    """Return *instance* as a call of its class, without fields that have their default."""
    fields = [field for field in attrs.fields(type(instance)) if field.repr]
    values = ((field, getattr(instance, field.name)) for field in fields)
    shown = (f"{field.name}={value!r}" for field, value in values if value != field.default)
    return f"{type(instance).__name__}({', '.join(shown)})"


class Value:
    """The base of value classes: equal by class and fields, and shown as a call of the class."""

    __slots__ = ()

    __repr__ = short_repr

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented  # as attrs does: `mock.ANY` equals every value
        cls: Any = type(self)
        values = _values_of(cls)
        return values(other) == values(self)

    def __hash__(self) -> int:
        cls: Any = type(self)
        return hash((cls, _hashable_values_of(cls)(self)))


@cache
def _values_of(cls: Any) -> Callable[[object], tuple[object, ...]]:
    return attrgetter(*(field.name for field in attrs.fields(cls) if field.eq))


@cache
def _hashable_values_of(cls: Any) -> Callable[[object], tuple[object, ...]]:
    """Return a reader of all fields that are compared, except mappings."""
    fields = [field for field in attrs.fields(cls) if field.eq]
    return attrgetter(*(field.name for field in fields if get_origin(field.type) is not Mapping))
