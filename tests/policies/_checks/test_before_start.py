"""Levels before the deadline that lie before the start."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.policies.policy_problems import HEAD, OPEN, problems
from ticketcore.calendar import Span
from ticketcore.policies import Level, TimerDefinition, parse_policy
from ticketcore.policies._checks._before_start import before_start, exceeds

BASE = HEAD + 'zone = "Europe/Berlin"\n' + OPEN
HOURS = 'hours = "mon-thu 09:00-12:00 13:00-17:00; fri 09:00-13:00"\n'
MAKE_UP = 'country = "CN"\nmake_up_hours = "08:00-20:00"\n'
LONG_DAY = 'exceptions = { "2026-05-05" = "08:00-20:00" }\n'
MESSAGE = "timer[0].level[0].before_due: lies before the start: the deadline is after "


def text(before: str, after: str, more: str = 'calendar = "desk"\n', hours: str = HOURS) -> str:
    """Return a policy whose timer has a level before its deadline."""
    return (
        f'{BASE}[calendars.desk]\nzone = "Europe/Berlin"\n{hours}[[timer]]\nname = "t"\n'
        f'from = "opened"\nafter = "{after}"\neffect = "warn"\n{more}'
        f'[[timer.level]]\nname = "soon"\nbefore_due = "{before}"\n'
    )


@pytest.mark.parametrize(
    ("before", "after", "more"),
    [
        ("4 hours", "4 hours", ""),
        ("49 hours", "2 days", ""),
        ("1 month", "27 days", ""),
        ("1 month", "99 hours", ""),
        ("32 days", "1 month", ""),
        ("8 working hours", "8 hours", 'calendar = "desk"\n'),
        ("25 working hours", "1 day", 'calendar = "desk"\n'),
        ("9 working hours", "1 working day", 'calendar = "desk"\n'),
        ("3 working days", "2 working days", 'calendar = "desk"\n'),
    ],
)
def test_a_level_that_lies_before_the_start_on_every_date_is_reported(
    before: str, after: str, more: str
) -> None:
    """The units may differ: the shortest time of one is compared with the longest of the other."""
    (problem,) = problems(text(before, after, more))

    assert problem.endswith(f'{MESSAGE}"{after}"')


@pytest.mark.parametrize(
    "right",
    [
        text("2 days", "48 hours", ""),
        text("48 hours", "2 days", ""),
        text("1 month", "30 days", ""),
        text("30 days", "1 month", ""),
        text("2 days", "2 months", ""),
        text("7 working hours", "1 working day"),
        text("9 working hours", "2 working days"),
        text("9 working hours", "1 working day", hours=HOURS + MAKE_UP),
        text("9 working hours", "1 working day", hours=HOURS + LONG_DAY),
        text("99 hours", "8 working hours"),
        text("8 working hours", "8 working hours"),
        text("2 working days", "8 hours"),
        text("8 days", "7 days", 'then = "7 days"\n'),
        text("4 hours", "4 hours", 'at_time = "16:00"\n'),
        text("2 hours", "1 hour", 'calendar = "desk"\nout_of_hours = "5 hours"\n'),
        text("4 working hours", "4 hours", 'calendar = "desk"\nroll = "forward"\n'),
    ],
)
def test_a_level_that_may_lie_after_the_start_is_no_mistake(right: str) -> None:
    """A level is accepted if it lies after the start on some date, or the deadline moves on."""
    parse_policy(right)


def test_a_calendar_that_is_wrong_or_missing_is_one_mistake() -> None:
    """Levels of a timer without a right calendar are not checked, so one mistake is reported."""
    assert 1 == len(problems(text("9 working hours", "1 working day", 'calendar = "dsk"\n')))
    wrong = text("9 working hours", "1 working day", hours='hours = "mon closed"\n')
    assert 1 == len(problems(wrong))


WORKING = st.builds(Span, st.integers(1, 40), st.sampled_from(("hour", "day")), st.just(True))
UNITS = st.sampled_from(("hour", "day", "week", "month"))
SPANS = WORKING | st.builds(Span, st.integers(1, 40), UNITS)
STARTS = st.integers(0, 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
POLICY = parse_policy(text("1 working hour", "2 working days"))
DESK = POLICY.calendars["desk"].build("Europe/Berlin", None)


@given(SPANS, SPANS, STARTS)
def test_a_reported_level_lies_before_the_start(
    before: Span, after: Span, start: datetime
) -> None:
    """A reported level lies before the start on every date, also over a change of the clocks."""
    timer = TimerDefinition(
        name="t", anchors=("opened",), after=after, calendar="desk", effect="warn"
    )
    level = Level(name="soon", before_due=before)

    assert (
        not [*before_start(POLICY, timer, level)]
        or DESK.start_of(before, DESK.due(start, after)) <= start
    )


@pytest.mark.parametrize(
    ("span", "other", "longer"),
    [
        ("3 working days", "2 working days", True),
        ("2 days", "2 days", False),
        ("2 months", "1 month", True),
        ("1 month", "28 days", False),  # in February
        ("1 month", "27 days", True),
        ("40 days", "1 month", True),
        ("1 day", "22 hours", True),
        ("1 day", "23 hours", False),  # when the clocks go forward
        ("9 hours", "1 working hour", False),  # over a weekend
    ],
)
def test_a_span_exceeds_another_one_on_every_date(span: str, other: str, *, longer: bool) -> None:
    """A span exceeds another one only if it ends later from every instant, in any calendar."""
    assert longer == exceeds(Span.parse(span), Span.parse(other))
