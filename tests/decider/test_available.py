"""C20: the commands that a party can give now, and why the others are refused."""

from datetime import timedelta
from typing import Any

from support.orders.hosts import ONE, TWO, OrderHost, hours
from support.orders.hosts import refund as order_refund
from support.policies.permissive_policy import OPEN, ORDER, POLICY, T0, after, at
from support.policies.small_policies import BASE, MONEY, names, opened, refund
from ticketcore import commands as c
from ticketcore.decider import advance_ticket, available_commands, decide_and_apply
from ticketcore.events import Money, Reference, Shipment
from ticketcore.policies import load_policy, parse_policy

BY: dict[str, Any] = {"at": at(3), "by": "support"}
TEXT: dict[str, Any] = {**BY, "text": "…"}


def test_the_list_has_every_command_ready_to_decide() -> None:
    """The list has every command that a party can give, ready to decide.

    There is one entry for each other type, unit left, person with access, pending refund and
    running dispute. `…` marks a value that only the party knows.
    """
    ticket = after(
        c.Share(at=at(1), by="customer", with_person="bob"),
        c.Cancel(at=at(1), by="vendor", units=("u1",)),
        c.Refund(at=at(1), by="vendor", reference="R", amount=Money(1, "EUR")),
        c.OpenDispute(at=at(1), by="customer", dispute="D", kind="claim"),
    )

    assert [
        c.Reply(**TEXT),
        c.ChangeType(**TEXT, type="other", consent=True),
        c.Escalate(**TEXT, reason="unable"),
        c.HandBack(**TEXT),
        c.Acknowledge(**BY),
        c.RequestInfo(**TEXT),
        c.Assign(**BY, assignee="…"),
        c.Share(**BY, with_person="…"),
        c.Unshare(**BY, with_person="bob"),
        c.Refund(**BY, reference="…", reason="…"),
        c.ConfirmRefund(**BY, reference="R"),
        c.FailRefund(**BY, reference="R", reason="…"),
        c.Cancel(**BY, units=("u2",), reason="…"),
        c.Close(**TEXT, consent=True),
        c.Withdraw(**BY, reason="…"),
        c.MarkDuplicate(**BY, of="…"),
        c.UnmarkDuplicate(**TEXT),
        c.Classify(**BY, category="…"),
        c.Tag(**BY, tag="…"),
        c.AddNote(**TEXT),
        c.AddShipment(**BY, shipment=Shipment(number="…", shipped_at=at(3))),
        c.SplitTicket(**BY, into="…"),
        c.Link(**BY, target=Reference(kind="ticket", number="…")),
        c.Reopen(**TEXT),
        c.RequestReview(**TEXT),
        c.Review(**TEXT, abuse=False),
        c.OpenDispute(**BY, dispute="…", kind="claim"),
        c.OpenDispute(**BY, dispute="…", kind="chargeback"),
        c.AnswerDispute(**BY, dispute="D", text="…"),
        c.ResolveDispute(**BY, dispute="D", outcome="won"),
        c.Reschedule(**BY),
        c.SetDeadline(**BY, due=at(27)),
        c.Snooze(**BY, until=at(27)),
        c.Unsnooze(**BY),
    ] == [option.command for option in available_commands(ticket, "support", POLICY, at(3))]


def test_settled_refunds_and_disputes_are_not_listed() -> None:
    """Refunds and disputes that are settled are not among the available commands."""
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


def test_before_the_opening_each_type_is_listed() -> None:
    """Before the opening, each type is listed with the facts of the given opening."""
    assert [
        c.Open(at=at(3), by="support", type=kind, order=OPEN.order)
        for kind in ("request", "other")
    ] == [
        option.command
        for option in available_commands(None, "support", POLICY, at(3), opening=OPEN)
    ]


def test_an_entry_has_the_decision_and_its_requirements() -> None:
    """Each entry of the available commands agrees with `decide`, even before the opening."""
    policy = load_policy("clickbank")
    ticket = decide_and_apply(
        None,
        c.Open(at=T0, by="customer", type="refund", order=ORDER, zone="Europe/Rome"),
        policy,
    )[0]

    listed = {o.command.NAME: o for o in available_commands(ticket, "vendor", policy, at(1))}
    assert ("allowed", ("consent",)) == (listed["close"].state, listed["close"].requires)
    assert ["Closed", "Scheduled"] == names(listed["close"].events)
    assert "refused" == listed["refund"].state
    assert "nothing-to-do" == listed["reopen"].state
    probe = c.Open(at=T0, by="customer", order=ORDER, zone="Europe/Rome")
    openings = available_commands(None, "customer", policy, T0, opening=probe)
    states = {o.command.type: o.state for o in openings if isinstance(o.command, c.Open)}
    assert {"refund": "allowed", "cancellation": "refused", "technical": "allowed"} == states


def test_pending_refunds_and_running_disputes_are_listed_with_their_outcomes() -> None:
    """Pending refunds and running disputes are listed with their possible outcomes."""
    ticket = decide_and_apply(opened(MONEY, order=ORDER), refund("a", "1.00 EUR"), MONEY)[0]
    claim = c.OpenDispute(at=at(2), by="customer", dispute="d", kind="claim")
    ticket = decide_and_apply(ticket, claim, MONEY)[0]

    listed = {
        option.command.NAME for option in available_commands(ticket, "support", MONEY, at(3))
    }
    assert {"confirm-refund", "fail-refund", "answer-dispute", "resolve-dispute"} <= listed
    settled = decide_and_apply(
        ticket, c.ConfirmRefund(at=at(2), by="support", reference="a"), MONEY
    )[0]
    resolved = c.ResolveDispute(at=at(2), by="support", dispute="d", outcome="won")
    settled = decide_and_apply(settled, resolved, MONEY)[0]
    rest = {option.command.NAME for option in available_commands(settled, "support", MONEY, at(3))}
    assert set() == rest & {"confirm-refund", "answer-dispute"}
    any_type = parse_policy(
        "any_type = true\n" + BASE.replace("[types.request]\n[types.other]\n", "")
    )
    assert 1 == len(available_commands(None, "customer", any_type, T0))


def test_a_refused_entry_has_the_requirements_of_its_permission() -> None:
    """A refused entry has the reason of the refusal, and what its permission requires."""
    text = BASE.replace('"reopen", ', "") + '[[permission]]\ncommands = "reopen"\nby = "vendor"\n'
    policy = parse_policy(text + 'requires = "text"\nwithin = "2 days"\n')
    closed, _ = decide_and_apply(opened(policy), c.Close(at=at(1), by="vendor"), policy)
    listed = available_commands(closed, "vendor", policy, at(50))
    (reopening,) = (option for option in listed if option.command.NAME == "reopen")

    assert ("refused", ("text",)) == (reopening.state, reopening.requires)


def test_a_reason_that_can_be_any_text_is_left_to_the_party() -> None:
    """If the policy lists no reasons for an escalation, the party chooses any text."""
    listed = available_commands(opened(MONEY), "vendor", MONEY, at(1))
    (escalation,) = (o.command for o in listed if isinstance(o.command, c.Escalate))

    assert "…" == escalation.reason


def test_timers_that_are_due_count_as_if_they_were_recorded() -> None:
    """C20: timers that are due count as if they were recorded."""
    policy = load_policy("clickbank")
    asked = c.Open(at=T0, by="customer", type="refund", order=ORDER, zone="Europe/Rome")
    ticket, _ = decide_and_apply(None, asked, policy)
    late = T0 + timedelta(days=30)

    recorded, _ = advance_ticket(ticket, policy, late)
    before, after_it = (
        {o.command.NAME: o.state for o in available_commands(each, "vendor", policy, late)}
        for each in (ticket, recorded)
    )

    assert before == after_it
    assert ("refused", "nothing-to-do") == (before["close"], before["hand-back"])


def test_timers_that_are_due_see_the_other_tickets() -> None:
    """C8, C20: due timers see that another ticket of the order was paid."""
    host = OrderHost(dict.fromkeys((ONE, TWO), "clickbank-confirmed"))
    host.open(ONE, 0, type="refund").open(TWO, 1, type="technical").send(TWO, order_refund(2))
    ticket, policy = host.tickets[ONE], host.policies[ONE]

    alone, together = (
        {
            o.command.NAME
            for o in available_commands(ticket, "support", policy, hours(900), ledger=ledger)
        }
        for ledger in (None, host.ledger)
    )
    assert {"confirm-refund", "fail-refund"} == alone - together


def test_a_classification_names_another_category_of_the_policy() -> None:
    """A classification is offered with another category than the ticket has (O5)."""
    policy = load_policy("office")
    (first, second, *_) = policy.categories
    for now, expected in ((first, second), (second, first)):
        ticket = opened(policy, category=now, subject="…", text="…", channel="portal")
        listed = available_commands(ticket, "support", policy, at(1))
        (classify,) = (o.command for o in listed if isinstance(o.command, c.Classify))

        assert expected == classify.category


def test_a_consent_names_the_last_message_of_the_customer() -> None:
    """C11: a listed closing names the customer's last message, if it has a reference."""
    ticket = after(c.Reply(at=at(1), by="customer", text="Please close it.", reference="m-1"))
    named = [
        option.command.consent_message
        for option in available_commands(ticket, "support", POLICY, at(3))
        if isinstance(option.command, c.ChangeType | c.Close)
    ]

    assert ["m-1"] * len(named) == named != []
