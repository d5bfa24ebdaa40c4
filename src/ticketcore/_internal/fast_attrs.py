"""Fast constructors and copies for frozen attrs classes.

attrs sets each field of a frozen instance by a call of ``object.__setattr__``, which takes most
of the time of a constructor. The functions here set the slots directly: they create an instance
of a draft class, a subclass without ``__setattr__``, assign its fields, and then give it its real
class. The result cannot be told from one that the class itself made.

The functions are written as source text, as attrs writes ``__init__``. Their source is registered
with :mod:`linecache`, so that tracebacks and debuggers show it. They skip converters and
``__attrs_post_init__``: use them only where the values are known to be right.
"""

import linecache
from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeVar

import attrs

T = TypeVar("T")

# Each function is written once.
_constructors: dict[type, Any] = {}
_copies: dict[tuple[type, tuple[str, ...]], Any] = {}


def fast(cls: type[T]) -> type[T]:
    """Return a function that makes instances of *cls*, a frozen attrs class with slots.

    It takes the arguments of the class and runs its validators, but no converters. It is typed as
    the class, so that a type checker sees wrong arguments. Defaults must be values, not factories.
    """
    function: type[T] | None = _constructors.get(cls)
    if function is None:
        function = _constructors[cls] = _constructor(cls)
    return function


def _constructor(cls: Any) -> Any:
    fields: tuple[attrs.Attribute[Any], ...] = attrs.fields(cls)
    names = _names(cls)
    parameters = ["*"] if fields[0].kw_only else []
    body = ["made = new(draft)"]
    checks = []
    for field in fields:
        name = field.name
        parameters.append(name)
        if field.default is not attrs.NOTHING:
            names[f"{name}_default"] = field.default
            parameters[-1] += f"={name}_default"
        body.append(f"made.{name} = {name}")
        if field.validator:
            names |= {f"check_{name}": field.validator, f"{name}_field": field}
            checks.append(f"check_{name}(made, {name}_field, made.{name})")
    body += [*checks, "made.__class__ = cls", "return made"]
    return _compile(cls, "fast", parameters, body, names)


def fast_start(cls: type[T], copied: Collection[str], given: Sequence[str]) -> Callable[..., T]:
    """Return a function that makes instances of *cls*, a mutable attrs class with slots.

    The function takes an object that has the *copied* fields, and the values of the *given*
    fields, in this order; the other fields have their defaults. These must be None, booleans,
    numbers or empty tuples, because they are written into the source: CPython stores a constant
    in half the time of a copied value.
    """
    body = ["made = new(cls)"]
    for field in attrs.fields(cls):  # type: ignore[arg-type]
        name = field.name
        value = name if name in given else repr(field.default)
        body.append(f"made.{name} = " + (f"source.{name}" if name in copied else value))
    names = {"cls": cls, "new": object.__new__}
    start: Callable[..., T] = _compile(
        cls, "fast_start", ["source", *given], [*body, "return made"], names
    )
    return start


def fast_copy(cls: type[T], *changed: str) -> Callable[..., T]:
    """Return a function that copies an instance of *cls* with other values in *changed* fields.

    The function takes the instance, then the values in this order. It checks nothing.
    """
    function: Callable[..., T] | None = _copies.get((cls, changed))
    if function is None:
        function = _copies[cls, changed] = _copy(cls, changed)
    return function


def _copy(cls: Any, changed: tuple[str, ...]) -> Any:
    body = ["made = new(draft)"]
    for field in attrs.fields(cls):
        value = field.name if field.name in changed else f"source.{field.name}"
        body.append(f"made.{field.name} = {value}")
    body += ["made.__class__ = cls", "return made"]
    return _compile(cls, "fast_copy", ["source", *changed], body, _names(cls))


def _names(cls: type) -> dict[str, Any]:
    return {"cls": cls, "new": object.__new__, "draft": _draft_class(cls)}


def _draft_class(cls: type) -> type:
    body = {
        "__slots__": (),
        "__setattr__": object.__setattr__,
        "__delattr__": object.__delattr__,  # CPython's fast path needs both methods
    }
    return type(cls.__name__, (cls,), body)


def _compile(
    cls: type, purpose: str, parameters: list[str], body: list[str], names: dict[str, Any]
) -> Any:
    """Compile a function whose source a debugger finds under a file name of its own."""
    source = "\n    ".join([f"def {cls.__name__}({', '.join(parameters)}):", *body]) + "\n"
    changed = "-".join(parameters[1:]) if purpose == "fast_copy" else ""
    file = f"<{purpose} {cls.__module__}.{cls.__qualname__} {changed}>"
    linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
    exec(compile(source, file, "exec"), names)  # noqa: S102  # names of fields only, as in attrs
    function = names[cls.__name__]
    function.__module__, function.__doc__ = cls.__module__, cls.__doc__
    return function
