"""C20: the list of options holds every command once, ready to be decided."""

from typing import Any

from support.permissive_policy import OPEN, POLICY, after, at
from ticketcore import commands as c
from ticketcore.decider import available_commands
from ticketcore.events import Money

BY: dict[str, Any] = {"at": at(3), "by": "support"}
SAID: dict[str, Any] = {**BY, "text": "…"}


def test_the_list_of_a_ticket_in_the_middle_of_things() -> None:
    """Other types, units that are left, who can lose the view, refunds that await an outcome,
    disputes that run: each is named; `…` stands for what only the party knows."""
    ticket = after(
        c.Share(at=at(1), by="customer", with_person="bob"),
        c.Cancel(at=at(1), by="vendor", units=("u1",)),
        c.Refund(at=at(1), by="vendor", reference="R", amount=Money(1, "EUR")),
        c.OpenDispute(at=at(1), by="customer", dispute="D", kind="claim"),
    )

    assert [
        c.Reply(**SAID),
        c.ChangeType(**SAID, type="other", consent=True),
        c.Escalate(**SAID, reason="unable"),
        c.HandBack(**SAID),
        c.Acknowledge(**BY),
        c.RequestInfo(**SAID),
        c.Assign(**BY, assignee="…"),
        c.Share(**BY, with_person="…"),
        c.Unshare(**BY, with_person="bob"),
        c.Refund(**BY, reference="…", reason="…"),
        c.ConfirmRefund(**BY, reference="R"),
        c.FailRefund(**BY, reference="R", reason="…"),
        c.Cancel(**BY, units=("u2",), reason="…"),
        c.Close(**SAID, consent=True),
        c.Withdraw(**BY, reason="…"),
        c.MarkDuplicate(**BY, of="…"),
        c.Reopen(**SAID),
        c.RequestReview(**SAID),
        c.Review(**SAID, abuse=False),
        c.OpenDispute(**BY, dispute="…", kind="claim"),
        c.OpenDispute(**BY, dispute="…", kind="chargeback"),
        c.AnswerDispute(**BY, dispute="D", text="…"),
        c.ResolveDispute(**BY, dispute="D", outcome="won"),
        c.Reschedule(**BY),
    ] == [option.command for option in available_commands(ticket, "support", POLICY, at(3))]


def test_what_was_decided_is_not_offered_again() -> None:
    """A refund that came, a dispute that ended, a view that nobody has."""
    ticket = after(
        c.Refund(at=at(1), by="vendor", reference="R", amount=Money(1, "EUR")),
        c.ConfirmRefund(at=at(1), by="vendor", reference="R"),
        c.OpenDispute(at=at(1), by="customer", dispute="D", kind="claim"),
        c.ResolveDispute(at=at(1), by="support", dispute="D", outcome="won"),
    )
    listed = [option.command for option in available_commands(ticket, "support", POLICY, at(3))]

    assert c.Unshare(**BY, with_person="…") in listed
    assert not {"confirm-refund", "fail-refund", "answer-dispute", "resolve-dispute"} & {
        command.NAME for command in listed
    }


def test_before_the_opening_each_type_is_an_option() -> None:
    """The facts are those given; the party and the instant are those asked about."""
    assert [
        c.Open(at=at(3), by="support", type=kind, order=OPEN.order)
        for kind in ("request", "other")
    ] == [
        option.command
        for option in available_commands(None, "support", POLICY, at(3), opening=OPEN)
    ]
