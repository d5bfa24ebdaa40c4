"""Write the page of the faults that the state machine is known to find."""

from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

from support.broken.backends import BROKEN
from support.broken.databases import BROKEN_DATABASES
from support.broken.orders import BROKEN_ORDERS
from support.broken.stores import BROKEN_STORES
from ticketcore.testing.stateful import ReferenceBackend

PAGE = Path(__file__).parents[1] / "docs/reference/broken-backends.md"
_HEAD = """\
# Broken backends

Each of these backends has one fault of a kind that real backends have.
`TicketMachine` finds each within 1,000 examples; the tests try five seeds.
`OrderMachine` does so for those with several tickets of one order, or of two.
`make seeds` tries 20, and prints how long it takes to find a failing story.
There the backends of single tickets store in SQLite.
The last column is the number of steps that a failing story has at most.
"""


def page() -> str:
    """Return the text of the page."""
    tables = [
        *_table("In memory", BROKEN),
        *_table("In a database", BROKEN_DATABASES),
        *_table("In a store", BROKEN_STORES),
    ]
    return "\n".join([_HEAD, *tables, *_orders()])


def _table(title: str, broken: dict[type[ReferenceBackend], int]) -> Iterator[str]:
    yield f"## {title}\n\n| backend | fault | steps |\n|---|---|---|"
    for backend, steps in broken.items():
        yield f"| `{backend.__name__}` | {cleandoc(backend.__doc__ or '')} | {steps} |"
    yield ""


def _orders() -> Iterator[str]:
    yield "## Several tickets of an order\n\n| backend | fault |\n|---|---|"
    for backend in BROKEN_ORDERS:
        yield f"| `{backend.__name__}` | {cleandoc(backend.__doc__ or '')} |"
    yield ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
