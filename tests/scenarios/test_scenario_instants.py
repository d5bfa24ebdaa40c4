"""Instants are written with an offset, or as local time in a zone."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketcore.scenarios import local_instant

BOISE = "America/Boise"


def test_an_offset_overrides_the_zone() -> None:
    """An instant with an offset does not depend on the ticket's zone."""
    expected = datetime(2026, 1, 9, 22, tzinfo=UTC)
    assert expected == local_instant("2026-01-09T15:00:00-07:00", "Asia/Tokyo")
    assert expected == local_instant(datetime(2026, 1, 9, 22, tzinfo=UTC), None)


def test_local_time_is_read_in_the_zone() -> None:
    """A text or a TOML datetime without an offset is local time in the zone."""
    expected = datetime(2026, 1, 9, 22, tzinfo=UTC)
    assert expected == local_instant("2026-01-09T15:00", BOISE)
    assert expected == local_instant(datetime(2026, 1, 9, 15), BOISE)  # noqa: DTZ001


@given(at=st.datetimes(timezones=st.just(UTC), min_value=datetime(1971, 1, 1)))  # noqa: DTZ001
def test_a_local_time_is_read_or_refused(at: datetime) -> None:
    """A local time that occurs once is read as its instant; one that occurs twice is refused."""
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
def test_other_values_are_refused(value: object, zone: str | None, message: str) -> None:
    """The error names a skipped or repeated local time, or the value found instead of a time."""
    with pytest.raises(ValueError, match=re.escape(message)):
        local_instant(value, zone)


def test_the_two_instants_of_a_repeated_time_can_be_written() -> None:
    """The two texts that the error proposes are an hour apart."""
    first = local_instant("2026-11-01T01:30:00-06:00", BOISE)
    assert timedelta(hours=1) == local_instant("2026-11-01T01:30:00-07:00", BOISE) - first
