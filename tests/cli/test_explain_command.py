import json
from pathlib import Path
from typing import Any

import pytest

from cli_runs import ticketcore

LA = "America/Los_Angeles"


def timers(*args: str) -> list[dict[str, Any]]:
    """The timers that --json explains."""
    ran = ticketcore("explain", *args, "--json")
    assert (0, "") == (ran.code, ran.err)
    found: list[dict[str, Any]] = json.loads(ran.out)["timers"]
    return found


def test_json_gives_each_timer_with_its_due_instant() -> None:
    """C5: the instant in UTC and on the zone's clocks, the rule ids, and what counted."""
    args = ("--type", "refund", "--by", "customer", "--opened", "2026-03-06T15:00", "--zone", LA)
    (timer,) = timers("clickbank", *args)
    (explanation,) = timer.pop("explanation")
    assert {
        "rule": "refund",
        "rules": ["C5"],
        "effect": "refund",
        "since": "2026-03-06T23:00:00Z",
        "due": "2026-03-09T22:00:00Z",
        "due_local": "2026-03-09T15:00:00-07:00",
    } == timer
    assert ["saturday", "sunday"] == [each["name"] for each in explanation["skipped"]]


def test_json_says_what_was_asked() -> None:
    """The facts stand beside the timers: policy, version, type, party, zone and opening."""
    ran = ticketcore("explain", "office", "--opened", "2026-04-02T18:00", "--json")
    answer = json.loads(ran.out)
    assert 1 == len(answer.pop("timers"))
    assert {
        "policy": "office",
        "version": "2020-01-01",
        "type": "request",
        "by": "customer",
        "zone": "Europe/Rome",
        "opened": "2026-04-02T16:00:00Z",
    } == answer


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        ("2026-04-02T10:00:30", "2026-04-02T08:00:30Z"),
        ("2026-04-02T10:00:30.5", "2026-04-02T08:00:30.500000Z"),
        ("2026-04-02T18:00:00+00:00", "2026-04-03T06:30:00Z"),
    ],
)
def test_a_timer_that_fires_at_once_is_listed(opened: str, due: str) -> None:
    """O1: the examination is due at the opening in office hours, else when they begin."""
    (timer,) = timers("office", "--opened", opened)
    assert ("examination", due) == (timer["rule"], timer["due"])


def test_the_storefront_gives_zone_and_holidays() -> None:
    """K2: the storefront's clocks and holidays count, Good Friday and Easter Monday in Germany."""
    (timer,) = timers("kaufland", "--opened", "2026-04-02T16:00", "--storefront", "de")
    assert "2026-04-08T14:00:00Z" == timer["due"]
    holidays = [each["name"] for each in timer["explanation"][0]["skipped"]]
    assert ["Karfreitag", "saturday", "sunday", "Ostermontag"] == holidays


def test_a_sub_category_decides_what_may_be_expected() -> None:
    """W3: simple questions take minutes."""
    args = ("--category", "orders", "--subcategory", "status", "--opened", "2026-04-02T16:00")
    assert ["2026-04-02T14:15:00Z"] == [timer["due"] for timer in timers("webshippy", *args)]


def test_billing_and_reason_decide_what_may_be_expected(tmp_path: Path) -> None:
    """A timer that asks for either is explained of a ticket that has it."""
    file = tmp_path / "mine.toml"
    timer = (
        '[[timer]]\nname = "{}"\nwhen = {}\nfrom = "opened"\nafter = "1 hour"\neffect = "warn"\n'
    )
    file.write_text(
        'name = "mine"\neffective = 2026-01-01\nzone = "UTC"\nreasons = ["delay", "damage"]\n'
        'default_type = "a"\n[types.a]\n[[permission]]\ncommands = "open"\nby = "customer"\n'
        + timer.format("late", '{ reason = "delay" }')
        + timer.format("again", '{ billing = "recurring" }')
    )
    opened = ("--opened", "2026-03-06T15:00")
    assert [] == timers(str(file), *opened)
    both = timers(str(file), *opened, "--reason", "delay", "--billing", "recurring")
    assert ["late", "again"] == [found["rule"] for found in both]
    (one,) = timers(str(file), *opened, "--reason", "delay", "--billing", "one-time")
    assert "late" == one["rule"]


def test_the_timers_of_a_dispute_are_explained() -> None:
    """A1: 7 days for a claim, unless its notice carries a deadline of its own."""
    args = ("amazon-pay", "--opened", "2026-04-02T16:00", "--dispute", "claim")
    (counted,) = timers(*args)
    (noticed,) = timers(*args, "--deadline", "2026-04-05T12:00")
    assert ("claim", "2026-04-09T16:00:00Z") == (counted["rule"], counted["due"])
    assert ("2026-04-05T12:00:00Z", []) == (noticed["due"], noticed["explanation"])
    shown = ticketcore("explain", *args, "--deadline", "2026-04-05T12:00").out
    assert "due Sun 2026-04-05 12:00, 2026-04-05T12:00:00Z\n  the notice's own deadline" in shown


def test_spans_in_turn_are_explained_in_turn(tmp_path: Path) -> None:
    """Of several spans each begins where the one before it ends."""
    file = tmp_path / "mine.toml"
    file.write_text(
        'extends = "clickbank"\nname = "mine"\n[[timer]]\nname = "vendor-silent-close"\n'
        'when = { type = "technical", waiting_for = "vendor" }\nfrom = "last-activity"\n'
        'after = "48 hours"\nthen = "2 working days"\ncalendar = "weekdays"\nroll = "forward"\n'
        'effect = "close"\n'
    )
    args = ("--opened", "2026-01-08T10:00", "--zone", "UTC")
    last = next(t for t in timers(str(file), *args) if t["rule"] == "vendor-silent-close")
    starts = [each["start"][:16] for each in last["explanation"]]
    assert ["2026-01-08T10:00", "2026-01-10T10:00"] == starts
    assert ["48 hours", "2 working days"] == [each["span"] for each in last["explanation"]]
    assert last["due"][:16] == last["explanation"][-1]["due"][:16]


def test_people_get_the_explanation_in_words() -> None:
    """Each timer with its effect and rule, when it is due, what counted and what was skipped."""
    args = ("--type", "refund", "--opened", "2026-03-06T15:00", "--zone", LA)
    lines = ticketcore("explain", "clickbank", *args).out.splitlines()
    assert [
        f"refund ticket by customer, opened Fri 2026-03-06 15:00 ({LA})",
        "clickbank 2013-01-01",
        "",
        "refund  effect refund, rule C5",
        f"  24 working hours from Fri 2026-03-06 15:00 PST ({LA})",
        "  due Mon 2026-03-09 15:00 PDT, 2026-03-09T22:00:00Z",
    ] == lines[:6]
    assert "  clocks changed: Sun 2026-03-08 02:00 became 03:00" in lines


def test_a_ticket_without_timers_says_so() -> None:
    """Amazon Pay's timers belong to disputes only."""
    out = ticketcore("explain", "amazon-pay", "--opened", "2026-04-02T16:00").out
    assert "No timer runs on such a ticket" in out


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("clickbank", "--type", "refnd", "--zone", LA), 'did you mean "refund"?'),
        (("clickbank", "--by", "vendr", "--zone", LA), 'did you mean "vendor"?'),
        (("clickbank",), "--zone"),
        (("clickbank", "--zone", "America/Boisse"), "there is no zone"),
        (("kaufland",), "needed: one of de, cz"),
        (("kaufland", "--storefront", "dee"), 'did you mean "de"?'),
        (("webshippy", "--category", "order"), 'did you mean "orders"?'),
        (("webshippy", "--category", "orders", "--subcategory", "adress"), '"address"?'),
        (("kaufland", "--storefront", "de", "--reason", "latee"), '"latee" is unknown; '),
        (("clickbank", "--zone", LA, "--billing", "montly"), 'expected one of "one-time", "rec'),
        (("amazon-pay", "--dispute", "clam"), 'did you mean "claim"?'),
        (("office", "--dispute", "claim"), "knows no dispute"),
        (("amazon-pay", "--dispute", "claim", "--deadline", "soon"), "--deadline"),
        (("amazon-pay", "--deadline", "2026-04-05T12:00"), "--dispute"),
    ],
)
def test_what_is_not_to_be_had_is_named(args: tuple[str, ...], message: str) -> None:
    """A wrong option exits with 2, and names the nearest right value."""
    ran = ticketcore("explain", *args, "--opened", "2026-03-06T15:00", width=200)
    assert (2, "") == (ran.code, ran.out)
    assert message in ran.err


@pytest.mark.parametrize("opened", ["2026-03-08T02:30", "2026-11-01T01:30", "tomorrow"])
def test_a_local_time_must_be_one_instant(opened: str) -> None:
    """A time that does not exist, or exists twice, is refused."""
    ran = ticketcore("explain", "clickbank", "--zone", LA, "--opened", opened)
    assert 2 == ran.code
    assert "--opened" in ran.err


def test_a_policy_of_ones_own_is_explained(tmp_path: Path) -> None:
    """A file's path does as well as a preset's name; a rule without an id is told without."""
    file = tmp_path / "mine.toml"
    file.write_text(
        'name = "mine"\neffective = 2020-01-01\ndesk = "support"\nzone = "UTC"\n'
        '[types.request]\n[[permission]]\ncommands = "open"\nby = "customer"\n[[timer]]\nname = "t"\n'
        'when = {}\nfrom = "opened"\nafter = "1 hour"\neffect = "warn"\n'
    )
    ran = ticketcore("explain", str(file), "--type", "request", "--opened", "2026-01-09T15:00")
    assert "\nt  effect warn\n" in ran.out
