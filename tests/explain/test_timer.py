"""A timer is explained from any start, in the variants that the known facts leave."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.policies.permissive_policy import T0, at
from support.policies.small_policies import opened, policy_of
from ticketcore.commands import Open
from ticketcore.decider import decide
from ticketcore.errors import RefusedError, UnknownTimerError
from ticketcore.events import FieldContent
from ticketcore.explain import explain_opening, explain_timer
from ticketcore.policies import load_policy, parse_policy
from ticketcore.ticket import fold

POLICY = policy_of("""
[fields.priority]
choices = ["low", "high"]

[fields.team]
choices = ["first", "night"]

[fields.urgent]
type = "yes-no"

[fields.weight]
type = "number"

[calendars.days]
hours = "mon-fri 09:00-17:00"

[calendars.nights]
hours = "mon-fri 20:00-24:00"

[[timer]]
name = "solution"
when = { type = "request", fields.weight = { below = 10 } }
from = "reopened"
after_by = "fields.priority"
after = { low = "8 working hours", high = "2 working hours" }
calendar_by = "fields.team"
calendar = { first = "days", night = "nights" }
effect = "breach"

[[timer]]
name = "solution"
when = { type = "other", fields.urgent = true }
from = "reopened"
after_by = "fields.urgent"
after = { yes = "1 hours", no = "2 hours" }
effect = "breach"

[[timer]]
name = "claim"
when = { dispute_kind = "claim" }
from = "dispute-opened"
after = "7 days"
effect = "lose-dispute"

[[timer]]
name = "same"
from = "closed"
after_by = "reason"
after = { first = "1 working hours", night = "2 working hours" }
calendar_by = "reason"
calendar = { night = "nights" }
effect = "warn"

[[timer.level]]
name = "hourly"
every = "1 working hours"
times = 3
effect = "warn"

[[timer.level]]
name = "too-early"
before_due = "5 days"
effect = "warn"
""")


def variants(name: str, facts: Mapping[str, FieldContent]) -> list[tuple[str, dict[str, str]]]:
    """Return the target of each variant, with the values that select it."""
    found = explain_timer(POLICY, name, T0, facts=facts)
    return [(str(each.target), dict(each.selected)) for each in found]


def test_facts_that_are_not_given_leave_all_variants() -> None:
    """Each alternative of the name is explained with each of its targets."""
    assert [
        ("8 working hours, days", {"fields.priority": "low", "fields.team": "first"}),
        ("8 working hours, nights", {"fields.priority": "low", "fields.team": "night"}),
        ("2 working hours, days", {"fields.priority": "high", "fields.team": "first"}),
        ("2 working hours, nights", {"fields.priority": "high", "fields.team": "night"}),
        ("1 hour", {"fields.urgent": "yes"}),
    ] == variants("solution", {})


def test_known_facts_select_alternatives_and_targets() -> None:
    """Known facts select the alternatives and targets that are explained."""
    chosen: dict[str, FieldContent] = {"fields.priority": "high", "fields.team": "night"}

    assert [("2 working hours, nights", chosen)] == variants(
        "solution", {**chosen, "type": "request"}
    )
    assert [("1 hour", {"fields.urgent": "yes"})] == variants("solution", {"type": "other"})
    assert [("1 hour", {"fields.urgent": "yes"})] == variants(
        "solution", {"fields.weight": Decimal(10)}
    )
    assert [] == variants("solution", {"type": "other", "fields.urgent": False})
    assert [] == variants("solution", {"dispute_kind": "claim"})
    assert [("7 days", {})] == variants("claim", {"dispute_kind": "claim"})


def test_one_fact_can_select_both_span_and_calendar() -> None:
    """A value that selects a span but no calendar leaves the timer without a target."""
    assert [("2 working hours, nights", {"reason": "night"})] == variants("same", {})


def test_levels_are_listed_at_their_instants() -> None:
    """A level before the start never acts, and a repeated one acts beyond the deadline too."""
    (same,) = explain_timer(POLICY, "same", T0)  # Monday, 09:00; open from 20:00 on

    assert [("hourly", at(12)), ("hourly", at(13)), ("hourly", at(14))] == [
        (level.name, instant) for instant, level in same.levels
    ]
    assert at(13) == same.timer.due


@given(since=st.timedeltas(timedelta(0), timedelta(days=3000)))
def test_the_last_step_ends_at_the_deadline(since: timedelta) -> None:
    """The explanation ends at the deadline that the decider records."""
    begin = T0 + since
    for name in ("solution", "claim", "same"):
        for each in explain_timer(POLICY, name, begin):
            assert (begin, each.timer.due) == (each.steps[0].start, each.steps[-1].due)


def test_a_new_ticket_is_explained_with_what_selects_its_targets() -> None:
    """A new ticket is explained with the values that select its targets."""
    policy = policy_of("""
[fields.priority]
choices = ["low", "high"]
default = "low"

[[timer]]
name = "solution"
from = "opened"
after_by = "fields.priority"
after = { low = "8 hours", high = "2 hours" }
effect = "breach"
""")
    (found,) = explain_opening(opened(policy), policy)

    assert {"fields.priority": "low"} == found.selected
    assert at(8) == found.timer.due == found.steps[-1].due


def test_the_zone_is_that_of_the_storefront_unless_it_is_given() -> None:
    """The zone is that of the storefront, such as Vienna, unless it is given."""
    kaufland = load_policy("kaufland")
    (by_storefront,) = explain_timer(kaufland, "response", T0, storefront="at")
    (by_zone,) = explain_timer(kaufland, "response", T0, storefront="at", zone="Europe/Rome")

    assert ("Europe/Vienna", "Europe/Rome") == (by_storefront.zone.key, by_zone.zone.key)


def test_a_policy_that_has_no_types_of_its_own_explains_its_timers() -> None:
    """The type of the ticket is one of its facts, and need not be known."""
    policy = parse_policy("""
name = "any"
effective = 2026-01-01
zone = "UTC"
any_type = true
[[permission]]
commands = "open"
by = "customer"
[[timer]]
name = "a"
from = "closed"
after = "1 hour"
effect = "warn"
""")
    assert [at(1)] == [each.timer.due for each in explain_timer(policy, "a", T0)]


def test_a_timer_that_the_policy_lacks_is_an_error() -> None:
    """A timer that the policy lacks, or an unknown time zone, raises an error."""
    with pytest.raises(UnknownTimerError):
        explain_timer(POLICY, "solutions", T0)
    with pytest.raises(RefusedError, match="time zone is required"):
        explain_timer(load_policy("clickbank"), "refund", T0)


MIXED = """
name = "mixed"
effective = 2026-01-01
zone = "Europe/Rome"
default_handler = "support"
[types.question]
[fields.priority]
choices = ["low", "high"]
[calendars.desk]
country = "IT"
hours = "mon-fri 09:00-17:00"
[[permission]]
commands = "open"
by = "customer"
[[timer]]
name = "answer"
from = "opened"
after_by = "fields.priority"
after = { low = "8 working hours", high = "1 hour" }
calendar = "desk"
effect = "breach"
"""
LEVEL = '[[timer.level]]\nname = "soon"\n'


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", "1 hour"),
        (f'{LEVEL}before_due = "1 minute"', "1 hour"),
        ('then = "2 hours"', "1 hour"),
        ('then = "2 working hours"', "1 hour, desk"),
        ('roll = "forward"', "1 hour, desk"),
        ('at_time = "16:00"', "1 hour, desk"),
        (f'{LEVEL}past_due = "1 working hour"', "1 hour, desk"),
        (f'{LEVEL}every = "1 working day"\ntimes = 2', "1 hour, desk"),
    ],
)
def test_a_target_that_elapses_has_a_calendar_only_if_something_counts_by_it(
    more: str, expected: str
) -> None:
    """The calendar of a timer is for those of its targets that are working time."""
    policy = parse_policy(MIXED + more)
    fields = {"priority": "high"}
    opening = Open(at=T0, by="customer", type="question", number="1", fields=fields)
    (recorded,) = fold(decide(None, opening, policy)).timers
    (explained,) = explain_timer(policy, "answer", T0, facts={"fields.priority": "high"})

    assert (expected, expected) == (recorded.target, str(explained.target))


def test_the_explanation_of_a_target_that_elapses_names_no_holiday() -> None:
    """A target in elapsed hours counts a holiday, so its explanation does not mention it."""
    epiphany = datetime(2026, 1, 6, 9, tzinfo=UTC)
    policy = parse_policy(MIXED)
    (explained,) = explain_timer(policy, "answer", epiphany, facts={"fields.priority": "high"})

    assert not any("holiday" in line for line in explained.steps[0].lines())
