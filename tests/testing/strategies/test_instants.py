"""Drawn zones and instants exist, and lie where time goes wrong."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from ticketcore.testing.strategies import instants, zones
from ticketcore.testing.strategies._instants import clock_changes, repeated_times

_MORE_EXAMPLES = settings(max_examples=500)


@given(zones())
def test_zones_exist(zone: str) -> None:
    """Each drawn zone is in the time zone database."""
    assert zone == ZoneInfo(zone).key


@given(instants(first=2025, last=2026))
def test_instants_are_in_utc_and_near_the_years(at: datetime) -> None:
    """Instants lie in the given years, or at most nine days outside."""
    assert UTC == at.tzinfo
    assert timedelta(days=-9) < at - datetime(2025, 1, 1, tzinfo=UTC) < timedelta(days=735)


@pytest.mark.parametrize("hour", [0, 23])
def test_instants_reach_the_edges_of_weekends(hour: int) -> None:
    """Instants reach the edges of weekends, to the microsecond."""
    zone = ZoneInfo("America/Boise")

    def is_edge(at: datetime) -> bool:
        local = at.astimezone(zone)
        return (local.hour, local.weekday()) == (hour, 5 if hour == 0 else 4)

    assert is_edge(find(instants(zone=st.just(zone.key)), is_edge, settings=_MORE_EXAMPLES))


def test_instants_reach_clock_changes() -> None:
    """A drawn instant soon lies exactly at a change of clocks."""
    changes = {change.at for change in clock_changes("Europe/Rome", 2024, 2028)}
    drawn = instants(zone=st.just("Europe/Rome"))

    assert find(drawn, changes.__contains__, settings=_MORE_EXAMPLES) in changes


def test_clock_changes_are_those_of_the_zone() -> None:
    """The changes of a zone's clocks are found, such as two a year for Rome."""
    changes = clock_changes("Europe/Rome", 2026, 2026)

    assert ["2026-03-29T01:00", "2026-10-25T01:00"] == [
        change.at.strftime("%Y-%m-%dT%H:%M") for change in changes
    ]
    assert () == clock_changes("UTC", 2026, 2026)


def test_the_widest_years_can_be_drawn() -> None:
    """Dates exist for a week outside the years 2 to 9998, with any offset."""
    first = find(instants(first=2, last=2), lambda _: True)
    last = find(instants(first=9998, last=9998), lambda _: True)

    assert (2, 9998) == (first.year, last.year)


def test_repeated_times_are_those_that_a_clock_shows_again() -> None:
    """A repeated time is in the second of two hours that a clock of some zone shows."""
    berlin, new_york, *others = repeated_times(datetime(2026, 1, 1, tzinfo=UTC))

    assert "2026-10-25T02:30:00+01:00" == berlin.astimezone(ZoneInfo("Europe/Berlin")).isoformat()
    assert 1 == new_york.astimezone(ZoneInfo("America/New_York")).fold
    lord_howe = "2026-04-05T01:45:00+10:30"  # its clocks go back by half an hour
    shown = [at.astimezone(ZoneInfo("Australia/Lord_Howe")) for at in others]
    assert lord_howe in [at.isoformat() for at in shown if at.fold]
    assert [] == repeated_times(datetime(9998, 12, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "zone",
    (
        "Europe/London Europe/Athens Atlantic/Azores America/Toronto America/Chicago "
        "America/Boise America/Tijuana America/Anchorage America/Halifax America/St_Johns "
        "America/Santiago Australia/Melbourne Australia/Adelaide Pacific/Chatham Asia/Jerusalem"
    ).split(),
)
def test_each_clock_that_goes_back_shows_a_repeated_time(zone: str) -> None:
    """In each zone whose clocks go back, one of the repeated times has been once before."""
    found = repeated_times(datetime(2026, 1, 1, tzinfo=UTC))
    assert 1 in [at.astimezone(ZoneInfo(zone)).fold for at in found]
