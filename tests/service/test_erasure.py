"""Erasing a person through the service."""

from datetime import timedelta

import pytest

from support.stores.service_hosts import MONDAY, ORDER, STORES, ServiceHost, opening
from support.stores.service_hosts import host as make_host
from ticketcore.commands import Assign, Reply, Share
from ticketcore.events import ERASED, Attachment, Opened, Replied, Unknown
from ticketcore.inbox import Query
from ticketcore.service import Erasure, Mention

DAY = timedelta(days=1)
FILE = Attachment(name="a.png", media_type="image/png", size=4, digest="sha:1", location="s3/a")


def erase(host: ServiceHost, person: str = "anna", **options: object) -> Erasure:
    """Erase a person in a transaction of its own."""
    with host.begin() as db:
        return host.service.erase(db, person, "p-1", **options)  # type: ignore[arg-type]


def test_a_person_is_named_nowhere_but_in_the_report(host: ServiceHost) -> None:
    """The person's ids and words are erased; mentions in the words of others stay, and are
    listed."""
    host.handle("1", opening(type="technical", order=None, subject="Anna's lesson"))
    reply = Reply(at=MONDAY, by="vendor", actor="sara", text="Hello Anna, we call you.")
    host.handle("1", reply)
    host.handle("1", Reply(at=MONDAY, by="customer", actor="anna", attachments=(FILE,)))
    erased = erase(host, names=["Anna"])
    opened, *_, sent = (event for event in host.events("1") if not isinstance(event, Unknown))

    assert (("1",), ("s3/a",), {}) == (erased.tickets, erased.files, erased.refused)
    assert (Mention(ticket="1", seq=3, path="text"),) == erased.mentions
    assert isinstance(opened, Opened)
    assert ("p-1", "p-1", ERASED, ERASED) == (
        opened.actor,
        opened.customer,
        opened.subject,
        opened.text,
    )
    assert sent is not None
    with host.begin() as db:
        store = host.service.store
        found = [
            [row.number for row in store.search(db, Query(status=None, customer=customer))]
            for customer in ("anna", "p-1")
        ]
        persons = [store.tickets_of(db, person) for person in ("anna", "p-1", "sara")]
    assert [[], ["1"]] == found
    assert [(), ("1",), ("1",)] == persons


def test_the_words_of_an_employee_can_stay(host: ServiceHost) -> None:
    """With the erasure of a person who answered, the answer can stay; only the id is replaced."""
    host.handle("1", opening(type="technical", order=None))
    host.handle("1", Reply(at=MONDAY, by="vendor", actor="sara", text="Which lesson?"))
    erase(host, "sara", words=False)
    (reply,) = (event for event in host.events("1") if isinstance(event, Replied))

    assert ("p-1", "Which lesson?") == (reply.actor, reply.text)


@pytest.mark.parametrize("keep_orders", [True, False])
def test_an_order_keeps_its_tickets_together(host: ServiceHost, keep_orders: bool) -> None:
    """Erasure gives all tickets of an order the same new order number."""
    host.handle("1", opening())
    host.handle("2", opening(actor="ben", customer="ben"))
    erased = erase(host, keep_orders=keep_orders)
    host.wait(3 * DAY)
    host.run_due()
    tickets = [host.ticket(number) for number in "12"]
    orders = {ticket.order.number for ticket in tickets if ticket.order is not None}

    assert 1 == len(orders)
    assert keep_orders == (orders == {"B-7"})
    assert [5000, 0] == [ticket.refunded for ticket in tickets]
    assert "ben" == tickets[1].opened.customer
    assert ("1",) if keep_orders else ("1", "2") == erased.tickets


def test_two_tickets_of_the_person_about_one_order_are_rewritten_together(
    host: ServiceHost,
) -> None:
    """Two tickets of an erased person about one order get the same new order number."""
    for number in "12":
        host.handle(number, opening())
    erased = erase(host)
    orders = [host.ticket(number).order for number in "12"]

    assert ("1", "2") == erased.tickets
    assert orders[0] == orders[1] != ORDER


def test_orders_of_others_keep_their_numbers(host: ServiceHost) -> None:
    """The order numbers of others stay if the erased person only handled or followed tickets."""
    host.handle("1", opening(customer="ben", actor="ben"))
    other_vendor = opening(vendor="v-2", customer="anna")
    host.handle("2", other_vendor)
    host.handle("1", Share(at=MONDAY, by="customer", actor="ben", with_person="anna"))
    erase(host)
    first, second = (host.ticket(number) for number in "12")

    assert first.order == ORDER
    assert second.order is not None
    assert "B-7" != second.order.number


def test_tickets_that_cannot_be_read_are_refused_and_listed(host: ServiceHost) -> None:
    """Tickets that this version cannot read are not erased but listed."""
    host.handle("1", opening())
    host.handle("2", opening(customer="ben", actor="ben"))
    host.handle("3", opening(order=None, type="technical"))
    store = host.service.store
    with host.begin() as db:
        order = store.lock(db, "2")
        event = Unknown(name="promoted", schema=1, at=host.now, body="{}")
        store.append(db, order, [("2", (event,))], recorded_at=host.now)
    erased = erase(host)

    assert ("3",) == erased.tickets
    assert {"1": ("promoted",), "2": ("promoted",)} == erased.refused
    assert "anna" == host.ticket("1").opened.customer


def test_followers_build_the_ticket_anew_and_send_nothing_again(host: ServiceHost) -> None:
    """After an erasure, followers read the ticket again and send no e-mail twice."""
    host.handle("1", opening(type="technical", order=None))
    with host.begin() as db:
        lease = host.service.take(db, "notifications")
        assert lease is not None
        host.service.settle(db, lease)
    erase(host)
    with host.begin() as db:
        lease = host.service.take(db, "notifications")
        assert lease is not None
        sent = host.service.notifications(db, lease)
        host.service.settle(db, lease)

    assert (True, ()) == (lease.anew, sent)


@pytest.mark.parametrize("kind", STORES)
def test_an_erased_ticket_goes_on(kind: str) -> None:
    """The timers of an erased ticket fire, and commands are decided, as before."""
    hosts = [make_host(kind), make_host("memory")]
    for each in hosts:
        each.handle("1", opening(type="technical", order=None))
        each.handle("1", Assign(at=MONDAY, by="vendor", actor="sara", assignee="anna"))
    erase(hosts[0])
    for each in hosts:
        each.wait(30 * DAY)
        each.run_due()
    erased, other = (each.events("1") for each in hosts)

    assert [event.at for event in other] == [event.at for event in erased]
    assert [type(event) for event in other] == [type(event) for event in erased]


def test_nothing_happens_to_a_person_without_tickets(host: ServiceHost) -> None:
    """The erasure of a person without tickets has an empty report."""
    assert Erasure(tickets=(), mentions=(), files=(), refused={}) == erase(host)


def test_the_same_pseudonym_stands_in_all_tickets(host: ServiceHost) -> None:
    """All tickets of an erased person have the same pseudonym."""
    for number in "12":
        host.handle(number, opening(type="technical", order=None))
    erase(host)

    assert {"p-1"} == {host.ticket(number).opened.customer for number in "12"}
