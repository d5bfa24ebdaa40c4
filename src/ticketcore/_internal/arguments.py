"""Name the wrong argument of a call.

Public functions do not check the types of their arguments: the check would slow down each correct
call. If a call fails with an error of Python, such as AttributeError, its arguments are compared
with the annotations of the function, and FieldError names the first that differs. The traceback
shows the error of Python, too.

Stores and services are different: a wrong argument could be written before the call fails, or a
database could accept it. So `checks_arguments` compares the arguments before the call.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime
from functools import cache, wraps
from inspect import Parameter, isfunction, signature
from types import NoneType, UnionType
from typing import Any, Literal, ParamSpec, TypeVar, Union, get_args, get_origin, get_type_hints

from ticketcore._internal.declared import STORABLE, is_storable
from ticketcore._internal.terminal import either
from ticketcore.errors import FieldError, NaiveDatetimeError, TicketcoreError

_T = TypeVar("_T")
_P = ParamSpec("_P")
_R = TypeVar("_R")
_OF_WRONG_TYPES = AttributeError, TypeError, ValueError, ArithmeticError, LookupError


def typed(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Let a function raise FieldError if it fails because an argument has a wrong type."""

    @wraps(function)
    def call(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return function(*args, **kwargs)
        except TicketcoreError:
            raise
        except _OF_WRONG_TYPES:
            refuse_wrong_types(function, _named(function, args, kwargs))
            raise

    return call


def _named(
    function: Callable[..., object], args: tuple[object, ...], kwargs: dict[str, object]
) -> dict[str, object]:
    """Return the arguments of a call by name, or none if the call has too few or too many."""
    expected = signature(function)
    try:
        given = expected.bind(*args, **kwargs).arguments
    except TypeError:
        return {}
    kinds = {name: parameter.kind for name, parameter in expected.parameters.items()}
    return {
        name: each for name, each in given.items() if kinds[name] is not Parameter.VAR_POSITIONAL
    }


def refuse_wrong_types(function: Callable[..., object], arguments: Mapping[str, object]) -> None:
    """Raise FieldError for the first argument that is not what its annotation says."""
    for name, kind in get_type_hints(function).items():
        if name in arguments and not _fits(arguments[name], kind):
            raise FieldError(function.__name__, name, arguments[name], _words(kind))


def checks_arguments(*skipped: str) -> Callable[[type[_T]], type[_T]]:
    """Let the public methods of a class compare their arguments with their annotations first.

    They raise FieldError for an argument of a wrong type and for a text that databases refuse,
    NaiveDatetimeError for a datetime without an offset. The arguments named in *skipped* are left
    to the methods.
    """

    def decorate(cls: type[_T]) -> type[_T]:
        for name in dir(cls):
            method = getattr(cls, name)
            if isfunction(method) and (name == "__init__" or not name.startswith("_")):
                owner = cls.__name__ if name == "__init__" else f"{cls.__name__}.{name}"
                setattr(cls, name, _checking(owner, method, skipped))
        return cls

    return decorate


def _checking(
    owner: str, method: Callable[..., _R], skipped: Collection[str]
) -> Callable[..., _R]:
    kinds = {name: kind for name, kind in get_type_hints(method).items() if name not in skipped}
    parameters = signature(method).parameters.values()
    places = [each.name for each in parameters if each.kind is not Parameter.KEYWORD_ONLY][1:]
    # Most arguments belong to one of these classes; the others are compared in all their parts.
    plain = {name: tuple(_classes(kind)) for name, kind in kinds.items()}

    @wraps(method)
    def call(self: object, *args: Any, **kwargs: Any) -> _R:
        for name, value in [*zip(places, args, strict=False), *kwargs.items()]:
            if name not in kinds:
                continue
            if not isinstance(value, plain[name]) and not _fits(value, kinds[name]):
                raise FieldError(owner, name, value, _words(kinds[name]))
            if type(value) is str and str in plain[name] and not is_storable(value):
                raise FieldError(owner, name, value, STORABLE)
            if isinstance(value, datetime) and value.utcoffset() is None:
                raise NaiveDatetimeError(value, f"argument {name} of {owner}")
        return method(self, *args, **kwargs)

    return call


def _classes(kind: Any) -> Iterator[type]:
    """Yield the classes of an annotation that `isinstance` accepts."""
    for each in get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,):
        try:
            isinstance(None, each)
        except TypeError:  # such as list[str], Any, or a protocol
            continue
        yield each


def _fits(value: object, kind: Any) -> bool:
    """Return whether a value, and each value in it, fits a type; True if that is unknown."""
    if type(value) is kind:
        return True
    origin, arguments = _parts(kind)
    if origin in (Union, UnionType):
        return any(_fits(value, each) for each in arguments)
    if origin is Literal:
        return value in arguments
    try:
        if not isinstance(value, (int, float) if kind is float else origin or kind):
            return False
    except TypeError:  # Any, a type variable, or a protocol
        return True
    if kind is date:
        return not isinstance(value, datetime)
    if isinstance(value, str):
        return kind in (str, object)  # not a sequence of letters
    if origin is tuple and isinstance(value, tuple) and ... not in arguments:
        return len(value) == len(arguments) and all(map(_fits, value, arguments))
    if isinstance(value, Mapping) and len(arguments) == 2:
        return all(_fits(key, arguments[0]) for key in value) and all(
            _fits(each, arguments[1]) for each in value.values()
        )
    if isinstance(value, Collection) and len(set(arguments) - {...}) == 1:
        return all(_fits(each, arguments[0]) for each in value)
    return True


@cache
def _parts(kind: Any) -> tuple[Any, tuple[Any, ...]]:
    return get_origin(kind), get_args(kind)


def _words(kind: Any) -> str:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return either(map(_words, arguments))
    if origin is Literal:
        return either(map(repr, arguments))
    if kind is NoneType:
        return "None"
    name = getattr(origin or kind, "__name__", str(kind))
    if origin is Callable or not arguments:
        return name
    return f"{name}[{', '.join('...' if each is ... else _words(each) for each in arguments)}]"
