"""A message in which nothing can be seen is no answer: for people, timers and metrics alike."""

from typing import Any

import attrs
import pytest

from support.policies.permissive_policy import at
from ticketcore.commands import Close, Open, Reply
from ticketcore.decider import decide, decide_and_apply
from ticketcore.events import Attachment, Event, Recorded, Replied
from ticketcore.inbox import TicketSummary, project
from ticketcore.metrics import answers, timer_cycles
from ticketcore.policies import load_policy
from ticketcore.ticket import fold

POLICY = load_policy("help-desk")
REOPENING = attrs.evolve(
    POLICY, closing=attrs.evolve(POLICY.closing, reply_reopens=("customer", "support"))
)
PHOTO = Attachment(
    name="photo.png", media_type="image/png", size=9, digest="sha256:" + "0" * 64, location="1"
)


def replied(by: str = "support", **values: Any) -> tuple[Event, ...]:
    """Return the history of a ticket whose customer wrote, and then this party."""
    opened = decide(None, Open(at=at(9), by="customer", text="It does not print."), POLICY)
    reply = Reply(at=at(9.5), by=by, **values)  # type: ignore[arg-type]
    return (*opened, *decide(fold(opened), reply, POLICY))


def outcomes(events: tuple[Event, ...]) -> tuple[object, ...]:
    """Return what the ticket, its summary, the timers and the metrics say about the answer."""
    ticket = fold(events)
    first_reply = next(c for c in timer_cycles(events) if c.timer.name == "first-reply")
    (answer, *_) = answers(events, POLICY)
    return ticket.answered, ticket.waiting_for, first_reply.outcome, answer.outcome


def row_of(events: tuple[Event, ...]) -> TicketSummary:
    """Return the row of the ticket in an inbox."""
    row = None
    for seq, event in enumerate(events, 1):
        row = project(row, Recorded("1", seq, event))
    assert row is not None
    return row


@pytest.mark.parametrize("text", ["", "  ", "\n\t"])
def test_a_blank_text_of_the_desk_is_no_answer(text: str) -> None:
    """A blank text of the desk is no answer: the customer still waits, and the timer runs."""
    events = replied(text=text)

    assert (False, "support", "running", "pending") == outcomes(events)
    assert at(9) == fold(events).waiting_since
    assert "support" == row_of(events).waiting_for
    assert fold(events).active_at == at(9)


@pytest.mark.parametrize(
    "values",
    [
        {"text": "."},
        {"text": "", "attachments": (PHOTO,)},
        {"text": "", "solution": True},
    ],
)
def test_anything_that_can_be_seen_is_an_answer(values: dict[str, Any]) -> None:
    """A full stop, a picture without words, and a solution are answers."""
    ticket = fold(replied(**values))

    assert (True, "customer") == (ticket.answered, ticket.waiting_for)


@pytest.mark.parametrize(("text", "is_blank"), [("\u200b", True), ("\u200bYes", False)])
def test_a_recorded_text_is_judged_by_what_can_be_seen(text: str, is_blank: bool) -> None:
    """A recorded text counts as an answer if it has a visible character."""
    assert Replied(at=at(1), by="support", text=text).is_blank == is_blank


def test_a_text_that_was_not_recorded_is_an_answer() -> None:
    """A message whose text was not recorded is an answer, since the host may keep the text."""
    assert (True, "customer", "met-in-time", "answered") == outcomes(replied())


def test_a_blank_message_reopens_no_ticket() -> None:
    """A blank message to a closed ticket is recorded, and reopens nothing."""
    closes = Close(at=at(10), by="support")
    closed, _ = decide_and_apply(fold(replied(text="Done.")), closes, REOPENING)
    ticket, events = decide_and_apply(closed, Reply(at=at(11), by="support", text=" "), REOPENING)

    assert (["replied"], "closed") == ([event.NAME for event in events], ticket.status)


def test_a_blank_notice_begins_no_new_count() -> None:
    """A blank interim notice does not end the wait for an update."""
    events = replied(text="We look into it.")
    ticket, _ = decide_and_apply(
        fold(events), Reply(at=at(10), by="support", text=" ", interim=True), POLICY
    )

    assert [at(9.5)] == [timer.since for timer in ticket.timers if timer.name == "update"]


def test_a_blank_message_of_the_customer_reaches_the_desk() -> None:
    """A blank message of the customer still reaches the desk."""
    events = replied(text="Which printer?")
    ticket, _ = decide_and_apply(fold(events), Reply(at=at(10), by="customer", text=""), POLICY)

    assert ("support", at(10)) == (ticket.waiting_for, ticket.waiting_since)
