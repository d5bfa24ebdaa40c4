from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest

from support.scenario_texts import LATE_CLOSE, REFUND
from ticketcore import events as e
from ticketcore.commands import COMMANDS
from ticketcore.errors import InstantError
from ticketcore.events import EVENTS, Event, Money, Timer
from ticketcore.policies import load_policy
from ticketcore.scenarios import parse_scenario, run_scenario, timeline_of
from ticketcore.timeline import TimelineBuilder, TimelineEntry, local_time
from ticketcore.timeline._words import command_behind

AT = datetime(2026, 1, 9, 22, tzinfo=UTC)
OPENED = e.Opened(at=AT, by="customer", type="refund", zone="America/Boise")
PARTY: dict[str, Any] = {"at": AT, "by": "vendor"}


def told(event: Event) -> TimelineEntry:
    """The entry of an event right after an opening, without a policy."""
    builder = TimelineBuilder("America/Boise", lambda ticket: None)
    opening, *entries = [entry for each in (OPENED, event) for entry in builder.add(each)]
    assert "opened a ticket: refund" == opening.text
    return entries[0]


def test_a_run_is_told_with_its_rules() -> None:
    """Each entry says who did what by which rule; a refusal stands in its place."""
    entries = list(timeline_of(run_scenario(parse_scenario(REFUND + LATE_CLOSE))))
    assert [
        ("customer", "opened a ticket: refund, order MZ8X2K (49.00 USD)", "C1"),
        ("timer", "due Mon 2026-01-12 15:00", "refund (C5)"),
        ("system", "refunded 49.00 USD", "refund (C5)"),
        ("system", "closed the ticket", "refund (C5)"),
    ] == [(entry.actor, entry.text, entry.rule) for entry in entries[:4]]
    assert "refusal" == entries[4].kind
    assert entries[4].text.startswith("close refused, ticket-closed: the ticket was already")


def test_a_run_that_opens_nothing_tells_its_refusals() -> None:
    """Without a ticket and a zone, times are told in UTC."""
    step = '[[step]]\nat = 2026-01-12T10:00:00Z\ncommand = "open"\nby = "customer"\n'
    (entry,) = timeline_of(run_scenario(parse_scenario(f'policy = "clickbank"\n{step}')))
    assert "open refused, zone-required" == entry.text[:27]


@pytest.mark.parametrize(
    ("event", "what"),
    [
        (e.Replied(**PARTY, text="look\n here"), "answered: look here"),
        (e.Replied(**PARTY, interim=True), "sent an interim notice"),
        (e.Replied(**PARTY, solution=True), "answered, the matter is settled"),
        (
            e.TypeChanged(**PARTY, type="technical", consent=True),
            "changed the type from refund to technical, the customer agreed",
        ),
        (e.Escalated(**PARTY, reason="account"), "called in support: account"),
        (e.HandedBack(**PARTY), "handed the ticket back"),
        (e.Acknowledged(**PARTY), "took the ticket up"),
        (e.InfoRequested(**PARTY, text="which?"), "asked the customer for information: which?"),
        (e.Assigned(**PARTY, assignee="team"), "gave the ticket to team"),
        (e.Shared(**PARTY, with_person="p-1"), "shared the ticket with p-1"),
        (e.Unshared(**PARTY, with_person="p-1"), "ended the sharing with p-1"),
        (e.Warned(at=AT, timer="w"), "warned: the vendor's answer is awaited"),
        (e.Breached(at=AT, timer="w"), "overdue: the vendor did not answer in time"),
        (
            e.Refunded(**PARTY, amount=Money(500, "USD"), units=("u1",), awaits_confirmation=True),
            "refunded 5.00 USD for u1, to be confirmed",
        ),
        (e.RefundConfirmed(**PARTY, reference="r1"), "confirmed the refund r1"),
        (e.RefundFailed(**PARTY, reference="r1", reason="no"), "declined the refund r1: no"),
        (e.Cancelled(**PARTY, subscription=True), "ended the subscription"),
        (e.Cancelled(**PARTY, units=("u1", "u2")), "cancelled u1, u2"),
        (e.Closed(**PARTY, final=True), "closed the ticket for good"),
        (e.Closed(**PARTY, consent=True), "closed the ticket, the customer agreed"),
        (e.Closed(**PARTY, kind="withdrawn", reason="done"), "withdrew the ticket: done"),
        (
            e.Closed(**PARTY, kind="duplicate", duplicate_of="7"),
            "closed the ticket as a duplicate of 7",
        ),
        (e.Reopened(**PARTY), "reopened the ticket"),
        (e.ReviewRequested(**PARTY), "asked for a review"),
        (
            e.Reviewed(**PARTY, abuse=True),
            "reviewed the ticket and found abuse: the vendor loses the saving window",
        ),
        (e.Reviewed(**PARTY, abuse=False), "reviewed the ticket and found no abuse"),
        (
            e.DisputeOpened(**PARTY, dispute="d1", kind="claim", deadline=AT),
            "reported the claim d1, to be answered until Fri 2026-01-09 15:00",
        ),
        (e.DisputeOpened(**PARTY, dispute="d1", kind="claim"), "reported the claim d1"),
        (e.DisputeAnswered(**PARTY, dispute="d1"), "answered the dispute d1"),
        (
            e.DisputeResolved(**PARTY, dispute="d1", outcome="lost"),
            "resolved the dispute d1: lost",
        ),
        (
            e.DisputeResolved(**PARTY, dispute="d1", outcome="superseded"),
            "ended the dispute d1, another took its place",
        ),
        (e.PolicyChanged(**PARTY, policy="p", policy_version="1"), "put the ticket under p 1"),
        (
            e.Unknown(name="sung", schema=1, at=AT),
            "sung, an event that this version does not know",
        ),
    ],
)
def test_every_event_has_its_words(event: Event, what: str) -> None:
    """What happened is said in plain words."""
    assert what == told(event).text


def test_what_parties_do_has_a_command_behind_it() -> None:
    """The rule of a party's event is that of its command; what only timers do has none."""
    by_command = {name for name, cls in EVENTS.items() if "actor" in attrs.fields_dict(cls)}
    behind = {name for name in EVENTS if command_behind(_bare(name)) in COMMANDS}
    assert by_command == behind
    assert "withdraw" == command_behind(e.Closed(**PARTY, kind="withdrawn"))
    assert "mark-duplicate" == command_behind(e.Closed(**PARTY, kind="duplicate"))


def _bare(name: str) -> Event:
    """An event of that name, with any values."""
    values: dict[str, Any] = {
        field.name: PARTY.get(field.name, "x")
        for field in attrs.fields(EVENTS[name])
        if field.default is attrs.NOTHING
    }
    event: Event = EVENTS[name](**values)
    return event


def test_a_person_is_named_beside_the_party() -> None:
    """Who did it is the party, and the person where it is known."""
    assert "vendor (anna)" == told(e.Replied(**PARTY, actor="anna")).actor


def test_a_text_from_outside_moves_no_cursor_and_has_an_end() -> None:
    """Control characters are shown as what they are not, and long texts are cut."""
    what = told(e.Replied(**PARTY, text="\x1b[2J" + "x" * 500)).text
    assert r"answered: \x1b[2J" == what[:17]
    assert (200, "…") == (len(what), what[-1])


def test_a_timer_is_told_when_it_is_set_moved_and_gone() -> None:
    """Of a plan only what changed is told, each timer by the rule that it was set by."""
    policy = load_policy("clickbank")
    builder = TimelineBuilder("America/Boise", lambda ticket: policy)
    timer = Timer("refund", AT + timedelta(days=1), AT)
    later = Timer("refund", AT + timedelta(days=2), AT)
    again = Timer("refund", AT + timedelta(days=3), AT + timedelta(days=2))
    plans = [(timer,), (timer,), (later,), (again,), ()]
    list(builder.add(OPENED))
    entries = [list(builder.add(e.Scheduled(at=AT, timers=plan))) for plan in plans]
    assert [
        ["due Sat 2026-01-10 15:00"],
        [],
        ["moved, due Sun 2026-01-11 15:00"],
        ["due Mon 2026-01-12 15:00"],
        ["no longer pending"],
    ] == [[entry.text for entry in each] for each in entries]
    assert {"refund (C5)"} == {entry.rule for each in entries for entry in each}


def test_rules_of_a_party_stand_where_the_policy_gives_one() -> None:
    """Without a permission for what happened no rule is told."""
    policy = load_policy("clickbank")
    builder = TimelineBuilder("America/Boise", lambda ticket: policy)
    events = (OPENED, e.Assigned(**PARTY, assignee="x"), e.Unknown(name="sung", schema=1, at=AT))
    assert ["C1", "", ""] == [entry.rule for event in events for entry in builder.add(event)]


def test_times_of_day_are_as_exact_as_they_have_to_be() -> None:
    """Seconds and microseconds are told where there are any: one may be too late by one."""
    utc = ZoneInfo("UTC")
    assert "Fri 2026-01-09 22:00" == local_time(AT, utc)
    assert "Fri 2026-01-09 22:00:07" == local_time(AT + timedelta(seconds=7), utc)
    assert "Fri 2026-01-09 22:00:00.000001" == local_time(AT + timedelta(microseconds=1), utc)
    with pytest.raises(InstantError, match="has no date in Europe/Berlin"):
        local_time(datetime.max.replace(tzinfo=UTC), ZoneInfo("Europe/Berlin"))
