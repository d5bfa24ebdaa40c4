"""The handlers of commands: the events of each, and commands that change nothing."""

from typing import Any

import attrs
import pytest

from support.policies.permissive_policy import POLICY, T0, after, at, sent
from support.policies.small_policies import refusal
from ticketcore import commands as c
from ticketcore.decider import decide, decide_and_apply
from ticketcore.events import Event, Money, Reopened, Replied, Scheduled
from ticketcore.policies import parse_policy

BY: dict[str, Any] = {"at": at(2), "by": "support", "actor": "ann"}
TEXT: dict[str, Any] = {**BY, "text": "a word"}
CLOSE = c.Close(at=at(1), by="vendor")
REFUND = c.Refund(at=at(1), by="vendor", reference="R", amount=Money(100, "EUR"))
CLAIM = c.OpenDispute(at=at(1), by="customer", dispute="D", kind="claim")


AGREES = c.Reply(at=at(1), by="customer", text="Yes.", reference="M-1")
# A command with a value for each field, and the commands before it.
CASES: list[tuple[c.Command, tuple[c.Command, ...]]] = [
    (c.Reply(**TEXT, channel="portal", solution=True, reference="M-1"), ()),
    (c.ChangeType(**TEXT, type="other", consent=True, consent_message="M-1"), (AGREES,)),
    (c.Escalate(**TEXT, reason="unable"), ()),
    (c.HandBack(**TEXT), (c.Escalate(at=at(1), by="vendor"),)),
    (c.Acknowledge(**BY), ()),
    (c.RequestInfo(**TEXT), ()),
    (c.Assign(**BY, assignee="team"), ()),
    (c.Share(**BY, with_person="bob"), ()),
    (c.Unshare(**BY, with_person="bob"), (c.Share(at=at(1), by="customer", with_person="bob"),)),
    (c.Refund(**BY, reference="R", amount=Money(1, "EUR"), units=("u1",), reason="late"), ()),
    (c.ConfirmRefund(**BY, reference="R"), (REFUND,)),
    (c.FailRefund(**BY, reference="R", reason="declined"), (REFUND,)),
    (c.Cancel(**BY, units=("u1",), reason="broken"), ()),
    (c.Close(**TEXT, consent=True, consent_message="M-1"), (AGREES,)),
    (c.Withdraw(**BY, reason="solved in house"), ()),
    (c.Reopen(**TEXT), (CLOSE,)),
    (c.RequestReview(**TEXT), (CLOSE,)),
    (c.Review(**TEXT, abuse=False), (CLOSE, c.RequestReview(at=at(1), by="customer"))),
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
    (c.AnswerDispute(**TEXT, dispute="D"), (CLAIM,)),
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
def test_an_event_has_all_values_of_its_command(
    case: tuple[c.Command, tuple[c.Command, ...]],
) -> None:
    """Each field of the command is a field of the event."""
    command, before = case
    (event,) = _events(command, *before)
    fields = _fields(command)

    assert _values(command, fields) == _values(event, fields)


def test_a_handler_may_send_an_interim_notice() -> None:
    """An interim notice of the handler records the same values as a reply (K9)."""
    (replied,) = _events(c.Reply(**TEXT, channel="portal", interim=True))

    assert Replied(**TEXT, channel="portal", interim=True) == replied


def test_a_reply_that_reopens_has_one_party_and_person_for_both_events() -> None:
    """A reply that reopens gives both events its party and person; the reopening is derived."""
    reopened, replied = _events(c.Reply(**TEXT), CLOSE)

    assert Reopened(**BY, derived=True) == reopened
    assert "a word" == getattr(replied, "text", None)


def test_a_changed_policy_is_recorded_with_party_and_person() -> None:
    """A change of policy records the name, version and digest of the new policy."""
    other = attrs.evolve(POLICY, name="another")
    (changed,) = decide(after(), c.ChangePolicy(**BY), other)

    named = {"policy": "another", "policy_version": "2026-01-01", "policy_digest": other.digest}
    expected = {**BY, **named}
    assert expected == _values(changed, _fields(changed) - {"command_id", "derived"})


def test_an_escalation_must_have_a_listed_reason() -> None:
    """K6: an escalation with an unlisted reason is refused with the reasons."""
    command = c.Escalate(**BY, reason="no reason")

    assert (
        'unknown-reason: unknown reason "no reason"; wide-open has unable, invoice (E1)'
    ) == str(refusal(after(), command, POLICY))


def test_a_second_opening_is_refused_with_the_instant_of_the_first() -> None:
    """A second opening by another party is refused with the instant of the first."""
    command = c.Open(at=at(1), by="vendor")

    assert (
        "already-opened: the ticket was already opened on Mon 2026-01-05 09:00 UTC+00:00"
        == str(refusal(after(), command, POLICY))
    )


def test_a_message_that_is_sent_again_with_another_id_changes_nothing() -> None:
    """A repeated message is recognised by its values."""
    reply, question = c.Reply(**TEXT, command_id="c-1"), c.RequestInfo(**TEXT, command_id="c-1")

    assert () == decide(after(reply), attrs.evolve(reply, command_id="c-2"), POLICY)
    assert () == decide(after(question), attrs.evolve(question, command_id="c-2"), POLICY)
    assert () != decide(after(reply), attrs.evolve(reply, text="other"), POLICY)
    assert () != decide(after(question), attrs.evolve(question, text="other"), POLICY)


_ESCALATING = """
name = "escalating"
effective = 2026-01-01
zone = "UTC"
default_type = "request"
[types.request]
[[permission]]
commands = ["open", "reply", "escalate", "hand-back"]
by = ["customer", "vendor", "support"]
"""


@pytest.mark.parametrize(
    ("default_handler", "before", "count"),
    [
        ("vendor", [], 1),
        ("vendor", [c.Escalate(at=at(1), by="vendor")], 0),
        (
            "vendor",
            [c.Escalate(at=at(1), by="vendor"), c.HandBack(at=at(1), by="support")],
            1,
        ),
        ("vendor", [c.Escalate(at=at(1), by="vendor"), c.Reply(at=at(1), by="support")], 0),
        ("support", [], 0),
        ("support", [c.Reply(at=at(1), by="support")], 1),
        ("support", [c.Reply(at=at(1), by="customer", solution=True)], 1),
    ],
)
def test_a_ticket_is_escalated_once(
    default_handler: str, before: list[c.Command], count: int
) -> None:
    """An escalation changes nothing while support handles the ticket.

    If support is the default handler, this holds while its answer is awaited.
    """
    policy = parse_policy(f'default_handler = "{default_handler}"\n' + _ESCALATING)
    ticket, _ = decide_and_apply(None, c.Open(at=T0, by="customer"), policy)
    ticket = sent(ticket, *before, policy=policy)

    assert count == len(decide(ticket, c.Escalate(at=at(2), by="customer"), policy))
