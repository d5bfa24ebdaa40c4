"""Calendars are values: they compare, hash, copy and pickle, and threads can share them."""

import copy
import io
import pickle
import struct
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest

from ticketcore.calendar import (
    BusinessCalendar,
    Calendar,
    CalendarError,
    Closure,
    Holidays,
    InstantError,
    NaiveDatetimeError,
    Span,
)


def rich() -> BusinessCalendar:
    """Return a calendar that uses every argument."""
    return BusinessCalendar(
        zone="Europe/Berlin",
        hours="mon-fri 09:00-17:00",
        holidays=Holidays(country="DE", subdivision="BE", add=["2026-12-24"]),
        exceptions={"2026-12-31": "09:00-12:00"},
        breaks={"2026-12-30": "12:00-13:00"},
        closures=[Closure("FREQ=WEEKLY;BYDAY=WE")],
        pauses=[(datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 6, tzinfo=UTC))],
    )


def answered(calendar: Calendar) -> Calendar:
    """Return the calendar after a question has filled its cache."""
    calendar.add(datetime(2026, 1, 9, 12, tzinfo=UTC), timedelta(hours=40))
    return calendar


@pytest.mark.parametrize(
    "one",
    [rich(), answered(rich()), rich() & rich(), answered(rich() - rich() | rich())],
    ids=["fresh", "asked", "both", "asked combination"],
)
def test_copies_are_equal(one: Calendar) -> None:
    """Copies of all kinds are equal and have the same hash, whatever was asked before."""
    for same in (
        pickle.loads(pickle.dumps(one)),
        copy.deepcopy(one),
        copy.copy(one),
        attrs.evolve(one),
    ):
        assert one == same
        assert hash(one) == hash(same)
        assert answered(one).next_open(datetime(2026, 1, 9, tzinfo=UTC)) == same.next_open(
            datetime(2026, 1, 9, tzinfo=UTC)
        )


def test_calendars_with_different_configurations_differ() -> None:
    """Calendars that differ in any argument are different."""
    others = [
        attrs.evolve(rich(), zone="UTC"),
        attrs.evolve(rich(), hours="mon 09:00-17:00"),
        attrs.evolve(rich(), holidays=None),
        attrs.evolve(rich(), exceptions=None),
        attrs.evolve(rich(), breaks=None),
        attrs.evolve(rich(), closures=None),
        attrs.evolve(rich(), pauses=None),
        rich() & rich(),
        rich() | rich(),
    ]
    assert len(others) == len(set(others) - {rich()})


def test_a_pickle_leaves_out_the_cache() -> None:
    """A pickled calendar computes its years again, because its cache is left out."""
    assert len(pickle.dumps(rich())) == len(pickle.dumps(answered(rich())))


def test_a_calendar_cannot_be_changed() -> None:
    """A calendar cannot be changed, so nobody moves deadlines by editing a shared one."""
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        rich().hours = "mon 09:00-10:00"  # type: ignore[misc,assignment]


def test_zones_are_compared_by_name() -> None:
    """Calendars with two ZoneInfo objects of one name are equal."""
    given = BusinessCalendar(zone=ZoneInfo.no_cache("UTC"), hours="mon 09:00-10:00")
    assert given == BusinessCalendar(zone="UTC", hours="mon 09:00-10:00")
    assert "zone='UTC', hours='mon 09:00-10:00'" in repr(given)


@pytest.mark.parametrize(
    ("combined", "how"),
    [
        (rich() & rich(), "intersection"),
        (rich() | rich(), "union"),
        (rich() - rich(), "difference"),
    ],
)
def test_the_repr_of_a_combination_names_its_kind(combined: Calendar, how: str) -> None:
    """The repr of a combination names its kind: intersection, union or difference."""
    assert f"combination='{how}', left=BusinessCalendar(zone='Europe/Berlin'" in repr(combined)


def test_threads_share_a_calendar() -> None:
    """Threads can share a calendar, and get the same answers as one thread."""
    calendar, span = rich(), timedelta(hours=100)
    starts = [
        datetime(year, month, 9, 12, tzinfo=UTC) for month in (1, 7) for year in range(1995, 2060)
    ]
    expected = [rich().add(start, span) for start in starts[:3]]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda start: calendar.add(start, span), starts))
    assert expected == found[:3]
    assert [calendar.add(start, span) for start in starts] == found


def test_only_calendars_are_combined() -> None:
    """A calendar cannot be combined with another type."""
    for combine in (rich().__and__, rich().__or__, rich().__sub__):
        assert NotImplemented is combine("mon-fri")  # type: ignore[arg-type]


@pytest.mark.parametrize("operation", ["is_open", "next_open", "next_close", "previous_close"])
def test_a_naive_instant_is_refused(operation: str) -> None:
    """A naive instant is refused, because it could mean instants up to 26 hours apart."""
    with pytest.raises(NaiveDatetimeError, match=r"\(2026, 1, 9, 0, 0\) has no offset"):
        getattr(rich(), operation)(datetime(2026, 1, 9))  # noqa: DTZ001


@pytest.mark.parametrize("value", [date(2026, 1, 9), "2026-01-09", None])
def test_an_instant_must_be_a_datetime(value: Any) -> None:
    """A date is refused as an instant, because it begins at another instant in each zone."""
    calendar, hour, now = rich(), timedelta(hours=1), datetime(2026, 1, 9, tzinfo=UTC)
    questions: tuple[Callable[[Any], object], ...] = (
        calendar.is_open,
        calendar.next_open,
        calendar.next_close,
        calendar.previous_close,
        lambda start: calendar.add(start, hour),
        lambda start: calendar.subtract(start, hour),
        lambda start: calendar.add_days(start, 1),
        lambda start: calendar.subtract_days(start, 1),
        lambda start: calendar.between(start, now),
        lambda end: calendar.between(now, end),
        lambda start: calendar.intervals(start, now),
        *(
            partial(calendar.due, span=Span.parse(span))
            for span in ("1 hour", "1 day", "1 month", "1 working hour", "1 working day")
        ),
        lambda start: calendar.explain(start, "1 day"),
    )
    for ask in questions:
        with pytest.raises(InstantError, match="is not an instant: give an aware datetime"):
            ask(value)


def test_results_are_in_utc() -> None:
    """Results are in UTC itself, whatever the zone of the arguments is."""
    start = datetime(2026, 1, 9, 12, tzinfo=ZoneInfo("Asia/Tokyo"))
    calendar, hour = rich(), timedelta(hours=1)
    answers = [
        calendar.add(start, hour),
        calendar.subtract(start, hour),
        calendar.add_days(start, 3),
        calendar.subtract_days(start, 3),
        calendar.next_open(start),
        calendar.next_close(start),
        calendar.previous_close(start),
        calendar.due(start, Span.parse("1 month")),
        calendar.due(start, Span.parse("0 months")),
        calendar.due(start, Span.parse("0 hours")),
        *calendar.intervals(start, start + timedelta(days=3))[0],
    ]
    assert {id(UTC)} == {id(answer.tzinfo) for answer in answers}


def test_importing_is_light() -> None:
    """holidays, numpy, icalendar and dateutil are loaded only when they are needed."""
    script = (
        "import sys, types\n"
        "import ticketcore.calendar\n"
        "print([m for m in ('holidays', 'numpy', 'icalendar', 'dateutil') if m in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert "[]" == found.stdout.strip()


UTC_FILE = b"TZif" + bytes(16) + struct.pack(">6I", 0, 0, 0, 0, 1, 4) + bytes(6) + b"UTC\0"
"""A file of the zone database without a clock change."""


@pytest.mark.parametrize(
    "zone", ["Factory", "localtime", "posixrules", "posix/UTC", "right/Europe/Berlin"]
)
def test_a_zone_is_the_same_on_every_machine(zone: str) -> None:
    """A calendar refuses what is no zone: "Factory", the machine's own, and leap seconds."""
    for given in (zone, ZoneInfo.from_file(io.BytesIO(UTC_FILE), key=zone)):
        with pytest.raises(CalendarError, match=f'unknown zone "{zone}"'):
            BusinessCalendar(zone=given, hours="mon-fri 09:00-17:00")
