"""`ticketcore forecast`: what happens if nobody acts, and what still prevents it."""

import json
from pathlib import Path
from typing import Any

import pytest

from support.command_line import EXAMPLES, ticketcore, usage_error
from support.orders.hosts import ONE, TWO, OrderHost
from ticketcore.events import write_histories

DESK = EXAMPLES / "help-desks" / "help-desk"
STORY = DESK / "raised-while-waiting.toml"
CHARGE = EXAMPLES / "clickbank" / "two-refund-tickets-about-one-charge.toml"
MORNING = ("--at", "2026-03-02T09:30")


def forecast(*args: str | Path) -> dict[str, Any]:
    """Return the JSON of a forecast."""
    ran = ticketcore("forecast", *args, "--json")
    assert (0, "") == (ran.code, ran.err)
    answer: dict[str, Any] = json.loads(ran.out)
    return answer


def test_the_future_of_a_scenario_is_shown() -> None:
    """The forecast shows the future events, then the last instants to prevent each deadline."""
    ran = ticketcore("forecast", STORY, *MORNING)

    assert (0, "") == (ran.code, ran.err)
    assert (
        """\
ticket 1024
help-desk 2026-01-01
as of Mon 2026-03-02 09:30, times in UTC

If nobody acts

Mon 2026-03-02  UTC+00:00
◆  12:00  system  sent a reminder: support has not answered yet  first-reply, lead-warned
◆  13:00  system  breached: still waiting for support            first-reply

Wed 2026-03-04  UTC+00:00
◆  11:00  system  sent a reminder: support has not answered yet  resolution, lead-warned
◆  17:00  system  breached: still waiting for support            resolution

The ticket is then open

first-reply, lead-warned  Mon 2026-03-02 12:00
  before Mon 2026-03-02 12:00  customer  cancels  close
  before Mon 2026-03-02 12:00  support   meets    reply, request-info
  before Mon 2026-03-02 12:00  support   cancels  close, withdraw, mark-duplicate
  before Mon 2026-03-02 12:00  support   moves    set-field priority=low

first-reply  Mon 2026-03-02 13:00
  until Mon 2026-03-02 13:00  customer  cancels  close
"""
        in ran.out
    )


def test_json_has_the_same() -> None:
    """JSON has the events, firings and actions of the forecast, with instants in UTC."""
    answer = forecast(STORY, *MORNING)
    firings, found = answer.pop("firings"), answer.pop("actions")

    assert {
        "ticket": "1024",
        "policy": "help-desk",
        "version": "2026-01-01",
        "replayed": False,
        "zone": "UTC",
        "at": "2026-03-02T09:30:00Z",
        "events": [
            {"event": "warned", "at": "2026-03-02T12:00:00Z"},
            {"event": "scheduled", "at": "2026-03-02T12:00:00Z"},
            {"event": "breached", "at": "2026-03-02T13:00:00Z"},
            {"event": "warned", "at": "2026-03-04T11:00:00Z"},
            {"event": "scheduled", "at": "2026-03-04T11:00:00Z"},
            {"event": "breached", "at": "2026-03-04T17:00:00Z"},
        ],
        "status": "open",
        "complete": True,
        "searched": 4,
    } == answer
    breach = {
        "timer": "first-reply",
        "level": None,
        "dispute": None,
        "fires_at": "2026-03-02T13:00:00Z",
    }
    assert breach == firings[1]
    assert {
        **breach,
        "by": "support",
        "command": "reply",
        "help": "meets",
        "until": "2026-03-02T13:00:00Z",
    } in found


def test_a_scenario_is_forecast_after_its_last_step() -> None:
    """A scenario is forecast after its last step, before its end lets timers fire."""
    assert "2026-03-04T10:00:00Z" == forecast(STORY)["at"]


def test_timers_that_stand_still_are_listed() -> None:
    """A timer that is paused while the customer is awaited is listed."""
    out = ticketcore("forecast", STORY, "--at", "2026-03-02T12:00").out

    assert "resolution is paused  since Mon 2026-03-02 11:00\n" in out
    assert "set-field priority=low" not in out.partition("The ticket is then")[2]


def test_a_future_without_events_is_named() -> None:
    """A forecast without events says that nothing happens by itself."""
    out = ticketcore("forecast", EXAMPLES / "amazon-pay" / "request-for-information.toml").out

    assert "Nothing happens by itself\n\nThe ticket is " in out


def test_a_limit_is_said() -> None:
    """A forecast that reached its limit says that it is incomplete."""
    out = ticketcore("forecast", STORY, *MORNING, "--limit", "1").out

    assert "The ticket is then open, and more follows: raise --limit\n" in out


def test_firings_without_a_search_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Firings beyond the limit of the search are listed without commands."""
    monkeypatch.setattr("ticketcore.forecast._actions.MAX_FORECAST_STEPS", 0)
    out = ticketcore("forecast", STORY, *MORNING).out

    assert "No commands were tried for the last 4 of these  the search has a limit\n" in out
    assert "breached: still waiting for support            resolution" in out
    assert 0 == forecast(STORY, *MORNING)["searched"]


def test_commands_are_named_with_what_distinguishes_them(tmp_path: Path) -> None:
    """Two commands of one name are told apart by their type, value, tag or dispute."""
    policy = tmp_path / "policy.toml"
    policy.write_text("""
name = "labels"
effective = 2026-01-01
zone = "UTC"
default_type = "a"
[types.a]
[types.b]
[disputes.claim]
[tags]
values = ["vip", "big"]
[refunds]
partial = true
requires_confirmation = true
[[timer]]
name = "silence"
when = { type = "a", tags = "big", answered = false }
unless = { tags = "vip" }
from = "last-activity"
after = "9 hours"
effect = "close"
[[timer]]
name = "solution"
from = "opened"
after = "2 hours"
met_by = "solved"
effect = "breach"
[[timer]]
name = "update"
from = "last-activity"
activity_by = "vendor"
after = "3 hours"
met_by = "replied"
effect = "breach"
[[timer]]
name = "claim"
when = { dispute_kind = "claim" }
from = "dispute-opened"
after = "1 hours"
effect = "lose-dispute"
[[timer]]
name = "refund-confirmed"
from = "opened"
after = "90 minutes"
met_by = ["refund-confirmed", "refund-failed"]
effect = "breach"
[[permission]]
commands = [
  "open", "reply", "change-type", "tag", "untag", "open-dispute", "answer-dispute", "refund",
  "resolve-dispute", "confirm-refund", "fail-refund",
]
by = ["customer", "vendor", "support"]
""")
    story = tmp_path / "story.toml"
    story.write_text("""
name = "Labels"
policy = "policy.toml"
[ticket]
id = "1"
[ticket.order]
number = "O-1"
sold_at = 2026-03-01T09:00:00
amount = "49.00 USD"
[[step]]
at = 2026-03-02T09:00:00
command = "open"
by = "customer"
tags = ["big"]
[[step]]
at = 2026-03-02T09:00:00
command = "refund"
by = "vendor"
reference = "R1"
reason = "broken"
amount = "1.00 USD"
[[step]]
at = 2026-03-02T09:00:00
command = "open-dispute"
by = "customer"
dispute = "D1"
kind = "claim"
""")
    answer = forecast(story)

    assert {
        ("silence", "change-type b"),
        ("silence", "tag vip"),
        ("silence", "untag big"),
        ("solution", "reply (solves it)"),
        ("claim", "answer-dispute D1"),
        ("claim", "resolve-dispute D1"),
        ("refund-confirmed", "confirm-refund R1"),
        ("refund-confirmed", "fail-refund R1"),
    } <= {(action["timer"], action["command"]) for action in answer["actions"]}
    assert "claim, dispute D1  Mon 2026-03-02 10:00\n" in ticketcore("forecast", story).out


def test_a_dispute_can_be_superseded_by_another() -> None:
    """A2: the forecast of a claim lists the chargeback that would supersede it."""
    answer = forecast(EXAMPLES / "amazon-pay" / "claim-without-an-answer.toml")

    assert ("claim", "open-dispute chargeback", "cancels") in {
        (action["timer"], action["command"], action["help"]) for action in answer["actions"]
    }


@pytest.fixture
def order(tmp_path: Path) -> Path:
    """A history with two refund tickets about one order, and one of another order."""
    host = OrderHost({ONE: "clickbank", TWO: "clickbank"})
    host.open(ONE, 0, type="refund").open(TWO, 1, type="refund")
    file = tmp_path / "order.jsonl"
    write_histories(file, host.events.items())
    return file


def test_a_ticket_of_a_history_is_forecast_with_its_order(order: Path) -> None:
    """A ticket of a history is forecast with its order: what the first pays is not paid again."""
    first, second = (forecast(order, number) for number in (ONE, TWO))

    assert ["refunded", "closed", "scheduled"] == [each["event"] for each in first["events"]]
    assert ["closed", "scheduled"] == [each["event"] for each in second["events"]]


@pytest.mark.parametrize("at", [(), ("--at", "2026-01-06T08:30")])
def test_tickets_of_an_order_act_under_the_presets_that_they_recorded(
    at: tuple[str, ...], tmp_path: Path
) -> None:
    """C8: a refund under one preset leaves nothing for a refund under another."""
    host = OrderHost({ONE: "clickbank-24-7", TWO: "clickbank"})
    host.open(ONE, 0, type="refund").open(TWO, 1, type="refund")
    file = tmp_path / "order.jsonl"
    write_histories(file, host.events.items())
    second = forecast(file, TWO, *at)

    assert not second["replayed"]
    assert ["closed", "scheduled"] == [each["event"] for each in second["events"]]


def test_tickets_of_a_scenario_act_under_their_policies() -> None:
    """A2, C8: the refund under clickbank acts first, and finds the money held by the claim."""
    story = EXAMPLES / "amazon-pay" / "claim-holds-a-refund-under-clickbank.toml"
    claim, refund = (forecast(story, number) for number in ("1024", "1025"))

    assert "2026-01-19T10:00:00Z" == claim["events"][0]["at"]
    assert ["closed", "scheduled"] == [each["event"] for each in refund["events"]]


def test_a_ticket_of_an_order_is_replayed_with_its_order(order: Path) -> None:
    """Under another policy, a ticket of an order is replayed with its order, which pays once."""
    policy = order.parent / "slow.toml"
    policy.write_text('extends = "clickbank"\nname = "slow"\n')
    second = forecast(order, TWO, "--policy", policy)

    assert second["replayed"]
    assert ["closed", "scheduled"] == [each["event"] for each in second["events"]]


def test_a_ticket_that_cannot_be_advanced_is_an_error(order: Path) -> None:
    """A ticket whose due timer the edited policy lacks is an error."""
    policy = order.parent / "edited.toml"
    text = ticketcore("policy", "show", "clickbank", "--toml").out
    policy.write_text(text.replace('name = "refund"', 'name = "repay"'))
    ran = ticketcore("forecast", order, ONE, "--policy", policy, "--at", "2026-02-01T10:00")

    assert 2 == ran.code
    assert "has no timer 'refund', which is pending on a ticket" in ran.err


@pytest.mark.parametrize(
    ("ticket", "refunded"), [("00123456790", "refunded 49.00 USD"), ("00123456789", "closed")]
)
def test_a_ticket_of_a_scenario_with_several_is_forecast(ticket: str, refunded: str) -> None:
    """C8: a ticket of a scenario is forecast with the other tickets of its order."""
    ran = ticketcore("forecast", CHARGE, ticket, width=100)

    assert f"ticket {ticket}" == ran.out.splitlines()[0]
    assert refunded in ran.out
    assert ("refunded" in refunded) == ("refunded" in ran.out)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ((STORY, "1025"), 'Invalid value for TICKET: no step has the ticket "1025"'),
        ((CHARGE, "123456790"), 'no step has the ticket "123456790": did you mean "00123456790"?'),
        ((STORY, "--policy", "office"), "a scenario names its policy itself"),
        ((STORY, "--at", "2026-03-01T10:00"), "by Sun 2026-03-01 10:00"),
        (("tickets.jsonl",), "a history has many tickets: give a number"),
    ],
)
def test_what_cannot_be_forecast_is_refused(args: tuple[str | Path, ...], message: str) -> None:
    """Input that cannot be forecast is refused with exit code 2."""
    ran = ticketcore("forecast", *args, width=200)

    assert (2, "") == (ran.code, ran.out)
    assert message in usage_error(ran)
