"""A holiday that is announced while timers run: recorded deadlines stay.

2026-03-02 is a Monday. The holiday is Thursday, the 5th.
"""

from datetime import timedelta

from support.clocks.playing import LibraryDesk
from support.clocks.story_text import Action, read_story
from ticketcore.policies import Policy, parse_policy

POLICY = """
name = "desk"
effective = 2020-01-01
default_handler = "support"
zone = "UTC"
default_type = "request"

[types.request]

[fields.state]
choices = ["open", "pending"]
default = "open"

[calendars.hours]
hours = "mon-fri 09:00-17:00"
HOLIDAYS

[pauses.pending]
when = { fields.state = "pending" }

[[timer]]
name = "days"
from = "opened"
met_by = "closed"
pauses = "pending"
after = "3 working days"
calendar = "hours"
effect = "breach"

[[timer]]
name = "hours"
from = "opened"
met_by = "closed"
pauses = "pending"
after = "24 working hours"
calendar = "hours"
effect = "breach"

[[permission]]
commands = ["close", "open", "set-field", "add-note", "reschedule"]
by = ["customer", "support"]
"""


def policy_with(holidays: str) -> Policy:
    """Return the policy before or after the holiday was announced."""
    return parse_policy(POLICY.replace("HOLIDAYS", holidays))


BEFORE = policy_with("")
AFTER = policy_with('holidays = { "2026-03-05" = "announced" }')


def played(desk: LibraryDesk, story: str) -> None:
    """Let the desk carry out the commands of a story."""
    for line in read_story(story):
        assert isinstance(line, Action)
        desk.do(line.at, line.command, line.by, **line.values)


def stands(desk: LibraryDesk, timer: str) -> tuple[str, timedelta, timedelta]:
    """Return due instant, used and remaining time of a timer."""
    standing = desk.standing(timer)
    used, left = (timedelta(seconds=each) for each in (standing.used, standing.left))
    return f"{standing.due:%m-%d %H:%M}", used, left


def hours(number: int) -> timedelta:
    """Return this many hours."""
    return timedelta(hours=number)


def test_a_recorded_deadline_stays() -> None:
    """A recorded deadline stays even if a day before it becomes a holiday."""
    desk = LibraryDesk(BEFORE)
    played(desk, "2026-03-03 10:00  customer open")
    desk.policy = AFTER
    played(desk, "2026-03-04 10:00  support add-note  text=a-holiday")

    # Used: seven hours of Tuesday and one of Wednesday. The rest no longer includes Thursday.
    assert ("03-06 10:00", hours(8), hours(8)) == stands(desk, "days")
    assert ("03-06 10:00", hours(8), hours(8)) == stands(desk, "hours")


def test_a_pause_over_the_holiday_does_not_count_it() -> None:
    """A pause over the holiday does not count the holiday's hours."""
    desk = LibraryDesk(BEFORE)
    played(desk, "2026-03-03 10:00  customer open")
    desk.policy = AFTER
    played(desk, "2026-03-04 15:00  support set-field  state=pending")
    played(desk, "2026-03-06 09:00  support set-field  state=open")

    # Used: seven hours of Tuesday and six of Wednesday.
    assert ("03-06 12:00", hours(13), hours(3)) == stands(desk, "days")
    assert ("03-06 12:00", hours(13), hours(3)) == stands(desk, "hours")


def test_a_pause_that_ended_before_the_announcement_stays_counted() -> None:
    """A pause that ended before the announcement stays counted, with its six hours."""
    desk = LibraryDesk(BEFORE)
    played(
        desk,
        """
        2026-03-03 10:00  customer open
                   11:00  support set-field  state=pending
                   17:00  support set-field  state=open
        """,
    )
    desk.policy = AFTER
    played(desk, "2026-03-06 09:00  support add-note  text=a-holiday")

    # Used: one hour of Tuesday and eight of Wednesday.
    assert ("03-06 16:00", hours(9), hours(7)) == stands(desk, "days")
    assert ("03-06 16:00", hours(9), hours(7)) == stands(desk, "hours")


def test_rescheduling_counts_the_holiday_from_the_start() -> None:
    """Rescheduling counts the holiday from the start of the timer."""
    desk = LibraryDesk(BEFORE)
    played(desk, "2026-03-03 10:00  customer open")
    desk.policy = AFTER
    played(desk, "2026-03-04 15:00  support set-field  state=pending")
    played(desk, "2026-03-06 09:00  support set-field  state=open")
    played(desk, "2026-03-06 09:00  support reschedule")

    assert ("03-09 12:00", hours(13), hours(11)) == stands(desk, "days")
    assert ("03-09 12:00", hours(13), hours(11)) == stands(desk, "hours")
