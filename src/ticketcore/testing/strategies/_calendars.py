"""Strategies for business calendars: opening hours, holidays, special days."""

from datetime import date

from hypothesis import strategies as st

from ticketcore.calendar import BusinessCalendar
from ticketcore.testing.strategies._arguments import strategy_or_default
from ticketcore.testing.strategies._instants import zones

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MINUTES_OF_A_DAY = 1440


@st.composite
def calendars(
    draw: st.DrawFn,
    *,
    zone: st.SearchStrategy[str] | None = None,
    hours: st.SearchStrategy[dict[str, str]] | None = None,
    holidays: bool = True,
) -> BusinessCalendar:
    """Draw calendars in any of the zones, each open at some time of every ordinary week.

    Half of them have the hours of presets: weekdays around the clock, office hours, always. The
    others are open once or twice a day on one to seven days, exact to the minute. With
    *holidays*, up to three days of 2024 to 2028 are closed and up to two have special hours.
    """
    days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
    closed_days = st.lists(days, max_size=3 if holidays else 0, unique=True)
    special_days: st.SearchStrategy[dict[date | str, str]] = st.dictionaries(
        days, _hours_of_a_day(), max_size=2 if holidays else 0
    )
    return BusinessCalendar(
        zone=draw(strategy_or_default("zone", zone, zones)),
        hours=draw(strategy_or_default("hours", hours, opening_hours)),
        holidays=draw(closed_days),
        exceptions={**draw(special_days)},
    )


def opening_hours() -> st.SearchStrategy[dict[str, str]]:
    """Draw the hours of a week as a policy file has them, open on at least one day."""
    return hours_of_a_week(minutes=1)


def hours_of_a_week(minutes: int) -> st.SearchStrategy[dict[str, str]]:
    """Draw `opening_hours` in which each opening lasts at least *minutes*."""
    usual = st.sampled_from(
        [{"mon-fri": "00:00-24:00"}, {"mon-fri": "08:30-17:30"}, {"mon-sun": "00:00-24:00"}]
    )
    unusual = st.dictionaries(
        st.sampled_from(_DAYS), _hours_of_a_day(minutes), min_size=1, max_size=7
    )
    return st.one_of(usual, unusual)


def _hours_of_a_day(minutes: int = 1) -> st.SearchStrategy[str]:
    """Draw one or two separate openings, each of at least *minutes*.

    Distinct edges give openings of at least a minute. Each opening is then made longer by
    *minutes* - 1, which moves the later edges.
    """
    extra = minutes - 1
    edges = st.lists(
        st.integers(0, _MINUTES_OF_A_DAY - 2 * extra), min_size=2, max_size=4, unique=True
    )
    return edges.map(sorted).map(
        lambda at: " ".join(
            f"{_clock(at[i] + i // 2 * extra)}-{_clock(at[i + 1] + (i // 2 + 1) * extra)}"
            for i in range(0, len(at) - 1, 2)
        )
    )


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
