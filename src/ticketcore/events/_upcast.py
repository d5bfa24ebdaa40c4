"""Old bodies made new: what was stored years ago is read as if it had been stored today."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from ticketcore.errors import CodecError

Body: TypeAlias = dict[str, Any]
Upcaster: TypeAlias = Callable[[Body], Body]

UPCASTERS: Mapping[tuple[str, int], Upcaster] = {}
"""By stored name and schema number: makes a body one schema younger.

An upcaster is pure, and leaves alone what it does not understand: the reader refuses that with
its path. A new one comes with lines of the old schema in ``tests/events/corpus``.
"""


def upcast(
    name: str,
    schema: int,
    body: Body,
    *,
    current: int,
    upcasters: Mapping[tuple[str, int], Upcaster] = UPCASTERS,
) -> Body:
    """*body* of *schema*, taken step by step to the *current* schema.

    Raises CodecError for a schema that never was.
    """
    for step in range(schema, current):
        if (name, step) not in upcasters:
            raise CodecError("schema", schema, f"a schema of {name!r} that was stored once")
        body = upcasters[name, step](body)
    return body
