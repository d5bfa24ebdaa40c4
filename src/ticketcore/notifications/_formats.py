"""Write dates, times and money in the form of the recipient's language and time zone."""

from datetime import UTC, date, datetime, time
from decimal import Decimal, localcontext
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import attrs

from ticketcore.errors import NotificationError
from ticketcore.events import Money, local

if TYPE_CHECKING:
    from babel import Locale


@attrs.frozen(slots=False)
class Formats:
    """The formats of a locale, such as "de" or "de-AT", and an IANA time zone.

    The methods raise NotificationError for an unknown locale, and InstantError for an instant
    without a date in the zone.
    """

    locale: str
    zone: str

    @cached_property
    def _locale(self) -> "Locale":
        from babel import Locale, UnknownLocaleError

        try:
            return Locale.parse(self.locale, sep="-")
        except (ValueError, UnknownLocaleError):
            why = "is not a locale: give one such as de or de-AT"
            raise NotificationError("locale", self.locale, why) from None

    @property
    def language(self) -> str:
        """The language of the locale, without the country."""
        language: str = self._locale.language
        return language

    def instant(self, at: datetime) -> str:
        """Return date and time to the minute, with the name of the zone.

        The name tells apart the hour that occurs twice when clocks are put back.
        """
        from babel.dates import format_time, get_timezone_name

        zone = ZoneInfo(self.zone)
        shown = local(at, zone)
        time = format_time(shown, "short", tzinfo=zone, locale=self._locale)
        name = get_timezone_name(shown, "short", locale=self._locale)
        return f"{self.day(at)} {time}\N{NO-BREAK SPACE}{name}"

    def day(self, at: datetime) -> str:
        """Return the local date of an instant, with the day of the week."""
        from babel.dates import format_skeleton

        zone = ZoneInfo(self.zone)
        return format_skeleton("yMMMEd", local(at, zone), tzinfo=zone, locale=self._locale)

    def plain_date(self, day: date) -> str:
        """Return a date, with the day of the week."""
        return Formats(self.locale, "UTC").day(datetime.combine(day, time(), UTC))

    def number(self, number: Decimal) -> str:
        """Return a number with all its digits, without rounding."""
        from babel.numbers import format_decimal

        with localcontext(prec=max(28, len(str(number)))):  # as for money
            return format_decimal(number, locale=self._locale, decimal_quantization=False)

    def money(self, money: Money) -> str:
        """Return an amount with all its minor digits, without rounding."""
        from babel.numbers import format_currency, get_currency_symbol

        number, _, currency = str(money).partition(" ")
        digits = "0" * len(number.partition(".")[2])
        pattern = self._locale.currency_formats["standard"].pattern
        pattern = pattern.replace(".00", f".{digits}" if digits else "")
        if get_currency_symbol(currency, self._locale)[-1].isalpha():
            pattern = pattern.replace("¤#", "¤\N{NO-BREAK SPACE}#")  # HUF 4,900 and not HUF4,900
        with localcontext(prec=max(28, len(number))):  # Babel rounds to the context's precision
            return format_currency(
                Decimal(number), currency, pattern, self._locale, currency_digits=False
            )
