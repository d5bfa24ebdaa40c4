"""Disputes: claims, chargebacks, their answers and outcomes."""

from typing import Any

import attrs
import pytest

from support.policies.permissive_policy import POLICY, after, at
from support.policies.small_policies import opened, policy_of, refusal, timer_text
from ticketcore import commands as c
from ticketcore.decider import decide, decide_and_apply
from ticketcore.events import (
    DisputeAnswered,
    DisputeCorrected,
    DisputeOpened,
    DisputeResolved,
    Money,
    Refunded,
)

BY: dict[str, Any] = {"at": at(2), "by": "support", "actor": "ann"}
CLAIM = c.OpenDispute(at=at(1), by="customer", dispute="D", kind="claim")
LOST = c.ResolveDispute(at=at(1), by="support", dispute="D", outcome="lost")


# The commands before, the command that is refused, and the message.
REFUSED: list[tuple[tuple[c.Command, ...], c.Command, str]] = [
    (
        (),
        c.OpenDispute(**BY, dispute="D", kind="quarrel"),
        'unknown-dispute-kind: unknown kind of dispute "quarrel"; wide-open'
        " has claim, chargeback (D1)",
    ),
    (
        (CLAIM,),
        c.OpenDispute(**BY, dispute="D", kind="chargeback"),
        'dispute-conflict: the id "D" belongs to another dispute: use a new one (D1)',
    ),
    (
        (c.OpenDispute(at=at(1), by="customer", dispute="D", kind="chargeback"),),
        c.OpenDispute(**BY, dispute="E", kind="claim"),
        "dispute-superseded: the running chargeback D supersedes a claim (D1)",
    ),
    (
        (),
        c.AnswerDispute(**BY, dispute="D"),
        'unknown-dispute: this ticket has no dispute "D"',
    ),
    (
        (CLAIM, LOST),
        c.CorrectDispute(**BY, dispute="D", deadline=at(9)),
        "dispute-settled: the claim D was already decided for the customer (D1)",
    ),
    (
        (CLAIM, c.OpenDispute(at=at(1), by="customer", dispute="E", kind="chargeback")),
        c.ResolveDispute(**BY, dispute="D", outcome="won"),
        "dispute-settled: the claim D has ended: another dispute took its place (D1)",
    ),
    (
        (CLAIM, LOST),
        c.AnswerDispute(**BY, dispute="D"),
        "dispute-settled: the claim D was already decided for the customer (D1)",
    ),
]


@pytest.mark.parametrize(
    "case", REFUSED, ids=lambda case: f"{case[1].NAME} {case[2].partition(':')[0]}"
)
def test_a_refused_command_about_a_dispute_gives_the_values_found(
    case: tuple[tuple[c.Command, ...], c.Command, str],
) -> None:
    """A1, A2: a refused command about a dispute gives the values found and the rule."""
    before, command, message = case

    assert message == str(refusal(after(*before), command, POLICY))


def test_a_policy_without_disputes_refuses_all_kinds() -> None:
    """A policy without disputes refuses every dispute and says so."""
    policy = policy_of("", name='"narrow"')
    without = attrs.evolve(policy, dispute_kinds={})
    command = c.OpenDispute(at=at(2), by="customer", dispute="D", kind="claim")

    assert 'unknown-dispute-kind: unknown kind of dispute "claim"; narrow has none' == str(
        refusal(opened(without), command, without)
    )


def test_a_chargeback_supersedes_a_running_claim() -> None:
    """A2: a chargeback supersedes a running claim, in the name of its own party and person."""
    ended, reported, *_ = decide(
        after(CLAIM), c.OpenDispute(**BY, dispute="E", kind="chargeback"), POLICY
    )

    assert DisputeResolved(**BY, dispute="D", outcome="superseded", derived=True) == ended
    assert (
        DisputeOpened(
            **BY,
            dispute="E",
            kind="chargeback",
            amount=Money.parse("100.00 EUR"),
            supersedes=("claim",),
        )
        == reported
    )


def test_an_answer_that_is_sent_again_changes_nothing() -> None:
    """A2: an answer to a dispute that is sent again is not recorded."""
    answered = after(CLAIM, c.AnswerDispute(**BY, dispute="D"))
    again = c.AnswerDispute(at=at(3), by="support", dispute="D")

    assert () == decide(answered, again, POLICY)
    assert ["DisputeAnswered"] == [
        type(event).__name__ for event in decide(after(CLAIM), again, POLICY)
    ]


def test_a_second_answer_adds_its_text() -> None:
    """A1, A5: further evidence is recorded once while the dispute runs, and not after its end."""
    answered = after(CLAIM, c.AnswerDispute(**BY, dispute="D", text="It was delivered."))
    more = c.AnswerDispute(at=at(3), by="support", dispute="D", text="Here is the receipt.")
    ticket, events = decide_and_apply(answered, more, POLICY)

    assert ["Here is the receipt."] == [
        event.text for event in events if isinstance(event, DisputeAnswered)
    ]
    assert () == decide(ticket, more, POLICY)
    assert () == decide(ticket, attrs.evolve(more, text=" "), POLICY)
    lost, _ = decide_and_apply(ticket, attrs.evolve(LOST, at=at(3)), POLICY)
    assert "dispute-settled" == refusal(lost, attrs.evolve(more, text="New."), POLICY).code


def test_refunds_that_pay_all_that_a_dispute_holds_settle_it() -> None:
    """A2: a refund that names a settled dispute says so, although another part is left."""
    claim = attrs.evolve(CLAIM, amount=Money.parse("10.00 EUR"))
    settling = c.Refund(**BY, reference="R-1", dispute="D")
    again = attrs.evolve(settling, reference="R-2")
    expected = "dispute-settled: refunds have settled the claim D: it holds nothing any more (D1)"

    assert expected == str(refusal(after(claim, settling), again, POLICY))
    part = attrs.evolve(settling, amount=Money.parse("4.00 EUR"))
    rest = decide(after(claim, part), again, POLICY)
    assert [Money.parse("6.00 EUR")] == [e.amount for e in rest if isinstance(e, Refunded)]


def test_a_correction_of_the_amount_keeps_the_deadline() -> None:
    """A2: a correction of a dispute's amount keeps its deadline."""
    noted = attrs.evolve(CLAIM, deadline=at(90))
    amount = Money.parse("10.00 EUR")
    (event, *_) = decide(after(noted), c.CorrectDispute(**BY, dispute="D", amount=amount), POLICY)

    assert DisputeCorrected(**BY, dispute="D", deadline=at(90), amount=amount) == event


def test_a_correction_moves_the_deadline_of_its_dispute() -> None:
    """A2: a correction moves the deadline of its dispute and keeps the amount."""
    policy = policy_of(
        timer_text("silence", "lose-dispute", since="dispute-opened").replace(
            "effect", 'when = { dispute_kind = "claim" }\neffect'
        )
    )
    ticket, _ = decide_and_apply(opened(policy), CLAIM, policy)
    correction = c.CorrectDispute(**BY, dispute="D", deadline=at(90))
    corrected, (event, _) = decide_and_apply(ticket, correction, policy)

    assert DisputeCorrected(**BY, dispute="D", deadline=at(90)) == event
    assert [at(25)] == [timer.due for timer in ticket.timers]
    assert [at(90)] == [timer.due for timer in corrected.timers]
    assert () == decide(corrected, correction, policy)
