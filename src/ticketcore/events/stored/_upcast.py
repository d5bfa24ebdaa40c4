"""Upcasters: convert bodies of older schemas to the present one while they are read."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from ticketcore.errors import CodecError

Body: TypeAlias = dict[str, Any]
Upcaster: TypeAlias = Callable[[Body], Body]

UPCASTERS: Mapping[tuple[str, int], Upcaster] = {}
"""The upcasters by stored name and schema number; each converts a body to the next schema.

An upcaster is pure. It leaves values alone that it does not understand, so that the reader
refuses them with their path. Add lines of the old schema to
``tests/events/stored/corpus`` with it.
"""


def upcast(
    name: str,
    schema: int,
    body: Body,
    *,
    current: int,
    upcasters: Mapping[tuple[str, int], Upcaster] = UPCASTERS,
) -> Body:
    """Return *body* of *schema*, converted step by step to the *current* schema.

    Raises CodecError for a schema that never existed.
    """
    for step in range(schema, current):
        if (name, step) not in upcasters:
            raise CodecError("schema", schema, f"a schema of {name!r} that exists")
        body = upcasters[name, step](body)
    return body
