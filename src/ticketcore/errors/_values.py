"""Errors of single values: instants, amounts, fields."""

from datetime import datetime

from ticketcore._internal.terminal import briefly, cut, short


class TicketcoreError(Exception):
    """The base of all errors of this library. Never raised itself."""

    def __str__(self) -> str:
        return briefly(super().__str__())


class NaiveDatetimeError(TicketcoreError, ValueError):
    """Raised when a datetime has no offset, so that its instant is unknown.

    *what* says what the value is for. It is a ValueError too, as other wrong values are.
    """

    def __init__(self, value: object, what: str = "instant") -> None:
        super().__init__(value, what)
        self.value = value
        self.what = what

    def __str__(self) -> str:
        return (
            f"the {self.what} {short(self.value)} has no offset: "
            f"give an aware datetime, for example with tzinfo=datetime.UTC"
        )


class InstantError(TicketcoreError, ValueError):
    """Raised when a value is not an instant between the years 1 and 9999."""

    def __init__(self, value: object, why: str) -> None:
        super().__init__(value, why)
        self.value = value
        self.why = why

    def __str__(self) -> str:
        shown = self.value if isinstance(self.value, datetime) else short(self.value)
        return f"{shown} {briefly(self.why)}"


class MoneyError(TicketcoreError, ValueError):
    """Raised when a value is not an amount of a currency. Money is never rounded."""

    def __init__(self, value: object, why: str) -> None:
        super().__init__(value, why)
        self.value = value
        self.why = why

    def __str__(self) -> str:
        is_plain = isinstance(self.value, str | int)
        shown = short(self.value) if is_plain else cut(str(self.value))
        return f"{shown} is not an amount of money: {briefly(self.why)}"


class FieldError(TicketcoreError, ValueError):
    """Raised when a command, an event or a value is built with a field that has a wrong value.

    *owner* is the name of the class, *field* the name of its field, *value* what was given and
    *expected* what the field accepts. It is raised too when a function fails because an argument
    has a wrong type: *owner* is the function, *field* the argument.
    """

    def __init__(self, owner: str, field: str, value: object, expected: str) -> None:
        super().__init__(owner, field, value, expected)
        self.owner = owner
        self.field = field
        self.value = value
        self.expected = expected

    def __str__(self) -> str:
        return briefly(
            f"{self.owner}.{self.field}: expected {self.expected}, found {short(self.value)}"
        )
