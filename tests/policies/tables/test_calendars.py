"""Calendars of a policy have every feature of `BusinessCalendar`."""

import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ticketcore.calendar import BusinessCalendar
from ticketcore.errors import PolicyError
from ticketcore.policies import CalendarDefinition, load_policy, parse_policy

HEAD = 'name = "shop"\neffective = 2026-01-01\nany_type = true\n'
HEAD += '[[permission]]\ncommands = "open"\nby = "customer"\n'
ICS = """\
BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
DTSTART;VALUE=DATE:20260112
SUMMARY:stocktaking
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20260114
RRULE:FREQ=WEEKLY
END:VEVENT
BEGIN:VEVENT
DTSTART:20260113T120000Z
DTEND:20260113T130000Z
END:VEVENT
END:VCALENDAR
"""


def calendar(keys: str, country: str = "") -> BusinessCalendar:
    """Return the calendar of a policy, open from nine to five on weekdays."""
    return definition(f"{country}\n{keys}").build("UTC", None)


def definition(keys: str, hours: str = '"mon-fri 09:00-17:00"') -> CalendarDefinition:
    """Return the definition of a calendar with these further keys."""
    text = f'{HEAD}[calendars.office]\nzone = "UTC"\nhours = {hours}\n'
    return parse_policy(text + keys).calendars["office"]


def problems(keys: str) -> str:
    """Return the problems of a policy with these keys of a calendar, one a line."""
    with pytest.raises(PolicyError) as refused:
        calendar(keys)
    return "\n".join(problem.message for problem in refused.value.problems)


def open_hours(calendar: BusinessCalendar, day: str) -> str:
    """Return the open hours of a date."""
    begin, end = (datetime.fromisoformat(f"{day}T{at}Z") for at in ("00:00", "23:59"))
    return " ".join(f"{a:%H:%M}-{b:%H:%M}" for a, b in calendar.intervals(begin, end))


@pytest.mark.parametrize(
    ("keys", "country", "day", "expected"),
    [
        ('breaks = { 2026-01-07 = "12:00-13:00" }', "", "2026-01-07", "09:00-12:00 13:00-17:00"),
        ('holidays = { "2026-01-05 to 2026-01-09" = "trip" }', "", "2026-01-08", ""),
        (
            'exceptions = { "2026-01-05 to 2026-01-09" = "10:00-11:00" }',
            "",
            "2026-01-09",
            "10:00-11:00",
        ),
        ('closures = [{ rule = "FREQ=WEEKLY;BYDAY=WE" }]', "", "2026-01-07", ""),
        (
            'closures = [{ rule = "FREQ=WEEKLY;INTERVAL=2", since = 2026-01-07, days = 2, '
            'name = "training", without = [2026-01-21] }]',
            "",
            "2026-01-08",
            "",
        ),
        (
            "pauses = [{ start = 2026-01-07T10:00:00Z, end = 2026-01-07T12:00:00+01:00 }]",
            "",
            "2026-01-07",
            "09:00-10:00 11:00-17:00",
        ),
        ("", 'country = "US"', "2026-10-12", ""),
        ('remove_holidays = ["Columbus Day"]', 'country = "US"', "2026-10-12", "09:00-17:00"),
        ('remove_holidays = ["2026-10-12"]', 'country = "US"', "2026-10-12", "09:00-17:00"),
        (
            'categories = ["public", "half_day"]\nhalf_day_until = "13:00"',
            'country = "TR"',
            "2026-10-28",
            "09:00-13:00",
        ),
        ("", 'country = "HU"', "2026-01-10", "09:00-17:00"),
        ('make_up_hours = "09:00-12:00"', 'country = "HU"', "2026-01-10", "09:00-12:00"),
    ],
)
def test_each_key_of_a_calendar_counts(keys: str, country: str, day: str, expected: str) -> None:
    """Each key of a calendar in a policy has the effect of the calendar's argument."""
    assert expected == open_hours(calendar(keys, country), day)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ('categories = "bank"', 'needs a country: add one, such as country = "AT"'),
        ('remove_holidays = ["X"]', "needs a country"),
        ('country = "DE"\ncategories = "bank"', 'unknown category of DE "bank"'),
        ('country = "TR"\ncategories = "half_day"', 'the category "half_day" and half_day_until'),
        ('country = "TR"\nhalf_day_until = "13:00"', 'the category "half_day" and half_day_until'),
        ('country = "HU"\nmake_up_hours = "9"', 'make_up_hours: "9" is not an opening'),
        ('country = "US"\nremove_holidays = "Colombus Day"', 'did you mean "Columbus Day"?'),
        (
            'holidays = { "2026-01-09 to 2026-01-05" = "x" }',
            "has -3 days: give a range",
        ),
        ('holidays = { "2026-01-09 to soon" = "x" }', '"soon" is not a date'),
        (
            'holidays = { 2026-01-05 = "a", "2026-01-04 to 2026-01-06" = "b" }',
            "2026-01-05 is given twice",
        ),
        ('holidays = { 2101-01-05 = "a" }', "2101-01-05 is outside the supported years"),
        ('breaks = { 2026-01-07 = "noon" }', '"noon" is not an opening'),
        ('closures = [{ rule = "FREQ=DAILY;INTERVAL=0" }]', "INTERVAL must be a whole number"),
        ("closures = [{ days = 2 }]", "missing; expected text"),
        (
            "pauses = [{ start = 2026-01-07T10:00:00, end = 2026-01-08T10:00:00Z }]",
            "has no offset",
        ),
        ("pauses = [{ start = 2026-01-07, end = 2026-01-08T10:00:00Z }]", "expected an instant"),
        (
            "pauses = [{ start = 2026-01-09T10:00:00Z, end = 2026-01-08T10:00:00Z }]",
            "ends before it begins",
        ),
        ('ics = "../holidays.ics"', "is not in the policy's folder: give its name only"),
        ('ics = "missing.ics"', "a text without a folder cannot name a file"),
    ],
)
def test_a_mistake_in_a_calendar_is_a_problem(keys: str, message: str) -> None:
    """A mistake in a calendar is reported at its key."""
    assert message in problems(keys)


def test_a_missing_ics_file_is_a_problem(tmp_path: Path) -> None:
    """A missing .ics file is reported at the key `ics`."""
    text = f'{HEAD}[calendars.office]\nhours = "mon-fri 09:00-17:00"\nics = "missing.ics"\n'

    with pytest.raises(PolicyError, match=r'"missing\.ics": no such file or directory'):
        parse_policy(text, folder=tmp_path)


def test_an_ics_file_is_read_from_beside_the_policy(tmp_path: Path) -> None:
    """The closures of the file count like those of the policy."""
    (tmp_path / "days.ics").write_text(ICS, encoding="utf-8")
    file = tmp_path / "shop.toml"
    text = f'{HEAD}[calendars.office]\nhours = "mon-fri 09:00-17:00"\nics = "days.ics"\n'
    file.write_text(text, encoding="utf-8")
    office = load_policy(file).calendars["office"].build("UTC", None)
    dates = office.working_dates(date(2026, 1, 12), date(2026, 1, 23))
    assert [13, 15, 16, 19, 20, 22] == [day.day for day in dates]
    noon = datetime(2026, 1, 13, 12, 30, tzinfo=UTC)
    assert not office.is_open(noon)


def test_an_ics_file_needs_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A policy with an .ics file needs the package icalendar, and says so."""
    monkeypatch.setitem(sys.modules, "icalendar", None)
    (tmp_path / "days.ics").write_text(ICS, encoding="utf-8")
    file = tmp_path / "shop.toml"
    file.write_text(f'{HEAD}[calendars.office]\nics = "days.ics"\n', encoding="utf-8")
    with pytest.raises(PolicyError, match=r"ics: needs the extra ticketcore\[ical\]"):
        load_policy(file)


def test_a_broken_ics_file_is_a_problem_of_its_name(tmp_path: Path) -> None:
    """A broken .ics file is reported where the policy names it, with the event that is broken."""
    (tmp_path / "days.ics").write_text(ICS.replace("20260112", "2026"), encoding="utf-8")
    file = tmp_path / "shop.toml"
    file.write_text(f'{HEAD}[calendars.office]\nics = ["days.ics"]\n', encoding="utf-8")
    with pytest.raises(
        PolicyError, match=r'calendars.office.ics.*event "stocktaking" has a broken'
    ):
        load_policy(file)


def test_closures_are_written_as_people_read_them(tmp_path: Path) -> None:
    """`policy show` prints each closure in one line."""
    (tmp_path / "days.ics").write_text(ICS, encoding="utf-8")
    file = tmp_path / "shop.toml"
    keys = (
        'closures = [{ rule = "FREQ=WEEKLY;BYDAY=WE", name = "training" }, '
        '{ rule = "FREQ=WEEKLY;BYDAY=TH", days = 2, since = 2026-01-08, without = 2026-01-15 }]\n'
        'ics = "days.ics"\n'
    )
    keys += "pauses = [{ start = 2026-01-07T10:00:00Z, end = 2026-01-07T12:00:00+01:00 }]\n"
    file.write_text(f"{HEAD}[calendars.office]\n{keys}", encoding="utf-8")
    office = load_policy(file).calendars["office"]
    shown = [str(found) for found in (*office.closures, *office.pauses, *office.ics)]
    pause = "2026-01-07T10:00Z to 2026-01-07T11:00Z"
    assert [
        "FREQ=WEEKLY;BYDAY=WE training",
        "FREQ=WEEKLY;BYDAY=TH closure; 2 days each; since 2026-01-08; without 2026-01-15",
        pause,
        f"days.ics with digest {office.ics[0].digest}",
    ] == shown


def test_files_of_one_name_differ_by_their_digest(tmp_path: Path) -> None:
    """An .ics file is written with a digest that changes with its closures."""
    file = tmp_path / "shop.toml"
    file.write_text(f'{HEAD}[calendars.office]\nics = "days.ics"\n', encoding="utf-8")
    shown = set()
    for text in (ICS, ICS.replace("20260112", "20260113")):
        (tmp_path / "days.ics").write_text(text, encoding="utf-8")
        shown.add(str(load_policy(file).calendars["office"].ics[0]))
    assert 2 == len(shown)


def test_a_timer_lands_at_the_end_of_the_day_or_at_a_time() -> None:
    """A timer lands at the end of the day or at a time, but not at both."""
    timer = '[calendars.office]\nhours = "mon-fri 09:00-17:00"\n[[timer]]\nname = "t"\n'
    timer += 'from = "opened"\nafter = "1 working day"\ncalendar = "office"\neffect = "warn"\n'
    with pytest.raises(PolicyError) as refused:
        parse_policy(HEAD + timer + 'roll = "day-end"\nat_time = "16:00"\n')
    message = (
        'timer[0].at_time: roll = "day-end" lands at the end of the day: leave one of them out'
    )
    assert message in str(refused.value)


def test_a_time_of_a_timer_is_read() -> None:
    """A time of a timer is read, and a wrong one is reported as it was written."""
    timer = '[[timer]]\nname = "t"\nfrom = "opened"\nafter = "1 day"\neffect = "warn"\n'
    with pytest.raises(PolicyError, match=r'at_time: "4 pm" is not a time'):
        parse_policy(HEAD + timer + 'at_time = "4 pm"\n')


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("", ""),
        ('country = "DE"', "DE"),
        ('country = "DE"\nsubdivision = "BE"', "DE-BE"),
        ('country = "storefront"\n[storefronts.de]\nzone = "UTC"', "the storefront"),
        (
            'country = "DE"\nholidays = { 2026-01-05 = "inventory", 2026-01-07 = "move" }\n'
            'closures = [{ rule = "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=8,9", name = "fair", '
            "without = [2027-01-08, 2027-01-09] }]",
            "DE, 2026-01-05 inventory, 2026-01-07 move, "
            "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=8,9 fair; without 2027-01-08, 2027-01-09",
        ),
    ],
)
def test_a_calendar_names_its_closed_days(keys: str, expected: str) -> None:
    """A calendar names its country, then its closed dates and its closures."""
    assert expected == definition(keys).closed_days


def test_a_calendar_names_its_hours() -> None:
    """A calendar names the hours of its week, then those of its exceptions."""
    exceptions = 'exceptions = { 2026-01-05 = "", 2026-01-06 = "10:00-12:00" }'
    weekly = '{ mon-thu = "09:00-17:00", fri = "09:00-13:00" }'

    assert "mon-fri 09:00-17:00; 2026-01-05 closed; 2026-01-06 10:00-12:00" == (
        definition(exceptions).open_hours
    )
    assert "mon-thu 09:00-17:00; fri 09:00-13:00" == definition("", weekly).open_hours
