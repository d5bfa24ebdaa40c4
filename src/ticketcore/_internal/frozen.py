"""Frozen classes that cost little to import.

Most classes of the library are declared here: `frozen` is ``attrs.frozen``, but attrs writes and
compiles less source text for each class, which takes most of the time of a class at import:

- `Value` compares, hashes and shows all classes below it by one function each. A class that is
  not below it, such as `Policy`, is equal to itself alone.
- ``__init__`` is written when it is first asked for. A process imports all events and commands,
  and makes instances of few. `LazyInit` stands for it until then.

attrs always compiles an initializer of all fields that it sets. So it is shown fields that it
does not set while it makes the class, and the class gets the declared fields afterwards.
"""

from collections.abc import Callable, Mapping
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, get_origin

import attrs

from ticketcore._internal.fast_attrs import compile_function

__all__ = ["Value", "frozen", "short_repr"]

if TYPE_CHECKING:
    from attrs import frozen
else:

    def frozen(cls=None, *, kw_only=False):
        """Return *cls* as a frozen attrs class with slots, and with an initializer on demand."""
        if cls is None:
            return lambda cls: frozen(cls, kw_only=kw_only)
        declared = []

        def unset_all(_, fields):
            declared.extend(fields)
            return [_unset(field) for field in fields]

        options = {"repr": False, "eq": False, "init": False, "kw_only": kw_only}
        made = attrs.frozen(cls, **options, field_transformer=unset_all)
        aliased = [  # attrs 25 names the parameters only now
            field if field.alias else field.evolve(alias=unset.alias)
            for field, unset in zip(declared, made.__attrs_attrs__, strict=True)
        ]
        made.__attrs_attrs__ = type(made.__attrs_attrs__)(aliased)
        made.__match_args__ = tuple(f.name for f in declared if f.init and not f.kw_only)
        made.__init__ = LazyInit(made)
        del made.__attrs_init__
        return made


_unset_fields: dict[str, "attrs.Attribute[Any]"] = {}


def _unset(field: "attrs.Attribute[Any]") -> "attrs.Attribute[Any]":
    """Return a field of the same name that an initializer does not set."""
    unset = _unset_fields.get(field.name)
    if unset is None:
        unset = field.evolve(init=False, default=attrs.NOTHING, alias=None)
        _unset_fields[field.name] = unset
    return unset


class LazyInit:
    """The initializer of a frozen class until it is first asked for."""

    def __init__(self, cls: Any) -> None:
        self.cls = cls

    def __get__(self, instance: object, owner: type) -> Any:
        function = self.cls.__init__ = _initializer(self.cls)
        return function.__get__(instance, owner)


def _initializer(cls: Any) -> Any:
    """Write ``__init__`` as attrs does: convert and set all fields, validate, then the rest.

    No parameter hides a name of the function: those are in capitals or begin with an underscore.
    """
    fields: tuple[attrs.Attribute[Any], ...] = attrs.fields(cls)
    names: dict[str, Any] = {f"_{field.name}": field for field in fields}
    names |= {"BIND": object.__setattr__.__get__, "MISSING": attrs.NOTHING}
    body, checks = ["PUT = BIND(self)"], []
    for field in fields:
        name, value = field.name, _value(field)
        if not value:
            continue  # `__attrs_post_init__` sets it
        if field.converter:
            value = f"_{name}.converter({value})"
        body.append(f"PUT('{name}', {value})")
        if field.validator:
            checks.append(f"_{name}.validator(self, _{name}, self.{name})")
    after = ["self.__attrs_post_init__()"] if hasattr(cls, "__attrs_post_init__") else []
    given = [field for field in fields if field.init]
    by_position = [_parameter(field) for field in given if not field.kw_only]
    by_name = [_parameter(field) for field in given if field.kw_only]
    parameters = ["self", *by_position, *(["*", *by_name] if by_name else [])]
    function = compile_function(cls, "__init__", parameters, body + checks + after, names)
    function.__annotations__ = {f.alias: f.type for f in given} | {"return": None}
    return function


def _parameter(field: "attrs.Attribute[Any]") -> str:
    """Return the source text of a field's parameter, with its default."""
    if field.default is attrs.NOTHING:
        return str(field.alias)
    return f"{field.alias}={'MISSING' if _is_made(field) else f'_{field.name}.default'}"


def _value(field: "attrs.Attribute[Any]") -> str:
    """Return the source text of a field's first value; empty if the initializer has none."""
    default: Any = field.default
    if _is_made(field):
        made = f"_{field.name}.default.factory({'self' if default.takes_self else ''})"
        return f"{made} if {field.alias} is MISSING else {field.alias}" if field.init else made
    if field.init:
        return str(field.alias)
    return "" if default is attrs.NOTHING else f"_{field.name}.default"


def _is_made(field: "attrs.Attribute[Any]") -> bool:
    """Whether a function makes the field's default."""
    return isinstance(field.default, attrs.Factory)  # type: ignore[arg-type]


def short_repr(instance: Any) -> str:
    """Return *instance* as a call of its class, without fields that have their default."""
    fields = [field for field in attrs.fields(type(instance)) if field.repr]
    values = ((field, getattr(instance, field.name)) for field in fields)
    shown = (f"{field.name}={value!r}" for field, value in values if value != field.default)
    return f"{type(instance).__name__}({', '.join(shown)})"


class Value:
    """The base of value classes, which are attrs classes with ``repr=False, eq=False``.

    One function for all of them compares, hashes and shows them: attrs would write and compile
    three methods for each class, in half of the time that the class takes at import.
    """

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
    """Return a reader of all fields that are compared, but mappings."""
    fields = [field for field in attrs.fields(cls) if field.eq]
    return attrgetter(*(field.name for field in fields if get_origin(field.type) is not Mapping))
