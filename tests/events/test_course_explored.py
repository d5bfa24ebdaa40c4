"""The events that cannot have happened are those that no decision makes.

The test explores tickets under policies that permit everything, with an abstraction of its own: it
collects which kinds of events `decide` and `advance` make in which states. Every other pair of an
event and a state that was reached must be reported, unless the table below gives a reason.
"""

from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import attrs

from support.policies.permissive_policy import ORDER, T0
from support.policies.small_policies import BASE
from ticketcore import commands as c
from ticketcore.decider import advance, decide
from ticketcore.errors import TicketcoreError
from ticketcore.events import Event, Money, Reference, impossible_events
from ticketcore.policies import Policy, parse_policy
from ticketcore.ticket import fold

COIN = Money.parse("1.00 EUR")
TEXT = """
[pauses.shut]
when = { status = "closed" }
[pauses.owes]
when = { waiting_for = "customer" }
[disputes.chargeback]
supersedes = ["claim"]
[refunds]
partial = true
max_refunds = 3
requires_confirmation = true
[[timer]]
name = "reminder"
from = "opened"
after = "5 hours"
effect = "warn"
pauses = ["shut", "owes"]
[[timer]]
name = "afterwards"
from = "closed"
after = "9 hours"
effect = "warn"
[[timer.level]]
name = "called"
before_due = "6 hours"
effect = "escalate"
[[timer]]
name = "lost"
from = "dispute-opened"
when = { dispute_kind = "claim" }
after = "6 hours"
effect = "lose-dispute"
[closing]
"""


def policy(closing: str = "") -> Policy:
    """Return a policy that permits everything, with timers, pauses and these rules of closing."""
    return parse_policy(f"{BASE}{TEXT}reply_reopens = ['customer']\n{closing}")


POLICIES = (policy(), policy("per_party = true"), policy('final_by = ["support"]'))


def commands_at(at: datetime) -> Iterator[c.Command]:
    """Yield commands of each kind, with arguments that are always the same."""
    by: dict[str, Any] = {"at": at, "by": "support"}
    yield from (
        c.Reply(**by, text="x"),
        c.Reply(**by, text="x", automatic=True),
        c.Reply(at=at, by="customer", text="x"),
        c.RequestInfo(**by),
        c.ChangeType(**by, type="other"),
        c.Escalate(**by),
        c.HandBack(**by),
        c.Acknowledge(**by),
        c.Assign(**by, assignee="ada"),
        c.Share(**by, with_person="eve"),
        c.Unshare(**by, with_person="eve"),
        c.Close(**by),
        c.Close(at=at, by="customer"),
        c.Withdraw(at=at, by="customer"),
        c.MarkDuplicate(**by, of="9"),
        c.UnmarkDuplicate(**by),
        c.Reopen(**by),
        c.RequestReview(**by),
        c.Review(**by, abuse=False),
        c.Classify(**by, category="a"),
        c.SplitTicket(**by, into="7"),
        c.Link(**by, target=Reference(kind="ticket", number="8")),
        c.Refund(**by, reference="r", amount=COIN),
        c.ConfirmRefund(**by, reference="r"),
        c.FailRefund(**by, reference="r"),
        c.Cancel(**by, units=("u1",)),
        c.OpenDispute(**by, dispute="d", kind="claim", amount=COIN),
        c.OpenDispute(**by, dispute="d2", kind="chargeback", amount=COIN),
        c.CorrectDispute(**by, dispute="d", amount=Money.parse("2.00 EUR")),
        c.AnswerDispute(**by, dispute="d"),
        c.ResolveDispute(**by, dispute="d", outcome="won"),
        c.ResolveDispute(**by, dispute="d", outcome="lost"),
        c.Tag(**by, tag="t"),
        c.Untag(**by, tag="t"),
        c.AddNote(**by, text="n"),
        c.Snooze(**by, until=at + timedelta(hours=2)),
        c.Unsnooze(**by),
        c.SetDeadline(**by, timer="reminder", due=at + timedelta(hours=1)),
    )


class State(NamedTuple):
    """What the events of a ticket say, followed without the ticket's own state."""

    status: str = "open"
    closed_by: frozenset[str] = frozenset()
    refund: str = ""
    dispute: str = ""
    has_chargeback: bool = False
    snoozed: bool = False
    review: str = ""
    pauses: frozenset[str] = frozenset()
    pending: frozenset[str] = frozenset()


def following(state: State, event: Any) -> State:
    """Return the state after an event."""
    match event.NAME:
        case "closed" if state.status == "open":
            status = "final" if event.final else event.kind
            review = state.review or "possible"
            return state._replace(status=status, closed_by=frozenset({event.by}), review=review)
        case "closed":
            status = "final" if event.final else state.status
            return state._replace(status=status, closed_by=state.closed_by | {event.by})
        case "reopened" | "duplicate-unmarked":
            return state._replace(status="open", closed_by=frozenset(), snoozed=False)
        case "refunded":
            return state._replace(refund="pending")
        case "refund-confirmed" | "refund-failed":
            return state._replace(refund="settled")
        case "dispute-opened" if event.dispute == "d":
            return state._replace(dispute="running")
        case "dispute-opened":
            return state._replace(has_chargeback=True)
        case "dispute-answered":
            return state._replace(dispute="answered")
        case "dispute-resolved":
            return state._replace(dispute=event.outcome)
        case "snoozed" | "unsnoozed":
            return state._replace(snoozed=event.NAME == "snoozed")
        case "type-changed":
            return state._replace(review=state.review or "possible")
        case "review-requested":
            return state._replace(review="requested")
        case "reviewed":
            return state._replace(review="possible")
        case "pause-started":
            return state._replace(pauses=state.pauses | {event.pause})
        case "pause-ended":
            return state._replace(pauses=state.pauses - {event.pause})
        case "scheduled":
            acting = frozenset(timer.name for timer in event.timers if timer.wakes)
            return state._replace(pending=acting)
        case _:
            return state


Pair = tuple[str, ...]


def pair_of(event: Any, state: State) -> Pair:
    """Return an event, and the part of the state on which it may depend."""
    timer = None if event.NAME == "deadline-set" else getattr(event, "timer", None)
    if timer is not None:
        return event.NAME, timer, "pending" if timer in state.pending else "not pending"
    kind, status = event.NAME.partition("-")[0], state.status
    match kind:
        case "closed":
            return event.NAME, event.by, event.kind, status, *sorted(state.closed_by)
        case "replied" if event.automatic:
            return event.NAME, "automatic", status
        case "refunded" | "refund":
            return event.NAME, status, state.refund
        case "dispute" if event.dispute == "d":
            final = "final" if status == "final" else ""
            return event.NAME, getattr(event, "outcome", ""), final, state.dispute
        case "dispute":  # the one that supersedes the other
            return event.NAME, str(state.has_chargeback)
        case "unsnoozed":
            return event.NAME, status, str(state.snoozed)
        case "review" | "reviewed":
            return event.NAME, status, state.review
        case "pause":
            return event.NAME, event.pause, str(event.pause in state.pauses)
        case _:
            return event.NAME, status


def explored() -> tuple[dict[Pair, Event], dict[State, tuple[Event, ...]]]:
    """Return the pairs that decisions make, with an event, and the states with a history."""
    made: dict[Pair, Event] = {}
    reached: dict[State, tuple[Event, ...]] = {}
    for rules in POLICIES:
        opening = decide(None, c.Open(at=T0, by="customer", order=ORDER, units=("u1",)), rules)
        queue = deque([(State(), opening[:1], opening[1:])])
        known: set[State] = set()
        while queue and len(known) < 160:
            state, events, new = queue.popleft()
            for event in new:
                made.setdefault(pair_of(event, state), event)
                state, events = following(state, event), (*events, event)
            reached.setdefault(state, events)
            if state in known:
                continue
            known.add(state)
            ticket, at = fold(events), events[-1].at + timedelta(hours=1)
            for command in commands_at(at):
                try:
                    queue.append((state, events, decide(ticket, command, rules)))
                except TicketcoreError:
                    continue
            queue.extend(
                (state, events, advance(ticket, rules, at + timedelta(hours=hours)))
                for hours in (1, 3, 24)
            )
    return made, reached


REPEATED = {
    ("dispute-answered", "", "", "answered"),
    ("dispute-resolved", "won", "", "won"),
    ("dispute-resolved", "lost", "", "lost"),
    *(("review-requested", s, "requested") for s in ("open", "closed", "withdrawn", "duplicate")),
}
"""Pairs that say again what is so: `decide` leaves such a command out, other systems repeat it."""


def is_of_the_provider(pair: Pair) -> bool:
    """Return whether a payment provider reports something after a final closing (K8)."""
    settles = pair[0] in ("refund-confirmed", "refund-failed") and pair[2] == "pending"
    return "final" in pair[1:] and (pair[0].startswith("dispute-") or settles)


def test_what_no_decision_makes_is_reported() -> None:
    """An event is reported exactly if no decision makes it in this state, with two exceptions."""
    made, reached = explored()
    samples = {pair_of(event, State()): event for event in made.values()}
    reported, accepted = set[Pair](), set[Pair]()
    for state, events in reached.items():
        assert [] == [*impossible_events("1", events)]
        for event in samples.values():
            last = attrs.evolve(event, at=events[-1].at)
            problems = [*impossible_events("1", (*events, last))]
            (reported if problems else accepted).add(pair_of(last, state))
    excepted = {pair for pair in accepted if pair in REPEATED or is_of_the_provider(pair)}

    assert {*made} == accepted - excepted
    assert set() == reported & accepted
    assert REPEATED < excepted
    assert {"closed", "withdrawn", "duplicate", "final", "open"} == {s.status for s in reached}
    assert 150 < len(reported)
