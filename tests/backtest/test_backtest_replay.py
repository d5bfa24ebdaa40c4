"""Replays of small histories, with results that are worked out by hand."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from support.histories.backtests import (
    CLICKBANK,
    ORDER,
    SERVICE_DESK,
    START,
    hours,
    opened,
    refusal_counts,
    replied,
    run_backtest,
    timer_counts,
)
from ticketcore import events as e
from ticketcore.backtest._actions import RecordedTicket
from ticketcore.backtest._replay import Replay
from ticketcore.events import Event, History
from ticketcore.metrics import timer_cycles
from ticketcore.policies import Policy, PolicyVersions, load_policy, parse_policy
from ticketcore.testing.strategies import histories

POLICIES = [load_policy(name) for name in ("clickbank", "kaufland", "amazon-pay", "webshippy")]


def replay(events: Sequence[Event], policy: Policy, *, finish: bool = True) -> Replay:
    """Replay the events of one ticket."""
    result = Replay(RecordedTicket(History("1", tuple(events), 1)), policy, None)
    for step in (result.begin, result.open, result.act):
        step()
    if finish:
        result.finish()
    return result


def test_a_silent_ticket_is_closed_by_its_timer(tmp_path: Path) -> None:
    """After the last action, timers fire until no timer is pending."""
    report = run_backtest(tmp_path, [opened(), replied(1, "support", solution=True)])
    assert (1, 1, 0, 0, 0) == timer_counts(report, "resolved")
    assert (1, 2, 2, {}) == (report.tickets, report.events, report.actions, report.no_ops)


def test_an_action_before_the_deadline_ends_the_timer_early(tmp_path: Path) -> None:
    """An answer of the customer before the deadline ends the timer."""
    events = [opened(), replied(1, "support", solution=True), replied(2, "customer")]
    report = run_backtest(tmp_path, events)
    assert (1, 0, 1, 0, 0) == timer_counts(report, "resolved")


def test_a_customer_who_returns_overturns_the_closing(tmp_path: Path) -> None:
    """A reply after the closing overturns it, and a new solution sets the timer again."""
    returned = [replied(200, "customer"), replied(201, "support", solution=True)]
    report = run_backtest(tmp_path, [opened(), replied(1, "support", solution=True), *returned])
    assert (2, 2, 0, 1, 0) == timer_counts(report, "resolved")
    assert (2, 1, []) == (report.fired, report.overturned, refusal_counts(report))


def test_a_reply_reopens_a_ticket_even_if_the_policy_does_not(tmp_path: Path) -> None:
    """ClickBank accepts no reply to a closed ticket, so the replay reopens the ticket first."""
    ticket = [opened(type="technical"), replied(400, "vendor"), replied(401, "vendor")]
    report = run_backtest(tmp_path, ticket, policy=CLICKBANK)
    assert (1, 1, 0, 1, 0) == timer_counts(report, "vendor-silent-close")
    assert (2, 1, 1, 0, 0) == timer_counts(report, "customer-silent-close")
    assert [] == refusal_counts(report)


def test_a_recorded_reopening_is_replayed_even_if_the_policy_does_not_allow_it(
    tmp_path: Path,
) -> None:
    """ClickBank lets nobody reopen a ticket; a recorded reopening is replayed all the same."""
    ticket = [opened(type="technical"), e.Reopened(at=hours(400), by="customer")]
    report = run_backtest(tmp_path, ticket, policy=CLICKBANK)
    assert (2, 2, 0, 1, 0) == timer_counts(report, "vendor-silent-close")
    assert [] == refusal_counts(report)


def test_an_action_that_is_refused_on_the_reopened_ticket_is_counted(tmp_path: Path) -> None:
    """An action that is refused on the reopened ticket is counted."""
    ticket = [opened(type="technical"), e.Escalated(at=hours(400), by="customer")]
    report = run_backtest(tmp_path, ticket, policy=CLICKBANK)
    assert (2, 2, 0, 1, 0) == timer_counts(report, "vendor-silent-close")
    assert [("not-permitted", "escalate", "customer", 1, "T1")] == refusal_counts(report)


def test_a_person_who_closes_what_a_timer_closed_confirms_it(tmp_path: Path) -> None:
    """A person who closes a ticket that a timer closed confirms the firing once."""
    solved = [opened(), replied(1, "support", solution=True)]
    closings = [e.Closed(at=hours(200), by="support"), e.Closed(at=hours(201), by="customer")]
    tickets = [*solved, *closings], [*solved, *closings, replied(202, "customer")]
    report = run_backtest(tmp_path, *tickets)
    assert (2, 2, 0, 1, 1) == timer_counts(report, "resolved")
    assert [] == refusal_counts(report)


def test_a_person_who_closes_a_refunded_ticket_overturns_the_refund(tmp_path: Path) -> None:
    """C10: a person who closes a ticket that a timer refunded overturns the refund."""
    ticket = [opened(type="refund", order=ORDER), e.Closed(at=hours(30), by="customer")]
    report = run_backtest(tmp_path, ticket, policy=CLICKBANK)
    assert (1, 1, 0, 1, 0) == timer_counts(report, "refund")


def test_a_reply_after_a_persons_closing_is_refused_and_replayed(tmp_path: Path) -> None:
    """A refused reply after a person's closing is counted, and replayed on the reopened ticket."""
    closed = e.Closed(at=hours(1), by="vendor")
    ticket = [opened(type="technical"), closed, replied(2, "customer"), replied(3, "vendor")]
    report = run_backtest(tmp_path, ticket, policy=CLICKBANK)
    assert [("ticket-closed", "reply", "customer", 1, "T1")] == refusal_counts(report)
    assert (1, 1, 0, 0, 0) == timer_counts(report, "customer-silent-close")


def test_a_second_closing_does_not_reopen(tmp_path: Path) -> None:
    """A closing of a ticket that another person closed is refused, and the ticket stays closed."""
    closings = [e.Closed(at=hours(1), by="vendor"), e.Closed(at=hours(2), by="customer")]
    report = run_backtest(tmp_path, [opened(type="technical"), *closings], policy=CLICKBANK)
    assert [("ticket-closed", "close", "customer", 1, "T1")] == refusal_counts(report)
    assert (1, 0, 1, 0, 0) == timer_counts(report, "vendor-silent-close")


def test_an_action_that_closed_tickets_allow_overturns_nothing(tmp_path: Path) -> None:
    """A review can be requested for a closed ticket, which stays closed."""
    ticket = [opened(type="technical"), e.ReviewRequested(at=hours(400), by="customer")]
    report = run_backtest(tmp_path, ticket, policy=CLICKBANK)
    assert (1, 1, 0, 0, 0) == timer_counts(report, "vendor-silent-close")


def test_an_action_that_is_never_permitted_overturns_nothing(tmp_path: Path) -> None:
    """A command that is refused for open tickets too does not overturn a closing."""
    ticket = [
        opened(type="technical"),
        e.Reviewed(at=hours(400), by="customer", abuse=False),
        e.Reviewed(at=hours(401), by="customer", abuse=False),
    ]
    report = run_backtest(tmp_path, ticket, ticket, policy=CLICKBANK)
    assert [("not-permitted", "review", "customer", 4, "T1")] == refusal_counts(report)
    assert 4 == report.refused
    assert (2, 2, 0, 0, 0) == timer_counts(report, "vendor-silent-close")


def test_a_ticket_whose_opening_is_refused_is_not_opened(tmp_path: Path) -> None:
    """ClickBank requires an order for a refund; later actions of the ticket are refused too."""
    report = run_backtest(
        tmp_path, [opened(type="refund"), replied(1, "vendor")], policy=CLICKBANK
    )
    assert (1, 1, 0) == (report.tickets, report.not_opened, report.fired)
    assert ["not-opened", "order-required"] == sorted(r.code for r in report.refusals)


def test_a_repeated_action_changes_nothing(tmp_path: Path) -> None:
    """An equal reply at the same instant is the same reply."""
    report = run_backtest(tmp_path, [opened(), replied(1, "support"), replied(1, "support")])
    assert (3, {"reply": 1}) == (report.actions, report.no_ops)


def test_the_version_in_force_at_the_opening_decides(tmp_path: Path) -> None:
    """C21: the date of the opening selects the version of the policy that decides."""
    later = load_policy("clickbank-24-7")
    day = timedelta(days=1)
    first, second = (
        datetime.combine(policy.effective, datetime.min.time(), UTC)
        for policy in (CLICKBANK, later)
    )
    dates = [first - 2 * day, first + day, second + day]
    versions = PolicyVersions.of(CLICKBANK, later)
    report = run_backtest(tmp_path, *([opened(at=at)] for at in dates), policy=versions)
    assert (f"clickbank {CLICKBANK.version}", f"{later.name} {later.version}") == report.policy
    assert (2, 1) == (report.tickets, report.broken)
    assert [("T1", 1)] == [(broken.ticket, broken.line) for broken in report.broken_examples]


def test_the_action_that_reopens_a_ticket_sets_its_timer() -> None:
    """An action that reopens a ticket sets its timer again, which closes the ticket later."""
    solution: Any = {"by": "support", "solution": True}
    answers = [e.Replied(at=START + timedelta(days=days), **solution) for days in (0, 9)]
    result = replay([opened(), *answers], SERVICE_DESK)

    fired = [cycle.fired_at for cycle in timer_cycles(result.events)]
    assert [START + timedelta(days=days) for days in (5, 14)] == fired
    assert result.ticket is not None
    assert result.ticket.last_message == answers[1]


def test_a_refusal_keeps_no_traceback() -> None:
    """A refusal keeps no traceback, which would hold the frames of the ticket in memory."""
    events = (opened(), e.Escalated(at=START, by="customer"))
    refused = replay(events, CLICKBANK, finish=False).refused

    assert [("not-permitted", None)] == [(r.code, r.__traceback__) for r in refused]


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_a_policy_agrees_with_its_own_history(policy: Policy) -> None:
    """Replayed under the policy that decided it, a history has no refusals and the same firings.

    In the end no timer acts any more, so each timer that was set has fired or ended early.
    """

    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
    @given(histories(policy, max_commands=5))
    def check(events: tuple[Event, ...]) -> None:
        result = replay(events, policy)
        assert [] == [str(refusal) for refusal in result.refused]
        assert {} == result.verdicts
        last = events[-1].at
        fired = [firing for firing in _firings(result.events) if firing[2] < last]
        assert fired == [firing for firing in _firings(events) if firing[2] < last]
        assert result.ticket is not None
        assert None is result.ticket.next_timer

    check()


def _firings(events: Iterable[Event]) -> list[tuple[str, str | None, datetime]]:
    """Return the cycles whose deadline acted, in the order in which they were set."""
    return [
        (cycle.timer.name, cycle.timer.dispute, cycle.fired_at)
        for cycle in timer_cycles(events)
        if cycle.fired_at is not None
    ]


def test_a_text_that_was_not_recorded_is_taken_to_exist(tmp_path: Path) -> None:
    """A policy that requires texts accepts a message without a recorded text, but no blank one."""
    policy = parse_policy("""
        name = "texts"
        effective = 2026-01-01
        [types.incident]
        [[permission]]
        commands = ["open", "reply"]
        by = ["customer", "vendor"]
        requires = ["text"]
    """)
    blank = e.Replied(at=hours(2), by="vendor", text=" ")
    report = run_backtest(tmp_path, [opened(), replied(1, "vendor"), blank], policy=policy)
    assert [("text-required", "reply", "vendor", 1, "T1")] == refusal_counts(report)
    assert (0, 3) == (report.not_opened, report.actions)
