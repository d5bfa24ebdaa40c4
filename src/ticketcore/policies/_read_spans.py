"""Reading spans: several of them, and what is wrong with one where it stands."""

from ticketcore._toml import OldTable
from ticketcore.calendar import Span
from ticketcore.errors import CalendarError

_MOST = {"year": 100, "month": 1_200, "week": 5_218, "day": 36_525, "hour": 36_525 * 24}
_MOST |= {"minute": _MOST["hour"] * 60, "second": _MOST["hour"] * 3_600}


def read_spans(table: OldTable, key: str) -> tuple[Span, ...]:
    """One span, or an array of them; none where the key is missing."""
    spans = []
    for text in table.texts(key, ()):
        try:
            spans.append(Span.parse(text))
        except CalendarError as error:
            table.problem(key, str(error))
    return tuple(spans)


def check_length(table: OldTable, key: str, span: Span) -> None:
    """Note a span that ends beyond all calendars."""
    if span.amount > _MOST[span.unit]:
        table.problem(key, f'"{span}" is more than a hundred years, beyond all calendars')


def check_window(table: OldTable, key: str, span: Span) -> None:
    """Note a span that cannot be one to ask for something in: such a one has no calendar."""
    check_length(table, key, span)
    if span.working:
        table.problem(key, f'"{span}" needs a calendar, which only timers have: write days')
