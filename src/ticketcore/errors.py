"""Every error that a caller can meet, named after whose fault it is and what can be done.

    TicketcoreError
    ├── NaiveDatetimeError      an instant without an offset was handed in
    ├── RefusedError            the command was not allowed: nothing happened
    ├── DataError               what was read is broken
    │   ├── CodecError          one event or command: a path and a value
    │   └── HistoryError        the order of the events: a gap, a duplicate, a false start
    └── ConfigurationError      what was configured is broken
        ├── CalendarError       hours, holidays, spans
        │   └── HorizonError    the answer lies beyond the dates that the calendar reaches
        └── PolicyError         a policy or scenario file: all its problems at once

They carry values as attributes, not only text.
"""


class TicketcoreError(Exception):
    """The base of all errors of this library. Never raised itself."""


class NaiveDatetimeError(TicketcoreError, ValueError):
    """Raised when an instant has no offset: it could mean any of 38 hours.

    A ValueError too, since it is met wherever values are built or parsed.
    """

    def __init__(self, value: object, what: str = "instant") -> None:
        super().__init__(value, what)
        self.value = value
        self.what = what

    def __str__(self) -> str:
        return (
            f"the {self.what} {self.value!r} has no offset: "
            f"give an aware datetime, for example with tzinfo=datetime.UTC"
        )


class ConfigurationError(TicketcoreError, ValueError):
    """The base of errors in what was configured."""


class CalendarError(ConfigurationError):
    """Raised when hours, holidays, exceptions or a span cannot be what was meant."""


class HorizonError(CalendarError):
    """Raised when an answer lies beyond the dates that a calendar can reach."""
