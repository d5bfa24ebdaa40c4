"""Closing, duplicates, reopening and reviews."""

from typing import Any

import attrs
import pytest

from support.policies.permissive_policy import POLICY, after, at
from support.policies.small_policies import BASE, names, opened, refusal
from ticketcore import commands as c
from ticketcore.decider import decide, decide_and_apply
from ticketcore.events import Event, Reopened, Scheduled, TypeChanged
from ticketcore.policies import parse_policy

BY: dict[str, Any] = {"at": at(2), "by": "support", "actor": "ann"}
TEXT: dict[str, Any] = {**BY, "text": "a word"}
CLOSE = c.Close(at=at(1), by="vendor")


def _events(command: c.Command, *before: c.Command) -> list[Event]:
    events = decide(after(*before), command, POLICY)
    return [event for event in events if not isinstance(event, Scheduled)]


def test_a_duplicate_is_closed_with_the_number_of_the_other_ticket() -> None:
    """O4: a duplicate is closed with the number of the other ticket."""
    (closed,) = _events(c.MarkDuplicate(**BY, of="41"))

    assert (at(2), "support", "ann", "duplicate", "41") == (
        closed.at,
        *(getattr(closed, name) for name in ("by", "actor", "kind", "duplicate_of")),
    )


def test_a_permission_may_limit_reopening_to_a_span() -> None:
    """A permission may limit reopening to a span, including its last instant."""
    policy = parse_policy(
        BASE.replace('"reopen", ', "")
        + '[[permission]]\ncommands = "reopen"\nby = "customer"\nwithin = "2 days"\nrule = "X2"\n'
    )
    closed = decide_and_apply(opened(policy), c.Close(at=at(1), by="vendor"), policy)[0]
    reopen = c.Reopen(at=at(49), by="customer", text="again")

    assert ["Reopened"] == names(decide(closed, reopen, policy))
    late = refusal(closed, attrs.evolve(reopen, at=at(49.001)), policy)
    assert ("window-passed", "X2") == (late.code, late.rule)
    assert () == decide(opened(policy), reopen, policy)


def test_a_reopening_that_comes_too_late_is_refused() -> None:
    """A reopening that comes too late is refused with the span and its end."""
    policy = parse_policy(
        BASE.replace('"reopen", ', "")
        + '[[permission]]\ncommands = "reopen"\nby = "vendor"\nwithin = "2 days"\nrule = "A2"\n'
    )
    closed = decide_and_apply(opened(policy), CLOSE, policy)[0]

    assert (
        'window-passed: the vendor may use "reopen" only within 2 days after the closing,'
        " until"
        " Wed 2026-01-07 10:00 UTC+00:00 (A2)"
    ) == str(refusal(closed, c.Reopen(at=at(50), by="vendor", text="again"), policy))


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (
            c.RequestReview(**BY),
            "nothing-to-review: the ticket was neither closed nor changed to another type (A1)",
        ),
        (
            c.Review(**BY, abuse=True),
            "no-review-requested: nobody asked for a review of this ticket (A1)",
        ),
    ],
)
def test_a_review_needs_a_reason_and_a_request(command: c.Command, message: str) -> None:
    """C13: a review without a reason or a request is refused with the rule."""
    assert message == str(refusal(after(), command, POLICY))


def test_a_review_that_finds_abuse_gives_the_ticket_its_state_back() -> None:
    """C13: a review that finds abuse reopens the ticket with its former type."""
    before = (
        c.ChangeType(at=at(1), by="vendor", type="other"),
        CLOSE,
        c.RequestReview(at=at(1), by="customer"),
    )
    _, *undone = _events(c.Review(**TEXT, abuse=True), *before)

    assert [
        Reopened(**BY, derived=True),
        TypeChanged(**BY, type="request", derived=True),
    ] == undone


def test_a_second_request_or_result_of_a_review_changes_nothing() -> None:
    """A second request for a review, or a second equal result, changes nothing (C13)."""
    requested = c.RequestReview(at=at(1), by="customer")
    before = (CLOSE, requested)

    assert [] == _events(c.RequestReview(at=at(2), by="customer"), *before)
    for abuse in (True, False):
        reviewed = c.Review(at=at(2), by="support", abuse=abuse)
        results = [_events(attrs.evolve(reviewed, abuse=each), *before) for each in (True, False)]
        again = _events(attrs.evolve(reviewed, at=at(3)), *before, reviewed)

        assert all(results)
        assert [] == again


def test_a_withdrawal_is_recorded_once_for_each_party() -> None:
    """A withdrawal is recorded once for each party that withdraws."""
    withdraw = c.Withdraw(at=at(2), by="customer")

    assert [] == _events(withdraw, attrs.evolve(withdraw, at=at(1)))
    assert "ticket-closed" == refusal(after(CLOSE), withdraw, POLICY).code


@pytest.mark.parametrize(
    ("before", "undone"),
    [
        ((CLOSE,), [Reopened(**BY, derived=True)]),
        ((c.Close(at=at(1), by="customer"),), []),
        (
            (c.ChangeType(at=at(1), by="vendor", type="other"),),
            [TypeChanged(**BY, type="request", derived=True)],
        ),
        ((c.ChangeType(at=at(1), by="customer", type="other"),), []),
        (
            (c.ChangeType(at=at(1), by="customer", type="other"), CLOSE),
            [Reopened(**BY, derived=True)],
        ),
    ],
)
def test_a_review_undoes_actions_of_the_vendor_only(
    before: tuple[c.Command, ...], undone: list[Event]
) -> None:
    """C13: a review keeps the customer's own closing or change of type."""
    requested = c.RequestReview(at=at(1), by="customer")
    _, *events = _events(c.Review(**TEXT, abuse=True), *before, requested)

    assert undone == events
