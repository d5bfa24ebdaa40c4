"""The tickets of one order are replayed together, wherever they lie in the file."""

import os
from collections.abc import Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import attrs
import pytest
from hypothesis import given, settings

from support.histories.backtests import (
    CLICKBANK,
    ORDER,
    opened,
    replied,
    run_backtest,
    timer_counts,
)
from support.histories.history_files import write_unchecked
from support.orders.hosts import ONE, TWO, OrderHost
from support.orders.stories import OrderStory, order_stories
from ticketcore import events as e
from ticketcore.backtest import backtest
from ticketcore.backtest._actions import RecordedTicket
from ticketcore.backtest._order import replay_order
from ticketcore.backtest._parts import Batch, order_keys
from ticketcore.backtest._replay import END_OF_TIME, Replay
from ticketcore.errors import BacktestError, LedgerError
from ticketcore.events import Event, History, Money, Order
from ticketcore.policies import Policy, load_policy, parse_policy

AMAZON_PAY = load_policy("amazon-pay")


class ImmediateExecutor(Executor):
    """An executor that works in this thread at once."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  # as executors do
            future.set_exception(error)
        return future


def replays(policy: Policy, *tickets: tuple[str, Sequence[Event]]) -> list[Replay]:
    """Return replays of tickets that have not begun."""
    histories = (History(number, tuple(events), 1) for number, events in tickets)
    return [Replay(RecordedTicket(history), policy, None) for history in histories]


@settings(deadline=None, max_examples=60)
@given(story=order_stories())
def test_a_record_replayed_under_its_policy_is_the_record(story: OrderStory) -> None:
    """Under the policy that recorded it, a history is replayed with the same events."""
    names = dict.fromkeys(story.policies, next(iter(story.policies.values())))
    host = OrderHost(names)
    for number, command in story.steps:
        if number in host.tickets or command.NAME == "open":
            host.result(number, command)
    host.advance_all(END_OF_TIME)
    policy = next(iter(host.policies.values()))
    again = replays(policy, *host.events.items())

    assert {} == replay_order(again)
    assert {number: list(map(_unmarked, events)) for number, events in host.events.items()} == {
        replay.history.ticket: list(map(_unmarked, replay.events)) for replay in again
    }


def _unmarked(event: Event) -> Event:
    """Return the event without the reference that a replay gives to a refund without one."""
    if isinstance(event, e.Refunded) and event.timer is None:
        return attrs.evolve(event, reference=None)
    return event


def request(number: str | None, at: float = 0, **facts: Any) -> list[Event]:
    """Return a request for a refund, about which the vendor does nothing."""
    facts = {"order": ORDER, "number": number, **facts}
    return [opened(at=ORDER.sold_at + timedelta(hours=at), type="refund", **facts)]


def write(folder: Path, *, between: int) -> Path:
    """Write two requests about one order, with tickets without an order between them."""
    path = folder / "history.jsonl"
    others = [(f"T{n}", [opened(type="technical"), replied(1, "vendor")]) for n in range(between)]
    write_unchecked(path, [(ONE, request(ONE)), *others, (TWO, request(TWO, 1)), ("Z", [])])
    return path


def test_the_money_of_an_order_is_paid_once(tmp_path: Path) -> None:
    """The refund of the first request about an order leaves nothing for the second."""
    report = run_backtest(tmp_path, request(ONE), request(TWO, 1), policy=CLICKBANK)
    alone = run_backtest(tmp_path, request(ONE), policy=CLICKBANK)
    assert (2, 1) == (report.tickets, alone.tickets)
    first, second = replays(CLICKBANK, (ONE, request(ONE)), (TWO, request(TWO, 1)))
    replay_order([first, second])
    paid = [
        event.amount
        for r in (first, second)
        for event in r.events
        if isinstance(event, e.Refunded)
    ]
    assert [ORDER.amount] == paid


@pytest.mark.parametrize("range_size", [1, 700, 1 << 20])
@pytest.mark.parametrize("workers", [1, 2])
def test_it_does_not_matter_where_the_tickets_of_an_order_lie(
    tmp_path: Path, range_size: int, workers: int
) -> None:
    """The report is the same wherever the tickets of an order lie, for any ranges and workers."""
    path = write(tmp_path, between=30)
    whole = backtest(path, CLICKBANK, workers=1)
    with ThreadPoolExecutor(workers) as executor:
        report = backtest(path, CLICKBANK, workers=executor, range_size=range_size)
    assert whole.to_json() == report.to_json()
    assert 32 == report.tickets


def test_the_orders_of_a_stream_are_replayed_at_its_end(tmp_path: Path) -> None:
    """A pipe cannot be read twice, so its tickets with an order are kept until the end."""
    path = write(tmp_path, between=3)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_bytes, args=[path.read_bytes()])
    writer.start()
    report = backtest(pipe, CLICKBANK)
    writer.join()
    assert backtest(path, CLICKBANK, workers=1).to_json() == report.to_json()


def test_many_orders_are_split_into_batches(tmp_path: Path) -> None:
    """Orders with several tickets are split into batches of about a megabyte."""
    path = tmp_path / "history.jsonl"
    text = "x" * 300_000
    orders = [attrs.evolve(ORDER, number=f"O{n}", amount=Money(100 + n, "USD")) for n in range(6)]
    tickets = [
        (f"{n}{half}", request(f"{n}{half}", half, order=order, text=text))
        for half in (1, 2)
        for n, order in enumerate(orders)
    ]
    write_unchecked(path, tickets)
    report = backtest(path, CLICKBANK, workers=1)
    assert (12, (12, 12, 0, 0, 0)) == (report.tickets, timer_counts(report, "refund"))


def test_a_correction_links_the_tickets_of_two_orders(tmp_path: Path) -> None:
    """A corrected order number links the tickets of both orders, which are replayed together."""
    second = attrs.evolve(ORDER, number="2")
    corrected = e.OrderCorrected(
        at=ORDER.sold_at + timedelta(hours=2), by="support", order=second, units=()
    )
    tickets = [
        request(ONE),
        request(TWO, 1, order=second),
        [opened(type="enquiry", number="3", order=ORDER), corrected],
        [opened(type="enquiry"), replied(1, "vendor")],
    ]
    report = run_backtest(tmp_path, *tickets, policy=AMAZON_PAY)
    assert (4, 0) == (report.tickets, report.broken)


def test_broken_tickets_of_an_order_are_listed_once(tmp_path: Path) -> None:
    """An unreadable line breaks its ticket once; the other ticket of the order is replayed."""
    path = write(tmp_path, between=2)
    lines = path.read_text("utf-8").splitlines(keepends=True)
    for broken in (
        lines[0].replace('"by"', '"from"'),
        lines[0].replace('"number":"1"', '"number":1'),
        lines[0].replace('"data":{', '"data":[{').replace("}\n", "]}\n"),
    ):
        path.write_text("".join([broken, *lines[1:]]), "utf-8")
        report = backtest(path, CLICKBANK, workers=1)
        assert (3, [(ONE, 1)]) == (
            report.tickets,
            [(example.ticket, example.line) for example in report.broken_examples],
        )


def test_a_ticket_that_occurs_twice_is_broken(tmp_path: Path) -> None:
    """A second ticket with the number of another ticket of its order is broken and left out."""
    again = replays(CLICKBANK, (ONE, request(ONE)), (ONE, request(ONE, 1)))
    failed = replay_order(again)
    assert {1: f"ticket {ONE!r} occurs twice in its order"} == {
        place: str(error) for place, error in failed.items() if isinstance(error, LedgerError)
    }
    report = run_backtest(tmp_path, request(ONE), request(ONE, 1), policy=CLICKBANK)
    assert (1, 1) == (report.tickets, report.broken)


def test_a_ticket_without_a_number_goes_by_the_name_of_its_history() -> None:
    """An imported ticket without a number is identified by the name of its history."""
    first, second = replays(CLICKBANK, ("A", request(None)), ("B", request(None, 1)))
    assert {} == replay_order([first, second])
    assert first.ticket is not None
    assert second.ticket is not None
    assert ("A", "B") == (first.ticket.number, second.ticket.number)


def test_a_ticket_that_fails_does_not_stop_its_order() -> None:
    """A deadline beyond the calendar fails one ticket of an order; the others are replayed."""
    late = Order(
        number="1", sold_at=ORDER.sold_at.replace(year=2100, month=12, day=29), amount=ORDER.amount
    )
    far = late.sold_at + timedelta(days=1)
    tickets = [
        (
            ONE,
            [
                opened(at=far, type="technical", order=late, number=ONE),
                e.Replied(at=far, by="vendor"),
            ],
        ),
        (TWO, request(TWO)),
    ]
    failed = replay_order(replays(CLICKBANK, *tickets))
    assert [0] == list(failed)


def test_histories_of_several_policies_share_their_actions() -> None:
    """The commands of a history are built once for all policies with the same types."""
    recorded = RecordedTicket(History(ONE, tuple(request(ONE)), 1))
    both = [Replay(recorded, policy, None) for policy in (CLICKBANK, load_policy("clickbank"))]
    for replay in both:
        replay.begin()
    assert both[0].actions is both[1].actions


def test_orders_are_those_that_openings_and_corrections_name() -> None:
    """Without a vendor, the order number alone is the key; a later correction can add an order."""
    added = e.OrderCorrected(at=ORDER.sold_at, by="support", order=ORDER, units=())
    assert order_keys([opened(order=ORDER)]) == order_keys([opened(), added])
    assert order_keys([opened(order=ORDER)]).isdisjoint(
        order_keys([opened(order=ORDER, vendor="v")])
    )
    assert frozenset() == order_keys([opened(), replied(1, "vendor")])


def test_a_timer_that_fails_does_not_stop_its_order() -> None:
    """A deadline beyond the calendar fails its ticket; the other ticket of the order goes on."""
    policy = parse_policy(
        'name = "shop"\neffective = 2024-01-01\ndefault_type = "request"\n'
        '[types.request]\n[calendars.work]\nhours = "mon-fri 09:00-17:00"\n'
        '[[permission]]\ncommands = "open"\nby = "customer"\n'
        '[[timer]]\nname = "call-in"\nafter = "1 day"\nfrom = "opened"\neffect = "escalate"\n'
        '[[timer]]\nname = "answer"\nafter = "20 working days"\ncalendar = "work"\n'
        'from = "waiting-since"\neffect = "breach"\nwhen = { handler = "support" }\n'
    )
    late = attrs.evolve(ORDER, sold_at=ORDER.sold_at.replace(year=2100, month=12, day=10))
    opening = opened(at=late.sold_at, type="request", order=late, number=ONE)
    failed = replay_order(
        replays(policy, (ONE, [opening]), (TWO, [opened(type="request", order=ORDER, number=TWO)]))
    )
    assert [0] == list(failed)


def test_actions_after_a_refused_opening_are_refused() -> None:
    """After a refused opening, a reply is refused because the ticket does not exist."""
    refused = [opened(type="cancellation", order=ORDER, number=ONE), replied(1, "vendor")]
    first, second = replays(CLICKBANK, (ONE, refused), (TWO, request(TWO)))
    assert {} == replay_order([first, second])
    assert ["billing-mismatch", "not-opened"] == [each.code for each in first.refused]


def test_a_failure_names_the_bytes_of_its_orders(tmp_path: Path) -> None:
    """If the file is deleted before its orders are replayed, the error names their bytes."""
    path = write(tmp_path, between=1)
    size = path.stat().st_size

    class DeletingExecutor(ImmediateExecutor):
        """An executor that deletes the file before it replays orders."""

        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            if isinstance(args[0], Batch):
                path.unlink()
            return super().submit(fn, *args, **kwargs)

    with pytest.raises(BacktestError) as caught:
        backtest(path, CLICKBANK, workers=DeletingExecutor())
    assert (0, size) == (caught.value.start, caught.value.end)


def test_a_ticket_of_two_orders_links_only_those_that_others_concern(tmp_path: Path) -> None:
    """Tickets of two orders are linked only by orders that other tickets concern, too."""
    alone = attrs.evolve(ORDER, number="2")
    corrected = e.OrderCorrected(at=ORDER.sold_at, by="support", order=alone, units=())
    tickets: list[list[Event]] = [
        [opened(type="enquiry", number=ONE, order=ORDER, at=ORDER.sold_at), corrected],
        [opened(type="enquiry", number=TWO, order=ORDER)],
        [opened(type="enquiry", number="3", order=attrs.evolve(ORDER, number="3"))],
    ]
    assert 3 == run_backtest(tmp_path, *tickets, policy=AMAZON_PAY).tickets
