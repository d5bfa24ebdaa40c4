"""The decider beyond the rules of any one system: promises, versions, repeats, refusals."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest

from ticketcore import commands as c
from ticketcore.decider import (
    advance,
    advance_ticket,
    available_commands,
    decide,
    decide_and_apply,
    plan,
)
from ticketcore.errors import (
    CalendarRangeError,
    InstantError,
    NaiveDatetimeError,
    PolicyError,
    RefusedError,
    UnknownTimerError,
    WrongPolicyError,
)
from ticketcore.events import Event, Money, Order, Rescheduled, Scheduled, Timer, Unit
from ticketcore.policies import Policy, load_policy, parse_policy
from ticketcore.ticket import Ticket

T0 = datetime(2026, 1, 5, 9, tzinfo=UTC)  # a Monday
EVERYBODY = '["customer", "vendor", "support", "system"]'
ALL = ", ".join(f'"{do}"' for do in c.COMMANDS)
BASE = f"""
name = "base"
effective = 2026-01-01
zone = "UTC"
default_type = "request"
[types.request]
[types.other]
[disputes.claim]
[[permission]]
commands = [{ALL}]
by = {EVERYBODY}
"""
ORDER = Order(
    number="O-1",
    sold_at=T0,
    amount=Money.parse("100.00 EUR"),
    units=(Unit(id="u1"), Unit(id="u2")),
)


def policy_of(text: str, **changes: str) -> Policy:
    """A policy on which everybody may do everything, and what the test adds."""
    base = BASE
    for name, value in changes.items():
        base = base.replace(f"{name} = ", f"{name} = {value} #")
    return parse_policy(base + text)


def timer(name: str, effect: str, after: str = "24 hours", since: str = "opened") -> str:
    """One timer of a policy file."""
    return f'[[timer]]\nname="{name}"\nfrom="{since}"\nafter="{after}"\neffect="{effect}"\n'


def at(hours: float) -> datetime:
    """Hours after the opening."""
    return T0 + timedelta(hours=hours)


def opened(policy: Policy, **facts: Any) -> Ticket:
    """A ticket that a customer opened."""
    return decide_and_apply(None, c.Open(at=T0, by="customer", **facts), policy)[0]


def names(events: tuple[Event, ...]) -> list[str]:
    """What happened, by the names of the classes."""
    return [type(event).__name__ for event in events]


def refusal(ticket: Ticket | None, command: c.Command, policy: Policy) -> RefusedError:
    """How a command is refused."""
    with pytest.raises(RefusedError) as caught:
        decide(ticket, command, policy)
    assert caught.value.command is command
    return caught.value


PLAIN = policy_of("")


def test_what_is_not_opened_cannot_be_acted_on() -> None:
    """No ticket: refused. A second opening: refused too, unless it is the same one repeated."""
    assert "not-opened" == refusal(None, c.Close(at=T0, by="customer"), PLAIN).code
    ticket = opened(PLAIN)
    assert () == decide(ticket, c.Open(at=T0, by="customer"), PLAIN)
    assert "already-opened" == refusal(ticket, c.Open(at=at(1), by="vendor"), PLAIN).code


def test_time_does_not_run_backwards() -> None:
    """A command from before the last event is refused."""
    ticket = decide_and_apply(opened(PLAIN), c.Reply(at=at(2), by="vendor"), PLAIN)[0]
    late = attrs.evolve(PLAIN, name="late")

    assert "out-of-order" == refusal(ticket, c.Close(at=at(1), by="vendor"), PLAIN).code
    assert "out-of-order" == refusal(ticket, c.ChangePolicy(at=at(1), by="vendor"), late).code


def test_a_ticket_is_decided_by_its_own_policy() -> None:
    """C21: a command, and a due timer, under another policy or version is an error of the host."""
    policy = policy_of(timer("close", "close"))
    other = policy_of(timer("close", "close"), effective="2026-02-01")
    ticket = opened(policy)

    with pytest.raises(WrongPolicyError, match="base 2026-01-01, not by base 2026-02-01"):
        decide(ticket, c.Reply(at=at(1), by="vendor"), other)
    with pytest.raises(WrongPolicyError):
        advance(ticket, other, at(30))
    assert () == advance(ticket, other, at(1))


def test_a_ticket_without_a_policy_goes_by_any() -> None:
    """An imported ticket that names no policy is decided by the one at hand."""
    ticket = attrs.evolve(opened(PLAIN), policy=None, policy_version=None)

    assert ["Replied"] == names(decide(ticket, c.Reply(at=at(1), by="vendor"), PLAIN))


def test_a_ticket_of_no_version_goes_by_none() -> None:
    """An imported ticket that names a policy alone is put under a version first."""
    ticket = attrs.evolve(opened(PLAIN), policy_version=None)

    with pytest.raises(WrongPolicyError, match="by the policy base, not by base 2026-01-01:"):
        decide(ticket, c.Reply(at=at(1), by="vendor"), PLAIN)
    assert ["PolicyChanged"] == names(decide(ticket, c.ChangePolicy(at=T0, by="support"), PLAIN))


def test_a_timer_that_the_policy_lost_is_an_error_when_it_falls_due() -> None:
    """A file that was edited without a new date is found out, and nothing is guessed."""
    ticket = opened(policy_of(timer("close", "close")))

    with pytest.raises(UnknownTimerError, match="policy base 2026-01-01 has no timer 'close'"):
        advance(ticket, PLAIN, at(24))


def test_a_timer_of_no_dispute_concedes_none() -> None:
    """Nor where the edited file has one of its name that would."""
    ticket = opened(policy_of(timer("claim", "warn")))
    edited = policy_of(
        timer("claim", "lose-dispute", since="dispute-opened") + 'when.dispute_kind = "claim"\n'
    )

    with pytest.raises(UnknownTimerError, match="policy base 2026-01-01 has no timer 'claim'"):
        advance(ticket, edited, at(25))


def test_a_promise_moves_only_by_replan() -> None:
    """A changed rule of the same version does not move what was promised; Reschedule does."""
    first, second = policy_of(timer("w", "warn")), policy_of(timer("w", "warn", "48 hours"))
    ticket, _ = decide_and_apply(opened(first), c.Reply(at=at(1), by="vendor"), second)

    assert (Timer("w", at(24), T0),) == ticket.timers == plan(ticket, second, at(2))
    assert (Timer("w", at(48), T0),) == plan(ticket, second, at(2), anew=True)
    command = c.Reschedule(at=at(2), by="support", actor="ann", command_id="c-1")
    assert (
        Rescheduled(at=at(2), by="support", actor="ann", command_id="c-1"),
        Scheduled(at=at(2), command_id="c-1", timers=(Timer("w", at(48), T0),)),
    ) == decide(ticket, command, second)
    assert () == decide(ticket, c.Reschedule(at=at(2), by="support"), first)


def test_a_promise_is_not_made_for_the_past() -> None:
    """What would have been due before is due at once, and stamped and recorded so."""
    slow, fast = policy_of(timer("w", "warn", "48 hours")), policy_of(timer("w", "warn", "1 hour"))
    ticket, events = decide_and_apply(opened(slow), c.Reschedule(at=at(5), by="support"), fast)

    expected = [(name, at(5)) for name in ("Rescheduled", "Scheduled", "Warned")]
    assert expected == [(type(e).__name__, e.at) for e in events]
    assert Scheduled(at=at(5), timers=(Timer("w", at(5), T0),)) == events[1]
    assert () == ticket.timers


def test_a_plan_is_in_utc_wherever_it_is_asked_for() -> None:
    """What was due before is due at the instant of asking; one without a zone is refused."""
    slow, fast = policy_of(timer("w", "warn", "48 hours")), policy_of(timer("w", "warn", "1 hour"))
    (planned,) = plan(opened(slow), fast, at(5).astimezone(ZoneInfo("Asia/Tokyo")), anew=True)

    assert (at(5), UTC) == (planned.due, planned.due.tzinfo)
    with pytest.raises(NaiveDatetimeError):
        plan(opened(slow), fast, at(5).replace(tzinfo=None))


def test_a_ticket_is_put_under_another_version() -> None:
    """ChangePolicy records the new one and plans anew, after the old one's timers have fired."""
    old = policy_of(timer("w", "warn"))
    new = policy_of(timer("w", "warn", "48 hours"), effective="2026-02-01")
    ticket = opened(old)
    change = c.ChangePolicy(at=at(25), by="support")

    assert "timers-due" == refusal(ticket, change, new).code
    assert "timers-due" == refusal(ticket, attrs.evolve(change, at=at(24)), new).code
    advanced = advance_ticket(ticket, old, at(25))[0]
    assert ["PolicyChanged"] == names(decide(advanced, change, new))
    moved, events = decide_and_apply(ticket, attrs.evolve(change, at=at(3)), new)
    assert ["PolicyChanged", "Scheduled"] == names(events)
    assert ("2026-02-01", (Timer("w", at(48), T0),)) == (moved.policy_version, moved.timers)
    assert () == decide(moved, attrs.evolve(change, at=at(4)), new)


def test_a_timer_can_call_support_in() -> None:
    """The effect escalate passes handling and turn to support, as the system."""
    policy = policy_of(timer("help", "escalate", since="waiting-since"))
    ticket = advance_ticket(opened(policy), policy, at(30))[0]

    assert ("support", "support", T0) == (ticket.handler, ticket.waiting_for, ticket.active_at)


def test_an_answer_at_the_due_instant_is_in_time() -> None:
    """Breached begins after the due instant, a time-out at it; both are stamped there."""
    late = timer("late", "breach", since="waiting-since") + 'when = { waiting_for = "vendor" }\n'
    policy = policy_of(late + timer("w", "warn"))
    ticket = opened(policy)

    assert ["Warned"] == names(advance(ticket, policy, at(24)))
    assert ["Warned", "Breached"] == names(advance(ticket, policy, at(24.001)))
    in_time = decide(ticket, c.Reply(at=at(24), by="vendor"), policy)
    assert ["Warned", "Replied", "Scheduled"] == names(in_time)


def test_several_with_one_name_are_alternatives() -> None:
    """Of several timers with one name, the first that applies counts."""
    policy = policy_of(
        timer("w", "warn", "1 hour")
        + 'when = { type = "other" }\n'
        + timer("w", "warn", "2 hours")
    )

    assert (Timer("w", at(2), T0),) == opened(policy).timers
    assert (Timer("w", at(1), T0),) == opened(policy, type="other").timers
    assert (Timer("w", at(2), T0),) == plan(opened(policy), policy, T0)


def test_a_timer_may_count_from_the_closing() -> None:
    """What counts from the closing runs on a closed ticket only."""
    policy = policy_of(timer("forget", "warn", since="closed"))
    ticket = decide_and_apply(opened(policy), c.Close(at=at(1), by="vendor"), policy)[0]

    assert () == opened(policy).timers
    assert (Timer("forget", at(25), at(1)),) == ticket.timers


def test_a_deadline_beyond_all_dates_is_an_error() -> None:
    """A hundred working years end after the last date that calendars reach."""
    week = '[calendars.week]\nhours = "mon-fri 09:00-17:00"\n'
    with pytest.raises(CalendarRangeError):
        opened(policy_of(timer("w", "warn", "36525 working days") + 'calendar = "week"\n' + week))


@pytest.mark.parametrize(
    "span",
    [
        "101 years",
        "1201 months",
        "5219 weeks",
        "36526 days",
        "99999999 hours",
        "36526 working days",
    ],
)
@pytest.mark.parametrize("key", ["after", "then"])
def test_a_span_beyond_all_calendars_is_a_mistake_of_the_file(span: str, key: str) -> None:
    """Found when the policy is checked, and not when the first ticket is opened."""
    rule = timer("w", "warn", span if key == "after" else "1 hour")
    rule += f'then = ["1 day", "{span}"]\n' if key == "then" else ""
    message = rf'{key}(\[1\])?: "{span}" is more than a hundred years'
    with pytest.raises(PolicyError, match=message):
        policy_of(rule + 'calendar = "week"\n[calendars.week]\nhours = "mon-fri 09:00-17:00"\n')


@pytest.mark.parametrize(
    ("given", "granted"),
    [
        ({}, True),
        ({"text": "other words"}, False),
        ({"text": None}, False),
        ({"zone": "Europe/Rome"}, False),
        ({"zone": "UTC"}, True),
        ({"type": "other"}, False),
        ({"actor": "anna"}, False),
    ],
)
def test_an_opening_counts_once_and_another_is_refused(
    given: dict[str, Any], granted: bool
) -> None:
    """Sent again it does nothing; one with other facts is another ticket's."""
    ticket = opened(PLAIN, text="words")
    again = c.Open(**{"at": T0, "by": "customer", "text": "words", **given})
    if granted:
        assert () == decide(ticket, again, PLAIN)
        return
    with pytest.raises(RefusedError) as caught:
        decide(ticket, again, PLAIN)
    assert "already-opened" == caught.value.code


@pytest.mark.parametrize("at", [date(2026, 1, 1), "tomorrow", None, datetime(2026, 1, 1)])  # noqa: DTZ001
def test_time_goes_on_to_an_instant(at: Any) -> None:
    """A date, a text, or a time without an offset is none."""
    with pytest.raises((InstantError, NaiveDatetimeError)):
        advance(opened(PLAIN), PLAIN, at)


OPENINGS: list[tuple[Policy, dict[str, Any], str]] = [
    (PLAIN, {"type": "wish"}, "unknown-type"),
    (PLAIN, {"zone": "Mars/Base"}, "unknown-zone"),
    (PLAIN, {"zone": "localtime"}, "unknown-zone"),  # calendars have none of that name
    (PLAIN, {"zone": "right/UTC"}, "unknown-zone"),
    (PLAIN, {"units": ("u9",), "order": ORDER}, "unknown-unit"),
    (PLAIN, {"units": ("u9",)}, "unknown-unit"),
    (policy_of("", default_type='"other"'), {"type": "wish"}, "unknown-type"),
    (policy_of('[storefronts.de]\nzone = "Europe/Berlin"\n'), {}, "unknown-storefront"),
    (policy_of('[opening]\nrequired = ["subject"]\n'), {}, "field-required"),
    (policy_of('[categories.a]\nsubcategories = ["b"]\n'), {"category": "c"}, "unknown-category"),
    (
        policy_of('[categories.a]\nsubcategories = ["b"]\n'),
        {"category": "a", "subcategory": "c"},
        "unknown-subcategory",
    ),
    (
        parse_policy(BASE.replace('zone = "UTC"', 'reasons = ["r"]')),
        {"reason": "s", "zone": "UTC"},
        "unknown-reason",
    ),
    (
        policy_of('[opening]\npossible_duplicates = "refuse"\n'),
        {"possible_duplicates": ("41", "42")},
        "possible-duplicate",
    ),
    (parse_policy(BASE.replace('zone = "UTC"', "")), {}, "zone-required"),
    (parse_policy(BASE.replace('default_type = "request"', "")), {}, "type-required"),
]


@pytest.mark.parametrize("case", range(len(OPENINGS)), ids=lambda i: f"{i}-{OPENINGS[i][2]}")
def test_an_opening_must_make_sense(case: int) -> None:
    """What cannot be had, or is not known, is refused with a code of its own."""
    policy, facts, code = OPENINGS[case]
    assert code == refusal(None, c.Open(at=T0, by="customer", **facts), policy).code


def test_a_policy_may_take_any_type() -> None:
    """With any_type, a type that the file does not name is a type like any other."""
    policy = parse_policy("any_type = true\n" + BASE)

    assert "Category 55" == opened(policy, type="Category 55").type


def test_possible_duplicates_are_reported() -> None:
    """O4: a second ticket for the same problem is opened, and says which may be the first."""
    assert ("41",) == opened(PLAIN, possible_duplicates=("41",)).opened.possible_duplicates


def test_a_storefront_gives_its_zone() -> None:
    """The storefront's zone is the ticket's unless another is given."""
    policy = policy_of('[storefronts.de]\nzone = "Europe/Berlin"\n')

    assert "Europe/Berlin" == opened(policy, storefront="de").opened.zone


def test_a_permission_may_depend_on_the_ticket() -> None:
    """Nobody's permission, another party's, and one whose condition fails, read differently."""
    policy = parse_policy(
        BASE[: BASE.index("[[permission]]")]
        + '[[permission]]\ncommands = "open"\nby = "customer"\n'
        + '[[permission]]\ncommands = "close"\nby = "customer"\nwhen = { type = "other" }\nrule = "X1"\n'
    )
    ticket = opened(policy)

    now = refusal(ticket, c.Close(at=at(1), by="customer"), policy)
    assert ("not-permitted", "X1") == (now.code, now.rule)
    assert (
        'not-permitted: customer may not use "close" in the present state of the ticket (X1)'
        == str(now)
    )
    assert "allowed: customer" in refusal(ticket, c.Close(at=at(1), by="vendor"), policy).reason
    assert "allowed: nobody" in refusal(ticket, c.Reply(at=at(1), by="vendor"), policy).reason


MONEY = policy_of("[refunds]\npartial = true\nrequires_confirmation = true\nmax_refunds = 2\n")


def refund(reference: str, amount: str | None = None, **more: Any) -> c.Refund:
    """A refund on request by the vendor."""
    money = None if amount is None else Money.parse(amount)
    return c.Refund(at=at(1), by="vendor", reference=reference, amount=money, **more)


def test_refunds_that_cannot_be() -> None:
    """No order, a foreign unit, another currency, nothing, too much, and a used reference."""
    ticket = opened(MONEY, order=ORDER)
    once = decide_and_apply(ticket, refund("a", "60.00 EUR"), MONEY)[0]

    assert "order-required" == refusal(opened(MONEY), refund("a"), MONEY).code
    assert "unknown-unit" == refusal(ticket, refund("a", units=("u9",)), MONEY).code
    assert "currency-differs" == refusal(ticket, refund("a", "1.00 USD"), MONEY).code
    assert "nothing-to-refund" == refusal(ticket, refund("a", "0.00 EUR"), MONEY).code
    assert "cap-exceeded" == refusal(once, refund("b", "40.01 EUR"), MONEY).code
    assert "reference-conflict" == refusal(once, refund("a", "1.00 EUR"), MONEY).code
    assert () == decide(once, refund("a", "60.00 EUR"), MONEY)
    whole = policy_of("")
    assert (
        "partial-not-allowed"
        == refusal(opened(whole, order=ORDER), refund("a", "1.00 EUR"), whole).code
    )


def test_a_refund_is_confirmed_or_fails_once() -> None:
    """What is settled stays so; what failed may be tried again, and counts for nothing."""
    ticket = decide_and_apply(opened(MONEY, order=ORDER), refund("a"), MONEY)[0]
    confirm = c.ConfirmRefund(at=at(2), by="support", reference="a")
    fail = c.FailRefund(at=at(2), by="support", reference="a")
    done, failed = (
        decide_and_apply(ticket, confirm, MONEY)[0],
        decide_and_apply(ticket, fail, MONEY)[0],
    )

    assert () == decide(done, confirm, MONEY)
    assert "refund-settled" == refusal(done, fail, MONEY).code
    assert "refund-settled" == refusal(failed, confirm, MONEY).code
    assert "unknown-refund" == refusal(ticket, attrs.evolve(fail, reference="z"), MONEY).code
    retry = attrs.evolve(refund("a"), at=at(3))
    assert "reference-conflict" == refusal(failed, retry, MONEY).code
    again = attrs.evolve(refund("b"), at=at(3))
    assert 10_000 == decide_and_apply(failed, again, MONEY)[0].refunded


def test_refunds_are_counted() -> None:
    """A4: with at most two refunds, the third is refused."""
    ticket = opened(MONEY, order=ORDER)
    for reference in "ab":
        ticket = decide_and_apply(ticket, refund(reference, "1.00 EUR"), MONEY)[0]

    assert "too-many-refunds" == refusal(ticket, refund("c", "1.00 EUR"), MONEY).code


def test_a_decided_dispute_has_paid_the_customer() -> None:
    """Money does not leave twice: after a dispute for the customer nothing is refunded."""
    ticket = opened(MONEY, order=ORDER)
    claim = c.OpenDispute(at=at(1), by="customer", dispute="d", kind="claim")
    ticket = decide_and_apply(ticket, claim, MONEY)[0]
    resolve = c.ResolveDispute(at=at(1), by="support", dispute="d", outcome="lost")
    decided = decide_and_apply(ticket, resolve, MONEY)[0]

    assert "already-reimbursed" == refusal(decided, refund("a"), MONEY).code
    assert (
        "unknown-dispute-kind"
        == refusal(ticket, attrs.evolve(claim, dispute="e", kind="x"), MONEY).code
    )
    assert "unknown-dispute" == refusal(ticket, attrs.evolve(resolve, dispute="e"), MONEY).code
    assert "dispute-settled" == refusal(decided, attrs.evolve(resolve, outcome="won"), MONEY).code
    assert () == decide(decided, resolve, MONEY)


@pytest.mark.parametrize("hours", [[], [24]])
def test_the_clocks_need_an_offset(hours: list[int]) -> None:
    """An instant without one is refused, whether or not a timer is pending."""
    ticket = attrs.evolve(
        opened(PLAIN), timers=tuple(Timer(name="t", due=at(h), since=T0) for h in hours)
    )

    with pytest.raises(NaiveDatetimeError):
        advance(ticket, PLAIN, datetime(2026, 1, 5))  # noqa: DTZ001


def test_cancelled_units_are_cancelled_once() -> None:
    """K5: units cancelled before stay out of a later cancellation."""
    ticket = decide_and_apply(
        opened(PLAIN, order=ORDER), c.Cancel(at=at(1), by="vendor", units=("u1",)), PLAIN
    )[0]
    both = c.Cancel(at=at(2), by="vendor", units=("u1", "u2"))

    assert ("u1", "u2") == decide_and_apply(ticket, both, PLAIN)[0].cancelled_units
    assert () == decide(ticket, attrs.evolve(both, units=("u1",)), PLAIN)


def test_reopening_within_a_span() -> None:
    """Reopening may be limited, the last instant included; an open ticket is open already."""
    policy = parse_policy(
        BASE.replace('"reopen", ', "")
        + '[[permission]]\ncommands = "reopen"\nby = "customer"\nwithin = "2 days"\nrule = "X2"\n'
    )
    closed = decide_and_apply(opened(policy), c.Close(at=at(1), by="vendor"), policy)[0]
    reopen = c.Reopen(at=at(49), by="customer", text="again")

    assert ["Reopened"] == names(decide(closed, reopen, policy))
    late = refusal(closed, attrs.evolve(reopen, at=at(49.001)), policy)
    assert ("window-passed", "X2") == (late.code, late.rule)
    assert () == decide(opened(policy), reopen, policy)


def test_a_reply_may_reopen() -> None:
    """Where the policy says so, a customer's word reopens a closed ticket."""
    policy = policy_of('[closing]\nreply_reopens = ["customer"]\n')
    closed = decide_and_apply(opened(policy), c.Close(at=at(1), by="support"), policy)[0]

    assert ["Reopened", "Replied"] == names(
        decide(closed, c.Reply(at=at(2), by="customer"), policy)
    )
    assert "ticket-closed" == refusal(closed, c.Reply(at=at(2), by="vendor"), policy).code


REPEATED: list[c.Command] = [
    c.Reply(at=at(1), by="vendor", text="hello"),
    c.RequestInfo(at=at(1), by="vendor", text="which?"),
    c.ChangeType(at=at(1), by="customer", type="other"),
    c.Escalate(at=at(1), by="vendor"),
    c.Acknowledge(at=at(1), by="vendor"),
    c.Assign(at=at(1), by="vendor", assignee="team"),
    c.Share(at=at(1), by="customer", with_person="ann"),
    c.Close(at=at(1), by="customer"),
    c.Withdraw(at=at(1), by="customer"),
    c.MarkDuplicate(at=at(1), by="support", of="42"),
    c.OpenDispute(at=at(1), by="customer", dispute="d", kind="claim"),
]


@pytest.mark.parametrize("command", REPEATED, ids=lambda command: command.NAME)
def test_sent_twice_a_command_does_nothing(command: c.Command) -> None:
    """What is already so yields no events."""
    ticket, events = decide_and_apply(opened(PLAIN), command, PLAIN)

    assert events
    assert () == decide(ticket, command, PLAIN)


def test_options_are_what_the_decider_says() -> None:
    """C20: each party's options carry what would come of them, needs included."""
    policy = load_policy("clickbank")
    ticket = decide_and_apply(
        None,
        c.Open(at=T0, by="customer", type="refund", order=ORDER, zone="Europe/Rome"),
        policy,
    )[0]

    listed = {o.command.NAME: o for o in available_commands(ticket, "vendor", policy, at(1))}
    assert ("allowed", ("consent",)) == (listed["close"].state, listed["close"].requires)
    assert ["Closed"] == names(listed["close"].events)
    assert "refused" == listed["refund"].state
    assert "nothing-to-do" == listed["reopen"].state
    probe = c.Open(at=T0, by="customer", order=ORDER, zone="Europe/Rome")
    page = {
        o.command.type: o.state
        for o in available_commands(None, "customer", policy, T0, opening=probe)
    }  # type: ignore[union-attr]
    assert {"refund": "allowed", "cancellation": "refused", "technical": "allowed"} == page


def test_options_go_on_while_money_and_disputes_are_pending() -> None:
    """What awaits an outcome is listed with it."""
    ticket = decide_and_apply(opened(MONEY, order=ORDER), refund("a", "1.00 EUR"), MONEY)[0]
    claim = c.OpenDispute(at=at(2), by="customer", dispute="d", kind="claim")
    ticket = decide_and_apply(ticket, claim, MONEY)[0]

    listed = {
        option.command.NAME for option in available_commands(ticket, "support", MONEY, at(3))
    }
    assert {"confirm-refund", "fail-refund", "answer-dispute", "resolve-dispute"} <= listed
    settled = decide_and_apply(
        ticket, c.ConfirmRefund(at=at(2), by="support", reference="a"), MONEY
    )[0]
    resolved = c.ResolveDispute(at=at(2), by="support", dispute="d", outcome="won")
    settled = decide_and_apply(settled, resolved, MONEY)[0]
    rest = {option.command.NAME for option in available_commands(settled, "support", MONEY, at(3))}
    assert set() == rest & {"confirm-refund", "answer-dispute"}
    any_type = parse_policy(
        "any_type = true\n" + BASE.replace("[types.request]\n[types.other]\n", "")
    )
    assert 1 == len(available_commands(None, "customer", any_type, T0))
