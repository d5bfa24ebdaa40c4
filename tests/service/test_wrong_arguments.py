"""A wrong argument of a store or a service is named in a typed error, and nothing is written."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from support.stores.databases import ASYNC, SYNC, database
from support.stores.service_hosts import CLICKBANK, MONDAY, STORES, ServiceHost, host, opening
from ticketcore.commands import Reply
from ticketcore.errors import FieldError, NaiveDatetimeError, StoreError, TicketcoreError
from ticketcore.inbox import Query
from ticketcore.policies import load_policy
from ticketcore.service import TicketService
from ticketcore.store import MemoryStore, Receipt
from ticketcore.store.sql import SqlStore, borrow_connections, prepare_sqlite

ONE = "1"
NAIVE = datetime(2026, 1, 5, 17)  # noqa: DTZ001
LATER = MONDAY + timedelta(hours=1)
HELLO = Reply(at=MONDAY, by="vendor", text="hello")

# Values that are wrong for an argument of this name. Those of WRONG are wrong for all others.
WRONG: tuple[Any, ...] = (7, 1.5, b"x", object(), [7], {"a": 7})
WRONG_FOR: Mapping[str, tuple[Any, ...]] = {
    "number": (None, "a\0b", "\ud800"),
    "tenant": ("a\0b",),
    "command_id": ("a\0b",),
    "person": (None, "a\0b"),
    "pseudonym": (None, "", " ", "anna", "a\0b"),
    "until": ("2026-01-05", NAIVE),
    "now": (None, "2026-01-05", NAIVE),
    "before": (None, NAIVE),
    "recorded_at": (None, NAIVE),
    "received_at": ("2026-01-05", NAIVE),
    "after": (None, "1", -1, 2**70),
    "expected_version": ("1",),
    "follower": (None, "", "a follower of nobody"),
    "lease": (None, "x", timedelta(), timedelta(-1), timedelta.max),
    "events": (None, "x", [(ONE, [7])], [(7, [])], [(ONE, None)], [(ONE, ["opened"])]),
    "histories": (None, [], {ONE: ()}, {ONE: [7]}, {"another": [HELLO]}),
    "reasons": (None, "x", {ONE: 7}, {"another": "why"}),
    "order": ("x",),
    "command": ("x", {"command": "reply"}),
    "error": (None, "x"),
    "members": ("x", {"account": 7}),
    "names": (None, "Anna"),
    "words": (None, "no"),
    "by": (None, "nobody"),
    "policy": (None, "clickbank"),
    "query": (None, "status"),
}
RIGHT_FOR: Mapping[str, tuple[type, ...]] = {
    "after": (int,),
    "expected_version": (int,),
    "source": (bytes, dict),
    "names": (dict,),
}


def calls(host: ServiceHost, db: Any) -> dict[str, tuple[Callable[..., Any], dict[str, Any]]]:
    """Return each public method with right arguments, by its name."""
    store, service = host.service.store, host.service
    order = store.lock(db, ONE)
    lease = store.take(db, "notifications", now=MONDAY, until=LATER)
    events, tenant = order.histories[ONE], {"tenant": ""}
    receipt = Receipt(id="r", ticket=ONE, first=1, last=0, digest="d")
    ticket, move = {"number": ONE, **tenant}, {"policy": load_policy("clickbank"), **tenant}
    taken = {"follower": "notifications", "now": MONDAY, "until": LATER, **tenant}
    return {
        "store.lock": (store.lock, ticket),
        "store.lock_due": (store.lock_due, {"until": MONDAY, **tenant}),
        "store.append": (
            store.append,
            {
                "order": order,
                "events": [(ONE, events[-1:])],
                "recorded_at": MONDAY,
                "command": receipt,
            },
        ),
        "store.events": (store.events, {"after": 0, **ticket}),
        "store.next_wake": (store.next_wake, tenant),
        "store.postpone": (store.postpone, {"order": order, "until": MONDAY}),
        "store.receipt": (store.receipt, {"command_id": "c", **tenant}),
        "store.forget_receipts": (store.forget_receipts, {"before": MONDAY}),
        "store.set_aside": (store.set_aside, {"order": order, "reasons": {ONE: "why"}}),
        "store.resume": (store.resume, {"order": order, "number": ONE}),
        "store.take": (store.take, taken),
        "store.settle": (store.settle, {"lease": lease}),
        "store.give_back": (store.give_back, {"lease": lease, "until": LATER, "reason": "why"}),
        "store.retry": (store.retry, {"follower": "notifications", **ticket}),
        "store.start_follower": (store.start_follower, {"follower": "notifications"}),
        "store.tickets_of": (store.tickets_of, {"person": "anna", **tenant}),
        "store.rewrite": (store.rewrite, {"order": order, "histories": {ONE: events}}),
        "store.summary": (store.summary, ticket),
        "store.search": (store.search, {"query": Query(), **tenant}),
        "handle": (
            service.handle,
            {"command": HELLO, "received_at": MONDAY, "expected_version": len(events), **ticket},
        ),
        "handle_json": (
            service.handle_json,
            {
                "source": {"command": "reply", "text": "hello"},
                "by": "vendor",
                "actor": "vera",
                "command_id": "c",
                "received_at": MONDAY,
                "expected_version": len(events),
                **ticket,
            },
        ),
        "run_due": (service.run_due, {"until": MONDAY}),
        "resume": (service.resume, ticket),
        "take": (service.take, {"follower": "notifications", "lease": timedelta(minutes=5)}),
        "settle": (service.settle, {"lease": lease}),
        "give_back": (service.give_back, {"lease": lease, "error": ValueError("why")}),
        "retry": (service.retry, {"follower": "notifications", **ticket}),
        "notifications": (service.notifications, {"lease": lease, "members": {}}),
        "plan_move": (service.plan_move, {"query": Query(), "by": "support", **move}),
        "move": (service.move, {"query": Query(), "by": "support", "actor": "sam", **move}),
        "erase": (
            service.erase,
            {
                "person": "anna",
                "pseudonym": "p",
                "names": (),
                "words": True,
                "keep_orders": False,
                **tenant,
            },
        ),
    }


METHODS = (
    "store.lock", "store.lock_due", "store.append", "store.events", "store.next_wake",
    "store.postpone", "store.receipt", "store.forget_receipts", "store.set_aside",
    "store.resume", "store.take", "store.settle", "store.give_back", "store.retry",
    "store.start_follower", "store.tickets_of", "store.rewrite", "store.summary",
    "store.search", "handle", "handle_json", "run_due", "resume", "take", "settle",
    "give_back", "retry", "notifications", "plan_move", "move", "erase",
)  # fmt: skip


def kept(host: ServiceHost, db: Any) -> tuple[object, ...]:
    """Return everything that a reader of the store can see."""
    store = host.service.store
    events, found = store.events(db, ONE), store.search(db, Query())
    return events, found, store.next_wake(db), store.all_set_aside(db), store.receipt(db, "r")


def wrong_for(argument: str) -> tuple[Any, ...]:
    """Return values that an argument refuses."""
    right = RIGHT_FOR.get(argument, ())
    return (*(w for w in WRONG if type(w) not in right), *WRONG_FOR.get(argument, ()))


@pytest.fixture(params=STORES)
def host_with_ticket(request: pytest.FixtureRequest) -> ServiceHost:
    """Return a service on a store with one ticket."""
    made = host(request.param)
    made.handle(ONE, opening())
    return made


@pytest.mark.parametrize("method", METHODS)
def test_a_wrong_argument_is_named_and_nothing_is_written(
    host_with_ticket: ServiceHost, method: str
) -> None:
    """Each method refuses wrong arguments by a typed error with the name, and writes nothing."""
    with host_with_ticket.begin() as db:
        call, right = calls(host_with_ticket, db)[method]
        before = kept(host_with_ticket, db)
        for argument in right:
            for wrong in wrong_for(argument):
                with pytest.raises((FieldError, NaiveDatetimeError)) as refused:
                    call(db, **{**right, argument: wrong})
                named = getattr(refused.value, "field", str(refused.value))
                assert argument in named or (argument, named) == ("number", "reasons")

        assert before == kept(host_with_ticket, db)
        call(db, **right)


def test_every_method_is_tried() -> None:
    """The tests above try all methods of stores and services that take more than a transaction."""
    without_arguments = {"store.all_set_aside", "all_set_aside", "next_due", "now"}
    of_the_host = {"policy_of", "store.begin", "store.check"}
    names = {
        *(f"store.{name}" for each in (MemoryStore, SqlStore) for name in vars(each)),
        *(name for base in TicketService.__mro__ for name in vars(base)),
    }
    methods = {name for name in names if not name.rpartition(".")[2].startswith("_")}
    fields = {"store", "policies", "clock"}

    assert set(METHODS) == methods - without_arguments - of_the_host - fields


def test_a_method_refuses_an_order_that_is_not_stored(host_with_ticket: ServiceHost) -> None:
    """An order without tickets cannot be postponed."""
    with host_with_ticket.begin() as db:
        order = host_with_ticket.service.store.lock(db, "never opened")
        with pytest.raises(TicketcoreError):
            host_with_ticket.service.store.postpone(db, order, LATER)


@pytest.mark.parametrize("make", [MemoryStore, partial(SqlStore, sa.MetaData())])
def test_a_store_refuses_a_name_in_place_of_a_list_of_followers(make: Any) -> None:
    """A store refuses text as its followers, since each letter would be one."""
    with pytest.raises(FieldError, match=r"Store\.followers: expected Iterable\[str\]"):
        make(followers="notifications")


@pytest.mark.parametrize("driver", SYNC)
def test_a_service_compares_each_argument_once(
    driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a service gives to its store is not compared again; its own arguments are, once."""
    made = host(driver)
    made.handle(ONE, opening())
    compared: list[str] = []

    def compare(text: str) -> bool:
        compared.append(text)
        return True

    monkeypatch.setattr("ticketcore._internal.arguments.is_storable", compare)
    with made.begin() as db:
        answer = made.service.handle(db, ONE, HELLO)
        made.service.store.lock(db, ONE)

    assert (None, [ONE, ONE]) == (answer.refusal, compared)


@pytest.mark.parametrize("driver", STORES)
@pytest.mark.parametrize("key", ["", " ", "B-7"])
def test_a_store_refuses_to_lock_what_is_no_key_of_an_order(driver: str, key: str) -> None:
    """A store refuses an empty key, and the number of an order in place of its key."""
    made = host(driver)
    with made.begin() as db, pytest.raises(FieldError, match=r"order: expected a key that order_"):
        made.service.store.lock(db, ONE, order=key)


@pytest.mark.parametrize("driver", STORES)
@pytest.mark.parametrize("person", ["", " "])
def test_nobody_without_an_id_is_erased(driver: str, person: str) -> None:
    """An erasure refuses a blank id, which names nobody."""
    made = host(driver)
    with made.begin() as db, pytest.raises(FieldError, match=r"erase\.person: expected text with"):
        made.service.erase(db, person, "p-1")


@pytest.mark.parametrize("make", [MemoryStore, partial(SqlStore, sa.MetaData())])
@pytest.mark.parametrize("name", ["", " ", "a\0b", 7])
def test_a_store_refuses_a_follower_whose_name_no_database_keeps(make: Any, name: Any) -> None:
    """A store refuses a blank name, one with NUL, and a number, also from an iterator."""
    with pytest.raises(FieldError, match=r"Store\.followers: expected text with a visible"):
        make(followers=iter([name]))


def test_a_follower_that_is_named_twice_is_one() -> None:
    """A store marks tickets once for a follower that its list names twice."""
    assert ("search", "mail") == MemoryStore(followers=["search", "mail", "search"]).followers


def test_a_schema_has_a_name() -> None:
    """A SQL store refuses a blank schema, and takes None for the schema of the connection."""
    with pytest.raises(FieldError, match=r"SqlStore\.schema: expected text with .*, or None"):
        SqlStore(sa.MetaData(), schema="")


@pytest.mark.parametrize("driver", STORES)
def test_a_ticket_that_is_set_aside_without_a_reason_is_set_aside(driver: str) -> None:
    """An empty reason is kept as it is, by all stores alike."""
    made = host(driver)
    made.handle(ONE, opening())
    with made.begin() as db:
        store = made.service.store
        store.set_aside(db, store.lock(db, ONE), {ONE: ""})
        (aside,) = store.all_set_aside(db)

        assert ("", frozenset({ONE})) == (aside.reason, store.lock(db, ONE).set_aside)


@pytest.mark.parametrize("wrong", [None, "sqlite://", sa.create_engine("postgresql+psycopg://")])
def test_only_an_engine_of_sqlite_is_prepared(wrong: Any) -> None:
    """`prepare_sqlite` refuses a URL, and the engine of another database."""
    with pytest.raises(FieldError, match=r"prepare_sqlite\.engine: expected (an engine of S|E)"):
        prepare_sqlite(wrong)


@pytest.mark.parametrize("wrong", [-1, 86_401, float("nan"), "30", None])
def test_a_transaction_waits_at_most_a_day(wrong: Any) -> None:
    """`prepare_sqlite` refuses a wait below zero, above a day, and one that is no number."""
    with pytest.raises(FieldError, match=r"busy_seconds: expected (a number from 0 to 86|float)"):
        prepare_sqlite(sa.create_engine("sqlite://"), busy_seconds=wrong)


def test_borrowed_connections_need_a_url_and_a_function() -> None:
    """`borrow_connections` names a wrong URL, and a connection in place of a function."""
    wrong: Any = None
    with pytest.raises(FieldError, match=r"borrow_connections\.connection: expected Call"):
        borrow_connections("sqlite://", wrong)
    with pytest.raises(StoreError, match="check the URL"):
        borrow_connections("", object)


def test_a_store_refuses_a_declarative_base_in_place_of_its_metadata() -> None:
    """A SQL store names its MetaData if it gets the class that has it."""
    base: Any = type("Base", (), {"metadata": sa.MetaData()})
    with pytest.raises(FieldError, match=r"SqlStore\.metadata: expected MetaData"):
        SqlStore(base)


@pytest.mark.parametrize("wrong", [None, "sqlite://", CLICKBANK])
def test_a_service_refuses_what_is_not_a_store(wrong: Any) -> None:
    """A service refuses a URL or None in place of a store."""
    with pytest.raises(FieldError, match="store: expected a store, such as"):
        TicketService(store=wrong, policies=CLICKBANK, clock=lambda: MONDAY)


def test_an_error_with_characters_that_databases_refuse_is_kept_escaped(
    host_with_ticket: ServiceHost,
) -> None:
    """The text of a follower's error is stored with its control characters escaped."""
    service = host_with_ticket.service
    for _ in range(10):
        with host_with_ticket.begin() as db:
            lease = service.take(db, "notifications")
            assert lease is not None
            service.give_back(db, lease, ValueError("a\0b \ud800"))
        host_with_ticket.wait(timedelta(hours=2))
    with host_with_ticket.begin() as db:
        (aside,) = service.all_set_aside(db)

    assert r"ValueError: a\x00b \ud800" == aside.reason


@pytest.mark.parametrize("driver", ASYNC)
def test_asynchronous_hosts_get_the_same_errors(driver: str) -> None:
    """An argument that is wrong behind `run_sync` is named too."""
    used = database(driver, ("notifications",))
    wrong: Any = "2026-01-05"
    with pytest.raises(FieldError, match=r"SqlStore\.lock_due\.until: expected datetime"):
        used.run(lambda db: used.store.lock_due(db, wrong))


def test_a_transaction_in_memory_that_has_ended_writes_nothing() -> None:
    """A store in memory refuses to write after the transaction has ended, and without one."""
    made = host("memory")
    none: Any = None
    with made.begin() as db:
        pass
    with pytest.raises(StoreError, match="this transaction has ended: write inside"):
        made.service.handle(db, ONE, opening())
    with pytest.raises(FieldError, match=r"db: expected MemoryTransaction, found None"):
        made.service.handle(none, ONE, opening())

    assert () == made.events(ONE)


@pytest.mark.parametrize("driver", SYNC)
def test_a_connection_that_is_closed_or_none_is_refused_by_every_method(driver: str) -> None:
    """Each method refuses a closed connection, and None, by an error that says so."""
    made = host(driver)
    made.handle(ONE, opening())
    with made.begin() as db:
        tried = calls(made, db)
    for closed, problem in ((db.engine.connect(), "no-transaction"), (None, "cannot-lock")):
        if closed is not None:
            closed.close()
        for name, (call, right) in tried.items():
            with pytest.raises(StoreError) as refused:
                call(closed, **right)
            assert (name, problem) == (name, refused.value.problem)


@pytest.mark.parametrize("driver", SYNC)
def test_a_transaction_that_was_rolled_back_is_named(driver: str) -> None:
    """After a rollback, a command raises an error that says to begin another transaction."""
    made = host(driver)
    with made.begin() as db:
        db.rollback()
        with pytest.raises(StoreError, match="begin another transaction") as refused:
            made.service.handle(db, ONE, opening())

    assert ("no-transaction", ()) == (refused.value.problem, made.events(ONE))


def test_a_transaction_that_has_failed_is_named() -> None:
    """After an error of PostgreSQL, a command in the same transaction says to roll back."""
    made = host("postgresql+psycopg")
    with made.begin() as db:
        with pytest.raises(Exception, match="syntax error"):
            db.exec_driver_sql("SELEC 1")
        with pytest.raises(StoreError, match="roll back") as failed:
            made.service.handle(db, ONE, opening())
        db.rollback()

    assert "no-transaction" == failed.value.problem


def test_a_text_that_an_index_cannot_hold_is_named() -> None:
    """An id that is longer than an entry of PostgreSQL's indexes raises an error that says so."""
    made = host("postgresql+psycopg")
    long = "".join(map(str, range(3000)))
    with pytest.raises(StoreError, match="shorten the ticket number") as refused:
        made.handle(long, opening())

    assert ("too-long", ()) == (refused.value.problem, made.events(long))
