"""Pictures of explanations."""

import re
from datetime import UTC, datetime, timedelta
from typing import get_args
from xml.etree import ElementTree

import pytest

from calendar_pictures import RICH, THURSDAY, pictures
from ticketcore.calendar import BusinessCalendar, Holidays, Reason, explanation_to_svg
from ticketcore.calendar.explanation._svg import COLOURS

CALENDAR = BusinessCalendar(**RICH)


@pytest.mark.parametrize(
    "span",
    ["30 working hours", "4 working days", "6 days", "0 hours", "600 working hours", "3 years"],
)
def test_a_picture_is_well_formed(span: str) -> None:
    """The boxes of a picture lie inside the frame, and the picture names the closed time."""
    found = CALENDAR.explain(THURSDAY, span)
    picture = ElementTree.fromstring(explanation_to_svg(found))
    width = float(picture.attrib["width"])
    boxes = [element for element in picture.iter() if element.tag.endswith("rect")]
    assert all(0 <= float(b.get("x", 0)) <= width for b in boxes)
    assert all(float(b.attrib["width"]) >= 0 for b in boxes)
    texts = " ".join(picture.itertext())
    assert f"counted: {span}" in texts
    assert all(skipped.words() in texts for skipped in found.skipped)
    assert "from Thu 2026-03-26 15:30 CET" in texts


def test_each_reason_to_be_closed_has_its_colour() -> None:
    """Each reason to be closed has a colour of its own, half days too."""
    assert set(get_args(Reason)) == set(COLOURS)
    assert len(COLOURS) == len(set(COLOURS.values()))
    calendar = BusinessCalendar(
        zone="Europe/Istanbul",
        hours="mon-fri 09:00-18:00",
        holidays=Holidays(
            country="TR",
            language="en_US",
            categories=("public", "half_day"),
            half_day_until="13:00",
        ),
    )
    start = datetime(2026, 10, 28, 7, tzinfo=UTC)
    picture = explanation_to_svg(calendar.explain(start, "4 working hours"))
    assert "half day: Republic Day (from 1pm)" in picture


UTC_ALWAYS = BusinessCalendar(zone="UTC", hours="mon-sun 00:00-24:00")


def dates_in(picture: str) -> list[str]:
    """Return the dates below the band of a picture, in order."""
    return re.findall(r"<text [^>]*>(\w{3} \d\d \w{3})</text>", picture)


@pytest.mark.parametrize(
    ("days", "apart", "shown"),
    [
        (12, 1, 12),
        (13, 2, 7),
        (24, 2, 12),
        (25, 7, 4),
        (36, 7, 5),
        (84, 7, 12),
        (85, 14, 6),
        (168, 14, 12),
        (169, 28, 6),
        (336, 28, 12),
        (337, 0, 1),
    ],
)
def test_a_picture_shows_as_many_dates_as_fit(days: int, apart: int, shown: int) -> None:
    """A picture shows at most twelve dates: every day, every second day, or weeks."""
    start = datetime(2026, 1, 5, 12, tzinfo=UTC)
    picture = explanation_to_svg(UTC_ALWAYS.explain(start, f"{days - 1} days"))
    expected = [f"{start + timedelta(days=apart * n):%a %d %b}" for n in range(shown)]
    assert expected == dates_in(picture)


@pytest.mark.parametrize(
    ("zone", "start", "expected"),
    [
        ("Asia/Tokyo", "2026-01-05T20:00Z", ["Tue 06 Jan", "Wed 07 Jan"]),
        ("Pacific/Honolulu", "2026-01-05T05:00Z", ["Sun 04 Jan", "Mon 05 Jan"]),
    ],
)
def test_the_dates_of_a_picture_are_those_of_the_zone(
    zone: str, start: str, expected: list[str]
) -> None:
    """The dates of a picture are those of the calendar's zone."""
    calendar = BusinessCalendar(zone=zone, hours="mon-sun 00:00-24:00")
    picture = explanation_to_svg(calendar.explain(datetime.fromisoformat(start), "1 day"))
    assert expected == dates_in(picture)


@pytest.mark.parametrize(("hour", "side"), [(9, "start"), (11, "start"), (12, "end"), (15, "end")])
def test_a_label_is_placed_where_it_fits(hour: int, side: str) -> None:
    """A label in a picture is placed where it fits, to the right or left of its mark."""
    start = datetime(2026, 1, 5, hour, tzinfo=UTC)
    picture = explanation_to_svg(UTC_ALWAYS.explain(start, timedelta(minutes=10)))
    assert [side] == re.findall(r'text-anchor="(\w+)"[^>]*>from', picture)


def test_the_pictures_are_current() -> None:
    """The committed pictures equal what is drawn now."""
    for path, picture in pictures():
        assert path.read_text(encoding="utf-8") == picture + "\n", path
