"""Frozen classes of attrs that are made in half the time, for those that most are made of."""

from typing import Any, TypeVar

import attrs

T = TypeVar("T")

_become = object.__setattr__


def quickly_made(cls: type[T]) -> type[T]:
    """Speed up the constructor of a frozen, slotted attrs class, which is not to be subclassed.

    attrs sets each field of a frozen instance by ``object.__setattr__``, and that takes most of
    the time. Here an instance is a draft, whose fields can simply be set, until all of them are.
    """

    def begin(self: Any) -> None:
        _become(self, "__class__", draft)

    def seal(self: Any) -> None:
        self.__class__ = cls

    body = {
        "__slots__": (),
        "__setattr__": object.__setattr__,
        "__delattr__": object.__delattr__,
        "__attrs_pre_init__": begin,
        "__attrs_post_init__": seal,
    }
    made = type(cls.__name__, (cls,), body)
    draft: Any = attrs.define(made, slots=False, eq=False, repr=False)
    quick: Any = cls
    quick.__attrs_pre_init__ = begin
    quick.__init__ = draft.__init__
    return cls
