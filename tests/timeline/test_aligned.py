"""Several histories of one ticket side by side."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import attrs

from ticketcore import events as e
from ticketcore.events import Event, FieldValue, Timer
from ticketcore.policies import load_policy
from ticketcore.timeline import aligned_timelines

AT = datetime(2026, 1, 9, 22, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
OPENED = e.Opened(at=AT, by="customer", type="refund", zone="UTC")


def scheduled(*names: str, at: datetime = AT) -> e.Scheduled:
    """Return the event that lists timers of these names, all due at one instant."""
    timers = (Timer(name, AT + timedelta(days=1), AT, cycle=2) for name in names)
    return e.Scheduled(at=at, timers=tuple(timers))


def aligned(*histories: Sequence[Event]) -> list[tuple[str, str, tuple[bool, ...]]]:
    """Return the text and the rule of each entry after the opening, and where it is."""
    entries = aligned_timelines("UTC", *((events, None) for events in histories))
    return [(entry.text, entry.rule, where) for entry, where in entries[1:]]


def test_an_entry_of_several_histories_is_one() -> None:
    """An equal event at one instant is one entry, with the histories that have it."""
    replied = e.Replied(at=LATER, by="vendor")
    reopened = e.Reopened(at=LATER, by="customer")

    assert [("answered", "", (True, True)), ("reopened the ticket", "", (False, True))] == aligned(
        [OPENED, replied], [OPENED, replied, reopened]
    )


def test_the_order_of_an_openings_fields_does_not_matter() -> None:
    """Two openings with the same fields in another order are one entry."""
    fields = {name: FieldValue(kind="text", value=name) for name in ("priority", "area")}
    recorded, replayed = (
        attrs.evolve(OPENED, fields={name: fields[name] for name in order})
        for order in (("area", "priority"), ("priority", "area"))
    )
    [(opening, where)] = aligned_timelines("UTC", ([recorded], None), ([replayed], None))

    assert ("opened a ticket: refund, area area, priority priority", (True, True)) == (
        opening.text,
        where,
    )


def test_timers_with_one_deadline_are_different_entries() -> None:
    """Two timers that are set at one instant for one deadline are two entries."""
    first = [OPENED, scheduled("a"), scheduled(at=LATER)]
    second = [OPENED, scheduled("b"), scheduled(at=LATER)]
    due = "due Sat 2026-01-10 22:00"

    assert [
        (due, "a", (True, False)),
        (due, "b", (False, True)),
        ("cancelled", "a", (True, False)),
        ("cancelled", "b", (False, True)),
    ] == aligned(first, second)


def test_timers_that_act_alike_are_different_entries() -> None:
    """Two timers that remind at one instant are two entries."""
    assert [
        ("sent a reminder: the vendor has not answered yet", "a", (True, False)),
        ("sent a reminder: the vendor has not answered yet", "b", (False, True)),
    ] == aligned([OPENED, e.Warned(at=LATER, timer="a")], [OPENED, e.Warned(at=LATER, timer="b")])


def test_the_rule_ids_of_a_policy_do_not_matter() -> None:
    """An entry shows the rule ids of the last history that knows them."""
    policy = load_policy("clickbank")
    closed = e.Closed(at=LATER, by="system", timer="refund")
    events = [OPENED, scheduled("refund"), closed]
    entries = aligned_timelines("UTC", (events, None), (events, policy))

    assert [("refund (C5)", (True, True))] * 2 == [
        (each.rule, where) for each, where in entries[1:]
    ]


def test_a_record_without_timers_agrees_with_any_timer() -> None:
    """A record without timers agrees with any timer, and each assignment counts once."""
    recorded, first, second = (
        e.Assigned(at=LATER, by="system", assignee="lead", timer=timer)
        for timer in (None, "a", "b")
    )
    text = "assigned the ticket to lead"

    assert [(text, "a", (True, True)), (text, "b", (False, True))] == aligned(
        [OPENED, recorded], [OPENED, first, second]
    )
