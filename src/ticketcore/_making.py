"""Frozen classes of attrs, made faster where many are made.

attrs sets each field of a frozen instance by a call of ``object.__setattr__``. Here an instance
is a draft at first, whose fields can simply be set, and is sealed when all of them are: it is of
the class then, and frozen.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import attrs

T = TypeVar("T")


def maker(cls: type[T]) -> type[T]:
    """The constructor of a frozen, slotted attrs class as a plain function.

    It takes the same arguments and makes the same instance; Python hands them to a class by way
    of a dict, to a function directly. It is typed as the class, so that they are checked.
    Instants are in UTC by then: converters are for what comes from outside, and are left out.
    Defaults are values here, not factories.
    """
    fields: tuple[attrs.Attribute[Any], ...] = attrs.fields(cls)  # type: ignore[arg-type]
    known = _known(cls)
    parameters = ["*"] if fields[0].kw_only else []
    body = ["made = new(draft)"]
    checks = []
    for field in fields:
        name = field.name
        parameters.append(name)
        if field.default is not attrs.NOTHING:
            known[f"{name}_default"] = field.default
            parameters[-1] += f"={name}_default"
        body.append(f"made.{name} = {name}")
        if field.validator:
            known |= {f"check_{name}": field.validator, f"{name}_field": field}
            checks.append(f"check_{name}(made, {name}_field, made.{name})")
    body += [*checks, "made.__class__ = cls", "return made"]
    made: type[T] = _compiled(parameters, body, known)
    return made


def drafter(cls: type[T]) -> Callable[[T], Any]:
    """A function that copies an instance of such a class as a draft: its fields can be set.

    ``draft.__class__ = cls`` seals it.
    """
    copy: Callable[[T], Any] = _compiled(["source"], [*_copied(cls), "return made"], _known(cls))
    return copy


def changer(cls: type[T], *changed: str) -> Callable[..., T]:
    """A function that copies an instance of such a class with other values in these fields.

    They are taken as they are, in this order, after the instance.
    """
    body = [*_copied(cls, changed), "made.__class__ = cls", "return made"]
    change: Callable[..., T] = _compiled(["source", *changed], body, _known(cls))
    return change


def _copied(cls: type, changed: tuple[str, ...] = ()) -> list[str]:
    names = [field.name for field in attrs.fields(cls)]
    values = [name if name in changed else f"source.{name}" for name in names]
    copies = [f"made.{name} = {value}" for name, value in zip(names, values, strict=True)]
    return ["made = new(draft)", *copies]


def _known(cls: type) -> dict[str, Any]:
    return {"cls": cls, "new": object.__new__, "draft": _draft(cls)}


def _draft(cls: type) -> type:
    body = {
        "__slots__": (),
        "__setattr__": object.__setattr__,
        "__delattr__": object.__delattr__,  # only both together are quick
    }
    return type(cls.__name__, (cls,), body)


def _compiled(parameters: list[str], body: list[str], known: dict[str, Any]) -> Any:
    lines = [f"def function({', '.join(parameters)}):", *body]
    exec("\n ".join(lines), known)  # noqa: S102  # made of the names of fields alone, as in attrs
    return known["function"]
