"""The entries of a timeline: actors, rules, and timers that were set, moved or cancelled."""

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest

from ticketcore import events as e
from ticketcore.commands import Reply
from ticketcore.errors import RefusedError
from ticketcore.events import Event, Timer
from ticketcore.policies import Language, Policy, load_policy
from ticketcore.timeline import TimelineBuilder, TimelineEntry

AT = datetime(2026, 1, 9, 22, tzinfo=UTC)
OPENED = e.Opened(at=AT, by="customer", type="refund", zone="America/Boise")
PARTY: dict[str, Any] = {"at": AT, "by": "vendor"}


def entry(event: Event) -> TimelineEntry:
    """Return the entry of an event after an opening, without a policy."""
    builder = TimelineBuilder("America/Boise", lambda ticket: None)
    list(builder.add(OPENED))
    (added,) = builder.add(event)
    return added


def test_an_entry_names_the_party_and_the_person() -> None:
    """The actor of an entry is the party, with the person in brackets if known."""
    assert "vendor (anna)" == entry(e.Replied(**PARTY, actor="anna")).actor
    assert "vendor" == entry(e.Replied(**PARTY)).actor


def test_an_entry_of_the_system_has_its_kind() -> None:
    """Events of parties and of the system have different kinds of entries."""
    assert "party" == entry(e.Replied(**PARTY)).kind
    assert "system" == entry(e.Warned(at=AT, timer="w")).kind


@pytest.mark.parametrize(
    ("policy", "late"),
    [
        (load_policy("help-desk"), "breached: the deadline passed"),
        (None, "breached: still waiting for the customer"),
    ],
)
def test_a_resolution_is_not_late_because_the_customer_is_awaited(
    policy: Policy | None, late: str
) -> None:
    """A deadline that passes in a pause is not laid to the party that is awaited meanwhile.

    Without a policy nothing is known but the party that the ticket waits for.
    """
    builder = TimelineBuilder("UTC", lambda ticket: policy)
    opened = attrs.evolve(OPENED, default_handler="support")
    for event in (opened, e.InfoRequested(at=AT, by="support")):
        list(builder.add(event))
    fired = [e.Breached(at=AT, timer="resolution"), e.Warned(at=AT, timer="silence")]

    assert [late, "sent a reminder: the customer has not answered yet"] == [
        entry.text for event in fired for entry in builder.add(event)
    ]


def test_without_a_policy_a_timer_has_no_rule_ids() -> None:
    """Without a policy, the rule of a timer's event is the timer's name."""
    assert "reminder" == entry(e.Warned(at=AT, timer="reminder")).rule


def test_a_level_stands_behind_its_timer() -> None:
    """A timeline shows the level behind its timer, since a timer may have several."""
    assert "silence, second" == entry(e.Warned(at=AT, timer="silence", level="second")).rule


def test_a_timer_has_an_entry_when_it_is_set_moved_and_cancelled() -> None:
    """A timer has an entry when it is set, moved and cancelled.

    The entry is labelled as when the timer was set. A timer that leaves the list without a word of
    how it ended was cancelled. A new cycle that counts from the same instant is set, not moved.
    """
    policy = load_policy("clickbank")
    builder = TimelineBuilder("America/Boise", lambda ticket: policy)
    timer = Timer("refund", AT + timedelta(days=1), AT, cycle=2)
    later = Timer("refund", AT + timedelta(days=2), AT, cycle=2)
    again = Timer("refund", AT + timedelta(days=3), AT, cycle=5)
    plans = [(timer,), (timer,), (later,), (again,), ()]
    list(builder.add(OPENED))
    entries = [list(builder.add(e.Scheduled(at=AT, timers=plan))) for plan in plans]
    assert [
        ["due Sat 2026-01-10 15:00"],
        [],
        ["moved, due Sun 2026-01-11 15:00"],
        ["due Mon 2026-01-12 15:00"],
        ["cancelled"],
    ] == [[entry.text for entry in each] for each in entries]
    assert {"refund (C5)"} == {entry.rule for each in entries for entry in each}


def test_the_end_of_a_timer_says_how_it_ended() -> None:
    """The entry says whether the timer was met or cancelled, by an event or a condition."""
    builder = TimelineBuilder("UTC", lambda ticket: None)
    timers = [Timer(name, AT + timedelta(days=1), AT, cycle=2) for name in "abc"]
    ended = (
        e.EndedTimer("a", 2, "met", cause="replied"),
        e.EndedTimer("b", 2, "cancelled", cause="closed"),
        e.EndedTimer("c", 2, "cancelled"),
    )
    list(builder.add(OPENED))
    list(builder.add(e.Scheduled(at=AT, timers=tuple(timers))))
    entries = list(builder.add(e.Scheduled(at=AT, timers=(), ended=ended)))

    assert [("a", "met: replied"), ("b", "cancelled: closed"), ("c", "cancelled")] == [
        (entry.rule, entry.text) for entry in entries
    ]


def test_the_rule_of_a_party_is_that_of_its_permission() -> None:
    """An event that no permission of the policy allows, or that is unknown, has no rule."""
    policy = load_policy("clickbank")
    builder = TimelineBuilder("America/Boise", lambda ticket: policy)
    events = (OPENED, e.Assigned(**PARTY, assignee="x"), e.Unknown(name="sung", schema=1, at=AT))
    assert ["C1", "", ""] == [entry.rule for event in events for entry in builder.add(event)]


def test_a_refusal_has_its_reason_and_its_rule() -> None:
    """The entry has the sentence of the refusal, and the rule that refused."""
    builder = TimelineBuilder("America/Boise", lambda ticket: None)
    command = Reply(at=AT, by="customer")
    refused = builder.add_refusal(
        RefusedError("ticket-closed", "the ticket is closed", command=command, rule="C10")
    )

    assert (
        "refusal",
        "customer",
        "reply refused, ticket-closed: the ticket is closed",
        "C10",
    ) == (
        refused.kind,
        refused.actor,
        refused.text,
        refused.rule,
    )


def test_a_deadline_that_has_passed_gets_no_further_entry() -> None:
    """A deadline that has passed gets no second entry while its timer stays listed."""
    builder = TimelineBuilder("America/Boise", lambda ticket: None)
    timer = Timer("answer", AT, AT - timedelta(days=1))
    other = Timer("close", AT + timedelta(days=1), AT - timedelta(days=1))
    passed = Timer("answer", AT, AT - timedelta(days=1), passed=True)
    for event in (OPENED, e.Scheduled(at=AT, timers=(timer,)), e.Breached(at=AT, timer="answer")):
        list(builder.add(event))
    added = [
        [entry.rule for entry in builder.add(e.Scheduled(at=AT, timers=timers))]
        for timers in ((passed, other), (passed,), ())
    ]

    assert [["close"], ["close"], []] == added


def test_a_deadline_that_has_passed_and_is_met_says_so() -> None:
    """A passed deadline has an entry if it is met later, but not if cancelled or met by itself."""
    builder = TimelineBuilder("UTC", lambda ticket: None)
    passed = tuple(Timer(name, AT, AT - timedelta(days=1), passed=True) for name in "abc")
    at_once = (e.EndedTimer("c", 0, "met", cause="closed"),)
    later = (e.EndedTimer("a", 0, "met", cause="replied"), e.EndedTimer("b", 0, "cancelled"))
    plans = (
        e.Scheduled(at=AT, timers=passed),
        e.Scheduled(at=AT, timers=passed[:2], ended=at_once),
        e.Scheduled(at=AT + timedelta(hours=1), timers=(), ended=later),
    )
    list(builder.add(OPENED))
    _, *added = [[(entry.rule, entry.text) for entry in builder.add(event)] for event in plans]

    assert [[], [("a", "met after the deadline: replied")]] == added


def test_the_policy_says_its_names_in_a_language() -> None:
    """The help desk has German words for its fields; English ones are the names themselves."""
    policy = load_policy("help-desk")
    opened = e.Opened(at=AT, by="customer", type="question", zone="UTC")
    set_high = e.FieldSet(at=AT, by="support", field="priority", kind="text", value="high")

    def texts(language: Language) -> list[str]:
        builder = TimelineBuilder("UTC", lambda _: policy, language=language)
        return [each.text for event in (opened, set_high) for each in builder.add(event)]

    assert ["opened a ticket: question", "set priority to high"] == texts("en")
    assert ["opened a ticket: question", "set Priorität to hoch"] == texts("de")
