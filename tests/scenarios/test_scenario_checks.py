"""Expectations of a scenario are compared with its run."""

import pytest

from support.stories.scenarios import LATE_CLOSE, REFUND, REFUSED
from ticketcore.scenarios import Expectation, parse_scenario, run_scenario

UNTIL = "until = 2026-01-12T16:00:00\n"


def check(more: str) -> tuple[Expectation, ...]:
    """Run a refund that its timer carries out on Monday, and return its checked expectations."""
    return run_scenario(parse_scenario(UNTIL + REFUND + more)).expectations


@pytest.mark.parametrize(
    "expectation",
    [
        'status = "closed"',
        'type = "refund"',
        'refunded = "49.00 USD"',
        'closed_by = "system"',
        'events = ["opened", "scheduled", "refunded", "closed", "scheduled"]',
        "deadlines = []",
        'event = [{ event = "refunded", amount = "49.00 USD", timer = "refund" }]',
        'event = [{ event = "opened", by = "customer", zone = "America/Boise" }]',
        'event = [{ event = "closed", at = 2026-01-12T15:00:00, final = false }]',
    ],
)
def test_a_true_expectation_is_met(expectation: str) -> None:
    """An expectation that equals what happened is met."""
    assert [True] == [each.met for each in check(f"[expect]\n{expectation}")]


@pytest.mark.parametrize(
    ("expectation", "found"),
    [
        ('status = "open"', "closed"),
        ('refunded = "48.00 USD"', "49.00 USD"),
        ('closed_by = ["customer", "vendor"]', "system"),
        ('events = ["opened", "closed"]', "opened, scheduled, refunded, closed, scheduled"),
        ('deadlines = [{ timer = "refund" }]', "nothing"),
        (
            'event = [{ event = "refunded", at = 2026-01-12T15:01:00 }]',
            "refunded, at 2026-01-12T15:00:00-07:00",
        ),
        ('event = [{ event = "closed", final = true }]', "closed, final false"),
        (
            'event = [{ event = "warned" }]',
            "no other warned, but opened, scheduled, refunded, closed, scheduled",
        ),
    ],
)
def test_a_failed_expectation_says_what_was_found(expectation: str, found: str) -> None:
    """A failed expectation shows what happened instead, in local time."""
    assert [(False, found)] == [(e.met, e.found) for e in check(f"[expect]\n{expectation}")]


def test_an_unmet_expectation_lists_twenty_events() -> None:
    """An unmet expectation lists twenty events and counts the others, so it stays short."""
    replies = "".join(
        f'[[step]]\nat = 2026-01-10T10:00:{second:02}\ncommand = "reply"\nby = "vendor"\n'
        f'text = "x"\n'
        for second in range(25)
    )
    expected = '[[expect.event]]\nevent = "replied"\nby = "customer"\n'
    [(met, found)] = [(e.met, e.found) for e in check(f"{replies}{expected}")]

    assert not met
    assert ["replied, by vendor"] * 20 + ["and 5 more"] == found.split("; ")


@pytest.mark.parametrize(("party", "met"), [("vendor", True), ("customer", False)])
def test_the_awaited_party_is_compared(party: str, met: bool) -> None:
    """`waiting_for` is compared with the party whose answer is awaited."""
    scenario = parse_scenario(f'{REFUND}[expect]\nwaiting_for = "{party}"')
    assert [(met, "vendor")] == [(e.met, e.found) for e in run_scenario(scenario).expectations]


def test_an_event_matches_one_expectation_only() -> None:
    """Two expected events need two events; the expectation with more fields is matched first."""
    more = """
    [[expect.event]]
    event = "refunded"
    [[expect.event]]
    event = "refunded"
    timer = "refund"
    """
    assert [("refunded, timer refund", True), ("refunded", False)] == [
        (expectation.expected, expectation.met) for expectation in check(more)
    ]


def test_deadlines_list_all_pending_timers() -> None:
    """`deadlines` must name every pending timer, in any order, with or without its due instant."""
    text = REFUND.replace('type = "refund"', 'type = "technical"')
    first = "2026-01-11T15:00:00"
    names = ["vendor-silent-close", "vendor-silent-second", "vendor-silent-first"]
    timers = [f'{{ timer = "{name}" }}' for name in names]
    timers[2] = f'{{ timer = "vendor-silent-first", due = {first} }}'

    def met(expected: list[str]) -> list[bool]:
        expect = f"[expect]\ndeadlines = [{', '.join(expected)}]"
        run = run_scenario(parse_scenario(text + expect))
        return [expectation.met for expectation in run.expectations]

    assert [True] == met(timers)
    assert [False] == met(timers[1:])
    assert [False] == met([*timers, timers[0]])
    assert [False] == met([*timers[:2], timers[2].replace("15:00", "15:01")])


def test_an_unexpected_refusal_fails() -> None:
    """A refusal that the step does not expect fails the scenario, with its code and reason."""
    (expectation,) = check(LATE_CLOSE)
    assert ("step 2, close by customer, is allowed", False) == (
        expectation.expected,
        expectation.met,
    )
    assert expectation.found.startswith("refused, ticket-closed: the ticket was already closed")


def test_an_expected_refusal_must_come() -> None:
    """A step that expects a refusal but is allowed fails the scenario."""
    (expectation,) = check(REFUSED)
    assert (False, "allowed, with opened, scheduled") == (expectation.met, expectation.found)


def test_a_refusal_must_have_the_expected_code() -> None:
    """A refusal with another code than the expected one fails the scenario."""
    (expectation,) = check(LATE_CLOSE + REFUSED.replace("ticket-closed", "not-permitted"))
    assert ("step 2, close by customer, is refused: not-permitted", False) == (
        expectation.expected,
        expectation.met,
    )


def test_nothing_is_refunded_without_an_order() -> None:
    """A ticket without an order has no currency, so no amount is met."""
    step = '[[step]]\nat = 2026-01-12T10:00:00\ncommand = "open"\nby = "customer"\n'
    text = f'policy = "amazon-pay"\n{step}[expect]\nrefunded = "1.00 EUR"'
    (expectation,) = run_scenario(parse_scenario(text)).expectations
    assert (False, "nothing, without an order") == (expectation.met, expectation.found)
