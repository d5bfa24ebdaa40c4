"""Commands through the service: stamps, versions, ids, refusals, and the ledger of an order."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import attrs
import pytest

from support.stores.service_hosts import MONDAY, ORDER, STORES, ServiceHost, opening
from support.stores.service_hosts import host as make_host
from ticketcore.commands import ChangePolicy, CorrectOrder, Refund, Reply
from ticketcore.decider import decide
from ticketcore.errors import (
    CodecError,
    CommandIdError,
    ConflictError,
    FieldError,
    UnknownPolicyError,
)
from ticketcore.events import Closed, Money, Opened, Refunded, Replied
from ticketcore.policies import PolicyVersions, load_policy, parse_policy, preset_text
from ticketcore.service import TicketService
from ticketcore.store import MemoryStore, order_key

DAY = timedelta(days=1)
FAR = MONDAY + 3650 * DAY


def test_the_service_stamps_a_command(host: ServiceHost) -> None:
    """The service ignores the instant in a command, so nobody can move the clock."""
    host.handle("1", opening(at=FAR))
    host.wait(timedelta(minutes=5))
    answer = host.handle("1", Reply(at=FAR, by="vendor", text="Which lesson?"))

    assert [MONDAY, MONDAY + timedelta(minutes=5)] == [
        event.at for event in host.events("1") if isinstance(event, Opened | Replied)
    ]
    assert answer.ticket is not None
    assert answer.ticket.at == answer.events[0].event.at == answer.events[0].recorded_at


def test_a_command_from_a_clock_that_is_behind_is_stamped_with_the_last_event(
    host: ServiceHost,
) -> None:
    """A command from a clock that is behind gets the instant of the last event."""
    host.handle("1", opening())
    host.wait(-timedelta(milliseconds=50))
    answer = host.handle("1", Reply(at=MONDAY, by="vendor", text="Which lesson?"))

    assert answer.refusal is None
    assert [MONDAY, MONDAY - timedelta(milliseconds=50)] == [
        answer.events[0].event.at,
        answer.events[0].recorded_at,
    ]


def test_a_message_counts_from_when_it_was_received(host: ServiceHost) -> None:
    """A message counts from when it was received; one from the future counts as now."""
    host.handle("1", opening(type="technical", order=None))
    host.wait(10 * DAY)
    late = host.handle("1", Reply(at=FAR, by="vendor", text="Hello"), received_at=MONDAY + DAY)
    future = host.handle("1", Reply(at=FAR, by="customer", text="Hello"), received_at=FAR)

    assert [MONDAY + DAY, host.now] == [answer.events[0].event.at for answer in (late, future)]
    assert late.events[0].recorded_at == host.now


def test_a_client_cannot_move_the_clock_or_name_the_amount(host: ServiceHost) -> None:
    """JSON of a client with the fields of the host is refused, and nothing is stored."""
    for field, value in (("at", "2027-01-01T00:00:00.000000Z"), ("by", "support"), ("order", {})):
        with pytest.raises(CodecError, match="the host supplies it"), host.begin() as db:
            host.service.handle_json(db, "1", {"command": "open", field: value}, by="customer")

    assert () == host.events("1")


def test_json_of_a_client_is_handled_with_the_facts_of_the_host(host: ServiceHost) -> None:
    """JSON of a client is handled with the facts of the host, and an id from outside."""
    facts: dict[str, Any] = {"by": "customer", "actor": "anna", "zone": "America/Boise"}
    body = '{"command":"open","type":"technical","text":"It stops."}'
    for number, repeated in (("1", False), ("2", True)):
        with host.begin() as db:
            answer = host.service.handle_json(db, number, body, command_id="key-1", **facts)
        assert answer.ticket is not None
        assert ("1", repeated) == (answer.ticket.number, answer.repeated)


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
def test_a_number_that_databases_refuse_is_refused_before(host: ServiceHost, text: str) -> None:
    """A ticket number that databases refuse is refused before, so the transaction stays usable."""
    reply = Reply(at=MONDAY, by="vendor", text="Hello")
    with host.begin() as db:
        for number, tenant in ((text, ""), ("1", text)):
            with pytest.raises(FieldError, match="text without NUL and lone surrogates"):
                host.service.handle(db, number, reply, tenant=tenant)
        assert host.service.handle(db, "1", reply).refusal is not None


def test_timers_that_were_due_before_a_refused_command_are_kept(host: ServiceHost) -> None:
    """Events of timers that were due before a refused command are kept."""
    host.handle("1", opening())
    host.wait(3 * DAY)
    answer = host.handle("1", Reply(at=host.now, by="customer", text="Hello?"))

    assert answer.refusal is not None
    assert answer.ticket is not None
    assert ("ticket-closed", "closed") == (answer.refusal.code, answer.ticket.status)
    assert [Refunded, Closed] == [type(event) for event in host.events("1")[-3:-1]]
    assert [] == host.run_due()


def test_a_command_to_a_ticket_that_was_never_opened_is_refused(host: ServiceHost) -> None:
    """A command to a ticket that was never opened is refused without a policy."""
    answer = host.handle("1", Reply(at=MONDAY, by="vendor", text="Hello"))

    assert answer.refusal is not None
    assert ("not-opened", None) == (answer.refusal.code, answer.ticket)


def test_a_sender_who_saw_an_old_version_gets_a_conflict(host: ServiceHost) -> None:
    """A sender who saw an old version gets a conflict, and must read the ticket again."""
    opened = host.handle("1", opening(type="technical", order=None))
    assert opened.ticket is not None
    reply = Reply(at=MONDAY, by="vendor", text="Which lesson?")
    host.handle("1", reply, expected_version=opened.ticket.version)
    with pytest.raises(ConflictError) as conflict:
        host.handle("1", reply, expected_version=opened.ticket.version)

    assert (2, 4) == (conflict.value.expected, conflict.value.actual)
    assert host.handle("1", reply).refusal is None


class TestCommandIds:
    """A command with an id is carried out once, however often it is sent."""

    def test_a_repeated_command_gets_its_first_answer(self, host: ServiceHost) -> None:
        """A repeated command gets its first answer, even after later commands of others."""
        host.handle("1", opening(type="technical", order=None))
        reply = Reply(at=MONDAY, by="vendor", text="Which lesson?", command_id="c-1")
        first = host.handle("1", reply)
        host.wait(timedelta(hours=1))
        host.handle("1", Reply(at=MONDAY, by="customer", text="The second."))
        again = host.handle("1", reply)

        assert attrs.evolve(first, repeated=True) == again
        assert 2 == sum(isinstance(event, Replied) for event in host.events("1"))

    def test_a_repeated_opening_gets_the_first_number(self, host: ServiceHost) -> None:
        """A repeated opening gets the ticket number of the first."""
        first = host.handle("1", opening(command_id="c-1"))
        again = host.handle("2", opening(command_id="c-1", possible_duplicates=("1",)))

        assert first.ticket == again.ticket
        assert () == host.events("2")

    def test_a_command_without_effect_has_an_answer_too(self, host: ServiceHost) -> None:
        """A repeated command without effect is answered as the first time."""
        host.handle("1", opening(order=None, type="technical"))
        policy = ChangePolicy(at=MONDAY, by="support", command_id="c-1")
        first, again = host.handle("1", policy), host.handle("1", policy)

        assert () == first.events == again.events
        assert [False, True] == [first.repeated, again.repeated]

    def test_the_id_of_another_command_is_refused(self, host: ServiceHost) -> None:
        """A command with the id of another command is refused, so that it is not lost silently."""
        host.handle("1", opening(command_id="c-1"))
        for number, command in (
            ("1", Reply(at=MONDAY, by="customer", text="Hello?", command_id="c-1")),
            ("1", opening(command_id="c-1", text="Another text")),
            ("1", opening(command_id="c-1", actor="ben")),
        ):
            with pytest.raises(CommandIdError, match="give each command an id of its own"):
                host.handle(number, command)

    def test_tenants_have_ids_and_numbers_of_their_own(self, host: ServiceHost) -> None:
        """Each tenant has its own command ids and ticket numbers."""
        host.handle("1", opening(command_id="c-1"), tenant="a")
        other = host.handle("1", opening(command_id="c-1"), tenant="b")

        assert not other.repeated
        assert () == host.events("1")
        assert 2 == len(host.events("1", tenant="a"))

    @pytest.mark.parametrize("kind", STORES)
    def test_parallel_retries_of_one_opening_open_one_ticket(self, kind: str) -> None:
        """Parallel retries of one opening open one ticket, under the first number."""
        host = make_host(kind)
        with ThreadPoolExecutor(4) as workers:
            answers = list(
                workers.map(
                    lambda number: host.handle(
                        number, opening(order=None, type="technical", command_id="c-1")
                    ),
                    "1234",
                )
            )

        assert 1 == len({answer.ticket for answer in answers})
        assert 1 == sum(not answer.repeated for answer in answers)


def test_two_openings_of_one_number_open_one_ticket(host: ServiceHost) -> None:
    """If another transaction opens the number at the same time, the second one is refused."""
    store = host.service.store
    other = attrs.evolve(ORDER, number="B-8")

    class Late(PolicyVersions):
        """A source of policies that lets another transaction open the ticket first."""

        def of_opening(self, command: Any) -> Any:
            if command.order == other and not opened:
                opened.append(True)
                order = store.lock(db, "1", order=order_key("1", None, ORDER))
                events = decide(None, first, self.versions[0])
                store.append(db, order, [("1", events)], recorded_at=MONDAY)
            return super().of_opening(command)

    opened: list[bool] = []
    first = opening(number="1")
    late = attrs.evolve(host.service, policies=Late((load_policy("clickbank"),)))
    with host.begin() as db:
        answer = late.handle(db, "1", opening(order=other))

    assert answer.refusal is not None
    assert "already-opened" == answer.refusal.code
    assert ORDER == host.ticket("1").order


class TestOrders:
    """Money belongs to the order (C8, A2, A4)."""

    @pytest.mark.parametrize("kind", STORES)
    def test_two_refunds_at_one_instant_never_pay_more_than_the_order(self, kind: str) -> None:
        """Two workers refund two tickets about one order, and one of them is refused."""
        host = make_host(kind).under(load_policy("amazon-pay"))
        for number in "12":
            host.handle(number, opening(type=None))

        def refund(number: str) -> str:
            command = Refund(at=MONDAY, by="vendor", reference=number, amount=ORDER.amount)
            refusal = host.handle(number, command).refusal
            return "paid" if refusal is None else refusal.code

        with ThreadPoolExecutor(2) as workers:
            outcomes = sorted(workers.map(refund, "12"))

        assert "paid" == outcomes[-1]
        assert "cap-exceeded" == outcomes[0]
        assert ORDER.amount.minor == sum(host.ticket(number).refunded for number in "12")

    def test_money_events_of_two_tickets_never_share_an_instant(self, host: ServiceHost) -> None:
        """Money events of two tickets of an order never have the same instant."""
        host = host.under(load_policy("amazon-pay"))
        for number in "12":
            host.handle(number, opening(type=None))
        for number in "12":
            command = Refund(at=MONDAY, by="vendor", reference=number, amount=Money(1000, "USD"))
            host.handle(number, command)
        paid = [host.ticket(number).money_at for number in "12"]

        assert [MONDAY, MONDAY + timedelta(microseconds=1)] == paid

    def test_a_command_comes_after_a_timer_that_moved_money_at_its_instant(
        self, host: ServiceHost
    ) -> None:
        """A command comes after a timer that moved money at the same instant."""
        host.handle("1", opening())
        host.handle("2", opening(type="technical"))
        host.wait(DAY)
        answer = host.handle("2", Reply(at=MONDAY, by="vendor", text="Hello"))

        assert host.now == host.ticket("1").money_at
        assert host.now + timedelta(microseconds=1) == answer.events[0].event.at

    def test_timers_of_two_tickets_pay_the_order_once(self, host: ServiceHost) -> None:
        """If timers of two tickets of an order are due, only the first pays."""
        for number in "12":
            host.handle(number, opening())
        host.wait(3 * DAY)
        host.run_due()

        assert [5000, 0] == [host.ticket(number).refunded for number in "12"]

    def test_a_ticket_can_move_to_another_order(self, host: ServiceHost) -> None:
        """A5: both orders are locked, and the ticket joins the ledger of the second."""
        host = host.under(load_policy("amazon-pay"))
        other = attrs.evolve(ORDER, number="B-8")
        host.handle("1", opening(type=None))
        host.handle("2", opening(type=None, order=other))
        moved = host.handle("2", CorrectOrder(at=MONDAY, by="vendor", order=ORDER))
        command = Refund(at=MONDAY, by="vendor", reference="r", amount=ORDER.amount)
        answers = [host.handle(number, command) for number in "12"]

        assert moved.refusal is None
        assert [None, "reference-conflict"] == [
            answer.refusal and answer.refusal.code for answer in answers
        ]

    def test_a_ticket_does_not_move_to_an_order_of_another_currency(
        self, host: ServiceHost
    ) -> None:
        """A4: the order to which a ticket would move is in another currency, and stays so."""
        host = host.under(load_policy("amazon-pay"))
        euros = attrs.evolve(ORDER, number="B-8", amount=Money(5000, "EUR"))
        host.handle("1", opening(type=None))
        host.handle("2", opening(type=None, order=euros))
        there = attrs.evolve(euros, number=ORDER.number)
        answer = host.handle("2", CorrectOrder(at=MONDAY, by="vendor", order=there))
        forbidden = host.handle("2", CorrectOrder(at=MONDAY, by="customer", order=there))

        assert ["currency-differs", "not-permitted"] == [
            each.refusal and each.refusal.code for each in (answer, forbidden)
        ]
        assert euros == host.ticket("2").order

    def test_a_move_is_dated_after_the_money_of_the_other_order(self, host: ServiceHost) -> None:
        """A correction that waited during an outage changes no facts that money rested on."""
        host = host.under(load_policy("amazon-pay"))
        host.handle("1", opening(type=None))
        host.handle("2", opening(type=None, order=attrs.evolve(ORDER, number="B-8")))
        host.wait(timedelta(hours=1))
        host.handle("1", Refund(at=MONDAY, by="vendor", reference="r", amount=ORDER.amount))
        moved = host.handle(
            "2", CorrectOrder(at=MONDAY, by="vendor", order=ORDER), received_at=MONDAY
        )

        assert moved.ticket is not None
        assert host.now + timedelta(microseconds=1) == moved.ticket.order_at

    def test_an_unknown_ticket_cannot_move(self, host: ServiceHost) -> None:
        """A correction that would move an unknown ticket is refused."""
        answer = host.handle("1", CorrectOrder(at=MONDAY, by="support", order=ORDER))

        assert answer.refusal is not None
        assert "not-opened" == answer.refusal.code


class TestPolicies:
    """Which policy decides, and what is reported of it."""

    def test_a_change_of_policy_goes_to_the_version_in_force(self, host: ServiceHost) -> None:
        """An opening follows the version of its date, other commands that of the ticket."""
        host = host.under(load_policy("clickbank"), load_policy("clickbank-24-7"))
        host.set_clock(MONDAY.replace(year=2018))
        host.handle("1", opening())
        host.wait(timedelta(hours=1))
        assert "clickbank" == host.ticket("1").policy
        host.set_clock(MONDAY.replace(year=2019))
        host.handle("2", opening())
        host.run_due()
        assert "clickbank-24-7" == host.ticket("2").policy

    def test_an_edited_policy_is_reported_and_blocks_nothing(self, host: ServiceHost) -> None:
        """An edit of a policy under the same name and version is reported, and blocks nothing."""
        host.handle("1", opening(type="technical", order=None))
        text = preset_text("clickbank").replace("48 hours", "49 hours")
        host = host.under(parse_policy(text))
        answer = host.handle("1", Reply(at=MONDAY, by="vendor", text="Hello"))
        host.wait(30 * DAY)

        assert answer.policy_edited
        assert [("1",)] == [run.policy_edited for run in host.run_due()]

    def test_a_host_without_the_policy_gets_an_error(self, host: ServiceHost) -> None:
        """If the host has no policy for a ticket, the service raises an error."""
        host.handle("1", opening(type="technical", order=None))

        class NoPolicies(PolicyVersions):
            def of_ticket(self, ticket: Any) -> Any:
                raise KeyError("v-1")

        policies = NoPolicies((load_policy("clickbank"),))
        host = attrs.evolve(host, service=attrs.evolve(host.service, policies=policies))
        with pytest.raises(UnknownPolicyError, match="no policy clickbank 2013-01-01"):
            host.handle("1", Reply(at=MONDAY, by="vendor", text="Hello"))


def test_a_command_must_be_a_command_and_a_number_text(host: ServiceHost) -> None:
    """The service refuses JSON as a command, and a ticket number that is not text."""
    body: Any = {"command": "open", "type": "technical"}
    seven: Any = 7
    with host.begin() as db:
        with pytest.raises(FieldError, match=r"handle\.command: expected Command, found"):
            host.service.handle(db, "1", body)
        with pytest.raises(FieldError, match=r"handle_json\.number: expected str, found 7"):
            host.service.handle_json(db, seven, body, by="customer")


def test_a_service_needs_versions_of_policies_and_a_function_as_clock() -> None:
    """A service refuses a single policy, and an instant as its clock."""
    store = MemoryStore()
    policy: Any = load_policy("clickbank")
    instant: Any = MONDAY

    with pytest.raises(FieldError, match=r"policies: expected PolicyVersions\.of\(policy\)"):
        TicketService(store=store, policies=policy, clock=lambda: MONDAY)
    with pytest.raises(FieldError, match="clock: expected a function, such as lambda"):
        TicketService(store=store, policies=PolicyVersions.of(policy), clock=instant)
