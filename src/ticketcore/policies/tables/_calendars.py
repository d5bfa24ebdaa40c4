"""Calendars of a policy: their zone and holidays may depend on the ticket."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

import attrs

from ticketcore._internal.frozen import Value, frozen
from ticketcore._internal.limits import MAX_DATES
from ticketcore._toml import (
    NAME,
    TEXT,
    Node,
    PartialMapping,
    Reading,
    Several,
    Table,
    TableArray,
    UnreadError,
    key,
    parsed,
    quoted,
    table_entries,
)
from ticketcore.calendar import (
    SUPPORTED_YEARS,
    BusinessCalendar,
    Holidays,
)
from ticketcore.errors import TicketcoreError
from ticketcore.policies._kinds import (
    CALENDAR_COUNTRY,
    CALENDAR_ZONE,
    COUNTRY,
    ROUND_THE_CLOCK,
    RULE,
    ZONE,
)
from ticketcore.policies.tables._closures import (
    ClosureDefinition,
    ClosuresKind,
    IcsFile,
    IcsFileKind,
    PauseDefinition,
)

_OPEN_ONCE: Final = {date(2000, 1, 1): "00:00-24:00"}  # whatever the hours of a week are


def _week(text: str) -> str:
    BusinessCalendar(zone="UTC", hours=text, exceptions=_OPEN_ONCE)
    return text


WEEK: Final = parsed(_week, example="mon-fri 09:00-17:00")


class HoursKind:
    """The kind of the hours of a week: one text, or a table of days with their openings."""

    expected = f"text such as {quoted('mon-fri 09:00-17:00')}, or a table of days"

    def read(self, node: Node, reading: Reading) -> Mapping[str, str] | str:
        """Return the hours as they are written, after a check of each part by itself."""
        if not isinstance(node.value, dict):
            return WEEK.read(node, reading)
        hours = {}
        wrong = False
        for day, entry in node.value.items():
            try:
                text = TEXT.read(entry, reading)
                BusinessCalendar(zone="UTC", hours={day: text}, exceptions=_OPEN_ONCE)
                hours[day] = text
            except TicketcoreError as error:
                reading.note(entry, str(error))
                wrong = True
            except UnreadError:
                wrong = True
        if wrong:
            raise UnreadError
        return hours

    def schema(self) -> dict[str, Any]:
        """Allow a text, or a table of texts."""
        text = {"type": "string"}
        return {"anyOf": [text, {"type": "object", "additionalProperties": text}]}


@frozen
class DatesKind:
    """The kind of a table whose keys are dates, or ranges such as "2026-12-24 to 2027-01-02".

    *try_out* raises an error if the text of a date is wrong.
    """

    try_out: Callable[[date, str], object]
    expected = "a table"

    def read(self, node: Node, reading: Reading) -> Mapping[date, str]:
        """Return the texts by their dates; no date comes twice."""
        texts: dict[date, str] = {}
        wrong = False
        for name, entry in table_entries(node, reading).items():
            try:
                text = TEXT.read(entry, reading)
                days = _dates(name)
                reading.count(entry, "dates of calendars", len(days), MAX_DATES)
                self.try_out(days[0], text)
                for day in days:
                    if day in texts:
                        raise ValueError(f"{day} is given twice")
                    texts[day] = text
            except (ValueError, TicketcoreError) as error:
                reading.note(entry, str(error))
                wrong = True
            except UnreadError:
                wrong = True
        return PartialMapping(texts, {None}) if wrong else texts

    def schema(self) -> dict[str, Any]:
        """Allow dates and ranges as keys."""
        names = {"propertyNames": {"pattern": "^[0-9]{4}-?[0-9W]"}}
        return {"type": "object", "additionalProperties": {"type": "string"}, **names}


def _dates(text: str) -> list[date]:
    first, to, last = text.partition(" to ")
    if to:
        _date(first), _date(last)
        return [day for day, _ in Holidays(add=[text]).add]
    return [_date(text)]


def _date(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f'{quoted(text)} is not a date: write it like "2026-12-24"') from None
    if day.year not in SUPPORTED_YEARS:
        first, last = SUPPORTED_YEARS[0], SUPPORTED_YEARS[-1]
        raise ValueError(f"{day} is outside the supported years {first} to {last}")
    return day


def _any_name(_day: date, _name: str) -> None:
    """Accept any name of a holiday."""


def _openings(day: date, text: str) -> None:
    BusinessCalendar(zone="UTC", hours=ROUND_THE_CLOCK, exceptions={day: text})


def _or_none(text: str | None) -> str | None:
    return text or None


@frozen(kw_only=True)
class Storefront(Value):
    """A sales channel: its zone, and the country whose national holidays count."""

    name: str
    zone: str = attrs.field(
        metadata=key(ZONE, "The storefront's time zone.", example='"Europe/Vienna"')
    )
    country: str | None = attrs.field(
        default=None,
        metadata=key(
            COUNTRY,
            "The country whose national holidays count, as an ISO 3166 code.",
            example='"AT"',
            unset="none",
        ),
    )


@frozen(kw_only=True)
class CalendarDefinition(Value):
    """A calendar of a policy.

    *zone* is "vendor" (the ticket's), "storefront", or an IANA name. *country* is "storefront",
    an ISO code, or None if no country's holidays count. *ics* holds the closures of the files.
    """

    name: str
    rule: str | None = attrs.field(default=None, metadata=RULE)
    zone: str = attrs.field(
        default="vendor",
        metadata=key(
            CALENDAR_ZONE,
            'The clocks by which `hours` are read: `"vendor"` (the ticket\'s zone), '
            '`"storefront"`, or an IANA name.',
            example='"Europe/Vienna"',
        ),
    )
    hours: Mapping[str, str] | str = attrs.field(
        default=ROUND_THE_CLOCK,
        metadata=key(
            HoursKind(),
            "The opening hours of a week. Opening times are included, closing times are not; "
            "`24:00` ends a day. A night shift such as `22:00-06:00` belongs to the day on which "
            "it begins.",
            example='{ mon-fri = "09:00-12:30 13:30-18:00", sat = "09:00-13:00" }',
            unset="open round the clock",
        ),
    )
    country: str | None = attrs.field(
        default=None,
        metadata=key(
            CALENDAR_COUNTRY,
            "Closed on the national holidays of this country: an ISO 3166 code, or "
            '`"storefront"` for the storefront\'s country.',
            example='"AT"',
            unset="holidays count as usual days",
        ),
    )
    subdivision: str | None = attrs.field(
        default=None,
        converter=_or_none,
        metadata=key(
            TEXT,
            "A state or region of the country, for its regional holidays.",
            example='"9"',
            unset="national holidays only",
        ),
    )
    categories: tuple[str, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(NAME),
            'The categories of the country\'s holidays that count, such as `"bank"`. Days of '
            '`"half_day"` end at `half_day_until`.',
            example='["public", "half_day"]',
            unset="public holidays",
        ),
    )
    half_day_until: str | None = attrs.field(
        default=None,
        metadata=key(
            TEXT,
            'The time at which half days end. Required with the category `"half_day"`.',
            example='"12:00"',
            unset="there are no half days",
        ),
    )
    make_up_hours: str | None = attrs.field(
        default=None,
        metadata=key(
            TEXT,
            "The hours of the days on a weekend that the country works in exchange for another "
            'day off, or `"closed"`.',
            example='"09:00-14:00"',
            unset="the hours of a Friday",
        ),
    )
    remove_holidays: tuple[str, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(NAME),
            "Holidays of the country on which the calendar is open as usual: names, which also "
            "remove the day observed instead, or dates.",
            example='["Columbus Day"]',
            unset="none",
        ),
    )
    holidays: Mapping[date, str] = attrs.field(
        factory=dict,
        metadata=key(
            DatesKind(_any_name),
            "Further closed dates, or ranges of dates, each with its name.",
            example='{ "2026-12-24" = "Christmas Eve", "2026-12-27 to 2026-12-31" = "holidays" }',
            unset="none",
        ),
    )
    exceptions: Mapping[date, str] = attrs.field(
        factory=dict,
        metadata=key(
            DatesKind(_openings),
            'Dates, or ranges of dates, with hours of their own or `"closed"`. They override '
            "weekly hours and holidays.",
            example='{ "2026-12-12" = "09:00-18:00" }',
            unset="none",
        ),
    )
    breaks: Mapping[date, str] = attrs.field(
        factory=dict,
        metadata=key(
            DatesKind(_openings),
            "Dates, or ranges of dates, with times at which the calendar is closed.",
            example='{ "2026-05-04" = "12:00-13:00" }',
            unset="none",
        ),
    )
    closures: tuple[ClosureDefinition, ...] = attrs.field(
        default=(),
        metadata=key(
            ClosuresKind(Table(ClosureDefinition)),
            "Whole dates that are closed regularly.",
            example='[{ rule = "FREQ=WEEKLY;BYDAY=WE", name = "closed on Wednesdays" }]',
            unset="none",
        ),
    )
    pauses: tuple[PauseDefinition, ...] = attrs.field(
        default=(),
        metadata=key(
            TableArray(Table(PauseDefinition)),
            "Time that does not count, between two instants.",
            example="[{ start = 2026-05-05T10:00:00Z, end = 2026-05-05T12:00:00Z }]",
            unset="none",
        ),
    )
    ics: tuple[IcsFile, ...] = attrs.field(
        default=(),
        metadata=key(
            Several(IcsFileKind()),
            "iCalendar files with closures, in the folder of the policy.",
            example='"holidays.ics"',
            unset="none",
        ),
    )

    @property
    def open_hours(self) -> str:
        """The hours of a week, then the hours of the exceptions."""
        hours = self.hours
        if isinstance(hours, Mapping):
            hours = "; ".join(f"{days} {text}" for days, text in hours.items())
        dates = (f"{day} {text or 'closed'}" for day, text in self.exceptions.items())
        return "; ".join([str(hours), *dates])

    @property
    def closed_days(self) -> str:
        """The country whose holidays are closed, then the further closed dates and closures."""
        country = "the storefront" if self.country == "storefront" else self.country
        place = f"{country}-{self.subdivision}" if self.subdivision else country
        dates = (f"{day} {name}" for day, name in self.holidays.items())
        rules = map(str, self.closures)
        return ", ".join([*([place] if place else []), *dates, *rules])

    def holidays_of(self, country: str | None) -> Holidays:
        """Return the holidays for a country, or the listed dates only.

        Raises CalendarError if an option does not fit the country.
        """
        listed = {day: name for file in self.ics for day, name in file.closures.holidays.items()}
        listed |= self.holidays
        if country is None:
            return Holidays(add=listed)
        return Holidays(
            country=country,
            subdivision=self.subdivision,
            categories=self.categories,
            half_day_until=self.half_day_until,
            make_up_hours=self.make_up_hours,
            remove=self.remove_holidays,
            add=listed,
        )

    def build(self, vendor_zone: str, storefront: Storefront | None) -> BusinessCalendar:
        """Build the calendar for a vendor's zone and a storefront. Raises CalendarError."""
        zone, country = self.zone, self.country
        if zone == "vendor":
            zone = vendor_zone
        elif zone == "storefront":
            zone = storefront.zone if storefront else vendor_zone
        if country == "storefront":
            country = storefront.country if storefront else None
        closures = [definition.build() for definition in self.closures]
        pauses = [(pause.start, pause.end) for pause in self.pauses]
        for file in self.ics:
            closures += file.closures.closures
            pauses += file.closures.pauses
        return BusinessCalendar(
            zone=zone,
            hours=self.hours,
            holidays=self.holidays_of(country),
            exceptions=self.exceptions,
            breaks=self.breaks,
            closures=closures,
            pauses=pauses,
        )
