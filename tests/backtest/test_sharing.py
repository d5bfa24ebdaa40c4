"""Policies that differ in some timers share the beginning of each replay; results stay equal."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.counting import calls_of
from support.histories.backtests import ORDER, START, hours, opened, replied
from ticketcore import events as e
from ticketcore.backtest import Replay, ReplayJob, TicketPosition
from ticketcore.backtest._sharing import difference
from ticketcore.calendar import Span
from ticketcore.errors import CalendarRangeError, TicketcoreError
from ticketcore.events import Event, History
from ticketcore.policies import Condition, Policy, load_policy, parse_policy
from ticketcore.testing.strategies import histories

DESK = load_policy("service-desk")
PRESETS = ("amazon-pay", "clickbank", "help-desk", "kaufland", "office", "webshippy")
SPANS = tuple(map(Span.parse, ("0 hours", "1 hours", "30 hours", "3 days", "2 working days")))

RULES = """
name = "{name}"
effective = 2026-01-01
default_handler = "support"
default_type = "incident"
any_type = true
zone = "UTC"
[fields.priority]
choices = ["low", "high"]
default = "low"
{rules}
[[permission]]
commands = ["open", "reply", "change-type", "close", "tag", "set-field", "add-note"]
by = ["customer", "support"]
[[timer]]
name = "answer"
when = {{ waiting_for = "support" }}
from = "waiting-since"
after = "8 hours"
effect = "breach"
[[timer]]
name = "mark"
when = {{ waiting_for = "support" }}
from = "waiting-since"
after = "10 hours"
effect = "tag"
tags = ["late"]
{timers}
[closing]
reply_reopens = ["customer"]
"""


DONE = """
[[timer]]
name = "done"
when = { solved = true }
from = "last-activity"
after = "40 hours"
effect = "close"
"""


def desk(timers: str = "", *, rules: str = "", name: str = "desk") -> Policy:
    """Return a policy that breaches and marks late answers, with more timers or rules."""
    return parse_policy(RULES.format(name=name, timers=timers, rules=rules))


def closes(after: str, when: str = "{ solved = true }") -> Policy:
    """Return a desk that closes tickets too."""
    return desk(DONE.replace("{ solved = true }", when).replace("40 hours", after))


@attrs.define
class Kept:
    """Keeps the replays of one ticket, or its error."""

    replays: Sequence[Replay] = ()
    error: TicketcoreError | None = None

    def add(self, _: TicketPosition, replays: Sequence[Replay]) -> None:
        self.replays = replays

    def add_broken(self, _: TicketPosition, __: str | None, error: TicketcoreError) -> None:
        self.error = error

    def result(self) -> "Kept":
        return self


@attrs.frozen
class One:
    """A part of a history with one ticket."""

    events: Sequence[Event]

    def units(self, _: str) -> Iterator[list[tuple[TicketPosition, History]]]:
        yield [((0, 1), History("1", tuple(self.events), 1))]


def run(events: Sequence[Event], *policies: Policy) -> Kept:
    """Replay one ticket under these policies."""
    return ReplayJob(path="", policies=policies, collect=Kept).run(One(events))  # type: ignore[arg-type]


def facts(replay: Replay) -> tuple[object, ...]:
    """Return all that a replay found."""
    return (
        replay.events,
        replay.ticket,
        replay.actions,
        replay.verdicts,
        [(r.code, r.reason, r.rule, r.command) for r in replay.refused],
        replay.no_ops,
        replay.reopened_by_replay,
        replay.type_overridden,
    )


def check(events: Sequence[Event], *policies: Policy) -> list[int]:
    """Check replays against separate ones, and return how many events they share with the first.

    `Scheduled` is not counted.
    """
    together = run(events, *policies)
    apart = [run(events, policy) for policy in policies]
    errors = [str(each.error) for each in apart if each.error is not None]
    if together.error is not None or errors:
        assert str(together.error) in errors
        return []
    for policy, alone, found in zip(policies, apart, together.replays, strict=True):
        assert policy is found.policy
        assert facts(alone.replays[0]) == facts(found)
    return [
        sum(not isinstance(event, e.Scheduled) for event in replay.events[: replay.shared])
        for replay in together.replays
    ]


@st.composite
def variants(draw: st.DrawFn, base: Policy) -> Policy:
    """Draw a policy with other timers: other spans and conditions, fewer, in another order."""
    timers = list(base.timers)
    for place in draw(st.lists(st.integers(0, len(timers) - 1), min_size=1, max_size=3)):
        match draw(st.sampled_from(("after", "when", "drop", "swap", "levels"))):
            case "after" if isinstance(timers[place].after, Span):
                span = draw(st.sampled_from(SPANS))
                calendar = timers[place].calendar if span.working else None
                timers[place] = attrs.evolve(timers[place], after=span, calendar=calendar)
            case "when":
                other = draw(st.sampled_from(timers)).when
                timers[place] = attrs.evolve(timers[place], when=other)
            case "drop":
                timers[place] = attrs.evolve(timers[place], when=Condition(), name="another")
            case "swap":
                other_place = draw(st.integers(0, len(timers) - 1))
                timers[place], timers[other_place] = timers[other_place], timers[place]
            case _:
                timers[place] = attrs.evolve(timers[place], levels=())
    name = draw(st.sampled_from((base.name, "copy")))
    return attrs.evolve(base, name=name, timers=tuple(timers))


@pytest.mark.no_cover
@pytest.mark.parametrize("preset", [*PRESETS, "desk"])
def test_replays_together_equal_replays_apart(preset: str) -> None:
    """Events, ticket, verdicts and refusals are the same, whichever timers differ."""
    base = closes("30 hours") if preset == "desk" else load_policy(preset)

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(histories(base, max_commands=6), st.lists(variants(base), min_size=1, max_size=3))
    def together(events: tuple[Event, ...], others: list[Policy]) -> None:
        check(events, base, *others)

    together()


def test_all_before_the_first_differing_timer_is_shared() -> None:
    """The policies share the opening, the reply and the solution, but not the deadline."""
    events = [opened(), replied(1, "support"), replied(2, "support", solution=True)]

    assert [0, 3] == check(events, closes("30 hours"), closes("40 hours"))


def test_a_timer_of_one_policy_alone_counts_too() -> None:
    """A timer that only one of the policies has ends the shared part, whichever policy it is."""
    events = [opened(), replied(2, "support", solution=True)]

    assert [0, 2] == check(events, desk(), closes("30 hours"))
    assert [0, 2] == check(events, closes("30 hours"), desk())


def test_nothing_is_replayed_again_if_the_timer_never_applies() -> None:
    """A timer that never applies leaves all firings shared, even after the last action."""
    base, *others = [closes(f"{span} hours") for span in range(30, 130)]
    events = [opened(), replied(1, "support"), replied(9, "customer")]
    check(events, base, *others)

    [first, *rest] = run(events, base, *others).replays
    assert {"answer", "mark"} == {
        x.timer for x in first.events if isinstance(x, e.Breached | e.Tagged)
    }
    assert {len(first.events)} == {replay.shared for replay in rest}
    one = calls_of(lambda: run(events, base))
    many = calls_of(lambda: run(events, base, *others))
    assert many - one < 0.25 * one * len(others)


def test_variants_of_the_second_policy_share_with_it() -> None:
    """Policies that share nothing with the first follow the second, with the same results."""
    first = desk(rules="[roles.lead]")
    events = [opened(), replied(1, "support"), replied(2, "support", solution=True)]

    assert [0, 0, 3, 3] == check(events, first, *map(closes, ("30 hours", "40 hours", "5 days")))


def test_a_replay_that_follows_another_one_leads_none() -> None:
    """A policy cannot follow a replay that itself follows another one."""
    first = desk()
    answer, mark = first.timers
    second = attrs.evolve(first, timers=(attrs.evolve(answer, after=SPANS[2]),))
    third = attrs.evolve(first, timers=(mark, answer))
    assert difference(second, third) is not None
    assert difference(first, third) is None

    assert [0, 1, 0] == check([opened(), replied(1, "support")], first, second, third)


def test_a_timer_that_applies_from_the_opening_leaves_the_opening_shared() -> None:
    """Policies whose different timers apply from the opening on still share the opening."""
    events = [opened(), replied(1, "support")]

    assert [0, 1] == check(
        events, closes("1 hours", "{ status = 'open' }"), closes("2 hours", "{ status = 'open' }")
    )


def test_a_timer_that_fires_before_an_action_may_make_another_one_apply() -> None:
    """A timer that fires between two actions can make another one apply: the sharing ends."""
    events = [opened(), replied(20, "support"), replied(30, "customer")]
    marked = "{ tags = 'late' }"

    assert [0, 1] == check(events, closes("1 hours", marked), closes("5 hours", marked))


def test_a_state_between_two_events_of_a_step_counts() -> None:
    """A timer that applies only between two events of one step ends the sharing, too."""
    again = """
[[timer]]
name = "again"
when = { tags = "late" }
from = "waiting-since"
after = "10 hours"
effect = "tag"
tags = ["very-late"]
"""
    one, two = (
        desk(f"""{again}
[[timer]]
name = "between"
when = {{ tags = "late" }}
unless = {{ tags = "very-late" }}
from = "opened"
after = "{after}"
effect = "breach"
""")
        for after in ("10 hours", "90 hours")
    )

    assert [0, 1] == check([opened(), replied(20, "support")], one, two)


def test_names_and_texts_of_policies_may_differ() -> None:
    """Policies with other names and texts share the replay; each opening names its own policy."""
    base, other = closes("30 hours"), attrs.evolve(closes("40 hours"), name="copy", title="Copy")
    events = [opened(), replied(1, "support"), replied(2, "support", solution=True)]

    assert [0, 3] == check(events, base, other)
    first, second = run(events, base, other).replays
    assert first.ticket is not None
    assert second.ticket is not None
    assert ("desk", "copy") == (first.ticket.policy, second.ticket.policy)


def test_a_refused_opening_is_refused_by_each_policy() -> None:
    """Each policy refuses the opening by itself, because the refusal may name the policy."""
    events = [opened(by="vendor"), replied(1, "support", solution=True)]

    assert [0, 0] == check(events, DESK, load_policy("service-desk", values=_after("48 hours")))


def test_what_follows_a_refusal_or_a_contradiction_is_replayed_by_each_policy() -> None:
    """After a refusal, or an overturned closing, each policy is replayed by itself."""
    base, other = closes("30 hours"), closes("40 hours")
    refused = [opened(), replied(1, "vendor"), replied(2, "support", solution=True)]
    silent = """
[[timer]]
name = "silent"
when = { waiting_for = "customer" }
from = "last-activity"
after = "5 hours"
effect = "close"
"""
    returned = [opened(), replied(1, "support"), replied(9, "customer")]

    assert [0, 1] == check(refused, base, other)
    assert [0, 2] == check(returned, desk(silent), desk(silent + DONE))


def test_commands_that_change_nothing_are_shared_too() -> None:
    """Commands that change nothing are shared, and the replay of each policy lists them."""
    events = [
        opened(),
        e.FieldSet(at=hours(1), by="support", field="priority", kind="text", value="low"),
        replied(2, "support", solution=True),
    ]
    check(events, closes("30 hours"), closes("40 hours"))

    replays = run(events, closes("30 hours"), closes("40 hours")).replays
    assert [["set-field"], ["set-field"]] == [replay.no_ops for replay in replays]


def test_a_corrected_dispute_keeps_the_other_deadlines() -> None:
    """Correcting a dispute recomputes only its own deadline, under each policy."""
    policy = load_policy("amazon-pay")
    [claim] = [t for t in policy.timers if t.since == "dispute-opened"][:1]
    other = attrs.evolve(
        policy,
        timers=tuple(attrs.evolve(t, after=SPANS[3]) if t is claim else t for t in policy.timers),
    )
    kind = sorted(claim.dispute_kinds)[0]
    order = attrs.evolve(ORDER, sold_at=START - timedelta(days=1))
    events = [
        opened(type=policy.default_type or next(iter(policy.types)), order=order, vendor="shop"),
        e.DisputeOpened(at=hours(1), by="system", dispute="D1", kind=kind, amount=order.amount),
        e.DisputeCorrected(at=hours(2), by="system", dispute="D1", deadline=hours(90)),
    ]
    check(events, policy, other)


def test_policies_that_differ_in_other_rules_share_nothing() -> None:
    """Policies that differ in permissions, fields, windows or payments share no replay."""
    base = closes("30 hours")
    first, *timers = base.timers
    refunds = load_policy("clickbank")
    unpaid = attrs.evolve(
        refunds,
        timers=tuple(
            attrs.evolve(t, effect="close") if t.effect == "refund" else t for t in refunds.timers
        ),
    )
    window = 'order = true\nwindows = { customer = "9 days" }\nwindow_checked = "when-due"\n'
    due = desk(rules=f"[types.refund]\n{window}")

    assert frozenset() == difference(base, base)
    assert frozenset([timers[-1].when]) == difference(base, closes("40 hours"))
    assert None is difference(base, attrs.evolve(base, permissions=base.permissions[:0]))
    assert None is difference(base, attrs.evolve(base, timers=(*timers, first)))
    assert None is difference(refunds, unpaid)
    assert None is difference(due, due)
    assert [0, 0] == check([opened()], base, attrs.evolve(base, any_type=False, types={}))


def test_an_error_of_one_policy_is_that_of_its_ticket() -> None:
    """A deadline beyond the supported years breaks the ticket under that policy only."""
    rules = '[calendars.office]\nhours = "mon-fri 09:00-17:00"\n'
    near, far = (
        desk(
            DONE.replace('"40 hours"', f'"{days} working days"\ncalendar = "office"'), rules=rules
        )
        for days in (1, 25000)
    )
    events = [opened(), replied(2, "support", solution=True)]

    assert [] == check(events, near, far)
    assert isinstance(run(events, near, far).error, CalendarRangeError)


def _after(span: str) -> dict[str, str]:
    return {"timer.resolved.after": span}
