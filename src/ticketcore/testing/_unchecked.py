"""Register of `given` chains that were begun and not yet checked.

A test that forgets the check must not pass. The pytest plugin looks at the register after each
test; without pytest, the next call of `given` does.
"""

import sys

from ticketcore.errors import TicketcoreError


class UncheckedError(TicketcoreError, AssertionError):
    """A `given` chain that ended without a check; *begun* lists the places in the test."""

    def __init__(self, begun: tuple[str, ...]) -> None:
        super().__init__(begun)
        self.begun = begun

    def __str__(self) -> str:
        places = "\n".join(f"  {place}" for place in self.begun)
        return f"nothing was checked: end with .then(…), .refused(…) or .nothing()\n{places}"


# The register holds the objects themselves, so that no later object gets the id of one of them.
_begun: dict[int, tuple[object, str]] = {}


def begin(unchecked: object, call: str) -> None:
    """Register an object that must be checked, with the place in the test of its *call*."""
    frame = sys._getframe(2)
    _begun[id(unchecked)] = unchecked, f"{frame.f_code.co_filename}:{frame.f_lineno}: {call}"


def mark_checked(unchecked: object) -> None:
    """Remove an object from the register."""
    _begun.pop(id(unchecked), None)


def forget() -> None:
    """Empty the register."""
    _begun.clear()


def check_all() -> None:
    """Raise UncheckedError if the register is not empty, and empty it."""
    if _begun:
        places = tuple(place for _, place in _begun.values())
        forget()
        raise UncheckedError(places)
