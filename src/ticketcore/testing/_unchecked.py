"""What was begun and not yet checked: a test that forgets to check must not pass.

The pytest plugin looks here after every test; without pytest, the next `given` does.
"""

import sys

from ticketcore.errors import TicketcoreError


class UncheckedError(TicketcoreError, AssertionError):
    """Raised when a test said what was given, or asked for something, and checked nothing."""

    def __init__(self, begun: tuple[str, ...]) -> None:
        super().__init__(begun)
        self.begun = begun

    def __str__(self) -> str:
        first = "\n".join(f"  {place}" for place in self.begun)
        return f"nothing was checked: end with .then(…), .refused(…) or .nothing()\n{first}"


# Kept alive by being here, so that no other object gets its id.
_begun: dict[int, tuple[object, str]] = {}


def begin(what: object, said: str) -> None:
    """Remember that *what* has to be checked, and where in the test it was *said*."""
    frame = sys._getframe(2)
    _begun[id(what)] = what, f"{frame.f_code.co_filename}:{frame.f_lineno}: {said}"


def checked(what: object) -> None:
    """It was."""
    _begun.pop(id(what), None)


def forget() -> None:
    """A new test begins."""
    _begun.clear()


def check_all() -> None:
    """Raise UncheckedError if something was begun and never checked."""
    if _begun:
        begun = tuple(place for _, place in _begun.values())
        forget()
        raise UncheckedError(begun)
