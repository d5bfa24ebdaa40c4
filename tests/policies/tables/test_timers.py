"""Timers as they are read from a file, and the limits of their spans."""

from datetime import timedelta

import pytest

from support.policies.shop_policy import ANY_TYPE, AT, SILENT, TIMER, read
from support.policies.small_policies import opened, policy_of, timer_text
from ticketcore.calendar import Span
from ticketcore.commands import Open
from ticketcore.decider import decide_and_apply, plan
from ticketcore.decider.clocks import target_of
from ticketcore.errors import PolicyError
from ticketcore.events import Replied
from ticketcore.policies import Condition, TimerDefinition, parse_policy
from ticketcore.ticket import fold


def test_defaults_of_a_timer() -> None:
    """A timer applies to every ticket, counts elapsed time, and fires at its due instant."""
    expected = TimerDefinition(
        name="t",
        rule=None,
        when=Condition(),
        anchors=("opened",),
        after=Span(1, "hour"),
        effect="warn",
    )
    (timer,) = read(TIMER).timers
    assert expected == timer
    assert timedelta(hours=1) == timer.elapsed


def test_every_key_of_a_timer() -> None:
    """Each key of a timer becomes an attribute of its definition."""
    policy = read(
        "[calendars.weekdays]\n"
        '[[timer]]\nname = "t"\nrule = "R1"\nwhen = { type = "request", waiting_for = "vendor" }\n'
        'from = "last-activity"\nactivity_by = ["vendor", "support"]\nafter = "1 working day"\n'
        'then = ["2 working hours", "1 day"]\ncalendar = "weekdays"\nboundary = "next-open"\n'
        'roll = "forward"\neffect = "close"\nfires = "after"\n'
    )
    expected = TimerDefinition(
        name="t",
        rule="R1",
        when=Condition({"type": frozenset({"request"}), "waiting_for": frozenset({"vendor"})}),
        anchors=("last-activity",),
        activity_by=("vendor", "support"),
        after=Span(1, "day", working=True),
        then=(Span(2, "hour", working=True), Span(1, "day")),
        calendar="weekdays",
        boundary="next-open",
        roll="forward",
        effect="close",
        fires="after",
    )
    assert (expected,) == policy.timers


@pytest.mark.parametrize(
    ("text", "fires"), [("", "after"), ('fires = "at"\n', "at"), ('fires = "after"\n', "after")]
)
def test_a_breach_fires_after_the_due_instant_by_default(text: str, fires: str) -> None:
    """A breach fires after the due instant by default, so an answer at it is in time."""
    policy = read(TIMER.replace("warn", "breach") + text)
    assert fires == policy.timers[0].fires


@pytest.mark.parametrize("more", ['then = ["1 working hour"]\n', 'roll = "forward"\n'])
def test_a_timer_with_further_spans_or_a_roll_has_no_elapsed_time(more: str) -> None:
    """A timer with further spans or a roll needs a calendar."""
    policy = read(TIMER + more + 'calendar = "c"\n[calendars.c]\n')
    assert None is policy.timers[0].elapsed


def test_activity_may_be_that_of_some_parties() -> None:
    """A timer may count from the last activity of some parties, or from the opening."""
    policy = parse_policy(
        ANY_TYPE + SILENT + 'after = "1 hour"\nactivity_by = ["customer", "support"]\n'
    )
    ticket = decide_and_apply(None, Open(at=AT, by="customer", type="printer"), policy)[0]
    hour = timedelta(hours=1)
    assert [AT + hour] == [timer.due for timer in plan(ticket, policy, AT)]

    for minute, by in enumerate(("vendor", "customer", "support", "vendor"), 1):
        at = AT + minute * timedelta(minutes=1)
        ticket = fold([Replied(at=at, by=by, text="?")], ticket)  # type: ignore[arg-type]
    assert [AT + timedelta(minutes=3) + hour] == [t.due for t in plan(ticket, policy, ticket.at)]


def test_the_activity_of_a_party_is_one_of_several_anchors() -> None:
    """The latest of several anchors counts, also beside the activity of some parties."""
    policy = parse_policy(
        ANY_TYPE
        + SILENT.replace('"last-activity"', '["waiting-since", "last-activity"]')
        + 'after = "1 hour"\nactivity_by = "support"\n'
    )
    ticket = decide_and_apply(None, Open(at=AT, by="customer", type="printer"), policy)[0]
    hour, minute = timedelta(hours=1), timedelta(minutes=1)
    due = []
    for place, by in enumerate(("support", "support", "customer", "customer", "support"), 1):
        event = Replied(at=AT + place * minute, by=by, text="?")  # type: ignore[arg-type]
        ticket = fold([event], ticket)
        due += [(timer.due - hour - AT) // minute for timer in plan(ticket, policy, ticket.at)]

    assert [1, 2, 3, 3, 5] == due


@pytest.mark.parametrize(
    ("timer", "problem"),
    [
        (
            SILENT.replace("last-activity", "opened") + 'activity_by = "customer"\n',
            'timer[0].activity_by: only works with from = "last-activity"',
        ),
        (
            SILENT + 'activity_by = "system"\n',
            'timer[0].activity_by: unknown "system"; '
            'expected one of "customer", "support", "vendor"',
        ),
    ],
)
def test_activity_by_is_checked(timer: str, problem: str) -> None:
    """C17: `activity_by` is refused for the system, and with other anchors."""
    with pytest.raises(PolicyError) as caught:
        parse_policy(ANY_TYPE + timer + 'after = "1 hour"\n')
    assert [problem in str(one) for one in caught.value.problems] == [True], str(caught.value)


@pytest.mark.parametrize(
    "span",
    [
        "101 years",
        "1201 months",
        "5219 weeks",
        "36527 days",
        "99999999 hours",
        "36527 working days",
    ],
)
@pytest.mark.parametrize("key", ["after", "then"])
def test_a_span_of_more_than_a_hundred_years_is_refused(span: str, key: str) -> None:
    """A span of more than a hundred years is refused by the check of the policy."""
    text = timer_text("w", "warn", span if key == "after" else "1 hour")
    text += f'then = ["1 day", "{span}"]\n' if key == "then" else ""
    with pytest.raises(PolicyError, match=rf'{key}\S*: "{span}" is more than a hundred years'):
        policy_of(text + 'calendar = "week"\n[calendars.week]\nhours = "mon-fri 09:00-17:00"\n')


def test_a_missing_anchor_names_those_that_there_are() -> None:
    """A timer without an anchor is refused with the anchors that exist, such as fields."""
    with pytest.raises(PolicyError, match=r'or a field such as "fields\.delivered_at"'):
        read('[[timer]]\nname = "t"\nafter = "1 hour"\neffect = "warn"\n')


def test_a_timer_needs_a_span() -> None:
    """A timer without a span is refused, and the message names both forms."""
    with pytest.raises(PolicyError) as caught:
        read('[[timer]]\nname = "t"\nfrom = "opened"\neffect = "warn"\n')

    assert 'after: missing; expected text such as "24 hours", or a table' in str(caught.value)


@pytest.mark.parametrize(
    ("more", "calendar"),
    [
        ("", None),
        ('then = "1 hour"\n', None),
        ('then = "1 working hour"\n', "office"),
        ('out_of_hours = "2 hours"\n', "office"),
        ('roll = "forward"\n', "office"),
        ('at_time = "16:00"\n', "office"),
        (
            '[[timer.level]]\nname = "soon"\nbefore_due = "1 working hour"\neffect = "warn"\n',
            "office",
        ),
    ],
)
def test_a_target_that_elapses_has_a_calendar_only_if_something_uses_it(
    more: str, calendar: str | None
) -> None:
    """A target of 4 hours is recorded with its calendar if further spans, levels or the place
    where the deadline lands need one."""
    policy = policy_of(
        '[calendars.office]\nhours = "mon-fri 09:00-17:00"\n'
        '[fields.priority]\nchoices = ["low", "high"]\ndefault = "low"\n'
        '[[timer]]\nname = "t"\nfrom = "opened"\neffect = "breach"\nafter_by = "fields.priority"\n'
        'after = { low = "4 hours", high = "4 working hours" }\ncalendar = "office"\n' + more
    )
    target = target_of(opened(policy), policy.timers[0])

    assert target is not None
    assert calendar == target.calendar
