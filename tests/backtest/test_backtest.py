"""Backtests of small histories, whose reports are worked out by hand."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from ticketcore import events as e
from ticketcore.backtest import BacktestReport, backtest
from ticketcore.backtest._actions import actions_of
from ticketcore.backtest._replay import Replay
from ticketcore.events import Event, History, write_histories
from ticketcore.policies import Policy, PolicyVersions, load_policy, parse_policy
from ticketcore.testing.strategies import histories

START = datetime(2026, 1, 5, 9, tzinfo=UTC)  # a Monday
DESK = load_policy("service-desk")
CLICKBANK = load_policy("clickbank")
ORDER = e.Order(number="1", sold_at=START, amount=e.Money(4900, "USD"))


def hours(count: float) -> datetime:
    """An instant, counted from the beginning."""
    return START + timedelta(hours=count)


def opened(**facts: Any) -> e.Opened:
    """An opening by the customer at the beginning."""
    usual: dict[str, Any] = {"at": START, "by": "customer", "type": "incident", "zone": "UTC"}
    return e.Opened(**usual | facts)


def said(at: float, by: e.Party, *, solution: bool = False) -> e.Replied:
    """An answer, so many hours later."""
    return e.Replied(at=hours(at), by=by, solution=solution)


def run(
    tmp_path: Path, *tickets: Sequence[Any], policy: Policy | PolicyVersions = DESK, **options: Any
) -> BacktestReport:
    """Backtest a history of these tickets, named T1, T2, …"""
    path = tmp_path / "history.jsonl"
    write_histories(path, [(f"T{n}", events) for n, events in enumerate(tickets, 1)])
    return backtest(path, policy, workers=1, **options)


def counts(report: BacktestReport, name: str) -> tuple[int, int, int, int, int]:
    """Of one timer: set, fired, ended, contradicted, confirmed."""
    (timer,) = (timer for timer in report.timers if timer.name == name)
    return timer.set, timer.fired, timer.ended_early, timer.overturned, timer.confirmed


def refusals(report: BacktestReport) -> list[tuple[str, str, str, int, str]]:
    """What was refused, how often, and in which ticket first."""
    return [(r.code, r.command, r.by, r.count, r.ticket) for r in report.refusals]


def test_a_silent_ticket_is_closed_by_its_timer(tmp_path: Path) -> None:
    """After the last action a ticket runs in silence until nothing is pending."""
    report = run(tmp_path, [opened(), said(1, "support", solution=True)])
    assert (1, 1, 0, 0, 0) == counts(report, "resolved")
    assert (1, 2, 2, 0) == (report.tickets, report.events, report.actions, report.no_ops)
    assert (START, hours(1)) == (report.first, report.last)


def test_a_timer_that_fires_twice_at_one_instant_fired_twice(tmp_path: Path) -> None:
    """Counted from two instants, of which both are over at the next opening."""
    policy = parse_policy(
        'name = "desk"\neffective = 2024-01-01\nzone = "UTC"\ndefault_type = "request"\n'
        '[types.request]\n[calendars.work]\nhours = "mon-fri 09:00-17:00"\n'
        '[[permission]]\ncommands = "open"\nby = "customer"\n'
        '[[timer]]\nname = "call-in"\nfrom = "waiting-since"\nafter = "0 minutes"\ncalendar = "work"\n'
        'roll = "forward"\neffect = "escalate"\n'
    )
    report = run(tmp_path, [opened(at=hours(12), type="request")], policy=policy)

    assert (2, 2, 0, 0, 0) == counts(report, "call-in")


def test_an_action_ends_a_promise_before_it_fires(tmp_path: Path) -> None:
    """The customer says that it is not solved; nothing is pending then."""
    report = run(tmp_path, [opened(), said(1, "support", solution=True), said(2, "customer")])
    assert (1, 0, 1, 0, 0) == counts(report, "resolved")


def test_who_comes_back_contradicts_the_timer_and_the_replay_goes_on(tmp_path: Path) -> None:
    """The policy's own rule reopens the ticket here, and the next solution is timed again."""
    back = [said(200, "customer"), said(201, "support", solution=True)]
    report = run(tmp_path, [opened(), said(1, "support", solution=True), *back])
    assert (2, 2, 0, 1, 0) == counts(report, "resolved")
    assert (2, 1, []) == (report.fired, report.overturned, refusals(report))


def test_facts_win_where_the_policy_would_not_reopen(tmp_path: Path) -> None:
    """ClickBank takes no reply to a closed ticket: in the replay it is reopened first."""
    ticket = [opened(type="technical"), said(400, "vendor"), said(401, "vendor")]
    report = run(tmp_path, ticket, policy=CLICKBANK)
    assert (1, 1, 0, 1, 0) == counts(report, "vendor-silent-close")
    assert (2, 1, 1, 0, 0) == counts(report, "customer-silent-close")
    assert [] == refusals(report)


def test_a_reopening_is_a_fact_whatever_the_policy_permits(tmp_path: Path) -> None:
    """Nobody may reopen at ClickBank; somebody did, so the vendor owes an answer again."""
    ticket = [opened(type="technical"), e.Reopened(at=hours(400), by="customer")]
    report = run(tmp_path, ticket, policy=CLICKBANK)
    assert (2, 2, 0, 1, 0) == counts(report, "vendor-silent-close")
    assert [] == refusals(report)


def test_a_fact_that_is_refused_on_the_reopened_ticket_too_is_counted(tmp_path: Path) -> None:
    """The reopening stays: a person acted as on a live ticket."""
    ticket = [opened(type="technical"), e.Escalated(at=hours(400), by="customer")]
    report = run(tmp_path, ticket, policy=CLICKBANK)
    assert (2, 2, 0, 1, 0) == counts(report, "vendor-silent-close")
    assert [("not-permitted", "escalate", "customer", 1, "T1")] == refusals(report)


def test_who_closes_what_a_timer_closed_confirms_it(tmp_path: Path) -> None:
    """Closed twice is closed once, and confirmed once; who acts afterwards contradicts it."""
    solved = [opened(), said(1, "support", solution=True)]
    closings = [e.Closed(at=hours(200), by="support"), e.Closed(at=hours(201), by="customer")]
    report = run(tmp_path, [*solved, *closings], [*solved, *closings, said(202, "customer")])
    assert (2, 2, 0, 1, 1) == counts(report, "resolved")
    assert [] == refusals(report)


def test_who_closes_a_refunded_ticket_contradicts_the_refund(tmp_path: Path) -> None:
    """C10: closing the ticket would have kept the money, had it come in time."""
    ticket = [opened(type="refund", order=ORDER), e.Closed(at=hours(30), by="customer")]
    report = run(tmp_path, ticket, policy=CLICKBANK)
    assert (1, 1, 0, 1, 0) == counts(report, "refund")


def test_acting_on_a_ticket_that_a_person_closed_is_refused_and_done(tmp_path: Path) -> None:
    """No timer is contradicted, the refusal is counted, and facts win all the same."""
    ticket = [opened(type="technical"), e.Closed(at=hours(1), by="vendor"), said(2, "customer")]
    report = run(tmp_path, [*ticket, said(3, "vendor")], policy=CLICKBANK)
    assert [("ticket-closed", "reply", "customer", 1, "T1")] == refusals(report)
    assert (1, 1, 0, 0, 0) == counts(report, "customer-silent-close")


def test_a_second_closing_by_another_person_does_not_reopen(tmp_path: Path) -> None:
    """It is refused, and the ticket stays closed."""
    closings = [e.Closed(at=hours(1), by="vendor"), e.Closed(at=hours(2), by="customer")]
    report = run(tmp_path, [opened(type="technical"), *closings], policy=CLICKBANK)
    assert [("ticket-closed", "close", "customer", 1, "T1")] == refusals(report)
    assert (1, 0, 1, 0, 0) == counts(report, "vendor-silent-close")


def test_what_a_closed_ticket_takes_contradicts_nothing(tmp_path: Path) -> None:
    """A review may be asked for of a closed ticket: it stays closed."""
    ticket = [opened(type="technical"), e.ReviewRequested(at=hours(400), by="customer")]
    report = run(tmp_path, ticket, policy=CLICKBANK)
    assert (1, 1, 0, 0, 0) == counts(report, "vendor-silent-close")


def test_refused_on_a_closed_ticket_for_another_reason(tmp_path: Path) -> None:
    """A review by the customer is not permitted, open or closed: a mere refusal."""
    ticket = [
        opened(type="technical"),
        e.Reviewed(at=hours(400), by="customer", abuse=False),
        e.Reviewed(at=hours(401), by="customer", abuse=False),
    ]
    report = run(tmp_path, ticket, ticket, policy=CLICKBANK)
    assert [("not-permitted", "review", "customer", 4, "T1")] == refusals(report)
    assert 4 == report.refused
    assert (2, 2, 0, 0, 0) == counts(report, "vendor-silent-close")


def test_an_opening_that_is_refused_leaves_the_ticket_out(tmp_path: Path) -> None:
    """ClickBank has no refund without an order; what follows is refused as well."""
    ticket = [opened(type="refund"), said(1, "vendor")]
    report = run(tmp_path, ticket, policy=CLICKBANK)
    assert (1, 1, 0) == (report.tickets, report.not_opened, report.fired)
    assert ["not-opened", "order-required"] == sorted(r.code for r in report.refusals)


def test_what_the_system_did_is_not_replayed(tmp_path: Path) -> None:
    """Recorded timers and closings are for the policy's own timers to bring about, or not."""
    ticket = [
        opened(),
        e.Scheduled(at=START),
        e.Warned(at=hours(1), timer="x"),
        e.Unknown(name="x", schema=1, at=hours(1)),
        e.Closed(at=hours(2), by="system"),
        said(3, "support"),
    ]
    report = run(tmp_path, ticket, compare_recorded=True)
    assert (2, 0, []) == (report.actions, report.fired, refusals(report))
    assert report.closings is not None
    assert (1, 0) == (report.closings.only_recorded, report.closings.both)


def test_an_action_that_changes_nothing_is_counted(tmp_path: Path) -> None:
    """The same answer at the same instant is the same answer."""
    report = run(tmp_path, [opened(), said(1, "support"), said(1, "support")])
    assert (3, 1) == (report.actions, report.no_ops)


def test_types(tmp_path: Path) -> None:
    """The recorded type, the default where the policy lacks it, or the one that is asked for."""
    incident, refund = [opened()], [opened(type="refund", order=ORDER)]
    report = run(tmp_path, incident, refund, policy=CLICKBANK)
    assert (1, 1, 1) == (
        report.type_overridden,
        counts(report, "vendor-silent-close")[0],
        counts(report, "refund")[0],
    )
    report = run(tmp_path, incident, refund, policy=CLICKBANK, ticket_type="technical")
    assert (2, "technical") == (report.type_overridden, report.ticket_type)
    assert 2 == counts(report, "vendor-silent-close")[0]


def test_a_policy_without_a_default_refuses_unknown_types(tmp_path: Path) -> None:
    """Nothing is taken for something else unless a file or a person says so."""
    policy = parse_policy(
        'name = "strict"\neffective = 2020-01-01\n[types.request]\n'
        '[[permission]]\ncommands = "open"\nby = "customer"\n'
    )
    report = run(tmp_path, [opened()], policy=policy)
    assert ["unknown-type"] == [refusal.code for refusal in report.refusals]


def test_the_version_in_force_at_the_opening_decides(tmp_path: Path) -> None:
    """C21: a book picks by the opening date. Before the first version a ticket is broken."""
    later = load_policy("clickbank-24-7")
    day = timedelta(days=1)
    dates = [datetime.combine(p.effective, datetime.min.time(), UTC) for p in (CLICKBANK, later)]
    at = [dates[0] - 2 * day, dates[0] + day, dates[1] + day]
    book = PolicyVersions.of(CLICKBANK, later)
    report = run(tmp_path, *([opened(at=when)] for when in at), policy=book)
    assert (f"clickbank {CLICKBANK.version}", f"{later.name} {later.version}") == report.policy
    assert (2, 1) == (report.tickets, report.broken)
    assert [("T1", 1)] == [(broken.ticket, broken.line) for broken in report.broken_examples]


def test_closings_against_the_record(tmp_path: Path) -> None:
    """Within an hour, earlier, later; the differences' quantiles are simulated less recorded."""
    solved = [opened(), said(0, "support", solution=True)]
    recorded = [119, 120, 121, 122, 100]
    tickets = [[*solved, e.Closed(at=hours(at), by="system")] for at in recorded]
    report = run(tmp_path, *tickets, solved, [opened()], compare_recorded=True)
    closings = report.closings
    assert closings is not None
    assert (3, 1, 1) == (closings.within_hour, closings.earlier, closings.later)
    assert (1, 0, 1) == (closings.only_simulated, closings.only_recorded, closings.neither)
    assert [-7200, 0, 20 * 3600] == [
        lag.total_seconds() for q in (0.05, 0.5, 0.95) if (lag := closings.quantile(q)) is not None
    ]
    assert {"0.05": -7200, "0.25": -3600, "0.5": 0, "0.75": 3600, "0.95": 72000} == (
        report.to_json()["closings"]["quantiles"]
    )


def test_no_closing_in_common_has_no_quantile(tmp_path: Path) -> None:
    """There is nothing to measure, and nothing is made up."""
    report = run(tmp_path, [opened()], compare_recorded=True)
    assert [None] * 5 == list(report.to_json()["closings"]["quantiles"].values())


def test_the_report_as_json(tmp_path: Path) -> None:
    """Instants as in histories, errors as sentences; closings only where they were compared."""
    report = run(
        tmp_path,
        [
            opened(type="x", at=hours(1)),
            e.Refunded(at=hours(2), by="support", amount=e.Money(1, "EUR")),
        ],
    ).to_json()
    assert json.loads(json.dumps(report)) == report | {
        "policy": list(report["policy"]),
        "timers": list(report["timers"]),
        "refusals": list(report["refusals"]),
        "broken_examples": [],
    }
    assert ("2026-01-05T10:00:00.000000Z", None) == (report["first"], report["closings"])
    assert ["not-permitted"] == [refusal["code"] for refusal in report["refusals"]]


def test_what_reopened_a_ticket_counts_on_it() -> None:
    """The answer that found it closed starts its timer anew, and it closes a second time."""
    solution: Any = {"by": "support", "solution": True}
    answers = [e.Replied(at=START + timedelta(days=days), **solution) for days in (0, 9)]
    replay = Replay(History("1", (opened(), *answers), 1), DESK, None)
    for step in (replay.begin, replay.open, replay.act, replay.finish):
        step()

    assert [START + timedelta(days=days) for days in (5, 14)] == [at for _, at, _ in replay.fired]
    assert replay.ticket is not None
    assert replay.ticket.last_message == answers[1]


def test_a_refusal_holds_on_to_nothing_that_it_passed() -> None:
    """A log may hold many: each would keep its ticket's frames until it is counted."""
    events = (opened(), e.Escalated(at=START, by="customer"))
    replay = Replay(History("1", events, 1), CLICKBANK, None)
    for step in (replay.begin, replay.open, replay.act):
        step()

    assert [("not-permitted", None)] == [(r.code, r.__traceback__) for r in replay.refused]


POLICIES = [load_policy(name) for name in ("clickbank", "kaufland", "amazon-pay", "webshippy")]


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_a_policy_agrees_with_what_it_decided_itself(policy: Policy) -> None:
    """No refusal and no contradiction; the timers fire as recorded, and at rest none is pending,
    so that every promise has fired or was ended."""

    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
    @given(histories(policy, max_commands=5))
    def check(events: tuple[Event, ...]) -> None:
        replay = Replay(History("1", events, 1), policy, None)
        for step in (replay.begin, replay.open, replay.act, replay.finish):
            step()
        assert [] == [str(refusal) for refusal in replay.refused]
        assert {} == replay.verdicts
        last = events[-1].at
        assert _fired(events, last) == {firing for firing in replay.fired if firing[1] < last}
        assert len(set(replay.fired)) == len(replay.fired) <= len(replay.timers_set)
        assert replay.ticket is not None
        assert () == replay.ticket.timers

    check()


def _fired(events: Sequence[Any], before: datetime) -> set[tuple[str, datetime, str | None]]:
    """The firings that a history holds: a timer's events share their instant."""
    return {
        (event.timer, event.at, getattr(event, "dispute", None))
        for event in events
        if getattr(event, "timer", None) is not None and event.at < before
    }


def test_every_event_of_a_person_has_its_command() -> None:
    """All that a party can do is replayed; what has no command is what only the system records,
    and the change to another policy, which is what a backtest tries itself."""
    from ticketcore.backtest._actions import _COMMANDS

    without = {name for name, cls in e.EVENTS.items() if cls not in _COMMANDS}
    assert {"scheduled", "warned", "breached", "policy-changed"} == without


def test_an_unreadable_history_is_an_oserror(tmp_path: Path) -> None:
    """Nothing is reported about a file that is not there."""
    with pytest.raises(FileNotFoundError):
        backtest(tmp_path / "none.jsonl", DESK)


def test_consequences_are_no_facts() -> None:
    """A reply brings about the reopening before it, one dispute the end of another, and a timer
    its own decision; but what a bank did, and the system reported, is a fact."""
    events = [
        opened(),
        e.Reopened(at=hours(1), by="customer"),
        said(1, "customer"),
        e.Reopened(at=hours(2), by="customer"),
        e.DisputeResolved(at=hours(3), by="vendor", dispute="1", outcome="superseded"),
        e.DisputeResolved(at=hours(3), by="system", dispute="2", outcome="lost", timer="x"),
        e.DisputeResolved(at=hours(3), by="system", dispute="3", outcome="won"),
        e.DisputeOpened(at=hours(3), by="system", dispute="4", kind="claim"),
    ]
    asked = [fact.NAME for fact in actions_of(events, str)]
    assert ["open", "reply", "reopen", "resolve-dispute", "open-dispute"] == asked


def test_each_kind_of_closing_has_its_command() -> None:
    """Withdrawn, a duplicate, or simply closed."""
    closings = [
        e.Closed(at=START, by="customer", kind="withdrawn"),
        e.Closed(at=START, by="vendor", kind="duplicate", duplicate_of="7"),
        e.Closed(at=START, by="vendor"),
    ]
    asked = [fact.NAME for fact in actions_of([opened(), *closings], str)]
    assert ["open", "withdraw", "mark-duplicate", "close"] == asked
