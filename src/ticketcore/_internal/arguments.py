"""Name the wrong argument of a call that has failed.

Public functions do not check the types of their arguments: each call with right ones would pay
for it. If a call fails with an error of Python, such as AttributeError, its arguments are compared
with the annotations of the function, and FieldError names the first that differs. The traceback
shows the error of Python, too.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from functools import wraps
from inspect import Parameter, signature
from types import NoneType, UnionType
from typing import Any, Literal, ParamSpec, TypeVar, Union, get_args, get_origin, get_type_hints

from ticketcore._internal.terminal import either
from ticketcore.errors import FieldError, TicketcoreError

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


def _fits(value: object, kind: Any) -> bool:
    """Return whether a value, and each that it holds, has a type; True if that is unknown."""
    origin, arguments = get_origin(kind), get_args(kind)
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
    if isinstance(value, Mapping) and arguments:
        return all(_fits(key, arguments[0]) for key in value) and all(
            _fits(each, arguments[1]) for each in value.values()
        )
    if isinstance(value, Collection) and len(set(arguments) - {...}) == 1:
        return all(_fits(each, arguments[0]) for each in value)
    return True


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
