"""Conversion of instants to UTC."""

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketcore.calendar import InstantError, NaiveDatetimeError, utc

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC")
FIXED = st.timedeltas(timedelta(hours=-23), timedelta(hours=23)).map(timezone)


class Timestamp(datetime):
    """A subclass of datetime with arithmetic of its own, as pandas has one."""

    def __add__(self, other: object) -> "Timestamp":
        raise NotImplementedError

    def __sub__(self, other: object) -> Any:
        raise NotImplementedError

    def astimezone(self, tz: tzinfo | None = None) -> "Timestamp":
        """Raise an error: the conversion must not call it, because it is slow in pandas."""
        raise NotImplementedError


class Undecided(tzinfo):
    """A zone without an offset."""

    def utcoffset(self, dt: datetime | None) -> None:
        """Return no offset."""

    def dst(self, dt: datetime | None) -> None:
        """Return no offset."""

    def tzname(self, dt: datetime | None) -> None:
        """Return no name."""


@given(
    st.datetimes(datetime(1800, 1, 1), datetime(2200, 1, 1)),  # noqa: DTZ001
    st.sampled_from(ZONES).map(ZoneInfo) | FIXED,
    st.booleans(),
)
def test_utc_is_what_astimezone_returns(wall: datetime, zone: tzinfo, fold: bool) -> None:
    """The conversion equals `astimezone` in every zone, in gaps and in repeated hours."""
    instant = wall.replace(tzinfo=zone, fold=fold)
    expected = instant.astimezone(UTC)
    assert expected == utc(instant)
    assert UTC is utc(instant).tzinfo
    assert 0 == utc(instant).fold


def test_an_instant_in_utc_is_returned_itself() -> None:
    """A plain datetime in UTC is returned without a conversion."""
    instant = datetime(2026, 3, 26, 14, 30, tzinfo=UTC)
    assert instant is utc(instant)


@pytest.mark.parametrize("zone", [UTC, ZoneInfo("Europe/Berlin"), timezone(timedelta(hours=1))])
def test_a_subclass_becomes_a_plain_datetime(zone: tzinfo) -> None:
    """A subclass of datetime is converted without its own arithmetic."""
    plain = datetime(2026, 3, 26, 14, 30, 1, 2, tzinfo=zone)
    found = utc(Timestamp(2026, 3, 26, 14, 30, 1, 2, tzinfo=zone))
    assert plain == found
    assert datetime is type(found)


@pytest.mark.parametrize("zone", [None, Undecided()])
def test_a_datetime_without_an_offset_is_refused(zone: tzinfo | None) -> None:
    """A datetime without an offset is refused, because it could mean many instants."""
    with pytest.raises(NaiveDatetimeError, match="has no offset"):
        utc(datetime(2026, 1, 9, tzinfo=zone))


@pytest.mark.parametrize("value", [date(2026, 1, 9), "2026-01-09", None, 0])
def test_a_value_that_is_not_a_datetime_is_refused(value: Any) -> None:
    """A date is refused as an instant, since it begins at another instant in each zone."""
    with pytest.raises(InstantError, match="is not an instant: give an aware datetime"):
        utc(value)


@pytest.mark.parametrize("instant", ["0001-01-01 00:00:00+12:00", "9999-12-31 23:00:00-14:00"])
def test_an_instant_without_a_form_in_utc_is_refused(instant: str) -> None:
    """An instant without a form in UTC is refused with the offset that was given."""
    with pytest.raises(InstantError) as refused:
        utc(datetime.fromisoformat(instant))
    expected = f"{instant} lies outside the years 1 to 9999 in UTC: give an instant within them"
    assert expected == str(refused.value)
