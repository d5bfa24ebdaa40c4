"""Instants: UTC in the library, and one stored form."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketcore._internal.instants import (
    format_instant,
    instant_text,
    local,
    parse_instant,
    utc,
    utc_or_none,
)
from ticketcore.errors import CodecError, InstantError, NaiveDatetimeError
from ticketcore.events import Replied

HOUR_EAST = timezone(timedelta(hours=1))


def test_an_aware_datetime_becomes_utc() -> None:
    """An aware datetime becomes the same instant in UTC, and None stays None."""
    at = datetime(2026, 1, 9, 23, tzinfo=HOUR_EAST)

    assert datetime(2026, 1, 9, 22, tzinfo=UTC) == utc(at)
    assert UTC is utc(at).tzinfo
    assert UTC is Replied(at=at, by="vendor").at.tzinfo
    assert None is utc_or_none(None)


def test_an_instant_is_written_in_utc_with_a_fixed_width() -> None:
    """A stored instant has a fixed width, so stored instants sort as text."""
    assert "2026-01-09T22:00:00.000000Z" == format_instant(
        datetime(2026, 1, 9, 23, tzinfo=HOUR_EAST)
    )
    with pytest.raises(NaiveDatetimeError):
        format_instant(datetime(2026, 1, 9, 22))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("second", "microsecond", "text"),
    [
        (0, 0, "2026-01-09T22:00Z"),
        (5, 0, "2026-01-09T22:00:05Z"),
        (0, 500, "2026-01-09T22:00:00.000500Z"),
    ],
)
def test_an_instant_for_people_has_seconds_if_it_needs_them(
    second: int, microsecond: int, text: str
) -> None:
    """An instant for people is in UTC, and nothing of it is lost."""
    assert text == instant_text(datetime(2026, 1, 9, 23, 0, second, microsecond, HOUR_EAST))


def test_a_naive_datetime_is_refused() -> None:
    """A naive datetime is refused, because it could mean many instants."""
    naive = datetime(2026, 1, 9, 22)  # noqa: DTZ001
    with pytest.raises(NaiveDatetimeError) as refused:
        Replied(at=naive, by="vendor")

    assert naive == refused.value.value


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("2026-01-09", "'2026-01-09' is not an instant: give an aware datetime"),
        (
            datetime(1, 1, 1, tzinfo=HOUR_EAST),
            "0001-01-01 00:00:00+01:00 lies outside the years 1 to 9999 in UTC:"
            " give an instant within them",
        ),
    ],
)
def test_other_values_are_refused_with_a_reason(value: object, message: str) -> None:
    """A value that is not a datetime, or lies outside the years of UTC, raises InstantError."""
    with pytest.raises(InstantError) as refused:
        utc(value)  # type: ignore[arg-type]

    assert message == str(refused.value)


def test_an_instant_has_a_local_time_unless_its_year_is_out_of_range() -> None:
    """A local year out of range is an error that names the zone."""
    new_york = ZoneInfo("America/New_York")
    there = local(datetime(2026, 1, 9, 22, tzinfo=UTC), new_york)

    assert ("2026-01-09T17:00:00-05:00", new_york) == (there.isoformat(), there.tzinfo)
    with pytest.raises(InstantError) as refused:
        local(datetime(1, 1, 1, tzinfo=UTC), new_york)
    message = "has no date in America/New_York: give an instant within the years 1 to 9999"
    assert f"0001-01-01 00:00:00+00:00 {message}" == str(refused.value)


class Moment(datetime):
    """A subclass of datetime, as pandas has one."""


def test_a_subclass_becomes_a_plain_datetime() -> None:
    """A subclass becomes a plain datetime, which needs no other library to unpickle."""
    at = utc(Moment(2026, 1, 9, 23, 0, 0, 7, tzinfo=HOUR_EAST))

    assert (datetime, UTC) == (type(at), at.tzinfo)
    assert datetime(2026, 1, 9, 22, 0, 0, 7, tzinfo=UTC) == at
    assert datetime is type(utc(Moment(2026, 1, 9, tzinfo=UTC)))


class NoOffset(tzinfo):
    """A time zone that returns no offset."""

    def utcoffset(self, _: datetime | None) -> None:
        return None

    dst = tzname = utcoffset


def test_a_zone_without_an_offset_is_refused() -> None:
    """A zone that returns no offset is refused, because Python treats such a datetime as naive."""
    with pytest.raises(NaiveDatetimeError):
        utc(datetime(2026, 1, 9, tzinfo=NoOffset()))


def test_the_second_of_two_equal_local_times_is_an_hour_later() -> None:
    """Clocks in Rome go back at 3:00 on 25 October 2026; `fold` selects the second 2:30."""
    rome = ZoneInfo("Europe/Rome")
    first, second = (utc(datetime(2026, 10, 25, 2, 30, tzinfo=rome, fold=f)) for f in (0, 1))

    assert timedelta(hours=1) == second - first


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_is_read_as_it_was_written(at: datetime) -> None:
    """Every instant with microseconds of the years 1 to 9999 is read back unchanged."""
    assert at == parse_instant(format_instant(at))


@pytest.mark.parametrize("text", ["2026-01-09T22:00:00Z", "2026-02-30T00:00:00.000000Z", 7, None])
def test_any_other_text_is_refused(text: object) -> None:
    """A text in another form than the stored one is refused with an example of it."""
    with pytest.raises(CodecError, match=r'expected an instant in UTC like "2026-01-09T22:00'):
        parse_instant(text)
