"""Reading spans: several of them, and what is wrong with one where it stands."""

from datetime import timedelta

from ticketcore.calendar import Span
from ticketcore.documents import Table
from ticketcore.errors import CalendarError

# A hundred years, in whole weeks and in months.
_LONGEST = timedelta(days=36_526)
_MOST_MONTHS = 1_200


def read_spans(table: Table, key: str) -> tuple[Span, ...]:
    """One span, or an array of them; none where the key is missing."""
    spans = []
    for text in table.texts(key, ()):
        try:
            spans.append(Span.parse(text))
        except CalendarError as error:
            table.problem(key, str(error))
    return tuple(spans)


def check_length(table: Table, key: str, span: Span) -> None:
    """Note a span that ends beyond all calendars."""
    if span.delta > _LONGEST or span.days > _LONGEST.days or span.months > _MOST_MONTHS:
        table.problem(key, f'"{span}" is more than a hundred years, beyond all calendars')


def check_window(table: Table, key: str, span: Span) -> None:
    """Note a span that cannot be one to ask for something in: such a one has no calendar."""
    check_length(table, key, span)
    if span.working:
        table.problem(key, f'"{span}" needs a calendar, which only timers have: write days')
