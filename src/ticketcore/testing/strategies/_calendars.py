"""Business calendars: hours, holidays, special days."""

from datetime import date

from hypothesis import strategies as st

from ticketcore.calendar import BusinessCalendar
from ticketcore.testing.strategies._arguments import strategy
from ticketcore.testing.strategies._zones import zones

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MINUTES = st.integers(0, 1440)


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
    known = st.sampled_from(
        [{"mon-fri": "00:00-24:00"}, {"mon-fri": "08:30-17:30"}, {"mon-sun": "00:00-24:00"}]
    )
    own = st.dictionaries(st.sampled_from(_DAYS), _openings(), min_size=1, max_size=7)
    return st.one_of(known, own)


def _openings() -> st.SearchStrategy[str]:
    """One or two openings of a day, apart from each other."""
    edges = st.lists(_MINUTES, min_size=2, max_size=4, unique=True).map(sorted)
    return edges.map(
        lambda at: " ".join(
            f"{_clock(at[i])}-{_clock(at[i + 1])}" for i in range(0, len(at) - 1, 2)
        )
    )


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
