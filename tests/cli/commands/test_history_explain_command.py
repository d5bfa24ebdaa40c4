"""`ticketcore history explain`: what happened to the timers of a recorded ticket."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from support.command_line import EXAMPLES, Ran, ticketcore, usage_error
from ticketcore.policies import preset_text

DESK = EXAMPLES / "help-desks" / "help-desk"
POLICY = ("--policy", "help-desk")


def recorded(folder: Path, *stories: Path) -> Path:
    """Return a history file with the tickets of scenarios."""
    file = folder / "tickets.jsonl"
    file.write_text("".join(ticketcore("simulate", "--json", story).out for story in stories))
    return file


@pytest.fixture
def reopened(tmp_path: Path) -> Path:
    """A ticket that is closed, reopened and closed again, with a pause before."""
    return recorded(tmp_path, DESK / "reopened.toml")


def explained(*args: str | Path) -> dict[str, Any]:
    """Return the JSON of an explanation."""
    ran = ticketcore("history", "explain", *args, "--json")
    assert (0, "") == (ran.code, ran.err)
    answer: dict[str, Any] = json.loads(ran.out)
    return answer


def test_a_deadline_that_a_new_target_moved_says_from_when(tmp_path: Path) -> None:
    """A change of the target moves the deadline, and the line says from which instant."""
    story = tmp_path / "urgent.toml"
    story.write_text(
        'policy = "help-desk"\n[ticket]\nid = "7"\nzone = "UTC"\n'
        "[[step]]\nat = 2026-03-02T09:00:00\n"
        'command = "open"\nby = "customer"\nsubject = "No network"\ntext = "Help"\n'
        '[[step]]\nat = 2026-03-02T10:00:00\ncommand = "set-field"\nby = "support"\n'
        'field = "priority"\nvalue = "urgent"\n'
    )
    file = recorded(tmp_path, story)
    ran = ticketcore("history", "explain", file, "7", *POLICY, "--timer", "resolution", width=200)

    assert "deadline moved from Wed 2026-03-04 17:00  due Mon 2026-03-02 13:00" in ran.out


def test_each_timer_has_its_outcome_its_times_and_its_changes(reopened: Path) -> None:
    """An explanation lists what stopped a timer's clock, and each move of its deadline."""
    ran = ticketcore("history", "explain", reopened, "1028", *POLICY, "--timer", "resolution")

    assert (0, "") == (ran.code, ran.err)
    assert [
        "ticket 1028",
        "help-desk 2026-01-01",
        "as of Thu 2026-03-05 16:30, times in UTC",
        "",
        "resolution  effect breach, counted from Mon 2026-03-02 09:00",
        "  met late, 9 h 30 min used, 1 h 30 min over, paused for 22 h",
    ] == ran.out.splitlines()[:6]
    wide = ticketcore(
        "history", "explain", reopened, "1028", *POLICY, "--timer", "resolution", width=200
    )
    rows = [line.strip().split("  ") for line in wide.out.splitlines()[6:]]
    assert [
        ["Mon 2026-03-02 11:00", "paused: customer-awaited"],
        ["Mon 2026-03-02 12:00", "met: closed, after a pause of 1 h"],
        [
            "Thu 2026-03-05 09:00",
            "went on, after a pause of 21 h, moved from Mon 2026-03-02 17:00",
            "due Thu 2026-03-05 15:00",
            "customer answered; pause while-closed ended",
        ],
        ["Thu 2026-03-05 13:00", "level: lead-warned"],
        ["Thu 2026-03-05 15:00", "deadline passed"],
    ] == [rows[1][:2], rows[2][:2], rows[3], rows[4][:2], rows[5][:2]]


def test_json_has_the_same(reopened: Path) -> None:
    """JSON has the same explanation, with times in seconds and instants in UTC."""
    answer = explained(reopened, "1028", *POLICY, "--timer", "resolution")
    (timer,) = answer.pop("timers")
    changes = timer.pop("changes")

    assert {
        "ticket": "1028",
        "policy": "help-desk",
        "version": "2026-01-01",
        "replayed": False,
        "zone": "UTC",
        "at": "2026-03-05T16:30:00Z",
    } == answer
    assert {
        "timer": "resolution",
        "dispute": None,
        "cycle": 2,
        "since": "2026-03-02T09:00:00Z",
        "due": "2026-03-05T15:00:00Z",
        "outcome": "met",
        "late": True,
        "fired_at": "2026-03-05T15:00:00Z",
        "at": "2026-03-05T16:30:00Z",
        "used_seconds": 34200.0,
        "remaining_seconds": -5400.0,
        "paused_seconds": 79200.0,
    } == timer
    assert {
        "at": "2026-03-05T09:00:00Z",
        "kind": "went-on",
        "due_before": "2026-03-02T17:00:00Z",
        "due": "2026-03-05T15:00:00Z",
        "causes": ["replied", "pause-ended"],
        "pauses": [],
        "paused_seconds": 75600.0,
        "level": None,
        "ended_by": None,
    } == changes[3]


def test_the_outcomes_are_told_in_words(reopened: Path) -> None:
    """The text says in words whether a timer runs, is paused, met, cancelled or late."""

    def outcomes(at: str) -> list[str]:
        out = ticketcore("history", "explain", reopened, "1028", *POLICY, "--at", at).out
        lines = out.splitlines()
        return [
            f"{name.split()[0]}: {line.strip().split(', ')[0]}"
            for name, line in pairwise(lines)
            if "counted from" in name
        ]

    assert ["first-reply: runs", "resolution: runs"] == outcomes("2026-03-02T10:00")
    assert [
        "first-reply: met in time",
        "resolution: paused",
        "silence: runs",
        "update: paused",
    ] == outcomes("2026-03-02T11:30")
    late = ticketcore("history", "explain", reopened, "1028", *POLICY, "--at", "2026-03-05T15:30")
    assert "  late, runs, 8 h 30 min used, 30 min over, paused for 22 h\n" in late.out
    assert "silence: cancelled" in outcomes("2026-03-05T16:30")


def test_a_deadline_that_closed_the_ticket_has_fired(tmp_path: Path) -> None:
    """A deadline that closed the ticket is shown as fired, with the rule of its timer."""
    file = recorded(tmp_path, EXAMPLES / "clickbank" / "silent-vendor.toml")
    out = ticketcore("history", "explain", file, "00123456791", "--timer", "vendor-silent-close")

    assert "vendor-silent-close  effect close, rule C15, counted from" in out.out
    assert "  fired, cancelled, " in out.out


def test_a_reminder_that_was_given_before_the_answer_is_not_late(tmp_path: Path) -> None:
    """A reminder that fired before the answer is not late; only a recorded breach is."""
    (tmp_path / "reminding.toml").write_text(
        'name = "reminding"\neffective = 2026-01-01\nzone = "UTC"\ndefault_type = "request"\n'
        '[types.request]\n[[permission]]\ncommands = ["open", "reply"]\n'
        'by = ["customer", "vendor"]\n[[timer]]\nname = "reminder"\nfrom = "opened"\n'
        'after = "1 hour"\neffect = "warn"\nmet_by = { event = "replied", by = "vendor" }\n'
    )
    story = tmp_path / "story.toml"
    story.write_text(
        'name = "A late answer"\npolicy = "reminding.toml"\n[ticket]\nid = "7"\n'
        '[[step]]\nat = 2026-03-02T09:00:00Z\ncommand = "open"\nby = "customer"\n'
        '[[step]]\nat = 2026-03-02T11:00:00Z\ncommand = "reply"\nby = "vendor"\n'
    )
    file = recorded(tmp_path, story)
    out = ticketcore("history", "explain", file, "7", "--policy", tmp_path / "reminding.toml").out

    assert "  fired, met, 2 h used, 1 h over\n" in out


def test_the_timer_of_a_dispute_names_the_dispute(tmp_path: Path) -> None:
    """The timer of each dispute is shown with the dispute's id."""
    file = recorded(tmp_path, EXAMPLES / "amazon-pay" / "claim-answered-at-the-deadline.toml")
    number = file.read_text().split('"')[3]

    assert ", dispute " in ticketcore("history", "explain", file, number).out


def test_a_ticket_without_recorded_deadlines_is_replayed_under_the_policy() -> None:
    """A ticket without recorded timers is explained by replaying its actions."""
    file = EXAMPLES / "histories" / "service-desk.jsonl"
    answer = explained(file, "00000000001", "--policy", "service-desk")
    shown = ticketcore("history", "explain", file, "00000000001", "--policy", "service-desk").out

    assert answer["replayed"]
    assert ["resolved"] == [timer["timer"] for timer in answer["timers"]]
    assert "service-desk 2016-01-01, replayed under it\n" in shown


def test_a_ticket_that_has_had_no_timer_says_so(tmp_path: Path) -> None:
    """A ticket that has had no timer is reported as such."""
    file = recorded(tmp_path, EXAMPLES / "amazon-pay" / "request-for-information.toml")
    number = file.read_text().split('"')[3]

    assert "The ticket has had no timers" in ticketcore("history", "explain", file, number).out
    ran = ticketcore("history", "explain", file, number, "--timer", "claim")
    assert 'the ticket has had no timer "claim": it has none' in usage_error(ran)


def test_a_timer_that_the_policy_lacks_is_told_without_its_time(
    reopened: Path, tmp_path: Path
) -> None:
    """A timer that the policy lacks is shown without its used time."""
    edited = tmp_path / "edited.toml"
    edited.write_text(preset_text("help-desk").replace('name = "silence"', 'name = "quiet"'))
    ran = ticketcore("history", "explain", reopened, "1028", "--policy", edited)

    assert (
        "silence  not in the policy, counted from Mon 2026-03-02 11:00\n  cancelled\n" in ran.out
    )


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("1028", *POLICY, "--timer", "resolutoin"), 'did you mean "resolution"?'),
        (("1028", *POLICY, "--at", "2026-03-01T10:00"), "the ticket was opened later, on "),
        (("1028", *POLICY, "--at", "tomorrow"), "expected a date and time"),
        (("1028", "--policy", "kaufland"), "kaufland does not let the ticket be opened"),
    ],
)
def test_what_cannot_be_explained_is_refused(
    reopened: Path, args: tuple[str | Path, ...], message: str
) -> None:
    """Input that cannot be explained is refused with exit code 2 and the right form."""
    ran = ticketcore("history", "explain", reopened, *args, width=200)

    assert (2, "") == (ran.code, ran.out)
    assert message in usage_error(ran)


def test_a_policy_that_is_not_included_must_be_named(tmp_path: Path) -> None:
    """A policy file must be named, because a history records only its name and version."""
    file = recorded(tmp_path, EXAMPLES / "help-desks" / "rt" / "keep-in-loop.toml")
    ran = ticketcore("history", "explain", file, file.read_text().split('"')[3], width=200)

    assert 2 == ran.code
    assert "the ticket recorded rt 2000-01-01: name a preset or a policy file" in usage_error(ran)


def test_a_ticket_that_the_file_lacks_is_an_error(reopened: Path) -> None:
    """Explaining a ticket that the file lacks is an error."""
    ran: Ran = ticketcore("history", "explain", reopened, "1", *POLICY)

    assert 2 == ran.code
    assert "not found" in ran.err
