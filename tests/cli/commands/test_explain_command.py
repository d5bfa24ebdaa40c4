"""`ticketcore explain` shows the deadlines that a ticket would get."""

import json
from pathlib import Path
from typing import Any

import pytest

from support.command_line import ticketcore, usage_error

LA = "America/Los_Angeles"


def timers(*args: str) -> list[dict[str, Any]]:
    """Return the timers that --json explains."""
    ran = ticketcore("explain", *args, "--json")
    assert (0, "") == (ran.code, ran.err)
    listed: list[dict[str, Any]] = json.loads(ran.out)["timers"]
    return listed


def test_json_gives_each_timer_with_its_due_instant() -> None:
    """JSON gives each timer with its rules, due instant and skipped days (C5)."""
    args = ("--type", "refund", "--by", "customer", "--opened", "2026-03-06T15:00", "--zone", LA)
    (timer,) = timers("clickbank", *args)
    (explanation,) = timer.pop("explanation")

    assert {
        "timer": "refund",
        "rules": ["C5"],
        "effect": "refund",
        "when": "type refund, requested by customer or support, has grace period",
        "unless": None,
        "selected": {},
        "target": "24 working hours, saving",
        "pauses": [],
        "levels": [],
        "since": "2026-03-06T23:00:00Z",
        "due": "2026-03-09T22:00:00Z",
        "due_local": "2026-03-09T15:00:00-07:00",
    } == timer
    assert ["saturday", "sunday"] == [each["name"] for each in explanation["skipped"]]


def test_json_repeats_the_question() -> None:
    """JSON repeats the facts of the ticket: policy, version, type, party and zone."""
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
    """O1: a timer without a span is due at the opening, or when office hours begin."""
    (timer,) = timers("office", "--opened", opened)

    assert ("examination", due) == (timer["timer"], timer["due"])


def test_the_storefront_gives_zone_and_holidays() -> None:
    """K2: the storefront gives zone and holidays, such as Easter Monday in Germany."""
    (timer,) = timers("kaufland", "--opened", "2026-04-02T16:00", "--storefront", "de")
    skipped = [each["name"] for each in timer["explanation"][0]["skipped"]]

    assert "2026-04-08T14:00:00Z" == timer["due"]
    assert ["Karfreitag", "saturday", "sunday", "Ostermontag"] == skipped


def test_a_sub_category_selects_its_timer() -> None:
    """W3: a sub-category selects its timer, such as minutes for simple questions."""
    args = ("--category", "orders", "--subcategory", "status", "--opened", "2026-04-02T16:00")

    assert ["2026-04-02T14:15:00Z"] == [timer["due"] for timer in timers("webshippy", *args)]


def test_billing_and_reason_select_their_timers(tmp_path: Path) -> None:
    """A billing mode and a reason each select their timer in an explanation."""
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
    both = timers(str(file), *opened, "--reason", "delay", "--billing", "recurring")
    one = timers(str(file), *opened, "--reason", "delay", "--billing", "one-time")

    assert [] == timers(str(file), *opened)
    assert ["late", "again"] == [timer["timer"] for timer in both]
    assert ["late"] == [timer["timer"] for timer in one]


def test_the_timers_of_a_dispute_are_explained() -> None:
    """A1: a claim is due after 7 days, unless its notice states a deadline."""
    args = ("amazon-pay", "--opened", "2026-04-02T16:00", "--dispute", "claim")
    (computed,) = timers(*args)
    (stated,) = timers(*args, "--deadline", "2026-04-05T12:00")
    shown = ticketcore("explain", *args, "--deadline", "2026-04-05T12:00").out

    assert ("claim", "2026-04-09T16:00:00Z") == (computed["timer"], computed["due"])
    assert ("2026-04-05T12:00:00Z", []) == (stated["due"], stated["explanation"])
    assert (
        "  due Sun 2026-04-05 12:00, 2026-04-05T12:00:00Z\n"
        "  the deadline stated in the dispute notice\n"
    ) in shown


def test_consecutive_spans_are_explained_in_order(tmp_path: Path) -> None:
    """Each span of a timer begins where the one before it ends."""
    file = tmp_path / "mine.toml"
    file.write_text(
        'extends = "clickbank"\nname = "mine"\n[[timer]]\nname = "vendor-silent-close"\n'
        'when = { type = "technical", waiting_for = "vendor" }\nfrom = "last-activity"\n'
        'after = "48 hours"\nthen = "2 working days"\ncalendar = "weekdays"\nroll = "forward"\n'
        'effect = "close"\n'
    )
    args = ("--opened", "2026-01-08T10:00", "--zone", "UTC")
    last = next(t for t in timers(str(file), *args) if t["timer"] == "vendor-silent-close")

    assert ["2026-01-08T10:00", "2026-01-10T10:00"] == [
        each["start"][:16] for each in last["explanation"]
    ]
    assert ["48 hours", "2 working days"] == [each["span"] for each in last["explanation"]]
    assert last["due"][:16] == last["explanation"][-1]["due"][:16]


def test_a_chain_of_spans_has_one_due_instant(tmp_path: Path) -> None:
    """Each further span of a timer is a step with its own end."""
    file = tmp_path / "mine.toml"
    file.write_text(
        'extends = "clickbank"\nname = "mine"\n[[timer]]\nname = "chain"\nfrom = "closed"\n'
        'after = "48 hours"\nthen = "2 days"\neffect = "warn"\n'
    )
    args = ("--timer", "chain", "--from", "2026-01-08T10:00", "--zone", "UTC")
    lines = ticketcore("explain", str(file), *args).out.splitlines()

    assert [
        "chain  effect warn",
        "  due Mon 2026-01-12 10:00, 2026-01-12T10:00:00Z",
        "  step 1: 48 hours from Thu 2026-01-08 10:00 UTC (UTC)",
        "    ends Sat 2026-01-10 10:00 UTC, 2026-01-10T10:00:00Z",
        "    counted 48 h:",
        "      Thu 2026-01-08 10:00 to Sat 2026-01-10 10:00",
        "  step 2: 2 days from Sat 2026-01-10 10:00 UTC (UTC)",
        "    ends Mon 2026-01-12 10:00 UTC, 2026-01-12T10:00:00Z",
        "    counted 48 h:",
        "      Sat 2026-01-10 10:00 to Mon 2026-01-12 10:00",
    ] == lines[3:]


def test_a_start_out_of_hours_is_named(tmp_path: Path) -> None:
    """A start out of hours is shown with the spans that it adds; a start in hours is not."""
    file = tmp_path / "mine.toml"
    file.write_text(
        'extends = "help-desk"\nname = "mine"\n[[timer]]\nname = "answer"\nfrom = "opened"\n'
        'after = "2 working hours"\nout_of_hours = ["1 working hour", "1 day"]\n'
        'calendar = "hours"\neffect = "breach"\n'
    )
    args = ("explain", str(file), "--timer", "answer", "--zone", "UTC", "--from")
    out = ticketcore(*args, "2026-03-07T12:00").out

    assert "  starts out of hours: another 1 working hour, then 1 day\n" in out
    assert "  due Tue 2026-03-10 12:00, 2026-03-10T12:00:00Z\n" in out
    assert "out of hours" not in ticketcore(*args, "2026-03-06T12:00").out


DESK = "help-desk"
FRIDAY = ("--from", "2026-03-06T15:00")


def test_a_field_selects_the_target_of_a_timer() -> None:
    """A field of the ticket selects the target of the timer that is explained."""
    args = ("--timer", "resolution", *FRIDAY, "--field", "priority=urgent")
    (timer,) = timers(DESK, *args)
    shown = ticketcore("explain", DESK, *args).out

    assert {"fields.priority": "urgent"} == timer["selected"]
    assert ("4 working hours, hours", "2026-03-09T11:00:00Z") == (timer["target"], timer["due"])
    assert ["customer-awaited", "third-party-awaited", "while-closed"] == timer["pauses"]
    warned = {"level": "lead-warned", "at": "2026-03-09T10:00:00Z", "effect": "warn"}
    assert [warned | {"when": "", "unless": None}] == timer["levels"]
    assert "timer resolution from Fri 2026-03-06 15:00 (UTC)\nhelp-desk 2026-01-01\n" in shown
    assert "  with priority urgent: 4 working hours, hours\n" in shown
    assert "  moves on by the time of these pauses: customer-awaited, third-party" in shown
    level = "lead-warned: warn, at 75 %, notify lead"
    assert f"  level Mon 2026-03-09 10:00, 2026-03-09T10:00:00Z  {level}\n" in shown


def test_timers_and_levels_say_what_they_change(tmp_path: Path) -> None:
    """An effect is followed by its values; a level also names its roles and rule ids."""
    policy = tmp_path / "levels.toml"
    policy.write_text("""
name = "levels"
effective = 2026-01-01
zone = "UTC"
default_type = "question"
[types.question]
[types.incident]
[roles.lead]
[fields.priority]
choices = ["low", "high"]
[tags]
[calendars.week]
hours = "mon-fri 09:00-17:00"
[[timer]]
name = "answer"
from = "opened"
after = "1 working day"
calendar = "week"
effect = "assign"
assignee = "returns"
[[timer.level]]
name = "raised"
used = "25 %"
effect = "set-field"
fields = { priority = "high" }
notify = "lead"
rule = "L1"
[[timer.level]]
name = "marked"
used = "50 %"
effect = "tag"
tags = ["vip", "late"]
[[timer.level]]
name = "called"
used = "75 %"
effect = "escalate"
[[timer.level]]
name = "retyped"
past_due = "1 working day"
effect = "change-type"
type = "incident"
[[timer]]
name = "called-in"
from = "opened"
after = "9 days"
effect = "escalate"
[[permission]]
commands = "open"
by = "customer"
""")

    lines = ticketcore("explain", policy, "--opened", "2026-03-05T10:00").out.splitlines()

    assert "answer  effect assign returns" in lines
    assert "called-in  effect escalate" in lines
    assert "  counted 1 working day:" in lines
    assert [
        "raised: set-field priority high, at 25 %, notify lead, rule L1",
        "marked: tag vip, late, at 50 %",
        "called: escalate support, at 75 %",
        "retyped: change-type incident, 1 working day after the deadline",
    ] == [line.split("  ")[-1] for line in lines if line.startswith("  level ")]


def test_a_field_also_selects_at_an_opening() -> None:
    """The field values of an opening select the deadlines that are explained."""
    opened = ("--opened", "2026-03-06T10:00")
    due = {
        value: [
            timer["due"]
            for timer in timers(DESK, *opened, "--field", f"priority={value}")
            if timer["timer"] == "first-reply"
        ]
        for value in ("urgent", "low")
    }

    assert {"urgent": ["2026-03-06T11:00:00Z"], "low": ["2026-03-09T10:00:00Z"]} == due


def test_a_timer_is_explained_in_each_variant() -> None:
    """Without the fact that selects its target, a timer is explained with each value."""
    found = timers(DESK, "--timer", "resolution", *FRIDAY)

    assert ["urgent", "high", "normal", "low"] == [
        each["selected"]["fields.priority"] for each in found
    ]


def test_a_timer_that_counts_from_a_later_event_is_explained() -> None:
    """A timer from a later event, and its repeated reminder, are explained with their instants."""
    (timer,) = timers(DESK, "--timer", "silence", *FRIDAY)
    shown = ticketcore("explain", DESK, "--timer", "silence", *FRIDAY).out

    assert "2026-03-15T15:00:00Z" == timer["due"]
    assert ["2026-03-09T15:00:00Z", "2026-03-12T15:00:00Z"] == [
        each["at"] for each in timer["levels"]
    ]
    assert "  when waiting for customer, answered, not solved\n" in shown
    assert "reminder: warn, every 3 days\n" in shown


def test_levels_before_and_after_the_deadline_are_named(tmp_path: Path) -> None:
    """Levels are explained with their distance from the deadline, and their conditions."""
    file = tmp_path / "mine.toml"
    file.write_text(
        'extends = "clickbank"\nname = "mine"\n[[timer]]\nname = "mine"\nfrom = "closed"\n'
        'unless = { tags = "vip" }\nafter = "48 hours"\neffect = "warn"\n'
        '[[timer.level]]\nname = "soon"\nbefore_due = "2 hours"\neffect = "warn"\n'
        'when = { type = "refund" }\n'
        '[[timer.level]]\nname = "late"\npast_due = "3 hours"\neffect = "warn"\n'
        'unless = { type = "refund" }\n'
    )
    args = ("--timer", "mine", "--from", "2026-01-08T10:00", "--zone", "UTC")
    shown = ticketcore("explain", file, *args).out

    assert "  unless tag vip\n" in shown
    assert "soon: warn, 2 hours before the deadline, when type refund\n" in shown
    assert "late: warn, 3 hours after the deadline, unless type refund\n" in shown


@pytest.mark.parametrize("share", ["12.5", "75", "150"])
def test_the_share_of_a_level_is_shown_as_it_is_written(tmp_path: Path, share: str) -> None:
    """A share may have a fraction, and may exceed the target."""
    file = tmp_path / "mine.toml"
    file.write_text(
        'extends = "clickbank"\nname = "mine"\n[[timer]]\nname = "mine"\nfrom = "closed"\n'
        'after = "48 hours"\neffect = "warn"\n'
        f'[[timer.level]]\nname = "some"\nused = "{share} %"\neffect = "warn"\n'
    )
    args = ("--timer", "mine", "--from", "2026-01-08T10:00", "--zone", "UTC")

    assert f"{share} %" in ticketcore("explain", file, *args).out


def test_a_timer_that_cannot_run_for_the_given_facts_is_reported_as_such() -> None:
    """A timer that cannot run for the given facts is reported as such."""
    args = ("--timer", "refund", *FRIDAY, "--zone", LA, "--type", "technical")
    out = ticketcore("explain", "clickbank", *args).out

    assert "The timer does not run for such a ticket" in out


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("clickbank",), "give either --opened, or --timer and --from"),
        (("clickbank", "--timer", "refund"), "give either --opened, or --timer and --from"),
        (("clickbank", *FRIDAY), "give either --opened, or --timer and --from"),
        (("clickbank", "--timer", "refnd", *FRIDAY, "--zone", LA), 'did you mean "refund"?'),
        ((DESK, "--timer", "update", *FRIDAY, "--field", "priority"), "expected NAME=VALUE"),
        ((DESK, "--timer", "update", *FRIDAY, "--field", "prority=low"), 'mean "priority"?'),
        ((DESK, "--timer", "update", *FRIDAY, "--field", "priority=lo"), 'found "lo"'),
        (
            ("clickbank", "--timer", "refund", *FRIDAY, "--zone", LA, "--field", "a=b"),
            "has no field",
        ),
    ],
)
def test_a_timer_needs_a_name_and_a_start(args: tuple[str | Path, ...], message: str) -> None:
    """`explain` needs a timer's name and a start: without them the exit code is 2."""
    ran = ticketcore("explain", *args, width=200)

    assert (2, "") == (ran.code, ran.out)
    assert message in usage_error(ran)


def test_a_policy_without_timers_has_none_to_explain(tmp_path: Path) -> None:
    """A policy without timers has none to explain, and no name is suggested."""
    file = tmp_path / "mine.toml"
    file.write_text(
        'name = "mine"\neffective = 2026-01-01\nzone = "UTC"\ndefault_type = "a"\n[types.a]\n'
        '[[permission]]\ncommands = "open"\nby = "customer"\n'
    )
    ran = ticketcore("explain", file, "--timer", "late", *FRIDAY, width=200)

    assert 'policy mine has no timer "late": it has none' in usage_error(ran)


def test_the_explanation_is_also_shown_in_words() -> None:
    """An explanation in words has the effect, the rule, the due instant and the counted time."""
    args = ("--type", "refund", "--opened", "2026-03-06T15:00", "--zone", LA)
    lines = ticketcore("explain", "clickbank", *args).out.splitlines()

    assert [
        f"refund ticket by customer, opened Fri 2026-03-06 15:00 ({LA})",
        "clickbank 2013-01-01",
        "",
        "refund  effect refund, rule C5",
        "  when type refund, requested by customer or support, has grace period",
        f"  24 working hours from Fri 2026-03-06 15:00 PST ({LA})",
        "  due Mon 2026-03-09 15:00 PDT, 2026-03-09T22:00:00Z",
    ] == lines[:7]
    assert "  clocks changed: Sun 2026-03-08 02:00 became 03:00" in lines


def test_a_ticket_without_timers_is_reported_as_such() -> None:
    """A ticket without timers is reported as such, such as an enquiry at Amazon Pay."""
    out = ticketcore("explain", "amazon-pay", "--opened", "2026-04-02T16:00").out

    assert "The policy sets no timer for such a ticket" in out


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("clickbank", "--type", "refnd", "--zone", LA), 'did you mean "refund"?'),
        (("clickbank", "--by", "vendr", "--zone", LA), 'did you mean "vendor"?'),
        (("clickbank",), "policy clickbank sets no time zone: give the vendor's"),
        (("clickbank", "--zone", "America/Boisse"), "unknown zone"),
        (("kaufland",), "--storefront: required by the policy: give one of de, cz"),
        (("kaufland", "--storefront", "dee"), 'unknown "dee": did you mean "de"?'),
        (("webshippy", "--category", "order"), 'did you mean "orders"?'),
        (("webshippy", "--category", "orders", "--subcategory", "adress"), '"address"?'),
        (("kaufland", "--storefront", "de", "--reason", "latee"), 'unknown "latee": '),
        (("clickbank", "--zone", LA, "--billing", "montly"), 'expected one of "one-time", "rec'),
        (("amazon-pay", "--dispute", "clam"), 'no dispute kind "clam": did you mean "claim"?'),
        (
            ("office", "--dispute", "claim"),
            'policy office has no dispute kind "claim": it has none',
        ),
        (("amazon-pay", "--dispute", "claim", "--deadline", "soon"), "--deadline"),
        (("amazon-pay", "--deadline", "2026-04-05T12:00"), "needs --dispute with the kind"),
    ],
)
def test_an_option_that_the_policy_lacks_is_refused(args: tuple[str, ...], message: str) -> None:
    """An option that the policy lacks is refused with exit code 2 and the nearest value."""
    ran = ticketcore("explain", *args, "--opened", "2026-03-06T15:00", width=200)

    assert (2, "") == (ran.code, ran.out)
    assert message in usage_error(ran)


@pytest.mark.parametrize("opened", ["2026-03-08T02:30", "2026-11-01T01:30", "tomorrow"])
def test_a_local_time_must_be_one_instant(opened: str) -> None:
    """`explain` refuses a local time that does not exist, or exists twice."""
    ran = ticketcore("explain", "clickbank", "--zone", LA, "--opened", opened)

    assert 2 == ran.code
    assert "--opened" in ran.err


def test_a_policy_file_can_be_explained(tmp_path: Path) -> None:
    """`explain` takes the path of a policy file, too."""
    file = tmp_path / "mine.toml"
    file.write_text(
        'name = "mine"\neffective = 2020-01-01\ndefault_handler = "support"\nzone = "UTC"\n'
        '[types.request]\n[[permission]]\ncommands = "open"\nby = "customer"\n'
        '[[timer]]\nname = "t"\nwhen = {}\nfrom = "opened"\nafter = "1 hour"\neffect = "warn"\n'
    )
    ran = ticketcore("explain", str(file), "--type", "request", "--opened", "2026-01-09T15:00")

    assert "\nt  effect warn\n" in ran.out
