"""The tests of a store for its callers: rows of their own, and the ids of their commands."""

from typing import Any, TypeVar

from ticketcore.commands import Command
from ticketcore.decider import decide
from ticketcore.errors import CommandIdError, ConflictError
from ticketcore.events import Replied
from ticketcore.store import order_key
from ticketcore.testing.store._checks import (
    StoreChecks,
    a_receipt,
    minutes_of_replies,
    replies,
)
from ticketcore.testing.store._host import Host
from ticketcore.testing.store._stories import (
    AT,
    MINUTE,
    ONE,
    TWO,
    Rollback,
    opening,
    raised,
    reply,
)

Transaction = TypeVar("Transaction")


class CallerChecks(StoreChecks[Transaction]):
    """The tests of a caller's own rows and of command ids."""

    # Rows of the caller

    def test_a_row_of_the_caller_is_committed_with_the_command(self) -> None:
        """The caller's rows before and after a command are stored with it."""
        host = self.host()

        def work(db: Transaction) -> None:
            host.write_row(db, "before")
            host.handle(db, ONE, opening(ONE))
            host.write_row(db, "after")

        host.run(work)

        assert ["after", "before"] == sorted(host.run(host.rows))
        assert host.history(ONE)

    def test_a_row_of_the_caller_is_rolled_back_with_the_command(self) -> None:
        """A rollback removes the row and the command, whichever was written first."""
        host = self.host()

        def work(db: Transaction) -> None:
            host.write_row(db, "before")
            host.handle(db, ONE, opening(ONE))
            host.write_row(db, "after")
            raise Rollback

        raised(Rollback, lambda: host.run(work))

        assert ([], []) == (sorted(host.run(host.rows)), [*host.history(ONE)])

    def test_a_conflict_keeps_the_row_of_the_caller(self) -> None:
        """After a conflict the caller can commit its own row."""
        host = self.host()
        host.send(ONE, opening(ONE))

        def work(db: Transaction) -> None:
            host.write_row(db, "before")
            stale = host.store.lock(db, ONE)
            host.store.append(db, stale, [(ONE, replies(1))], recorded_at=AT)
            late = [(ONE, replies(2))]
            raised(ConflictError, lambda: host.store.append(db, stale, late, recorded_at=AT))

        host.run(work)

        assert (["before"], [1]) == (sorted(host.run(host.rows)), minutes_of_replies(host, ONE))

    # Command ids

    def test_a_command_id_is_used_once(self) -> None:
        """A second receipt of the same id is a conflict, and its events are not stored."""
        host = self.host()
        host.send(ONE, opening(ONE), command_id="first")

        def work(db: Transaction) -> None:
            order = host.store.lock(db, ONE)
            again = a_receipt("first")
            raised(
                ConflictError,
                lambda: host.store.append(
                    db, order, [(ONE, replies(1))], recorded_at=AT, command=again
                ),
            )
            host.handle(db, ONE, reply(2))

        host.run(work)

        assert [2] == minutes_of_replies(host, ONE)

    def test_an_opening_with_a_used_command_id_opens_nothing(self) -> None:
        """An opening with a used command id is refused, and its ticket number stays free."""
        host = self.host()
        host.send(ONE, opening(ONE), command_id="first")
        key = order_key(TWO, None, None)
        events = decide(None, opening(TWO, None, type="technical"), host.policy)

        def work(db: Transaction) -> None:
            order = host.store.lock(db, TWO, order=key)
            raised(
                ConflictError,
                lambda: host.store.append(
                    db, order, [(TWO, events)], recorded_at=AT, command=a_receipt("first")
                ),
            )
            order = host.store.lock(db, TWO, order=key)
            host.store.append(db, order, [(TWO, events)], recorded_at=AT)

        host.run(work)

        assert events == tuple(host.history(TWO))

    def test_a_repeated_command_changes_nothing(self) -> None:
        """A repeated command gets the events of the first time, even after others wrote."""
        host = self.host()
        host.send(ONE, opening(ONE))
        host.send(ONE, reply(1), command_id="first")
        host.send(ONE, reply(1), command_id="first")
        host.send(ONE, reply(2, "customer"))
        host.send(ONE, reply(3), command_id="first")
        receipt = host.run(lambda db: host.store.receipt(db, "first"))

        assert [1, 2] == minutes_of_replies(host, ONE)
        assert receipt is not None
        assert ("first", ONE) == (receipt.id, receipt.ticket)
        event = host.history(ONE)[receipt.first - 1]
        assert isinstance(event, Replied)
        assert AT + MINUTE == event.at

    def test_old_receipts_are_forgotten(self) -> None:
        """`forget_receipts` deletes receipts recorded before an instant, and counts them."""
        host = self.host()
        host.send(ONE, opening(ONE), command_id="first")
        host.send(ONE, reply(1), command_id="second")
        forget = host.store.forget_receipts

        assert 1 == host.run(lambda db: forget(db, AT + MINUTE))
        kept = host.run(lambda db: [host.store.receipt(db, each) for each in ("first", "second")])
        assert [None, "second"] == [receipt and receipt.id for receipt in kept]

    def test_a_used_command_id_is_refused_for_another_command(self) -> None:
        """A command with the id of another one raises CommandIdError and stores nothing."""
        host = self.host()
        host.send(ONE, opening(ONE))
        host.send(ONE, reply(1), command_id="first")

        assert ONE == _refused(host, ONE, reply(2, text="other")).ticket
        assert ONE == _refused(host, ONE, reply(2, "customer")).ticket
        host.send(ONE, reply(3), command_id="first")
        assert [1] == minutes_of_replies(host, ONE)

    def test_a_used_command_id_is_refused_for_another_order(self) -> None:
        """A reply or opening in another order is refused; with another id it is stored."""
        host = self.host()
        host.send(ONE, opening(ONE), command_id="first")
        other = opening(TWO, None, type="technical")

        assert ONE == _refused(host, TWO, other).ticket
        assert [] == [*host.history(TWO)]
        host.send(TWO, other, command_id="second")
        assert ONE == _refused(host, TWO, reply(1)).ticket
        host.send(TWO, reply(1), command_id="third")
        assert [1] == minutes_of_replies(host, TWO)


def _refused(host: Host[Any], number: str, command: Command) -> CommandIdError:
    return raised(CommandIdError, lambda: host.send(number, command, command_id="first"))
