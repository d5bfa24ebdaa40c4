"""The forms in which weekly hours can be written, and input that is refused."""

from typing import Any

import pytest

from ticketcore.calendar import BusinessCalendar, CalendarError


def hours(given: Any) -> str:
    """Return the hours of a calendar in the text form."""
    return str(BusinessCalendar(zone="UTC", hours=given).hours)


@pytest.mark.parametrize(
    "given",
    [
        "mon-fri 08:30-12:30 13:30-17:30; sat 09:00-12:00",
        {"mon-fri": "08:30-12:30 13:30-17:30", "sat": "09:00-12:00"},
        {"mon-fri": "13:30-17:30, 08:30-12:30", "Saturday": ["9:00-12:00"], "sun": "closed"},
        {
            "mon,wed,fri": ["08:30-12:30", "13:30-17:30"],
            "tue,thu": [("08:30", "12:30"), ("13:30", "17:30")],
            "sat": [["09:00", "12:00"]],
            "sun": (),
        },
    ],
)
def test_a_week_in_different_forms_is_equal(given: Any) -> None:
    """A text, a mapping, lists and pairs give the same week."""
    assert "mon-fri 08:30-12:30 13:30-17:30; sat 09:00-12:00" == hours(given)


def test_a_week_has_seven_days() -> None:
    """A week has seven days, each with its openings or none."""
    tuesdays = BusinessCalendar(zone="UTC", hours="tue 09:00-10:00").hours
    assert [0, 1, 0, 0, 0, 0, 0] == list(map(len, tuesdays.days))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("mon 22:00-06:00", "mon 22:00-30:00"),
        ("fri 22:00-26:00", "fri 22:00-26:00"),
        ("sat-mon 00:00-24:00", "mon 00:00-24:00; sat-sun 00:00-24:00"),
        ("mon 08:00:30-09:00", "mon 08:00:30-09:00"),
        ("mon 09:00-10:00 10:00-11:00;", "mon 09:00-10:00 10:00-11:00"),
        ("sun 22:00-06:00; mon 06:00-10:00", "mon 06:00-10:00; sun 22:00-30:00"),
    ],
)
def test_openings_at_the_ends_of_days(given: str, expected: str) -> None:
    """Openings may begin or end at midnight, touch each other, and contain seconds."""
    assert expected == hours(given)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("mon 08:00-12:00 11:00-13:00", r"monday: 08:00-12:00 and 11:00-13:00 overlap.* 12:00 or"),
        ("tue 22:00-06:00; wed 05:00-09:00", "tuesday 22:00-30:00 and wednesday 05:00-09:00 over"),
        ("sun 22:00-06:00; mon 05:00-09:00", "sunday 22:00-30:00 and monday 05:00-09:00 overlap"),
        ("mon 09:00-09:00", "monday: 09:00-09:00 is empty: leave it out, or write 00:00-24:00"),
        (
            "mon 25:00-26:00",
            "monday: 25:00-26:00 begins after midnight: list it under the next day, from 01:00",
        ),
        (
            "mon 24:00-25:00",
            "monday: 24:00-25:00 begins after midnight: list it under the next day, from 00:00",
        ),
        ("mon 08:00-40:00", "monday: 08:00-40:00 is longer than a day"),
        ("mon 08:00-48:00", "monday: 08:00-48:00 is longer than a day"),
        ("mon 08:00-24:10", 'monday: "24:10" is after the end of the day: write 24:00, or 00:10'),
        ("mon 08:00-49:00", 'monday: "49:00" is after the end of the next day'),
        ("mon 08:00-12:60", 'monday: "12:60" is not a time: write HH:MM'),
        ("mon 8-12", 'monday: "8" is not a time'),
        (
            "mon-fri 08:00-18:00, sat 10:00-14:00",
            'monday: "sat" is a day, not an opening: separate days by a semicolon',
        ),
        ("mon 08:00 tue-fri 09:00-12:00", "is not an opening"),
        ("mon 08:00-10:00 tue-fri 09:00-12:00", 'monday: "tue-fri" is a day, not an opening'),
        ("mon 08:00", 'monday: "08:00" is not an opening: give "09:00-17:00"'),
        ({"mon": [8]}, "monday: 8 is not an opening"),
        ({"mon": [(8, 12)]}, "monday: 8 is not a time"),
        ({"mon": 8}, "monday: 8 is not a list of openings"),
        ("mun 08:00-12:00", '"mun" in "mun" is not a day: write mon, tue'),
        ("mon-fry 08:00-12:00", '"fry" in "mon-fry" is not a day'),
        (
            "mon-fri 09:00-17:00; fri 09:00-15:00",
            'friday is given twice, the second time by "f',
        ),
        (["mon 08:00-12:00"], "hours .* cannot be read: give a mapping"),
        (
            "",
            "^the calendar never opens: give hours for at least one day, "
            'such as {"mon-fri": "09:00-17:00"}$',
        ),
        ({"mon": "closed"}, "the calendar never opens"),
    ],
)
def test_invalid_hours_are_refused(given: Any, message: str) -> None:
    """Invalid hours are refused with the day, the value found and what would be right."""
    with pytest.raises(CalendarError, match=message):
        hours(given)


@pytest.mark.parametrize(
    ("zone", "message"),
    [
        ("Mars/X", '^unknown zone "Mars/X": give an IANA name such as "Europe/Berlin"$'),
        ("", '^unknown zone "": give an IANA name'),
        ("/etc/passwd", '^unknown zone "/etc/passwd": give an IANA name'),
        ("europe/berln", '^unknown zone "europe/berln": did you mean "Europe/Berlin"'),
        (None, "^None is not a zone: give an IANA name"),
        (3, '^3 is not a zone: give an IANA name such as "Europe/Berlin"$'),
    ],
)
def test_unknown_zones_are_refused(zone: Any, message: str) -> None:
    """A calendar with an unknown zone is refused, with the nearest name if there is one."""
    with pytest.raises(CalendarError, match=message):
        BusinessCalendar(zone=zone, hours="mon 09:00-10:00")


def test_openings_beyond_the_limit_are_not_read() -> None:
    """A list of openings is refused at its 49th, however long it is."""
    openings = iter(["09:00-09:01"] * 100)
    with pytest.raises(CalendarError, match=r"^monday: more than 48 openings"):
        BusinessCalendar(zone="UTC", hours={"mon": openings})
    assert 51 == len(list(openings))
