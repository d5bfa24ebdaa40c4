"""Calendars of a policy: those of a ticket, and the mistakes in their definitions."""

from datetime import date

import pytest

from support.policy_problems import HEAD, OPEN, problems
from support.shop_policy import opened, read
from ticketcore.calendar import BusinessCalendar, Holidays


@pytest.mark.parametrize("storefront", [None, "de", "online", "elsewhere"])
def test_a_calendar_can_have_zone_and_country_of_the_storefront(storefront: str | None) -> None:
    """A ticket without a known storefront has the vendor's zone, and no holidays."""
    policy = read('[calendars.shop]\nzone = "storefront"\ncountry = "storefront"\n')
    zones = {"de": "Europe/Berlin", "online": "Asia/Tokyo"}
    expected = BusinessCalendar(
        zone=zones.get(storefront or "", "America/New_York"),
        hours="mon-sun 00:00-24:00",
        holidays=Holidays(country="DE") if storefront == "de" else None,
    )
    assert expected == policy.calendar("shop", opened(storefront))


def test_a_calendar_is_built_from_its_definition() -> None:
    """It has hours by day, holidays of a state and of the file, and exceptions."""
    policy = read(
        '[calendars.office]\ncountry = "DE"\nsubdivision = "BE"\n'
        '[calendars.office.hours]\nmon-thu = "09:00-17:00"\nfri = "09:00-12:00"\n'
        '[calendars.office.holidays]\n"2026-12-24" = "Heiligabend"\n'
        '[calendars.office.exceptions]\n"2026-12-31" = "09:00-10:00"\n'
        '[calendars.plain]\nzone = "UTC"\nhours = "mon 09:00-10:00"\n'
        '[calendars.plain.holidays]\n"2026-12-24" = "Eve"\n'
    )
    office = BusinessCalendar(
        zone="America/New_York",
        hours="mon-thu 09:00-17:00; fri 09:00-12:00",
        holidays=Holidays(country="DE", subdivision="BE", add={date(2026, 12, 24): "Heiligabend"}),
        exceptions={"2026-12-31": "09:00-10:00"},
    )
    plain = BusinessCalendar(
        zone="UTC", hours="mon 09:00-10:00", holidays={date(2026, 12, 24): "Eve"}
    )
    assert office == policy.calendar("office", opened("de"))
    assert plain == policy.calendar("plain", opened())


def test_a_ticket_without_a_storefront_has_the_zone_of_its_vendor() -> None:
    """An empty name counts as none."""
    policy = read('[calendars.c]\nzone = "storefront"\n')
    for storefront in (None, ""):
        assert "America/New_York" == policy.calendar("c", opened(storefront)).zone.key


def test_a_calendar_is_built_once_for_each_zone_and_storefront() -> None:
    """The next ticket uses the same one, with the years that it has computed."""
    policy = read('[calendars.shop]\ncountry = "storefront"\n')
    first, second = (policy.calendar("shop", opened("de")) for _ in range(2))
    assert first is second


def test_unknown_storefronts_share_one_calendar() -> None:
    """Their names can be anything, so the cache stays bounded."""
    policy = read('[calendars.shop]\nzone = "storefront"\n')
    first, other, missing = (
        policy.calendar("shop", opened(storefront)) for storefront in ("a", "b", None)
    )
    assert first is other is missing


def test_without_a_calendar_all_time_is_open() -> None:
    """The zone is that of the ticket."""
    expected = BusinessCalendar(zone="America/New_York", hours="mon-sun 00:00-24:00")
    assert expected == read("[calendars.c]\nzone = 'UTC'").calendar(None, opened("de"))


CALENDAR = """\
[calendars.c]
zone = "Mars/X"
country = "XX"
subdivision = "B"
[calendars.c.hours]
mon = 7
tue = "9 to 5"
foo = "09:00-10:00"
[calendars.c.holidays]
"2026-02-30" = "never"
"xmas" = "no date"
[calendars.c.exceptions]
"2026-02-20" = "25:00"
"2026-02-21" = "closed"
"""


def test_all_mistakes_of_a_calendar_are_reported_at_their_keys() -> None:
    """Each is reported once, and none follows from another."""
    found = [problem.split(": ")[:2] for problem in problems(OPEN.join([HEAD, CALENDAR]))]

    assert [
        ["9:1", "calendars.c.zone"],
        ["10:1", "calendars.c.country"],
        ["13:1", "calendars.c.hours.mon"],
        ["14:1", "calendars.c.hours.tue"],
        ["15:1", "calendars.c.hours.foo"],
        ["17:1", "calendars.c.holidays.2026-02-30"],
        ["18:1", "calendars.c.holidays.xmas"],
        ["20:1", "calendars.c.exceptions.2026-02-20"],
    ] == found


@pytest.mark.parametrize(
    ("definition", "key", "words"),
    [
        ("hours = { mon = 7 }", "hours.mon", "expected text, found the integer 7"),
        ("hours = 7", "hours", "expected text, found the integer 7"),
        ('hours = ""', "hours", "the calendar never opens"),
        ("hours = {}", "hours", "the calendar never opens"),
        ('hours = { mon-fri = "9:00-17:00", mon = "" }', "hours", "monday is given twice"),
        ('hours = "mon 9:00-12:00 11:00-13:00"', "hours", "overlap"),
        ('hours = ""\nexceptions = { 2020-01-01 = "9:00-17:00" }', "hours", "2100"),
        ('hours = ""\nexceptions = { 2027-01-01 = "9:00" }', "exceptions.2027-01-01", "opening"),
        ('holidays = { 2026-01-01 = "a", 20260101 = "b" }', "holidays.20260101", "given twice"),
        ('exceptions = { 2026-W01-4 = "", 2026-01-01 = "" }', "exceptions.2026-01-01", "twice"),
        ('country = "DE"\nsubdivision = "XX"', "subdivision", "unknown subdivision of DE"),
        ('subdivision = "BY"', "subdivision", "needs a country"),
        ('country = 7\nsubdivision = "BY"', "country", "expected text"),
        ('country = "utils"', "country", 'unknown country "utils"'),
        ('zone = "Europe/Brlin"', "zone", 'did you mean "Europe/Berlin"?'),
        ('zone = "storefront"', "zone", "needs storefronts: add one, such as"),
        ('country = "storefront"', "country", "needs storefronts: add one, such as"),
        (
            'holidays = { 1899-12-31 = "a" }',
            "holidays.1899-12-31",
            "outside the supported years 1900 to 2100",
        ),
        ('exceptions = { 2101-01-01 = "" }', "exceptions.2101-01-01", "2101-01-01 is outside"),
    ],
)
def test_a_calendar_with_one_mistake_has_one_problem(
    definition: str, key: str, words: str
) -> None:
    """The problem has the key of the mistake."""
    (problem,) = problems(f"{HEAD}{OPEN}[calendars.c]\n{definition}\n")

    assert f": calendars.c.{key}: " in problem
    assert words in problem


@pytest.mark.parametrize(("subdivision", "wrong"), [("9", ["GB"]), ("BY", ["AT", "GB"])])
def test_a_subdivision_must_exist_in_the_country_of_every_storefront(
    subdivision: str, wrong: list[str]
) -> None:
    """Otherwise the first ticket of another storefront would fail."""
    places = "".join(
        f'[storefronts.{name}]\nzone = "UTC"\ncountry = "{name.upper()}"\n'
        for name in ("at", "gb")
    )
    calendar = f'[calendars.c]\ncountry = "storefront"\nsubdivision = "{subdivision}"\n'
    found = problems(HEAD + OPEN + places + '[storefronts.x]\nzone = "UTC"\n' + calendar)

    message = "18:1: calendars.c.subdivision: holidays: unknown subdivision of"
    assert [f'{message} {country} "{subdivision}"' for country in wrong] == [
        problem.rsplit(":", 1)[0] for problem in found
    ]


def test_the_country_of_a_storefront_must_have_known_holidays() -> None:
    """Otherwise its first ticket would fail."""
    (problem,) = problems(f'{HEAD}{OPEN}[storefronts.x]\nzone = "UTC"\ncountry = "storefront"\n')

    assert problem.startswith("10:1: storefronts.x.country: holidays: unknown country")
