"""A forecast has the events that come if nobody acts, and the last instants of commands."""

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest

from support.counting import calls_of
from support.orders.hosts import ONE, TWO, OrderHost, hours, order_of
from support.policies.permissive_policy import T0, at
from support.policies.small_policies import opened, policy_of
from ticketcore import commands as c
from ticketcore.calendar import Span
from ticketcore.decider import advance, decide_and_apply
from ticketcore.errors import (
    CalendarRangeError,
    NewerHistoryError,
    OrderNotAdvancedError,
    WrongPolicyError,
)
from ticketcore.forecast import Forecast, forecast
from ticketcore.policies import Policy, load_policy, parse_policy
from ticketcore.ticket import Ticket, fold

TICK = timedelta(microseconds=1)
ANSWER = """
[[timer]]
name = "answer"
when = { waiting_for = "vendor" }
from = "waiting-since"
after = "8 hours"
met_by = "replied"
effect = "breach"
"""
STRICT = """
name = "strict"
effective = 2026-01-01
zone = "UTC"
default_type = "request"
[types.request]
[[permission]]
commands = "open"
by = "customer"
"""
SILENCE = """
[[timer]]
name = "silence"
from = "last-activity"
after = "24 hours"
effect = "close"
"""


def happened(found: Forecast) -> list[tuple[str, float]]:
    """Return the name of each event, with its hour."""
    return [(event.NAME, (event.at - T0) / timedelta(hours=1)) for event in found.events]


def until(found: Forecast, command: str, by: str = "vendor") -> dict[str, tuple[Any, str]]:
    """Return for each timer or level the last instant of a party's command, and how it helps."""
    return {
        action.firing.level or action.firing.timer: (action.until, action.help)
        for action in found.actions
        if (action.command.NAME, action.command.by) == (command, by)
        and not getattr(action.command, "solution", False)
        and not getattr(action.command, "interim", False)
    }


def test_the_future_is_told_to_its_end() -> None:
    """A forecast lists all events until no timer is pending."""
    policy = policy_of(ANSWER + SILENCE)
    found = forecast(opened(policy), policy)

    assert [("breached", 8), ("closed", 24), ("scheduled", 24)] == happened(found)
    assert [("answer", at(8)), ("silence", at(24))] == [
        (firing.timer, firing.at) for firing in found.firings
    ]
    assert [["breached"], ["closed", "scheduled"]] == [
        [event.NAME for event in firing.events] for firing in found.firings
    ]
    assert ("open", "closed", True) == (found.ticket.status, found.end.status, found.is_complete)


def test_an_answer_at_the_due_instant_is_in_time() -> None:
    """A breach fires just after its due instant, so that an answer at it is in time."""
    policy = policy_of(ANSWER + SILENCE)
    found = forecast(opened(policy), policy)

    assert {
        "answer": (at(8), "meets"),
        "silence": (at(24) - TICK, "restarts"),
    } == until(found, "reply")
    assert {"answer": (at(8), "cancels"), "silence": (at(24) - TICK, "cancels")} == until(
        found, "close"
    )
    assert {} == until(found, "add-note")
    assert {} == until(found, "set-deadline") == until(found, "snooze")


def test_commands_are_dated_at_their_last_instants_and_can_be_decided() -> None:
    """A forecast lists commands by the firings, each dated at its last instant."""
    policy = policy_of(ANSWER + SILENCE)
    ticket = opened(policy)
    found = forecast(ticket, policy)

    assert [action.command.at for action in found.actions] == [
        action.until for action in found.actions
    ]
    instants = [(action.firing.at, action.until) for action in found.actions]
    assert sorted(instants) == instants
    for action in found.actions:
        decide_and_apply(ticket, action.command, policy)


def test_a_timer_that_is_paused_does_not_fire() -> None:
    """A pause that begins before the due instant prevents the firing."""
    policy = policy_of(
        '[fields.hold]\ntype = "yes-no"\ndefault = false\n'
        "[pauses.hold]\nwhen = { fields.hold = true }\n"
        + ANSWER.replace("met_by", 'pauses = "hold"\nmet_by')
    )
    ticket = opened(policy)
    held = c.SetField(at=at(2), by="vendor", field="hold", value="yes")
    paused = forecast(decide_and_apply(ticket, held, policy)[0], policy)

    assert {"answer": (at(8) - TICK, "pauses")} == until(forecast(ticket, policy), "set-field")
    assert ((), (), True) == (paused.events, paused.actions, paused.is_complete)


def test_a_change_of_target_helps_only_if_the_deadline_moves_on() -> None:
    """A change of target helps only if the deadline moves to a later instant."""
    policy = policy_of(
        '[fields.priority]\nchoices = ["low", "normal", "high"]\ndefault = "normal"\n'
        + ANSWER.replace(
            'after = "8 hours"',
            'after_by = "fields.priority"\n'
            'after = { low = "20 hours", normal = "8 hours", high = "2 hours" }\n'
            'on_target_change = "recalculate"',
        )
        + '[[timer.level]]\nname = "soon"\nused = "50 %"\neffect = "warn"\n'
    )
    found = forecast(opened(policy), policy)

    assert [("low", "soon", at(4) - TICK), ("low", None, at(8))] == [
        (getattr(action.command, "value", None), action.firing.level, action.until)
        for action in found.actions
        if (action.command.NAME, action.command.by) == ("set-field", "vendor")
    ]
    assert {"soon": (at(4) - TICK, "moves"), "answer": (at(8), "moves")} == until(
        found, "set-field"
    )


def test_a_level_can_be_disabled_and_a_later_timer_prevented() -> None:
    """A command can prevent a level, and the timer that the level would start."""
    policy = policy_of(
        '[fields.team]\nchoices = ["first", "second"]\ndefault = "first"\n'
        '[fields.keep]\ntype = "yes-no"\ndefault = false\n'
        + ANSWER
        + '[[timer.level]]\nname = "handed-on"\nused = "50 %"\neffect = "set-field"\n'
        'fields = { team = "second" }\nunless = { fields.keep = true }\n'
        '[[timer]]\nname = "second-team"\nwhen = { fields.team = "second" }\nfrom = "applied"\n'
        'after = "1 hours"\neffect = "breach"\n'
    )
    found = forecast(opened(policy), policy)
    helps = {
        (action.firing.level or action.firing.timer, action.help, action.until)
        for action in found.actions
        if getattr(action.command, "field", None) == "keep" and action.command.by == "vendor"
    }

    assert [("handed-on", 4), ("second-team", 5), ("answer", 8)] == [
        (firing.level or firing.timer, (firing.at - T0) / timedelta(hours=1))
        for firing in found.firings
    ]
    assert {
        ("handed-on", "disables", at(4) - TICK),
        ("second-team", "prevents", at(4) - TICK),
    } == helps


def instants_of(found: Forecast, command: str, timer: str) -> list[tuple[float, float]]:
    """Return the hour of each firing of a timer or level, and that until which a command helps."""
    hour = timedelta(hours=1)
    found_once = {
        ((action.firing.at - T0) / hour, round((action.until - T0) / hour, 6))
        for action in found.actions
        if action.command.NAME == command
        and timer == (action.firing.level or action.firing.timer)
        and not getattr(action.command, "solution", False)
        and not getattr(action.command, "interim", False)
    }
    return sorted(found_once)


def test_each_reminder_has_its_actions() -> None:
    """Each repetition of a reminder has its own actions and last instants."""
    policy = policy_of(
        ANSWER + '[[timer.level]]\nname = "reminder"\nevery = "2 hours"\ntimes = 2\n'
    )
    ticket = opened(policy)
    later = fold(advance(ticket, policy, at(2)), ticket)
    found = forecast(ticket, policy)

    assert [(2, 2), (4, 4)] == instants_of(found, "reply", "reminder")
    assert {"reminder": (at(4) - TICK, "meets"), "answer": (at(8), "meets")} == until(
        found, "reply"
    )
    assert until(found, "reply") == until(forecast(later, policy), "reply")


def test_an_action_that_is_possible_early_helps_against_later_firings_too() -> None:
    """A withdrawal that is possible early prevents all later reminders too."""
    window = '[[permission]]\ncommands = "withdraw"\nby = "customer"\nfrom = "opened"\n'
    policy = parse_policy(
        f"""{STRICT}{window}within = "3 hours"
        [[timer]]
        name = "answer"
        from = "opened"
        after = "8 hours"
        effect = "breach"
        [[timer.level]]
        name = "reminder"
        every = "2 hours"
        times = 3
        """
    )
    found = forecast(opened(policy), policy)

    assert [(2, 2), (4, 3), (6, 3)] == instants_of(found, "withdraw", "reminder")
    assert [(8, 3)] == instants_of(found, "withdraw", "answer")


def test_the_search_ends_after_a_number_of_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the search ends, the first firings have all their actions, the later ones none."""
    policy = policy_of(
        ANSWER + '[[timer.level]]\nname = "reminder"\nevery = "1 hours"\ntimes = 7\n'
    )
    whole = forecast(opened(policy), policy)
    monkeypatch.setattr("ticketcore.forecast._actions.MAX_FORECAST_STEPS", 3_000)
    part = forecast(opened(policy), policy)

    assert (8, 8) == (len(whole.firings), whole.searched)
    assert whole.firings == part.firings
    assert 0 < part.searched < 8
    searched = part.firings[: part.searched]
    assert part.actions == tuple(each for each in whole.actions if each.firing in searched)


@pytest.mark.parametrize("more", ["choices", "firings"])
def test_the_work_of_the_search_is_bounded(more: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four times as many commands, or firings, cost less than twice the work."""
    monkeypatch.setattr("ticketcore.forecast._actions.MAX_FORECAST_STEPS", 1_000)

    def calls(times: int) -> int:
        values = ", ".join(
            f'"v{place}"' for place in range(60 * (times if more == "choices" else 1))
        )
        level = 5 * (times if more == "firings" else 1)
        policy = policy_of(
            f"[fields.choice]\nchoices = [{values}]\n{ANSWER}"
            f'[[timer.level]]\nname = "reminder"\nevery = "20 minutes"\ntimes = {level}\n'
        )
        ticket = opened(policy)
        return calls_of(lambda: forecast(ticket, policy))

    assert calls(4) < 2 * calls(1)


def test_a_reply_that_solves_is_listed_where_it_helps_otherwise() -> None:
    """A plain reply does not meet a timer that wants a solution."""
    policy = policy_of(
        ANSWER + '[[timer]]\nname = "solution"\nfrom = "opened"\nafter = "9 hours"\n'
        'met_by = "solved"\neffect = "breach"\n'
    )
    found = forecast(opened(policy), policy)
    replies = [
        (action.firing.timer, action.help, getattr(action.command, "solution", False))
        for action in found.actions
        if (action.command.NAME, action.command.by) == ("reply", "vendor")
    ]

    assert [("answer", "meets", False), ("solution", "meets", True)] == replies


@pytest.mark.parametrize(
    ("window", "last"),
    [
        ('from = "opened"\nwithin = "3 hours"', 3),
        ('from = "opened"\nwithin = "3 working hours"\ncalendar = "late"', 7),
        ('from = "opened"\nafter = "5 hours"', 8),
        ('from = "opened"\nafter = "5 hours"\nwithin = "6 hours"', 6),
        ('from = "opened"\nafter = "9 hours"', None),
    ],
)
def test_a_permission_in_time_limits_the_last_instant(window: str, last: float | None) -> None:
    """A permission that ends limits the last instant of its command."""
    policy = parse_policy(
        'name = "windows"\neffective = 2026-01-01\nzone = "UTC"\ndefault_type = "a"\n[types.a]\n'
        '[calendars.late]\nhours = "mon-fri 13:00-23:00"\n'
        '[[permission]]\ncommands = "open"\nby = "customer"\n'
        f'[[permission]]\ncommands = "reply"\nby = "vendor"\n{window}\n' + ANSWER
    )
    found = until(forecast(opened(policy), policy), "reply")

    assert ({} if last is None else {"answer": (at(last), "meets")}) == found


def test_another_rule_in_time_is_found_to_the_microsecond() -> None:
    """A rule in time, such as a window after the sale, is found to the microsecond."""
    policy = policy_of("""
[types.refund]
order = true
windows = { vendor = "40 hours" }
[[timer]]
name = "silence"
when = { type = "request" }
from = "opened"
after = "24 hours"
effect = "close"
""")
    sale = order_of()  # 25 hours before the opening
    found = forecast(opened(policy, order=sale), policy)

    assert sale.sold_at == at(-25)
    assert {
        ("vendor", "other", at(24) - TICK),
        ("vendor", "refund", at(15)),
        ("customer", "refund", at(24) - TICK),
    } <= {
        (action.command.by, getattr(action.command, "type", None), action.until)
        for action in found.actions
        if action.command.NAME == "change-type"
    }


STATE = """
[fields.state]
choices = ["a", "b"]
default = "a"
[tags]
values = ["loop"]
"""
FLIP = """
[[timer]]
name = "to-{other}"
when = {{ fields.state = "{state}", tags = "loop" }}
from = "applied"
after = "{after}"
effect = "set-field"
fields = {{ state = "{other}" }}
"""


def endless(after: str = "1 hours", more: str = "") -> Policy:
    """Return a policy whose timers set each other off for ever; no file may have them."""
    to_b = policy_of(STATE + FLIP.format(state="a", other="b", after=after))
    to_a = policy_of(STATE + FLIP.format(state="b", other="a", after=after) + more)
    return attrs.evolve(to_a, timers=(*to_b.timers, *to_a.timers))


def test_timers_that_set_each_other_off_end_at_the_limit() -> None:
    """A forecast of timers that set each other off ends at the limit, and says so."""
    policy = endless()
    found = forecast(opened(policy, tags=("loop",)), policy, limit=10)

    assert (10, False) == (len(found.firings), found.is_complete)
    assert [(hour, hour) for hour in (1, 3, 5, 7, 9)] == instants_of(found, "untag", "to-b")


def test_a_command_that_starts_an_endless_series_is_left_out() -> None:
    """A command that starts an endless series of timers is left out of the forecast."""
    policy = endless(more=SILENCE)
    ticket = opened(policy)

    assert {} == until(forecast(ticket, policy, limit=3), "tag")
    assert ["closed"] == [
        firing.events[0].NAME for firing in forecast(ticket, policy, limit=3).firings
    ]


def test_a_command_before_a_deadline_beyond_the_supported_years_is_left_out() -> None:
    """A command before a deadline beyond the supported years is left out of the forecast."""
    policy = endless("100 years", more=SILENCE)
    *loop, silence = policy.timers
    last = attrs.evolve(silence, after=Span(7950, "year"))  # a file may have a hundred years
    policy = attrs.evolve(policy, timers=(*loop, last))
    found = forecast(opened(policy), policy)

    assert [9976] == [firing.at.year for firing in found.firings]
    assert {} == until(found, "tag")
    assert {"silence"} == until(found, "close").keys()


def test_a_deadline_beyond_the_supported_years_ends_the_forecast() -> None:
    """A deadline beyond the supported years ends the forecast, after all events before it."""
    policy = endless("100 years")
    found = forecast(opened(policy, tags=("loop",)), policy)

    assert (78, False) == (len(found.firings), found.is_complete)
    assert 9826 == found.firings[-1].at.year
    with pytest.raises(CalendarRangeError):
        advance_far(opened(policy, tags=("loop",)), policy)


def test_another_policy_is_refused() -> None:
    """A forecast under the policy of another ticket is refused, as by `advance`."""
    with pytest.raises(WrongPolicyError):
        forecast(opened(policy_of(SILENCE)), load_policy("clickbank"))


def two_refunds(other: str = "clickbank") -> OrderHost:
    """Return an order with two tickets that ask for the same money, the first under *other*."""
    host = OrderHost({ONE: other, TWO: "clickbank"})
    return host.open(ONE, 0, type="refund").open(TWO, 1, type="refund")


def test_the_other_tickets_of_the_order_act_too() -> None:
    """A forecast includes the other tickets of the order: the first pays, the second cannot."""
    host = two_refunds()
    found = forecast(host.tickets[TWO], host.policies[TWO], host.ledger)
    alone = forecast(host.tickets[TWO], host.policies[TWO])

    assert ["closed", "scheduled"] == [event.NAME for event in found.events]
    assert ["refunded", "closed", "scheduled"] == [event.NAME for event in alone.events]
    assert {"refund": (hours(25) - TICK, "cancels")} == until(found, "close")


def test_money_waits_for_a_ticket_of_another_policy() -> None:
    """A refund that must wait for a ticket of another policy is not in the forecast."""
    host = two_refunds("clickbank-confirmed")
    with pytest.raises(OrderNotAdvancedError):
        forecast(host.tickets[TWO], host.policies[TWO], host.ledger)


def test_a_ticket_of_another_policy_acts_under_its_own() -> None:
    """Another ticket whose policy is passed in pays first, also after a command on this ticket."""
    host = two_refunds("clickbank-confirmed")
    ticket, policy = host.tickets[TWO], host.policies[TWO]
    others = {ONE: host.policies[ONE]}
    found = forecast(ticket, policy, host.ledger, others=others)

    assert ["closed", "scheduled"] == [event.NAME for event in found.events]
    assert {"refund": (hours(25) - TICK, "cancels")} == until(found, "close")


def test_a_ticket_of_another_policy_that_cannot_be_advanced_is_an_error() -> None:
    """An error of a ticket whose policy is passed in is raised by the forecast."""
    host = two_refunds("clickbank-confirmed")
    host.receive_unread(ONE)
    others = {ONE: host.policies[ONE]}
    with pytest.raises(NewerHistoryError):
        forecast(host.tickets[TWO], host.policies[TWO], host.ledger, others=others)


def test_a_ticket_of_the_order_that_cannot_be_advanced_is_an_error() -> None:
    """A ticket of the order with content of a newer version makes the forecast an error."""
    host = two_refunds()
    host.receive_unread(ONE)
    with pytest.raises(NewerHistoryError):
        forecast(host.tickets[TWO], host.policies[TWO], host.ledger)


def advance_far(ticket: Ticket, policy: Policy) -> None:
    """Let all timers fire."""
    advance(ticket, policy, datetime.max.replace(tzinfo=UTC))


def test_a_level_of_a_dispute_is_prevented_with_its_deadline() -> None:
    """A level of a dispute is prevented by an answer to that dispute only."""
    policy = policy_of(
        '[[timer]]\nname = "claim"\nwhen = { dispute_kind = "claim" }\nfrom = "dispute-opened"\n'
        'after = "10 hours"\neffect = "lose-dispute"\n'
        '[[timer.level]]\nname = "soon"\nused = "50 %"\neffect = "warn"\n'
    )
    ticket = opened(policy, order=order_of())
    for hour, dispute in ((0, "D1"), (1, "D2")):
        told = c.OpenDispute(at=at(hour), by="customer", dispute=dispute, kind="claim")
        ticket, _ = decide_and_apply(ticket, told, policy)
    found = forecast(ticket, policy)

    assert {("D1", at(10)), ("D2", at(11))} == {
        (getattr(action.command, "dispute", None), action.until)
        for action in found.actions
        if action.command.NAME == "answer-dispute" and action.firing.level is None
    }


LATE_OPENING = """
[calendars.hours]
hours = "mon-fri 10:00-17:00"
[[timer]]
name = "answer"
when = { waiting_for = "vendor" }
from = "waiting-since"
after = "2 working hours"
out_of_hours = ["1 working hour", "30 minutes"]
calendar = "hours"
met_by = { event = "replied", by = "handler" }
effect = "breach"
[[timer.level]]
name = "half"
used = "50 %"
effect = "warn"
[[timer.level]]
name = "soon"
before_due = "1 working hour"
effect = "warn"
"""


def test_a_count_that_starts_out_of_hours_is_forecast_with_its_levels() -> None:
    """The desk opens at 10:00, an hour after the ticket: 2 h, 1 h and 30 min end at 13:30."""
    policy = policy_of(LATE_OPENING)
    found = forecast(opened(policy), policy)

    assert [at(2.75), at(3.5), at(4.5)] == [firing.at for firing in found.firings]
    assert {
        "half": (at(2.75) - TICK, "meets"),
        "soon": (at(3.5) - TICK, "meets"),
        "answer": (at(4.5), "meets"),
    } == until(found, "reply")


def test_a_ticket_waits_for_whom_the_opening_says() -> None:
    """With `waiting_for` under `[opening]` the customer of a new ticket owes the first answer."""
    policy = policy_of(
        LATE_OPENING
        + ANSWER.replace("vendor", "customer").replace('"answer"', '"chase"')
        + '[opening]\nwaiting_for = { customer = "customer" }\n',
    )
    found = forecast(opened(policy), policy)

    assert [("chase", at(8))] == [(firing.timer, firing.at) for firing in found.firings]


def test_a_command_helps_while_its_permission_is_open() -> None:
    """A permission in time gives the last instant: after two hours, and until the sixth."""
    policy = parse_policy(
        STRICT
        + ANSWER.replace('met_by = "replied"\n', "")
        + '[[permission]]\ncommands = "escalate"\nby = "customer"\nfrom = "waiting-since"\n'
        'after = "2 hours"\nwithin = "6 hours"\n'
    )
    found = forecast(opened(policy), policy)

    assert {"answer": (at(6), "cancels")} == until(found, "escalate", "customer")
