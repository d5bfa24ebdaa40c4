"""Moving open tickets to a new policy: a dry run, then pages that can be stopped and resumed."""

from datetime import UTC, datetime, timedelta

import attrs
import pytest

from support.stores.service_hosts import MONDAY, ServiceHost, opening
from ticketcore.errors import RefusedError, UnknownPolicyError
from ticketcore.events import PolicyChanged, Rescheduled
from ticketcore.inbox import Query
from ticketcore.policies import Policy, parse_policy
from ticketcore.service import DeadlineChange, MovedPage

DAY = timedelta(days=1)
SHOP = """
name = "shop"
effective = 2026-01-01
zone = "UTC"
[types.question]
[calendars.office]
hours = "mon-fri 09:00-17:00"
[[timer]]
name = "answer"
from = "opened"
after = "2 working days"
calendar = "office"
effect = "breach"
[[permission]]
commands = ["open", "reply", "change-policy", "reschedule"]
by = ["customer", "vendor", "support"]
"""
OLD = parse_policy(SHOP)
LATER = SHOP.replace("2026-01-01", "2026-01-05")
NEW = parse_policy(LATER.replace("2 working days", "1 working days"))
HOLIDAY = parse_policy(
    SHOP.replace('17:00"\n', '17:00"\nholidays = { "2026-01-06" = "announced" }\n', 1)
)
OPEN = Query(policy="shop")
START = datetime(2026, 1, 5, 10, tzinfo=UTC)


@pytest.fixture
def shop(host: ServiceHost) -> ServiceHost:
    """Return five open tickets of a shop, opened on a Monday at ten."""
    host.set_clock(START)
    host = host.under(OLD)
    for number in "12345":
        host.handle(number, opening(type="question", order=None, zone=None))
    return host


def plan(host: ServiceHost, policy: Policy, query: Query = OPEN) -> MovedPage:
    """Plan a move in a transaction of its own."""
    with host.begin() as db:
        return host.service.plan_move(db, policy, query)


def move(host: ServiceHost, policy: Policy, query: Query = OPEN) -> MovedPage:
    """Move tickets in a transaction of its own."""
    with host.begin() as db:
        return host.service.move(db, policy, query)


def test_a_dry_run_tells_which_deadlines_move_and_stores_nothing(shop: ServiceHost) -> None:
    """A dry run reports the deadlines that would move, and stores nothing."""
    before = [shop.events(number) for number in "12345"]
    page = plan(shop.under(OLD, NEW), NEW)
    (change,) = page.tickets[0].deadlines

    assert ["1", "2", "3", "4", "5"] == [move.ticket for move in page.tickets]
    assert (
        DeadlineChange(timer="answer", dispute=None, before=START + 2 * DAY, after=START + DAY),
        -DAY,
        None,
    ) == (change, change.by, page.after)
    assert before == [shop.events(number) for number in "12345"]


def test_a_move_does_what_its_dry_run_said(shop: ServiceHost) -> None:
    """A move does what its dry run said: each ticket has its new deadline."""
    shop = shop.under(OLD, NEW)
    planned, done = plan(shop, NEW), move(shop, NEW)
    ticket = shop.ticket("1")

    assert planned == done
    assert isinstance(shop.events("1")[-2], PolicyChanged)
    assert (NEW.version, NEW.digest, START + DAY) == (
        ticket.policy_version,
        ticket.policy_digest,
        ticket.timers[0].due,
    )


def test_no_ticket_moves_to_a_policy_that_the_service_does_not_know(shop: ServiceHost) -> None:
    """Tickets can move only to a policy that the service knows, and the dry run says so."""
    planned, done = plan(shop, NEW), move(shop, NEW)

    assert {UnknownPolicyError} == {type(move.error) for move in planned.tickets + done.tickets}
    assert OLD.version == shop.ticket("1").policy_version


def test_a_move_goes_on_after_any_page(shop: ServiceHost) -> None:
    """A move can stop after any page, and goes on without moving a ticket twice."""
    shop = shop.under(OLD, NEW)
    pages = Query(policy="shop", policy_version=OLD.version, limit=2)
    first = move(shop, NEW, pages)
    second = move(shop, NEW, attrs.evolve(pages, after=first.after))
    versions = [len(shop.events(number)) for number in "12345"]
    again = [move(shop, NEW, pages) for _ in range(2)]

    assert [["1", "2"], ["3", "4"], ["5"], []] == [
        [move.ticket for move in page.tickets] for page in (first, second, *again)
    ]
    assert [4, 4, 4, 4, 2] == versions
    assert [4] * 5 == [len(shop.events(number)) for number in "12345"]


def test_an_announced_holiday_moves_deadlines_under_one_version(shop: ServiceHost) -> None:
    """After an edit of a policy's holidays, a move recomputes deadlines under the same version."""
    edited = shop.under(HOLIDAY)
    page = move(edited, HOLIDAY)
    ticket = shop.ticket("1")

    assert [DAY] * 5 == [change.by for move in page.tickets for change in move.deadlines]
    assert (HOLIDAY.digest, False) == (ticket.policy_digest, HOLIDAY.was_edited_since(ticket))


def test_a_ticket_that_follows_the_policy_already_is_rescheduled(shop: ServiceHost) -> None:
    """A move reschedules a ticket that already follows the policy."""
    page = move(shop, OLD)

    assert all(move.error is None and not move.deadlines for move in page.tickets)
    assert not any(isinstance(event, Rescheduled) for event in shop.events("1"))


def test_a_ticket_that_cannot_be_moved_is_listed_and_stays(shop: ServiceHost) -> None:
    """A ticket that the new version does not let support move is listed and stays."""
    forbidding = parse_policy(LATER.replace('"change-policy", ', ""))
    page = plan(shop.under(OLD, forbidding), forbidding)
    done = move(shop.under(OLD, forbidding), forbidding)

    assert [["not-permitted"] * 5] * 2 == [
        [move.error.code for move in each.tickets if isinstance(move.error, RefusedError)]
        for each in (page, done)
    ]
    assert OLD.version == shop.ticket("1").policy_version


def test_due_timers_fire_under_the_old_version_first(shop: ServiceHost) -> None:
    """Due timers fire under the old version before a move."""
    shop.wait(3 * DAY)
    lacking = parse_policy(SHOP.replace('name = "answer"', 'name = "renamed"'))
    page = plan(shop.under(lacking), lacking)
    moved = move(shop.under(OLD, NEW), NEW)

    assert page.tickets[0].error is not None
    assert moved.tickets[0].error is None
    assert "breached" in [event.NAME for event in shop.events("1")]


def test_a_deadline_that_is_new_has_no_difference() -> None:
    """A new deadline was not pending before, so it has no earlier instant."""
    change = DeadlineChange(timer="answer", dispute=None, before=None, after=MONDAY)

    assert change.by is None
