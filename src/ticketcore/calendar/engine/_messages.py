"""Parts of error messages: values in quotes, and the nearest right word."""

from collections.abc import Iterable

from ticketcore._internal import terminal
from ticketcore.errors import CalendarError


def quoted(value: object) -> str:
    """Return a text in double quotes, on one line; any other value as Python writes it.

    Long ones are cut.
    """
    return terminal.quoted(value) if isinstance(value, str) else terminal.short(value)


def check_list(value: object, what: str, advice: str = "give a list") -> None:
    """Raise CalendarError for *value* if it is one text or cannot be iterated."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise CalendarError(f"{what}: {quoted(value)} is not a list: {advice}")


def did_you_mean(value: object, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """Return a question for the most similar known word, ignoring case; None if none is close."""
    from difflib import get_close_matches

    folded = {name.casefold(): name for name in known}
    near = get_close_matches(str(value).casefold(), folded, n=1, cutoff=cutoff)
    return f"did you mean {quoted(folded[near[0]])}?" if near else None
