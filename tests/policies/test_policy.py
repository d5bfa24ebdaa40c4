"""The policy: its timers for a ticket, found once for tickets with the same facts."""

import pickle
from datetime import UTC, datetime

import attrs

from support.policies.shop_policy import ANY_TYPE, AT, SILENT, TIMER, opened, read
from support.policies.small_policies import policy_of
from ticketcore.commands import Open, RequestInfo
from ticketcore.decider import decide_and_apply
from ticketcore.events import Closed, DisputeOpened, Opened
from ticketcore.policies import Policy, load_policy, parse_policy
from ticketcore.ticket import Ticket, fold


def test_timers_carry_out_requests_of_their_types() -> None:
    """A timer refunds or cancels only on tickets whose type its condition allows."""
    refund = TIMER.replace("warn", "refund").replace('"t"', '"refund"')
    cancel = TIMER.replace("warn", "cancel").replace('"t"', '"cancel"')
    policy = read(TIMER + refund + 'when = { type = "request" }\n' + cancel)
    assert frozenset({"refund", "cancel"}) == policy.carries_out("request")
    assert frozenset({"cancel"}) == policy.carries_out("complaint")


def test_a_dispute_outlives_its_ticket() -> None:
    """A dispute timer applies to a closed ticket as well; other timers do not."""
    policy = read(
        '[[permission]]\ncommands = "open-dispute"\nby = "customer"\n'
        + TIMER
        + TIMER.replace('"t"', '"silence"')
        .replace('"opened"', '"dispute-opened"')
        .replace("warn", "lose-dispute")
        + 'when = { dispute_kind = "claim" }\n'
    )
    disputed = fold([DisputeOpened(at=AT, by="customer", dispute="d", kind="claim")], opened())
    closed = fold([Closed(at=AT, by="vendor")], disputed)
    assert [["t", "silence"], ["silence"]] == [
        [rule.name for rule in policy.timer_definitions(ticket)] for ticket in (disputed, closed)
    ]


def test_a_timer_is_found_by_name() -> None:
    """A timer is found by its name, preferably one that applies; an unknown name gives None."""
    policy = load_policy("clickbank")
    opened = Opened(
        at=datetime(2026, 1, 1, tzinfo=UTC), by="customer", type="technical", zone="UTC"
    )
    ticket = fold([opened])
    named = [timer for timer in policy.timers if timer.name == "refund"]

    assert None is policy.timer("no-such-timer", ticket)
    assert named[0] is policy.timer("refund", ticket)
    assert named[1] is policy.timer("refund", fold([attrs.evolve(opened, type="refund")]))


def test_a_deadline_names_the_party_that_owes_what_it_wants() -> None:
    """A resolution is not late because of a customer who is awaited; an answer by them is."""
    policy = load_policy("help-desk")
    waiting = ticket_of(policy, "question")
    asked, _ = decide_and_apply(waiting, RequestInfo(at=AT, by="support"), policy)

    assert ["support"] * 3 == [
        policy.awaited_by(name, waiting) for name in ("resolution", "update", "silence")
    ]
    assert [None, None, "customer", "customer"] == [
        policy.awaited_by(name, asked) for name in ("resolution", "update", "silence", "unknown")
    ]


def test_a_deadline_is_about_the_waiting_if_it_counts_or_asks_for_it() -> None:
    """A timer is about the waiting by its start, or by a condition on the party or the status."""
    timer = '[[timer]]\nname = "{}"\nafter = "9 hours"\neffect = "breach"\nfrom = "{}"\n{}'
    policy = policy_of(
        timer.format("start", "waiting-since", "")
        + timer.format("party", "opened", 'when = { waiting_for = "customer" }\n')
        + timer.format("status", "opened", 'when = { status = "pending" }\n')
        + timer.format("neither", "opened", 'when = { type = "request" }\n')
        + timer.format("either", "opened", 'when = { type = "other" }\n')
        + timer.format("either", "opened", 'when = { type = "request", status = "pending" }\n')
    )
    waiting = ticket_of(policy, "request")
    asked, _ = decide_and_apply(waiting, RequestInfo(at=AT, by="support"), policy)

    names = ("start", "party", "status", "neither", "either")

    assert ("customer", "pending") == (asked.waiting_for, asked.status)
    assert ["customer", "customer", "customer", None, "customer"] == [
        policy.awaited_by(name, asked) for name in names
    ]


def ticket_of(policy: Policy, kind: str) -> Ticket:
    """Return a new ticket of a type."""
    return decide_and_apply(None, Open(at=AT, by="customer", type=kind), policy)[0]


def spans(policy: Policy, kind: str) -> list[str]:
    """Return the spans of the timers that apply to a new ticket of a type."""
    return [str(rule.after) for rule in policy.timer_definitions(ticket_of(policy, kind))]


def test_a_timer_without_conditions_applies_to_every_ticket() -> None:
    """A policy whose timers have no conditions treats all tickets alike."""
    policy = parse_policy(ANY_TYPE + SILENT + 'after = "2 hours"')
    assert [["2 hours"], ["2 hours"]] == [spans(policy, kind) for kind in ("printer", "mouse")]


def test_the_first_timer_of_a_name_that_applies_counts() -> None:
    """The first timer of a name that applies to the ticket counts."""
    printers = SILENT + 'after = "1 hour"\nwhen = { type = "printer" }\n'
    policy = parse_policy(ANY_TYPE + printers + SILENT + 'after = "2 hours"')
    assert [["1 hour"], ["2 hours"]] == [spans(policy, kind) for kind in ("printer", "mouse")]


def test_timers_are_found_once_for_tickets_with_the_same_facts() -> None:
    """A second ticket of the same type gets the cached timers of the first."""
    policy = parse_policy(ANY_TYPE + SILENT + 'after = "1 hour"\nwhen = { type = "printer" }\n')
    first, second = (policy.timer_definitions(ticket_of(policy, "printer")) for _ in range(2))
    assert first is second


def test_the_cache_of_timers_is_bounded() -> None:
    """If a type can be any text, the cache keeps at most 1024 entries and stays correct."""
    policy = parse_policy(ANY_TYPE + SILENT + 'after = "1 hour"\nwhen = { type = "printer" }\n')
    sizes = []
    for number in range(1500):
        assert [] == spans(policy, f"machine {number}")
        sizes.append(max(map(len, policy._clocks)))
    assert ["1 hour"] == spans(policy, "printer")
    assert 1024 == max(sizes)


def test_a_policy_with_fields_can_be_sent_to_another_process() -> None:
    """A policy with fields can be pickled for another process."""
    policy = parse_policy("""
name = "fields"
effective = 2026-01-01
zone = "UTC"
default_type = "request"
[types.request]
[fields.priority]
choices = ["low", "high"]
default = "low"
[[permission]]
commands = "open"
by = "customer"
[[timer]]
name = "urgent"
when = { fields.priority = "high", tags = "vip" }
from = "opened"
after = "1 hour"
effect = "warn"
""")
    there = pickle.loads(pickle.dumps(policy))

    assert policy.digest == there.digest
    assert [["urgent"], [], []] == [
        [timer.name for timer in decide_and_apply(None, opening, there)[0].timers]
        for opening in (
            Open(at=AT, by="customer", fields={"priority": "high"}, tags=("vip",)),
            Open(at=AT, by="customer", fields={"priority": "high"}),
            Open(at=AT, by="customer", tags=("vip",)),
        )
    ]
