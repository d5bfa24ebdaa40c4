import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketcore.scenarios import local_instant

BOISE = "America/Boise"


def test_an_offset_says_all() -> None:
    """An instant with an offset is that instant, in whatever zone the ticket is."""
    expected = datetime(2026, 1, 9, 22, tzinfo=UTC)
    assert expected == local_instant("2026-01-09T15:00:00-07:00", "Asia/Tokyo")
    assert expected == local_instant(datetime(2026, 1, 9, 22, tzinfo=UTC), None)


def test_local_time_is_read_in_the_zone() -> None:
    """Without an offset, a text and a TOML datetime mean the zone's clocks."""
    expected = datetime(2026, 1, 9, 22, tzinfo=UTC)
    assert expected == local_instant("2026-01-09T15:00", BOISE)
    assert expected == local_instant(datetime(2026, 1, 9, 15), BOISE)  # noqa: DTZ001


@given(at=st.datetimes(timezones=st.just(UTC), min_value=datetime(1971, 1, 1)))  # noqa: DTZ001
def test_what_clocks_show_once_is_found_again(at: datetime) -> None:
    """A local time is either read as the instant that shows it, or refused as shown twice."""
    shown = at.astimezone(ZoneInfo("Europe/Rome"))
    local = shown.replace(tzinfo=None, fold=0)
    if shown.utcoffset() == shown.replace(fold=1 - shown.fold).utcoffset():
        assert at == local_instant(local, "Europe/Rome")
    else:
        with pytest.raises(ValueError, match="exists twice"):
            local_instant(local, "Europe/Rome")


@pytest.mark.parametrize(
    ("value", "zone", "message"),
    [
        ("2026-03-08T02:30", BOISE, "does not exist in America/Boise"),
        ("2026-11-01T01:30:05", BOISE, "2026-11-01T01:30:05-06:00 or 2026-11-01T01:30:05-07:00"),
        ("2026-01-09T15:00", None, "has no offset, and the ticket has no zone"),
        ("2026-01-09T15:00", "Mars/X", 'unknown zone "Mars/X"'),
        ("2026-01-09", BOISE, 'found the text "2026-01-09"'),
        ("tomorrow at noon", BOISE, 'found the text "tomorrow at noon"'),
        (datetime(2026, 1, 9).date(), BOISE, "found the date 2026-01-09"),  # noqa: DTZ001
        (7, BOISE, "found the integer 7"),
    ],
)
def test_what_is_no_instant_is_refused(value: object, zone: str | None, message: str) -> None:
    """A local time that never or twice is, and what is no date and time, is named with a way
    out."""
    with pytest.raises(ValueError, match=re.escape(message)):
        local_instant(value, zone)


def test_both_readings_of_a_time_that_comes_twice_are_an_hour_apart() -> None:
    """What the refusal proposes can be read."""
    first = local_instant("2026-11-01T01:30:00-06:00", BOISE)
    assert timedelta(hours=1) == local_instant("2026-11-01T01:30:00-07:00", BOISE) - first
