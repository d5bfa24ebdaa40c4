"""Name the wrong argument of a call.

Public functions do not check the types of their arguments: the check would slow down each correct
call. If a call fails with an error of Python, such as AttributeError, its arguments are compared
with the annotations of the function, and FieldError names the first that differs. The traceback
shows the error of Python, too.

Stores and services are different: a wrong argument could be written before the call fails, or a
database could accept it. So `checks_arguments` compares the arguments before the call. A service
has then compared what it gives to its store, and calls the `unchecked` store.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from functools import cache, wraps
from inspect import Parameter, getdoc, isfunction, signature
from itertools import chain
from types import MethodType, NoneType, UnionType
from typing import (
    Any,
    Literal,
    ParamSpec,
    TypeAlias,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from ticketcore._internal.declared import STORABLE, is_storable
from ticketcore._internal.terminal import either
from ticketcore.errors import FieldError, NaiveDatetimeError, TicketcoreError

_T = TypeVar("_T")
_P = ParamSpec("_P")
_R = TypeVar("_R")
_Users = TypeVar("_Users", bound=Iterable[str])
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


def users_of(owner: str, members: Mapping[str, _Users], account: str | None) -> _Users | tuple[()]:
    """Return the users of an account, or an empty tuple if the account is None or unknown.

    Raises FieldError for a text in place of a list, which would be read as a list of letters.
    """
    users = () if account is None else members.get(account, ())
    if isinstance(users, str):
        raise FieldError(owner, f"members[{account!r}]", users, "a list of persons")
    return users


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
        if name in arguments and not _test(kind)(arguments[name]):
            raise FieldError(function.__name__, name, arguments[name], _words(kind))


def checks_arguments(*skipped: str) -> Callable[[type[_T]], type[_T]]:
    """Let the public methods of a class compare their arguments with their annotations first.

    They raise FieldError for an argument of a wrong type and for a text that databases refuse,
    NaiveDatetimeError for a datetime without an offset. The arguments named in *skipped* are left
    to the methods. A class that compares the transaction itself skips ``db``; `unchecked` then
    gives its methods without all comparisons.
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
    left_out = {"return", *skipped}
    kinds = {name: kind for name, kind in get_type_hints(method).items() if name not in left_out}
    tests = {name: _argument_test(kind) for name, kind in kinds.items()}
    parameters = signature(method).parameters.values()
    places = [each.name for each in parameters if each.kind is not Parameter.KEYWORD_ONLY][1:]

    @wraps(method)
    def call(self: object, *args: Any, **kwargs: Any) -> _R:
        for name, value in chain(zip(places, args, strict=False), kwargs.items()):
            if name in tests and not tests[name](value):
                raise _wrong(owner, name, value, kinds[name])
        return method(self, *args, **kwargs)

    call.__doc__ = getdoc(method)  # that of a class above, if the method has none
    if "db" in skipped:
        vars(call)["unchecked"] = method
    return call


class _Unchecked:
    """The methods of an object without the comparisons of `checks_arguments`."""

    def __init__(self, checked: object) -> None:
        self._checked = checked

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._checked, name)
        plain = getattr(method, "unchecked", None)
        found = method if plain is None else MethodType(plain, self._checked)
        setattr(self, name, found)  # the next call finds it at once
        return found


def unchecked(checked: _T) -> _T:
    """Return an object with the methods of *checked*, for a caller that has compared arguments."""
    return cast(_T, _Unchecked(checked))


_Test: TypeAlias = Callable[[Any], bool]


def _argument_test(kind: Any) -> _Test:
    """Return a test that also refuses texts that databases refuse, and naive datetimes."""
    fits = _test(kind)
    alternatives = get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)
    if str in alternatives:
        return lambda value: is_storable(value) if type(value) is str else fits(value)
    if datetime in alternatives:
        return lambda value: fits(value) and (value is None or value.utcoffset() is not None)
    return fits


def _wrong(owner: str, name: str, value: object, kind: Any) -> TicketcoreError:
    """Return the error for an argument that `_argument_test` refused."""
    if not _test(kind)(value):
        return FieldError(owner, name, value, _words(kind))
    if isinstance(value, datetime):
        return NaiveDatetimeError(value, f"argument {name} of {owner}")
    return FieldError(owner, name, value, STORABLE)


@cache
def _test(kind: Any) -> _Test:
    """Return a test of the type of a value and of each that it holds.

    It accepts all values if *kind* says nothing about them. It is built once, since stores and
    services compare the arguments of each call.
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        tests = tuple(map(_test, arguments))
        return lambda value: any(test(value) for test in tests)
    if origin is Literal:
        return lambda value: value in arguments
    cls = (int, float) if kind is float else origin or kind
    try:
        takes_text = isinstance("", cls)
    except TypeError:  # Any, a type variable, or a protocol
        return lambda _: True
    if kind is date:
        return lambda value: isinstance(value, date) and not isinstance(value, datetime)
    if not arguments or origin is Callable:
        return lambda value: isinstance(value, cls)
    parts = _parts_test(origin, arguments)
    if takes_text:  # a text is not a sequence of letters
        return lambda value: isinstance(value, cls) and not isinstance(value, str) and parts(value)
    return lambda value: isinstance(value, cls) and parts(value)


def _parts_test(origin: Any, arguments: tuple[Any, ...]) -> _Test:
    """Return a test of the parts of a collection; an iterator is not read."""
    if origin is tuple and ... not in arguments:
        tests = tuple(map(_test, arguments))
        return lambda value: (
            len(value) == len(tests)
            and all(test(part) for test, part in zip(tests, value, strict=True))
        )
    if issubclass(origin, Mapping) and len(arguments) == 2:  # a Counter has only keys
        keys, values = map(_test, arguments)
        return lambda value: all(map(keys, value)) and all(map(values, value.values()))
    part = _test(arguments[0])
    return lambda value: not isinstance(value, Collection) or all(map(part, value))


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
