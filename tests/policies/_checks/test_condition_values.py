"""Checks of conditions: the values that tickets under the policy can have."""

import pytest

from support.policies.policy_problems import HEAD, NAMED, OPEN, PARTIES, TIMER, problems
from ticketcore.policies import parse_policy


@pytest.mark.parametrize(
    ("fact", "value", "expected"),
    [
        *(
            (actor, '"clerk"', f'unknown "clerk"; {PARTIES}')
            for actor in (
                "requested_by",
                "opened_by",
                "waiting_for",
                "handler",
            )
        ),
        ("type", '"requst"', 'no type "requst"; did you mean "request"?'),
        ("category", '"bill"', 'no category "bill"; did you mean "bills"?'),
        ("storefront", '"at"', 'no storefront "at"; expected "de"'),
        ("reason", '"brokn"', 'no reason "brokn"; did you mean "broken"?'),
        ("billing", '"weekly"', 'unknown "weekly"; expected one of "one-time", "recurring"'),
        ("status", '"done"', 'unknown "done"; expected one of "closed", "open", "pending"'),
        (
            "dispute_kind",
            '"claim"',
            'no dispute "claim"; this file declares none: add one, such as [disputes.claim]',
        ),
        ("answered", '"yes"', 'expected true or false, found the text "yes"'),
        ("waiting_for", "[]", "an empty list never applies: name a value"),
    ],
)
def test_a_condition_must_name_values_that_tickets_can_have(
    fact: str, value: str, expected: str
) -> None:
    """A value that no ticket has is reported with the possible ones, or the nearest."""
    found = problems(HEAD + NAMED + OPEN + TIMER + f"when = {{ {fact} = {value} }}\n")

    assert f"17:10: timer[0].when.{fact}: {expected}" in found
    assert len(found) == 1 + (fact == "dispute_kind")


@pytest.mark.parametrize("fact", ["category", "storefront", "reason", "subcategory", "type"])
def test_a_fact_without_a_list_accepts_any_text(fact: str) -> None:
    """A condition accepts any text for a fact whose values the policy does not list."""
    types = "any_type = true\n" if fact == "type" else ""
    policy = parse_policy(HEAD + types + OPEN + TIMER + f'when = {{ {fact} = "anything" }}\n')

    assert {fact: frozenset({"anything"})} == policy.timers[0].when.facts
