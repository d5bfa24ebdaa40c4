"""Business calendars: hours, holidays, special days."""

from datetime import date

from hypothesis import strategies as st

from ticketcore.calendar import BusinessCalendar
from ticketcore.testing.strategies._arguments import strategy
from ticketcore.testing.strategies._zones import zones

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@st.composite
def calendars(
    draw: st.DrawFn,
    *,
    zone: st.SearchStrategy[str] | None = None,
    hours: st.SearchStrategy[dict[str, str]] | None = None,
    holidays: bool = True,
) -> BusinessCalendar:
    """Calendars that open in some week, in any of the zones.

    Half of them have the hours of *presets*: weekdays around the clock, office hours, always.
    The others open once or twice on one to seven days, to the minute. With *holidays*, up to
    three days of 2024 to 2028 are closed and up to two have hours of their own.
    """
    days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
    closed = st.lists(days, max_size=3 if holidays else 0, unique=True)
    special: st.SearchStrategy[dict[date | str, str]]
    special = st.dictionaries(days, _openings(), max_size=2 if holidays else 0)
    return BusinessCalendar(
        zone=draw(strategy("zone", zone, zones)),
        hours=draw(strategy("hours", hours, opening_hours)),
        holidays=draw(closed),
        exceptions={**draw(special)},
    )


def opening_hours() -> st.SearchStrategy[dict[str, str]]:
    """The hours of a week as a policy file has them, a key a day; never closed all week."""
    return openings_of_a_week(1)


def openings_of_a_week(minutes: int) -> st.SearchStrategy[dict[str, str]]:
    """`opening_hours`, where each opening lasts so many minutes at least."""
    known = st.sampled_from(
        [{"mon-fri": "00:00-24:00"}, {"mon-fri": "08:30-17:30"}, {"mon-sun": "00:00-24:00"}]
    )
    own = st.dictionaries(st.sampled_from(_DAYS), _openings(minutes), min_size=1, max_size=7)
    return st.one_of(known, own)


def _openings(minutes: int = 1) -> st.SearchStrategy[str]:
    """One or two openings of a day, apart from each other, each of so many minutes at least."""
    longer = minutes - 1
    edges = st.lists(st.integers(0, 1440 - 2 * longer), min_size=2, max_size=4, unique=True)
    return edges.map(sorted).map(
        lambda at: " ".join(
            f"{_clock(at[i] + i // 2 * longer)}-{_clock(at[i + 1] + (i // 2 + 1) * longer)}"
            for i in range(0, len(at) - 1, 2)
        )
    )


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
