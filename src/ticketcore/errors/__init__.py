"""All errors that this library raises.

    TicketcoreError
    ├── NaiveDatetimeError      a datetime has no offset
    ├── InstantError            not an instant, or outside the years 1 to 9999
    ├── MoneyError              not an amount of a currency
    ├── FieldError              a field of a command, event or value, or an argument, is wrong
    ├── RefusedError            the command is not allowed
    ├── OrderNotAdvancedError   another ticket of the order must be advanced first
    ├── ConflictError           a command is based on an old state of its ticket
    ├── CommandIdError          a command id was used for another command
    ├── LeaseLostError          a follower held a ticket for too long
    ├── StoreError              the database of a store cannot be used
    ├── NewerHistoryError       a ticket has events that only a newer version can read
    ├── BacktestError           a part of a history cannot be processed
    ├── DataError               stored data is broken
    │   ├── CodecError          one event or command
    │   ├── HistoryError        the sequence of the events
    │   └── LogError            the ticket log of another system
    └── ConfigurationError      the configuration is broken
        ├── CalendarError       hours, holidays, spans
        │   └── CalendarRangeError    a date outside the dates of the calendar
        ├── LedgerError         tickets of different orders, or without a number
        ├── WrongPolicyError    a ticket follows another policy
        ├── UnknownPolicyError  a set of versions lacks a policy
        ├── UnknownGroupingError  metrics are grouped by something unknown
        ├── DiagramError        more rules than a diagram can show
        ├── QueryError          a wrong filter, condition or goal
        ├── UnknownTimerError   a policy lacks a timer of a ticket
        ├── NotificationError   an email or template has a wrong value
        └── FileError           a file, with all its problems at once
            ├── PolicyError     a policy
            ├── ScenarioError   a scenario
            └── MappingError    a mapping of another system's log

Each error also has its values as attributes.
"""

from ticketcore.errors._commands import (
    BacktestError,
    CommandIdError,
    ConflictError,
    LeaseLostError,
    NewerHistoryError,
    OrderNotAdvancedError,
    RefusedError,
    StoreError,
)
from ticketcore.errors._configuration import (
    CalendarError,
    CalendarRangeError,
    ConfigurationError,
    DiagramError,
    FileError,
    FileProblem,
    LedgerError,
    MappingError,
    NotificationError,
    PolicyError,
    QueryError,
    ScenarioError,
    TimerLoopError,
    UnknownGroupingError,
    UnknownPolicyError,
    UnknownTimerError,
    WrongPolicyError,
)
from ticketcore.errors._data import CodecError, DataError, HistoryError, LogError
from ticketcore.errors._values import (
    FieldError,
    InstantError,
    MoneyError,
    NaiveDatetimeError,
    TicketcoreError,
)

__all__ = [
    "BacktestError",
    "CalendarError",
    "CalendarRangeError",
    "CodecError",
    "CommandIdError",
    "ConfigurationError",
    "ConflictError",
    "DataError",
    "DiagramError",
    "FieldError",
    "FileError",
    "FileProblem",
    "HistoryError",
    "InstantError",
    "LeaseLostError",
    "LedgerError",
    "LogError",
    "MappingError",
    "MoneyError",
    "NaiveDatetimeError",
    "NewerHistoryError",
    "NotificationError",
    "OrderNotAdvancedError",
    "PolicyError",
    "QueryError",
    "RefusedError",
    "ScenarioError",
    "StoreError",
    "TicketcoreError",
    "TimerLoopError",
    "UnknownGroupingError",
    "UnknownPolicyError",
    "UnknownTimerError",
    "WrongPolicyError",
]
