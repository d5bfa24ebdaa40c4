"""Calendars as a policy names them: their zone and holidays may depend on the ticket."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import attrs

from ticketcore.calendar import BusinessCalendar, Holidays

ROUND_THE_CLOCK = "mon-sun 00:00-24:00"


@attrs.frozen(kw_only=True)
class Storefront:
    """A sales channel: its zone, and the country whose national holidays count."""

    name: str
    zone: str
    country: str | None = None


@attrs.frozen(kw_only=True)
class CalendarDefinition:
    """A calendar of a policy.

    *zone* is "vendor" (the ticket's), "storefront", or an IANA name. *country* is "storefront",
    an ISO code, or None where holidays do not count; *holidays* are further dates with names.
    """

    name: str
    zone: str = "vendor"
    hours: Any = ROUND_THE_CLOCK
    country: str | None = None
    subdivision: str | None = None
    holidays: Mapping[date, str] = attrs.field(factory=dict)
    exceptions: Mapping[date, str] = attrs.field(factory=dict)
    rule: str | None = None

    @property
    def open_hours(self) -> str:
        """The hours of a week, and those of the dates that have their own."""
        hours = self.hours
        if isinstance(hours, Mapping):
            hours = "; ".join(f"{days} {text}" for days, text in hours.items())
        dates = (f"{day} {text or 'closed'}" for day, text in self.exceptions.items())
        return "; ".join([str(hours), *dates])

    @property
    def closed_days(self) -> str:
        """Whose holidays are closed, and which dates besides."""
        country = "the storefront" if self.country == "storefront" else self.country
        place = f"{country}-{self.subdivision}" if self.subdivision else country
        dates = (f"{day} {name}" for day, name in self.holidays.items())
        return ", ".join([*([place] if place else []), *dates])

    def build(self, vendor_zone: str, storefront: Storefront | None) -> BusinessCalendar:
        """The calendar for a vendor's zone and a storefront. Raises CalendarError."""
        zone, country = self.zone, self.country
        if zone == "vendor":
            zone = vendor_zone
        elif zone == "storefront":
            zone = storefront.zone if storefront else vendor_zone
        if country == "storefront":
            country = storefront.country if storefront else None
        holidays: Holidays | Mapping[date, str] = self.holidays
        if country is not None:
            holidays = Holidays(country=country, subdivision=self.subdivision, add=self.holidays)
        special: dict[date | str, str] = dict(self.exceptions.items())
        return BusinessCalendar(zone=zone, hours=self.hours, holidays=holidays, exceptions=special)
