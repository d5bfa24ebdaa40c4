"""A backtest checks the guarantees of the policy."""

import json
from pathlib import Path

import pytest

from support.command_line import ticketcore
from support.histories.backtests import hours, opened, replied, run_backtest
from ticketcore.backtest import GuaranteeReport
from ticketcore.events import Event, write_histories
from ticketcore.policies import Policy, parse_policy
from ticketcore.scenarios import check_scenario

MINE = """\
extends = "service-desk"
name = "mine"
[[guarantee]]
name = "answered"
rule = "G1"
[guarantee.always]
event = "replied"
by = "support"
within = "8 hours"
from = "waiting-since"
when = { waiting_for = "support" }
[[guarantee]]
name = "no-refund"
never = { event = "refunded" }
"""
LATE = (opened(), replied(9, "support", solution=True))
IN_TIME = (opened(), replied(8, "support", solution=True))
UNANSWERED = (opened(),)


def reported(folder: Path, *tickets: tuple[Event, ...], **options: int) -> GuaranteeReport:
    """Return the report on the first guarantee."""
    answered, refund = run_backtest(folder, *tickets, policy=policy(), **options).guarantees

    assert (GuaranteeReport(name="no-refund", rule=None, broken=0)) == refund
    return answered


def policy() -> Policy:
    """Return the policy with its guarantees."""
    return parse_policy(MINE)


def test_tickets_that_break_a_guarantee_are_counted(tmp_path: Path) -> None:
    """The report counts tickets that break a guarantee, and names the one that breaks it first."""
    answered = reported(tmp_path, IN_TIME, LATE, UNANSWERED)

    assert ("answered", "G1", 2, "T2") == (
        answered.name,
        answered.rule,
        answered.broken,
        answered.ticket,
    )
    assert hours(8) == answered.at
    assert (
        "replied is missing on Mon 2026-01-05 17:00 UTC+00:00, the last instant for it"
        == answered.message
    )


def test_a_kept_guarantee_has_no_case(tmp_path: Path) -> None:
    """A guarantee that every ticket keeps is listed without a case."""
    assert GuaranteeReport(name="answered", rule="G1", broken=0) == reported(tmp_path, IN_TIME)


def test_ranges_of_a_file_are_added_up(tmp_path: Path) -> None:
    """The first case is the earliest of the whole file, however the file is split."""
    whole = reported(tmp_path, IN_TIME, LATE, UNANSWERED, LATE)
    split = reported(tmp_path, IN_TIME, LATE, UNANSWERED, LATE, range_size=1)

    assert (3, "T2", whole.message) == (split.broken, split.ticket, split.message)
    assert whole.broken == split.broken


def test_the_first_case_is_a_scenario(tmp_path: Path) -> None:
    """The first case is printed as a scenario that breaks the guarantee again."""
    (tmp_path / "mine.toml").write_text(MINE)
    report = reported(tmp_path, UNANSWERED)
    story = report.story
    assert story is not None
    scenario = tmp_path / "story.toml"
    scenario.write_text(story.scenario("mine.toml"))

    (finding,) = check_scenario(scenario).findings
    assert f'guarantee "answered" (G1) holds; found: {report.message}' == finding


def test_a_ticket_that_the_replay_reopened_has_no_story(tmp_path: Path) -> None:
    """A ticket that only the replay reopened gets no scenario: the policy refuses the reply."""
    rules = parse_policy(
        'extends = "service-desk"\nname = "mine"\nclosing = { reply_reopens = [] }\n'
        '[[guarantee]]\nname = "final"\nnever = { event = "reopened" }\n'
    )
    ticket = (opened(), replied(1, "support", solution=True), replied(500, "support"))
    (final,) = run_backtest(tmp_path, ticket, policy=rules).guarantees

    assert (1, None) == (final.broken, final.story)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Return a history, and a policy with guarantees."""
    history, rules = tmp_path / "history.jsonl", tmp_path / "mine.toml"
    write_histories(history, [("T1", IN_TIME), ("T2", LATE)])
    rules.write_text(MINE)
    return history, rules


def test_the_command_shows_the_case_and_its_scenario(files: tuple[Path, Path]) -> None:
    """The command prints the case and its scenario, and the exit code is 1."""
    history, rules = files
    ran = ticketcore("backtest", history, "--policy", rules)

    assert 1 == ran.code
    assert (
        "Guarantees  tickets that break them, each with its first case\n"
        "1  answered (G1)  ticket T2: replied is missing on Mon 2026-01-05 17:00 UTC"
    ) in ran.out
    assert "\n0  no-refund      kept\n" in ran.out
    assert '# the first ticket that breaks "answered": replied is missing' in ran.out
    assert f'policy = "{rules}"\n' in ran.out


def test_json_has_the_scenario_under_the_name_of_the_policy(tmp_path: Path) -> None:
    """JSON has the counts of each guarantee, and the scenario of its first case."""
    report = run_backtest(tmp_path, LATE, policy=policy())
    broken, kept = json.loads(json.dumps(report.to_json()))["guarantees"]

    assert ("answered", 1, "T1") == (broken["name"], broken["broken"], broken["ticket"])
    assert 'policy = "mine"\n' in broken["scenario"]
    assert (0, None) == (kept["broken"], kept["scenario"])
