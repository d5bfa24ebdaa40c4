import pytest

from support.scenario_texts import LATE_CLOSE, REFUND, REFUSED
from ticketcore.scenarios import Expectation, parse_scenario, run_scenario

WAIT = "until = 2026-01-12T16:00:00\n"


def checks(more: str) -> tuple[Expectation, ...]:
    """What became of expectations of the refund that is carried out on Monday."""
    return run_scenario(parse_scenario(WAIT + REFUND + more)).expectations


@pytest.mark.parametrize(
    "expectation",
    [
        'status = "closed"',
        'type = "refund"',
        'waiting_for = "vendor"',
        'refunded = "49.00 USD"',
        'closed_by = "system"',
        'events = ["opened", "scheduled", "refunded", "closed"]',
        "deadlines = []",
        'event = [{ event = "refunded", amount = "49.00 USD", timer = "refund" }]',
        'event = [{ event = "opened", by = "customer", zone = "America/Boise" }]',
        'event = [{ event = "closed", at = 2026-01-12T15:00:00, final = false }]',
    ],
)
def test_what_happened_is_met(expectation: str) -> None:
    """An expectation that is as it was is met."""
    assert [True] == [check.met for check in checks(f"[expect]\n{expectation}")]


@pytest.mark.parametrize(
    ("expectation", "found"),
    [
        ('status = "open"', "closed"),
        ('waiting_for = "customer"', "vendor"),
        ('refunded = "48.00 USD"', "49.00 USD"),
        ('closed_by = ["customer", "vendor"]', "system"),
        ('events = ["opened", "closed"]', "opened, scheduled, refunded, closed"),
        ('deadlines = [{ timer = "refund" }]', "nothing"),
        (
            'event = [{ event = "refunded", at = 2026-01-12T15:01:00 }]',
            "refunded, at 2026-01-12T15:00:00-07:00",
        ),
        ('event = [{ event = "closed", final = true }]', "closed, final false"),
        (
            'event = [{ event = "warned" }]',
            "no other warned, but opened, scheduled, refunded, closed",
        ),
    ],
)
def test_what_did_not_happen_shows_what_did(expectation: str, found: str) -> None:
    """A failed expectation says what was found in its place, in local time."""
    assert [(False, found)] == [(c.met, c.found) for c in checks(f"[expect]\n{expectation}")]


def test_an_event_is_claimed_once() -> None:
    """Two expected events need two that happened; what asks for more chooses first."""
    more = """
    [[expect.event]]
    event = "refunded"
    [[expect.event]]
    event = "refunded"
    timer = "refund"
    """
    assert [("refunded, timer refund", True), ("refunded", False)] == [
        (check.expected, check.met) for check in checks(more)
    ]


def test_pending_timers_are_all_of_them() -> None:
    """The list names every timer, in any order, with its due instant or without."""
    text = REFUND.replace('type = "refund"', 'type = "technical"')
    first = "2026-01-11T15:00:00"
    names = ["vendor-silent-close", "vendor-silent-second", "vendor-silent-first"]
    rules = [f'{{ timer = "{name}" }}' for name in names]
    rules[2] = f'{{ timer = "vendor-silent-first", due = {first} }}'

    def met(timers: list[str]) -> list[bool]:
        expect = f"[expect]\ndeadlines = [{', '.join(timers)}]"
        return [check.met for check in run_scenario(parse_scenario(text + expect)).expectations]

    assert [True] == met(rules)
    assert [False] == met(rules[1:])
    assert [False] == met([*rules, rules[0]])
    assert [False] == met([*rules[:2], rules[2].replace("15:00", "15:01")])


def test_a_refusal_must_be_expected() -> None:
    """A refusal that nobody expected fails the scenario, with its code and reason."""
    (check,) = checks(LATE_CLOSE)
    assert ("step 2, close by customer, is granted", False) == (check.expected, check.met)
    assert check.found.startswith("refused, ticket-closed: the ticket was already closed")


def test_an_expected_refusal_must_come() -> None:
    """A step that is granted although its refusal was expected fails the scenario."""
    (check,) = checks(REFUSED)
    assert (False, "granted, with opened, scheduled") == (check.met, check.found)


def test_a_refusal_must_have_the_expected_code() -> None:
    """Another code than the expected one fails the scenario."""
    (check,) = checks(LATE_CLOSE + REFUSED.replace("ticket-closed", "not-permitted"))
    assert ("step 2, close by customer, is refused: not-permitted", False) == (
        check.expected,
        check.met,
    )


def test_what_was_refunded_of_no_order_is_nothing() -> None:
    """A ticket without an order has no currency to compare an amount in."""
    text = 'policy = "office"\n[[step]]\nat = 2026-01-12T10:00:00\ncommand = "open"\nby = "customer"\n'
    expect = '[expect]\nrefunded = "1.00 EUR"'
    (check,) = run_scenario(parse_scenario(text + expect)).expectations
    assert (False, "nothing, without an order") == (check.met, check.found)
