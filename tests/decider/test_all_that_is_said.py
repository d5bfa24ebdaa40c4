"""All that a command says stands in the event that it brings about: who, why, in which words."""

from typing import Any

import attrs
import pytest

from support.permissive_policy import POLICY, after, at
from ticketcore import commands as c
from ticketcore.decider import decide
from ticketcore.events import Event, Money, Reopened, Replied, Scheduled, TypeChanged

BY: dict[str, Any] = {"at": at(2), "by": "support", "actor": "ann"}
SAID: dict[str, Any] = {**BY, "text": "a word"}
CLOSE = c.Close(at=at(1), by="vendor")
REFUND = c.Refund(at=at(1), by="vendor", reference="R", amount=Money(100, "EUR"))
CLAIM = c.OpenDispute(at=at(1), by="customer", dispute="D", kind="claim")

# A command with all that it can say, and what was asked before.
CASES: list[tuple[c.Command, tuple[c.Command, ...]]] = [
    (c.Reply(**SAID, channel="portal", solution=True), ()),
    (c.ChangeType(**SAID, type="other", consent=True), ()),
    (c.Escalate(**SAID, reason="unable"), ()),
    (c.HandBack(**SAID), (c.Escalate(at=at(1), by="vendor"),)),
    (c.Acknowledge(**BY), ()),
    (c.RequestInfo(**SAID), ()),
    (c.Assign(**BY, assignee="team"), ()),
    (c.Share(**BY, with_person="bob"), ()),
    (c.Unshare(**BY, with_person="bob"), (c.Share(at=at(1), by="customer", with_person="bob"),)),
    (c.Refund(**BY, reference="R", amount=Money(1, "EUR"), units=("u1",), reason="late"), ()),
    (c.ConfirmRefund(**BY, reference="R"), (REFUND,)),
    (c.FailRefund(**BY, reference="R", reason="declined"), (REFUND,)),
    (c.Cancel(**BY, units=("u1",), reason="broken"), ()),
    (c.Close(**SAID, consent=True), ()),
    (c.Withdraw(**BY, reason="solved in house"), ()),
    (c.Reopen(**SAID), (CLOSE,)),
    (c.RequestReview(**SAID), (CLOSE,)),
    (c.Review(**SAID, abuse=False), (CLOSE, c.RequestReview(at=at(1), by="customer"))),
    (
        c.OpenDispute(
            **BY,
            dispute="D",
            kind="claim",
            deadline=at(48),
            amount=Money(100, "EUR"),
            reason="not delivered",
        ),
        (),
    ),
    (c.AnswerDispute(**SAID, dispute="D"), (CLAIM,)),
    (c.ResolveDispute(**BY, dispute="D", outcome="won"), (CLAIM,)),
]


def _values(value: Any, fields: set[str]) -> dict[str, Any]:
    return {name: getattr(value, name) for name in fields}


def _fields(value: Any) -> set[str]:
    return {field.name for field in attrs.fields(type(value))}


def _events(command: c.Command, *before: c.Command) -> list[Event]:
    events = decide(after(*before), command, POLICY)
    return [event for event in events if not isinstance(event, Scheduled)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0].NAME)
def test_the_event_says_what_the_command_said(
    case: tuple[c.Command, tuple[c.Command, ...]],
) -> None:
    """Each field of the command is a field of the event, with the same value."""
    command, before = case
    (event,) = _events(command, *before)
    asked = _fields(command)

    assert _values(command, asked) == _values(event, asked)


def test_an_interim_notice_says_so() -> None:
    """K9: all else that a reply says, it says too."""
    (replied,) = _events(c.Reply(**SAID, channel="portal", interim=True))

    assert Replied(**SAID, channel="portal", interim=True) == replied


def test_a_duplicate_names_the_other() -> None:
    """O4: what the command calls `of` is the closing's `duplicate_of`."""
    (closed,) = _events(c.MarkDuplicate(**BY, of="41"))

    assert (at(2), "support", "ann", "duplicate", "41") == (
        closed.at,
        *(getattr(closed, name) for name in ("by", "actor", "kind", "duplicate_of")),
    )


def test_a_reply_that_reopens_says_who_reopened() -> None:
    """Both events are of whoever replied."""
    reopened, replied = _events(c.Reply(**SAID), CLOSE)

    assert Reopened(**BY, derived=True) == reopened
    assert "a word" == getattr(replied, "text", None)


def test_the_opening_of_another_policy_says_who_changed_it() -> None:
    """The event names the policy, its version, and who put the ticket under it."""
    other = attrs.evolve(POLICY, name="another")
    (changed,) = decide(after(), c.ChangePolicy(**BY), other)

    expected = {**BY, "policy": "another", "policy_version": "2026-01-01"}
    assert expected == _values(changed, _fields(changed) - {"command_id", "derived"})


def test_a_claim_that_a_chargeback_ends_was_ended_by_its_notice() -> None:
    """A2: who reported the chargeback ended the claim."""
    ended, _ = _events(c.OpenDispute(**BY, dispute="E", kind="chargeback"), CLAIM)

    assert {**BY, "dispute": "D", "outcome": "superseded"} == _values(
        ended, {*BY, "dispute", "outcome"}
    )


def test_what_abuse_undoes_is_undone_by_the_reviewer() -> None:
    """C13: a ticket that the vendor changed and closed is open again, and of its former type."""
    before = (
        c.ChangeType(at=at(1), by="vendor", type="other"),
        CLOSE,
        c.RequestReview(at=at(1), by="customer"),
    )
    _, *undone = _events(c.Review(**SAID, abuse=True), *before)

    assert [
        Reopened(**BY, derived=True),
        TypeChanged(**BY, type="request", derived=True),
    ] == undone


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
def test_abuse_undoes_what_the_vendor_did_and_no_more(
    before: tuple[c.Command, ...], undone: list[Event]
) -> None:
    """C13: what the customer ended or changed stays so."""
    asked = c.RequestReview(at=at(1), by="customer")
    _, *events = _events(c.Review(**SAID, abuse=True), *before, asked)

    assert undone == events
