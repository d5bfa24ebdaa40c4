"""The policy: its timers for a ticket, found once for tickets with the same facts."""

from datetime import UTC, datetime

import attrs

from support.shop_policy import AT, TIMER, opened, read
from ticketcore.commands import Open
from ticketcore.decider import decide_and_apply
from ticketcore.events import Closed, DisputeOpened, Opened
from ticketcore.policies import Policy, load_policy, parse_policy
from ticketcore.ticket import Ticket, fold


def test_a_type_is_carried_out_by_its_refund_and_cancel_timers() -> None:
    """Timers with conditions on the type count for these types only."""
    refund = TIMER.replace("warn", "refund").replace('"t"', '"refund"')
    cancel = TIMER.replace("warn", "cancel").replace('"t"', '"cancel"')
    policy = read(TIMER + refund + 'when = { type = "request" }\n' + cancel)
    assert frozenset({"refund", "cancel"}) == policy.carries_out("request")
    assert frozenset({"cancel"}) == policy.carries_out("complaint")


def test_timers_of_disputes_apply_to_closed_tickets() -> None:
    """Other timers do not."""
    policy = read(
        TIMER
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
    """The first that applies counts, else the first of the name. An unknown name gives None."""
    policy = load_policy("clickbank")
    opened = Opened(
        at=datetime(2026, 1, 1, tzinfo=UTC), by="customer", type="technical", zone="UTC"
    )
    ticket = fold([opened])
    named = [timer for timer in policy.timers if timer.name == "refund"]

    assert None is policy.timer("no-such-timer", ticket)
    assert named[0] is policy.timer("refund", ticket)
    assert named[1] is policy.timer("refund", fold([attrs.evolve(opened, type="refund")]))


HEAD = """
name = "shop"
effective = 2026-01-01
default_handler = "support"
zone = "UTC"
any_type = true
[[permission]]
commands = "open"
by = "customer"
"""
SILENT = """
[[timer]]
name = "silent"
from = "last-activity"
effect = "warn"
"""


def ticket_of(policy: Policy, kind: str) -> Ticket:
    """Return a new ticket of a type."""
    return decide_and_apply(None, Open(at=AT, by="customer", type=kind), policy)[0]


def spans(policy: Policy, kind: str) -> list[str]:
    """Return the spans of the timers that apply to a new ticket of a type."""
    return [str(rule.after) for rule in policy.timer_definitions(ticket_of(policy, kind))]


def test_a_timer_without_conditions_applies_to_every_ticket() -> None:
    """Types that the file does not name are included."""
    policy = parse_policy(HEAD + SILENT + 'after = "2 hours"')
    assert [["2 hours"], ["2 hours"]] == [spans(policy, kind) for kind in ("printer", "mouse")]


def test_of_timers_with_one_name_the_first_that_applies_counts() -> None:
    """A printer has the timer for printers, anything else the next one."""
    printers = SILENT + 'after = "1 hour"\nwhen = { type = "printer" }\n'
    policy = parse_policy(HEAD + printers + SILENT + 'after = "2 hours"')
    assert [["1 hour"], ["2 hours"]] == [spans(policy, kind) for kind in ("printer", "mouse")]


def test_timers_are_found_once_for_tickets_with_the_same_facts() -> None:
    """The second ticket gets the same object."""
    policy = parse_policy(HEAD + SILENT + 'after = "1 hour"\nwhen = { type = "printer" }\n')
    first, second = (policy.timer_definitions(ticket_of(policy, "printer")) for _ in range(2))
    assert first is second


def test_the_cache_of_timers_is_bounded() -> None:
    """A type can be any text. A type that left the cache still has its timers."""
    policy = parse_policy(HEAD + SILENT + 'after = "1 hour"\nwhen = { type = "printer" }\n')
    sizes = []
    for number in range(1500):
        assert [] == spans(policy, f"machine {number}")
        sizes.append(len(policy._timers))
    assert ["1 hour"] == spans(policy, "printer")
    assert 1024 == max(sizes)
