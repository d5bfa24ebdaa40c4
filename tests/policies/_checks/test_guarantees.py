"""Checks of guarantees: their parts, names and calendars."""

import pytest

from support.policies.policy_problems import HEAD, NAMED, OPEN, problems
from ticketcore.calendar import Span
from ticketcore.policies import Always, Condition, Guarantee, Never, parse_policy

GUARANTEE = '[[guarantee]]\nname = "g"\n'
CLOSE = '[[permission]]\ncommands = ["close", "reply"]\nby = "support"\n'
SPAN = 'event = "closed", from = "opened", within = "3 working days"'


def test_a_guarantee_is_read_with_all_its_keys() -> None:
    """A single event needs no brackets."""
    text = (
        GUARANTEE
        + 'rule = "R"\n'
        + 'never = { event = "refunded", by = "system", when = { type = "request" } }\n'
        + '[[guarantee]]\nname = "h"\n'
        + 'always = { event = ["closed", "replied"], within = "3 days", from = "closed" }\n'
    )
    first, second = parse_policy(HEAD + NAMED + OPEN + CLOSE + text).guarantees
    condition = Condition({"type": frozenset({"request"})})

    assert first == Guarantee(
        name="g", rule="R", never=Never(event=("refunded",), by=("system",), when=condition)
    )
    always = Always(event=("closed", "replied"), within=Span(3, "day"), since="closed")
    assert second == Guarantee(name="h", always=always)
    assert (condition, Condition()) == (first.when, second.when)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 'guarantee[0]: a guarantee has either "never" or "always"'),
        (
            'never = { event = "closed" }\n'
            'always = { event = "closed", from = "opened", within = "1 day" }',
            'guarantee[0]: a guarantee has either "never" or "always"',
        ),
        (
            'never = { event = "refnded" }',
            'guarantee[0].never.event: unknown "refnded"; did you mean "refunded"?',
        ),
        (
            'never = { event = "closed", when = { type = "reqest" } }',
            'guarantee[0].never.when.type: no type "reqest"; did you mean "request"?',
        ),
        (
            'never = { event = "closed", when = { handler = "support" } }',
            'guarantee[0].never.when.handler: handler = "support" can never hold here: '
            "only vendor can handle a ticket",
        ),
        (
            f"always = {{ {SPAN} }}",
            'guarantee[0].always.calendar: missing: required for "3 working days"',
        ),
        (
            f'always = {{ {SPAN}, calendar = "weekdys" }}',
            'guarantee[0].always.calendar: no calendar "weekdys"; did you mean "weekdays"?',
        ),
        (
            'always = { event = "closed", from = "opened", within = "1 day", '
            'calendar = "weekdays" }',
            'guarantee[0].always.calendar: "1 day" does not use a calendar: remove it',
        ),
        (
            'never = { event = "breached", by = "vendor" }',
            'guarantee[0].never.event: "breached" by vendor never happens: only the system '
            "records it",
        ),
        (
            'always = { event = "closed", by = ["customer", "vendor"], from = "opened", '
            'within = "1 day" }',
            'guarantee[0].always.event: "closed" by customer or vendor never happens: add a '
            '[[permission]] for "close", "withdraw" or "mark-duplicate", or name who may: support',
        ),
        (
            'always = { event = "pause-started", from = "opened", within = "1 day" }',
            'guarantee[0].always.event: "pause-started" never happens: add a pause, such as '
            "[pauses.customer-owes]",
        ),
        (
            'always = { event = "assigned", from = "opened", within = "1 day" }',
            'guarantee[0].always.event: "assigned" never happens: add a [[permission]] for '
            '"assign" or a timer with effect = "assign"',
        ),
    ],
)
def test_a_mistake_in_a_guarantee_is_reported(text: str, expected: str) -> None:
    """Each mistake in a guarantee has one message."""
    calendars = "calendars.weekdays = {}\n"
    (problem,) = problems(HEAD + calendars + NAMED + OPEN + CLOSE + GUARANTEE + text)

    assert problem.endswith(f": {expected}")


@pytest.mark.parametrize(
    "text",
    [
        'never = { event = "refunded", by = "vendor" }',
        'never = { event = ["breached", "warned"], by = ["vendor", "system"] }',
        'always = { event = "closed", by = "support", from = "opened", within = "1 day" }',
        'always = { event = "opened", from = "opened", within = "1 day" }',
        'always = { event = "pause-started", from = "opened", within = "1 day" }\n'
        '[pauses.asked]\nwhen = { waiting_for = "customer" }\n'
        '[[timer]]\nname = "t"\nfrom = "opened"\n'
        'after = "1 hour"\neffect = "breach"\npauses = "asked"\n',
    ],
)
def test_a_guarantee_may_ask_for_what_can_happen_or_guard_what_is_not_permitted(text: str) -> None:
    """A later version of the file may permit what a `never` excludes."""
    parse_policy(HEAD + NAMED + OPEN + CLOSE + GUARANTEE + text)


def test_a_guarantee_built_without_a_part_has_no_condition() -> None:
    """Code can build a guarantee with neither `never` nor `always`: its condition is empty."""
    assert Condition() == Guarantee(name="g").when


def test_an_extending_file_replaces_a_guarantee_by_its_name() -> None:
    """A guarantee replaces the one of its name in the extended file."""
    mine = parse_policy(
        'extends = "service-desk"\nname = "mine"\n' + GUARANTEE + 'never = { event = "refunded" }'
    )

    assert ["g"] == [guarantee.name for guarantee in mine.guarantees]
