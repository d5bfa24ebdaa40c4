"""Due timers through the service: workers, tickets that cannot be advanced, and outages."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import attrs
import pytest

from support.stores.service_hosts import MONDAY, ORDER, STORES, ServiceHost, opening
from support.stores.service_hosts import host as make_host
from ticketcore.commands import OpenDispute, Refund, Reply
from ticketcore.errors import NewerHistoryError, OrderNotAdvancedError
from ticketcore.events import Closed, Refunded, Scheduled, Unknown, Warned
from ticketcore.policies import Policy, load_policy, parse_policy, preset_text

AMAZON_PAY = load_policy("amazon-pay")
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def question(**changes: Any) -> Any:
    """Return an opening without an order."""
    return opening(**{"type": "technical", "order": None, **changes})


def without_timer() -> Policy:
    """Return ClickBank's policy, edited so that it lacks a timer of open tickets."""
    text = preset_text("clickbank").replace('name = "vendor-silent-first"', 'name = "renamed"')
    return parse_policy(text)


def store_event_of_a_newer_version(host: ServiceHost, number: str, name: str) -> None:
    """Append an event as a server of a newer version does."""
    store = host.service.store
    with host.begin() as db:
        order = store.lock(db, number)
        event = Unknown(name=name, schema=2, at=host.now, body=json.dumps({"by": "vendor"}))
        store.append(db, order, [(number, (event,))], recorded_at=host.now)


def wake(host: ServiceHost, number: str, at: datetime) -> None:
    """Let the order of a ticket be due at an instant that another version has computed."""
    store = host.service.store
    with host.begin() as db:
        store.postpone(db, store.lock(db, number), at)


class TestDueTickets:
    """`run_due` advances one order at a time, the longest due first."""

    def test_nothing_is_due(self, host: ServiceHost) -> None:
        """If nothing is due, `run_due` does nothing, and `next_due` names the next instant."""
        host.handle("1", question())
        with host.begin() as db:
            next_due = host.service.next_due(db)

        assert [] == host.run_due()
        assert host.ticket("1").timers[0].due == next_due

    def test_a_late_run_stores_the_events_of_a_punctual_one(self, host: ServiceHost) -> None:
        """A late run stores the same events as a punctual one, with the due instants."""
        host.handle("1", question())
        host.wait(30 * DAY)
        runs = host.run_due()

        assert [["1"]] == [[number for number, _ in run.events] for run in runs]
        fired = [type(event) for event in host.events("1")[2:]]
        assert [Warned, Warned, Closed, Scheduled] == fired
        with host.begin() as db:
            closed = host.service.store.events(db, "1")[-1]
        assert (True, host.now) == (closed.event.at < host.now, closed.recorded_at)

    def test_no_timer_fires_before_its_time(self, host: ServiceHost) -> None:
        """No timer fires a microsecond before its instant, and *until* never exceeds the clock."""
        host.handle("1", question())
        due = host.ticket("1").timers[0].due
        host.set_clock(due - timedelta(microseconds=1))
        assert [] == host.run_due(until=due + 365 * DAY)
        host.set_clock(due)

        assert 1 == len(host.run_due())

    @pytest.mark.parametrize("kind", STORES)
    def test_several_workers_advance_each_ticket_once(self, kind: str) -> None:
        """Several workers advance each due ticket once, and no worker fails."""
        host = make_host(kind)
        for number in range(12):
            host.handle(str(number), question())
        host.wait(2 * DAY)
        with ThreadPoolExecutor(4) as workers:
            runs = [
                run for each in workers.map(lambda _: host.run_due(), range(4)) for run in each
            ]

        assert 12 == len(runs)
        assert {str(number): 1 for number in range(12)} == {
            number: len(events) for run in runs for number, events in run.events
        }


class TestTicketsThatCannotBeAdvanced:
    """A ticket that cannot be advanced does not stop others."""

    def test_it_is_set_aside_and_the_others_go_on(self, host: ServiceHost) -> None:
        """A ticket that cannot be advanced is set aside with the reason, and the others go on."""
        host.handle("1", question())
        host.wait(MINUTE)
        host.handle("2", question())
        broken = host.under(without_timer())
        host.handle("3", question(), tenant="other")
        host.wait(2 * DAY)
        runs = broken.run_due()
        with host.begin() as db:
            (first, *others) = host.service.all_set_aside(db)

        assert {"1", "2", "3"} == {number for run in runs for number in run.set_aside}
        assert ("1", "", 2) == (first.ticket, first.tenant, len(others))
        assert first.reason.startswith("UnknownTimerError: the policy clickbank 2013-01-01 has no")
        assert [] == host.run_due()
        with host.begin() as db:
            host.service.resume(db, "1")
        assert [{}] == [run.set_aside for run in host.run_due()]
        assert isinstance(host.events("1")[-1], Warned)

    def test_the_money_of_its_order_waits_and_all_else_goes_on(self, host: ServiceHost) -> None:
        """If a ticket is set aside, refunds of its order wait, and everything else goes on."""
        host.handle("1", question(order=ORDER))
        host.wait(47 * 60 * MINUTE)
        host.handle("2", opening())
        host.wait(2 * DAY)
        broken = host.under(without_timer())
        reasons = {n: text for run in broken.run_due() for n, text in run.set_aside.items()}
        broken.handle("3", question(order=ORDER))
        reply = broken.handle("3", Reply(at=MONDAY, by="vendor", text="We are on it."))

        assert ["UnknownTimerError", "OrderNotAdvancedError"] == [
            reasons[number].partition(":")[0] for number in "12"
        ]
        assert reply.refusal is None
        assert [] == broken.run_due()
        with host.begin() as db:
            host.service.resume(db, "1")
        host.run_due()
        assert 5000 == host.ticket("2").refunded

    def test_a_policy_that_is_missing_sets_the_ticket_aside(self, host: ServiceHost) -> None:
        """A ticket whose policy is missing is set aside."""
        host.handle("1", question())
        host.wait(2 * DAY)
        office = host.under(load_policy("office"))
        (run,) = office.run_due()

        assert run.set_aside["1"].startswith("UnknownPolicyError")


class TestMixedVersions:
    """An older server never pays what a newer one has paid."""

    @pytest.mark.parametrize("name", ["refunded", "partly-refunded"])
    def test_an_older_server_pays_nothing_on_what_it_cannot_read(
        self, host: ServiceHost, name: str
    ) -> None:
        """An older server refunds nothing on an order with events that it cannot read."""
        host = host.under(AMAZON_PAY)
        for number in "12":
            host.handle(number, opening(type=None))
        store_event_of_a_newer_version(host, "1", name)
        refund = Refund(at=MONDAY, by="vendor", reference="r", amount=ORDER.amount)
        for number in "12":
            with pytest.raises(NewerHistoryError) as caught:
                host.handle(number, refund)
            assert ("1", (name,)) == (caught.value.ticket, caught.value.unread)

        assert host.handle("2", Reply(at=MONDAY, by="vendor", text="One moment")).refusal is None

    def test_timers_of_an_older_server_pay_nothing_either(self, host: ServiceHost) -> None:
        """Timers of an older server refund nothing after a refund that it cannot read."""
        for number in "12":
            host.handle(number, opening())
        store_event_of_a_newer_version(host, "1", "refunded")
        host.wait(3 * DAY)
        (run,) = host.run_due()

        assert {"1", "2"} == {*run.waits_for_newer}
        assert not any(isinstance(e, Refunded) for n in "12" for e in host.events(n))

    def test_the_order_is_left_to_a_newer_server_and_tried_again(self, host: ServiceHost) -> None:
        """An order that only a newer server can read is left to it and tried again later."""
        host.handle("1", opening())
        host.handle("2", opening(order=attrs.evolve(ORDER, number="B-8")))
        store_event_of_a_newer_version(host, "1", "partly-refunded")
        store_event_of_a_newer_version(host, "2", "shop.called")
        host.wait(3 * DAY)
        first = host.run_due()
        with host.begin() as db:
            aside = host.service.all_set_aside(db)
        host.wait(MINUTE)
        second = host.run_due()

        assert [("1",), ()] == [run.waits_for_newer for run in first]
        assert () == aside
        assert [("1",)] == [run.waits_for_newer for run in second]
        assert 5000 == host.ticket("2").refunded

    def test_a_timer_that_only_a_newer_server_knows_stops_no_other(
        self, host: ServiceHost
    ) -> None:
        """An older server that finds nothing to do for a due order leaves it for a minute."""
        host.under(AMAZON_PAY).handle("1", question(type=None))  # without a timer
        store_event_of_a_newer_version(host, "1", "scheduled")
        host.handle("2", question())
        wake(host, "1", host.now)
        host.wait(3 * DAY)
        first = host.run_due()
        host.wait(MINUTE)
        second = host.run_due()

        assert [("1",), ()] == [run.waits_for_newer for run in first]
        assert [(), ("2",)] == [tuple(n for n, _ in run.events) for run in first]
        assert [("1",)] == [run.waits_for_newer for run in second]

    def test_a_command_of_an_older_server_keeps_the_timers_of_a_newer_one(
        self, host: ServiceHost
    ) -> None:
        """After an older server wrote to an order that it reads in part, the order is due."""
        for number in "12":
            host.handle(number, opening(type="technical"))
        store_event_of_a_newer_version(host, "1", "scheduled")
        host.handle("2", Reply(at=host.now, by="vendor", text="One moment"))
        with host.begin() as db:
            due = host.service.next_due(db)

        assert host.ticket("1").at == due

    def test_an_instant_that_another_version_computed_is_computed_again(
        self, host: ServiceHost
    ) -> None:
        """An order that is due without anything to do is due again when a timer of it acts."""
        host.handle("1", question())
        with host.begin() as db:
            right = host.service.next_due(db)
        wake(host, "1", host.now)
        (run,) = host.run_due()
        with host.begin() as db:
            assert right == host.service.next_due(db)

        assert ((), {}, ()) == (run.events, run.set_aside, run.waits_for_newer)

    def test_lists_and_histories_of_such_a_ticket_can_be_read(self, host: ServiceHost) -> None:
        """Lists and histories of a ticket with unread content can still be read."""
        host.handle("1", opening())
        store_event_of_a_newer_version(host, "1", "partly-refunded")
        with host.begin() as db:
            summary = host.service.store.summary(db, "1")

        assert summary is not None
        assert 3 == summary.seq == len(host.events("1"))


class TestOutages:
    """After an outage messages come before timers."""

    def test_a_message_that_came_in_time_is_handled_first(self, host: ServiceHost) -> None:
        """A message that came in time is handled before the timers that were due after it."""
        host.handle("1", question())
        host.wait(10 * DAY)
        received = MONDAY + DAY
        before = host.run_due(until=received)
        host.handle("1", Reply(at=MONDAY, by="vendor", text="Hello"), received_at=received)
        host.run_due()

        assert [] == before
        assert not any(
            isinstance(event, Warned) and event.at < received + 2 * DAY
            for event in host.events("1")
        )

    def test_a_message_after_a_closing_is_refused_as_it_would_have_been(
        self, host: ServiceHost
    ) -> None:
        """A message after a closing is refused, as it would have been without an outage."""
        host.handle("1", opening())
        host.wait(10 * DAY)
        reply = Reply(at=MONDAY, by="customer", text="Hello?")
        answer = host.handle("1", reply, received_at=MONDAY + 2 * DAY)

        assert answer.refusal is not None
        assert "ticket-closed" == answer.refusal.code
        assert host.ticket("1").at < MONDAY + 2 * DAY


def test_money_waits_for_a_ticket_that_cannot_be_advanced(host: ServiceHost) -> None:
    """Money waits for a ticket that cannot be advanced, and the error names that ticket."""
    host = host.under(AMAZON_PAY)
    host.handle("1", opening(type=None))
    host.handle("1", OpenDispute(at=MONDAY, by="support", dispute="D1", kind="claim"))
    host.wait(30 * DAY)
    text = preset_text("amazon-pay").replace('name = "claim"', 'name = "renamed"')
    broken = host.under(parse_policy(text))
    broken.handle("2", opening(type=None))
    refund = Refund(at=MONDAY, by="vendor", reference="r")
    with pytest.raises(OrderNotAdvancedError, match="ticket '1' of the same order"):
        broken.handle("2", refund)
