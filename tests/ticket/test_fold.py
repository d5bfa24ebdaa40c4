"""Folding events to a ticket: total, silent, and the same in one step or in many."""

from functools import reduce
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.opened_ticket import OPENED, T0, after, at
from ticketcore.errors import HistoryError
from ticketcore.events import (
    EVENTS,
    Cancelled,
    Closed,
    DeadlineSet,
    DisputeOpened,
    DisputeResolved,
    EndedTimer,
    Event,
    FieldSet,
    Linked,
    Money,
    Party,
    Reference,
    Refunded,
    RefundFailed,
    Replied,
    Scheduled,
    Shared,
    Split,
    Tagged,
    Timer,
    Unknown,
    Unshared,
    Untagged,
    Warned,
)
from ticketcore.ticket import evolve, fold, fold_each
from ticketcore.ticket._growing import MANY
from ticketcore.ticket._registry import CHANGES
from ticketcore.ticket._ticket import TicketDraft


def _timer(name: str, cycle: int) -> Timer:
    return Timer(name, at(9), T0, cycle=cycle, overtaken=cycle)


def _ticket(number: str) -> Reference:
    return Reference(kind="ticket", number=number)


def test_a_new_ticket_waits_for_its_default_handler() -> None:
    """A new ticket has waited for its default handler since its opening."""
    ticket = after()

    assert (1, T0, "open") == (ticket.version, ticket.at, ticket.status)
    assert ("technical", T0, "customer") == (ticket.type, ticket.type_set_at, ticket.type_set_by)
    assert ("vendor", "vendor", T0) == (ticket.handler, ticket.waiting_for, ticket.waiting_since)
    assert T0 == ticket.active_at


def test_a_new_ticket_records_its_policy() -> None:
    """A new ticket records the name, the version and the digest of its policy."""
    named: dict[str, Any] = {
        "policy": "p",
        "policy_version": "2026-01-01",
        "policy_digest": "sha256:9f",
    }
    ticket = fold([attrs.evolve(OPENED, **named)])

    assert named == {name: getattr(ticket, name) for name in named}


def test_a_new_ticket_keeps_the_reference_of_its_first_message() -> None:
    """A message that is sent again has the same reference, so it can be told from a new one."""
    ticket = fold([attrs.evolve(OPENED, reference="<m-0@mail>")])

    assert ("<m-0@mail>",) == ticket.message_references


@pytest.mark.parametrize(("by", "own"), [("customer", ("<0>", "<2>")), ("support", ("<2>",))])
def test_the_messages_of_the_customer_are_known(by: Party, own: tuple[str, ...]) -> None:
    """C11: a consent names a message of the customer, so a ticket lists these messages."""
    opening = attrs.evolve(OPENED, by=by, reference="<0>")
    answer = Replied(at=T0, by="vendor", reference="<1>")
    reply = attrs.evolve(answer, by="customer", reference="<2>")
    out_of_office = attrs.evolve(reply, automatic=True, reference="<3>")
    ticket = fold([opening, answer, reply, out_of_office])

    assert ("<0>", "<1>", "<2>", "<3>") == ticket.message_references
    assert own == ticket.customer_messages


@pytest.mark.parametrize(
    ("events", "problem", "found"),
    [
        ([], "empty", "no events"),
        ([Warned(at=T0, timer="r")], "not-opened", "Warned on Mon 2026-01-05 17:00 UTC+00:00"),
    ],
    ids=["nothing", "warned"],
)
def test_a_history_must_begin_with_opened(events: list[Event], problem: str, found: str) -> None:
    """No events, or another first event, raise HistoryError, which names the first event found."""
    with pytest.raises(HistoryError) as caught:
        fold(events)

    message = f"a history must begin with opened, found {found}"
    assert (problem, message) == (caught.value.problem, str(caught.value))


def test_a_second_opening_and_an_unknown_event_change_no_facts() -> None:
    """The fold refuses no event; it counts those that it cannot apply, and names unknown ones."""
    unknown = Unknown(name="teleported", schema=3, at=at(1), body='{"to":"mars"}')
    later = attrs.evolve(OPENED, at=at(2), type="refund")

    ticket = after(unknown, later)

    assert attrs.evolve(after(), version=3, at=at(2), unread=("teleported",)) == ticket


def test_an_unknown_event_of_the_host_is_not_unread() -> None:
    """An event name with a dot belongs to the host and blocks no decision."""
    ticket = after(Unknown(name="shop.synced", schema=1, at=at(1), body="{}"))

    assert () == ticket.unread


def test_a_ticket_is_frozen() -> None:
    """Folding further events leaves the earlier ticket as it was."""
    ticket = after()
    evolve(ticket, Closed(at=at(1), by="customer"))

    assert "open" == ticket.status
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        ticket.version = 7  # type: ignore[misc]


def test_folding_equals_evolving_step_by_step() -> None:
    """Folding 10,000 replies at once equals evolving step by step."""
    replies = [
        Replied(at=at(i), by="vendor" if i % 2 else "customer", text=str(i)) for i in range(10_000)
    ]
    history: list[Event] = [OPENED, *replies]

    ticket = fold(history)

    assert 10_001 == ticket.version
    assert reduce(evolve, history[1:], fold(history[:1])) == ticket
    assert (ticket, replies[-1]) == list(fold_each(history))[-1]


@pytest.mark.parametrize("cls", [*EVENTS.values(), Unknown])
def test_every_event_has_a_change(cls: type[Event]) -> None:
    """The table of changes has an entry for each class of event."""
    assert cls in CHANGES


def test_folding_a_schedule_is_its_change() -> None:
    """The fold sets the timers without a call of the registered change; the result is the same."""
    scheduled = Scheduled(at=at(1), timers=(Timer("late", at(9), T0),))
    draft = TicketDraft(**attrs.asdict(after(), recurse=False))
    CHANGES[Scheduled](draft, scheduled)

    assert draft.timers == after(scheduled).timers


_IDS = st.sampled_from(["a", "b", "c"])
_TIMERS = st.sampled_from(["s", "t"])
_OF_TIMERS: st.SearchStrategy[Event] = st.one_of(
    st.builds(
        Warned,
        at=st.sampled_from([T0, at(1)]),
        timer=_TIMERS,
        level=st.sampled_from(["a", "b"]),
    ),
    st.builds(
        Scheduled,
        at=st.just(T0),
        timers=st.tuples(st.builds(_timer, _TIMERS, st.integers(0, 1))),
        ended=st.lists(
            st.builds(EndedTimer, _TIMERS, st.just(0), st.just("met"), st.none()), max_size=1
        ).map(tuple),
    ),
    st.builds(DeadlineSet, at=st.just(T0), by=st.just("vendor"), timer=_TIMERS, due=st.just(T0)),
)
_OF_THE_REST: st.SearchStrategy[Event] = st.one_of(
    st.builds(Tagged, at=st.just(T0), by=st.just("vendor"), tag=_IDS),
    st.builds(Untagged, at=st.just(T0), by=st.just("vendor"), tag=_IDS),
    st.builds(Shared, at=st.just(T0), by=st.just("vendor"), with_person=_IDS),
    st.builds(Unshared, at=st.just(T0), by=st.just("vendor"), with_person=_IDS),
    st.builds(Replied, at=st.just(T0), by=st.just("customer"), reference=_IDS),
    st.builds(
        FieldSet,
        at=st.just(T0),
        by=st.just("vendor"),
        field=_IDS,
        kind=st.just("text"),
        value=st.none() | _IDS,
    ),
    st.builds(Linked, at=st.just(T0), by=st.just("vendor"), target=_IDS.map(_ticket)),
    st.builds(
        Split, at=st.just(T0), by=st.just("vendor"), into=_IDS, messages=st.tuples(_IDS, _IDS)
    ),
    st.builds(Cancelled, at=st.just(T0), by=st.just("vendor"), units=st.tuples(_IDS)),
    st.builds(
        Refunded,
        at=st.just(T0),
        by=st.just("vendor"),
        amount=st.just(Money(1, "EUR")),
        reference=_IDS,
    ),
    st.builds(RefundFailed, at=st.just(T0), by=st.just("vendor"), reference=_IDS),
    st.builds(
        DisputeOpened, at=st.just(T0), by=st.just("vendor"), dispute=_IDS, kind=st.just("claim")
    ),
    st.builds(
        DisputeResolved, at=st.just(T0), by=st.just("vendor"), dispute=_IDS, outcome=st.just("won")
    ),
    st.builds(Unknown, at=st.just(T0), name=_IDS, schema=st.just(1), body=st.just("{}")),
)


def _many(events: st.SearchStrategy[Event]) -> st.SearchStrategy[list[Event]]:
    return st.lists(events, min_size=MANY, max_size=MANY + 10)


@given(_many(_OF_TIMERS) | _many(_OF_THE_REST), st.lists(_IDS), st.lists(_IDS))
def test_a_long_history_folds_as_step_by_step(
    events: list[Event], tags: list[str], links: list[str]
) -> None:
    """A fold of many events gives the same tuples as single steps, also if ids repeat."""
    references = tuple(map(_ticket, links))
    opened = attrs.evolve(OPENED, tags=tuple(tags), references=references)
    step_by_step = reduce(evolve, events, evolve(None, opened))
    assert step_by_step == fold([opened, *events])
    assert step_by_step == fold(events, evolve(None, opened))
    assert reduce(evolve, events, step_by_step) == fold(events, step_by_step)


def test_a_fold_of_many_events_leaves_its_ticket_as_it_was() -> None:
    """The ticket from which a fold starts keeps its own fields and tags."""
    ticket = after(FieldSet(at=T0, by="vendor", field="a", kind="text", value="x"))
    before = attrs.evolve(ticket)
    cleared = FieldSet(at=T0, by="vendor", field="a", kind="text", value=None)
    fold([cleared] * MANY, ticket)
    assert (before, {"a": "x"}) == (ticket, ticket.fields)
