"""Instants as people read them."""

from datetime import UTC, datetime

import pytest

from ticketcore._internal.local_times import local_text

AT = datetime(2026, 1, 5, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Asia/Tokyo", "Mon 2026-01-05 19:00 UTC+09:00"),
        ("America/Boise", "Mon 2026-01-05 03:00 UTC-07:00"),
        ("UTC", "Mon 2026-01-05 10:00 UTC+00:00"),
    ],
)
def test_an_instant_is_local_to_a_zone_with_its_offset(zone: str, expected: str) -> None:
    """The weekday, the date, the time and the offset of an instant are those of the given zone."""
    assert expected == local_text(AT, zone)


@pytest.mark.parametrize("zone", ["Mars/Base", "../UTC", "\0", ""])
def test_an_instant_of_an_unknown_zone_is_written_in_utc(zone: str) -> None:
    """An instant in a zone that this machine does not know is written in UTC."""
    assert "Mon 2026-01-05 10:00 UTC+00:00" == local_text(AT, zone)


def test_an_instant_without_a_local_date_is_written_in_utc() -> None:
    """An instant whose local year would be 10000 is written in UTC."""
    last = datetime(9999, 12, 31, 23, tzinfo=UTC)

    assert "Fri 9999-12-31 23:00 UTC+00:00" == local_text(last, "Asia/Tokyo")
