"""The limits of input from outside. docs/reference/limits.md gives the reasons.

Each is checked before the work that it bounds.
"""

from typing import Final

MAX_FILE_BYTES: Final = 1_000_000
"""Bytes of a policy, a scenario, a file of templates, or an iCalendar file."""

MAX_FILE_VALUES: Final = 20_000
"""Keys and array elements of a TOML file."""

MAX_DEPTH: Final = 64
"""Keys, arrays or brackets inside one another, in a TOML file, a JSON log or a query."""

MAX_PROBLEMS: Final = 100
"""Problems that are kept of one file."""

MAX_LISTED: Final = 20
"""Problems that a message lists; the others are counted."""

MAX_LINE_BYTES: Final = 1_000_000
"""Bytes of one line of a history, and of the JSON text of one command."""

MAX_BODY_BYTES: Final = 900_000
"""Bytes of an event's body in a database, where a character beyond ASCII takes six or twelve."""

MAX_DIGITS: Final = 300
"""Digits of a number in a JSON log."""

MAX_RECORD_BYTES: Final = 4_000_000
"""Bytes of one element of a JSON log, characters of one record of a CSV log."""

MAX_UNPACKED_RATIO: Final = 200
"""Size of an unpacked file, in multiples of its packed size."""

MAX_QUOTED: Final = 100
"""Characters of a value that an error message repeats."""

MAX_MESSAGE: Final = 1_000
"""Characters of the sentence of an error, which may repeat several values."""

MAX_TIMERS: Final = 200
"""Timers of a policy."""

MAX_PENDING_TIMERS: Final = 1_000
"""Timers that are pending on a ticket, those of its disputes included."""

MAX_LEVELS: Final = 20
"""Levels of a timer."""

MAX_FORECAST_STEPS: Final = 20_000
"""Instants that a forecast looks at, over all commands that it tries."""

MAX_EXPLORED_COMMANDS: Final = 500_000
"""Commands that an exploration, or a comparison of two policies, tries."""

MAX_DRAWN_RULES: Final = 50_000
"""Timers and permitted commands of a policy, times its types, of which a diagram is made."""

MAX_SPANS: Final = 10
"""Further spans of a timer."""

MAX_CALENDARS: Final = 500
"""Calendars of a policy."""

MAX_OPENINGS: Final = 48
"""Openings of one day of a calendar."""

MAX_ICS_BYTES: Final = 2_000_000
"""Bytes of the iCalendar files of a policy, counted for each calendar that names a file."""

MAX_CLOSURES: Final = 200
"""Regular closures of the calendars of a policy, and of an iCalendar file."""

MAX_COMBINED: Final = 20
"""Calendars that one calendar combines."""

MAX_RULES: Final = 200
"""Rules of a mapping."""

MAX_UNMAPPED: Final = 1_000
"""Columns of a log that become fields without a line in the mapping."""

MAX_EXPECTED: Final = 200
"""Tables of expected events, and of expected deadlines, of a ticket in a scenario."""

MAX_POLICIES: Final = 20
"""Versions of the policy of a scenario, and policies that its steps name."""

MAX_DATES: Final = 20_000
"""Dates that the tables of a policy's calendars list, those of ranges counted one by one."""

MAX_COMBINATIONS: Final = 1_000
"""Combinations of parameters that one sweep tries."""

MAX_CONDITION: Final = 20_000
"""Characters of a condition in SQL."""
