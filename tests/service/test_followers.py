"""Followers through the service: exactly once in the same database, at least once elsewhere."""

import contextlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

from support.stores.service_hosts import MONDAY, ServiceHost, opening
from ticketcore.commands import Reply
from ticketcore.errors import LeaseLostError
from ticketcore.notifications import Notification
from ticketcore.policies import load_policy
from ticketcore.store import Lease

FOLLOWER = "notifications"
HOUR = timedelta(hours=1)


def question() -> Any:
    """Return an opening without an order."""
    return opening(type="technical", order=None)


def take(host: ServiceHost, **options: Any) -> Lease | None:
    """Take a ticket in a transaction of its own."""
    with host.begin() as db:
        return host.service.take(db, FOLLOWER, **options)


def send_all(host: ServiceHost) -> list[Notification]:
    """Take and settle all tickets, and return the notifications about them."""
    sent: list[Notification] = []
    while True:
        with host.begin() as db:
            lease = host.service.take(db, FOLLOWER)
            if lease is None:
                return sent
            sent += host.service.notifications(db, lease)
            host.service.settle(db, lease)


def kinds(sent: Iterable[Notification]) -> list[tuple[str, str]]:
    """Return kind and recipient of each notification."""
    return [(one.kind, one.role) for one in sent]


def test_each_event_is_notified_once(host: ServiceHost) -> None:
    """A follower in the same database handles each event of a ticket exactly once."""
    host.handle("1", question())
    first = send_all(host)
    host.wait(HOUR)
    host.handle("1", Reply(at=MONDAY, by="vendor", text="Which lesson?"))
    second = send_all(host)

    assert [("opened", "customer"), ("opened", "vendor")] == kinds(first)
    assert [("reply", "customer"), ("reply", "vendor")] == kinds(second)
    assert [host.now] * 2 == [one.noticed_at for one in second]
    assert [] == send_all(host)


def test_a_worker_that_fails_leaves_the_ticket_to_another(host: ServiceHost) -> None:
    """If a worker fails, the rollback takes its lease back, so another worker takes the ticket."""
    host.handle("1", question())
    with contextlib.suppress(ZeroDivisionError), host.begin() as db:
        lease = host.service.take(db, FOLLOWER)
        assert lease is not None
        host.service.settle(db, lease)
        raise ZeroDivisionError

    assert 2 == len(send_all(host))


def test_a_lease_keeps_other_workers_away_until_it_ends(host: ServiceHost) -> None:
    """A lease keeps other workers away from the ticket until it ends."""
    host.handle("1", question())
    slow = take(host, lease=HOUR)
    assert slow is not None
    assert take(host) is None
    host.wait(HOUR)
    quick = take(host)
    assert quick is not None
    with host.begin() as db:
        identities = [
            {one.identity for one in host.service.notifications(db, lease)}
            for lease in (slow, quick)
        ]
        host.service.settle(db, quick)
    with pytest.raises(LeaseLostError, match="has passed to another worker"), host.begin() as db:
        host.service.settle(db, slow)

    assert identities[0] == identities[1]
    assert take(host) is None


def test_failed_work_is_tried_again_later_and_set_aside_after_ten_attempts(
    host: ServiceHost,
) -> None:
    """Failed work is tried again with growing waits, and set aside after ten attempts."""
    host.handle("1", question())
    waits = []
    for _ in range(10):
        lease = take(host)
        assert lease is not None
        with host.begin() as db:
            host.service.give_back(db, lease, ConnectionError("no mail server"))
        failed_at = host.now
        while take_is_refused(host) and host.now - failed_at < 2 * HOUR:
            host.wait(timedelta(seconds=1))
        waits.append(host.now - failed_at)
    with host.begin() as db:
        (aside,) = host.service.all_set_aside(db)
        host.service.retry(db, FOLLOWER, "1")

    assert [2, 4, 8, 16] == [wait.total_seconds() for wait in waits[:4]]
    assert (2 * HOUR, "1", FOLLOWER) == (waits[-1], aside.ticket, aside.follower)
    assert "ConnectionError: no mail server" == aside.reason
    assert 2 == len(send_all(host))


def take_is_refused(host: ServiceHost) -> bool:
    """Return whether no ticket can be taken now; the lease is rolled back."""
    try:
        with host.begin() as db:
            taken = host.service.take(db, FOLLOWER) is not None
            raise InterruptedError
    except InterruptedError:
        return not taken


def test_a_reminder_that_was_overtaken_is_not_sent(host: ServiceHost) -> None:
    """A reminder that was overtaken is not sent, even after an outage of weeks."""
    host.handle("1", question())
    send_all(host)
    host.wait(timedelta(days=30))
    host.run_due()
    sent = send_all(host)

    assert {"closed"} == {one.kind for one in sent}


def test_the_persons_of_an_account_are_notified(host: ServiceHost) -> None:
    """Members of an account are notified; the host passes them."""
    host = host.under(load_policy("webshippy"))
    host.handle(
        "1",
        opening(type=None, order=None, account="shop-1", category="orders", subject="Parcel"),
    )
    with host.begin() as db:
        lease = host.service.take(db, FOLLOWER)
        assert lease is not None
        sent = host.service.notifications(db, lease, members={"shop-1": ["anna", "ben"]})

    assert {"anna", "ben"} <= {one.person for one in sent}
