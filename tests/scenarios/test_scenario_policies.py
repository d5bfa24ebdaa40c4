"""Scenarios in which tickets of one order follow different policies."""

from pathlib import Path

import pytest

from support.command_line import EXAMPLES, ticketcore
from ticketcore.commands import SetField
from ticketcore.coverage import measure_coverage
from ticketcore.errors import ScenarioError
from ticketcore.policies import load_policy
from ticketcore.scenarios import (
    Scenario,
    load_scenario,
    parse_scenario,
    run_scenario,
    timeline_of,
)

CLAIM = EXAMPLES / "amazon-pay" / "claim-holds-a-refund-under-clickbank.toml"
HEAD = """
policy = "amazon-pay"
[ticket]
id = "1"
zone = "UTC"
order = { number = "P1", sold_at = 2026-01-02T12:00:00, amount = "100.00 EUR" }
[[step]]
at = 2026-01-12T09:00:00
command = "open"
by = "customer"
"""
SECOND = """
[[step]]
at = 2026-01-12T10:00:00
ticket = "2"
policy = "clickbank"
command = "open"
by = "customer"
type = "refund"
"""
REPLY = """
[[step]]
at = 2026-01-12T11:00:00
ticket = "2"
command = "reply"
by = "customer"
text = "hello"
"""
GUARDED = """
extends = "clickbank"
name = "guarded"
[fields.level]
choices = ["low", "high"]
[[permission]]
commands = "set-field"
by = "vendor"
[[guarantee]]
name = "no refund"
never = { event = "refunded" }
[[notification]]
name = "asked-again"
on = "opened"
to = "vendor"
"""


def problems(text: str, folder: Path | None = None) -> list[str]:
    """Return the mistakes of a text, each with line, key path and message."""
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text, folder=folder)
    return [f"{p.line}: {p.path}: {p.message}" for p in caught.value.problems]


def guarded(folder: Path, more: str = "", steps: str = SECOND) -> Scenario:
    """Load a scenario whose second ticket follows a policy file in its folder."""
    (folder / "guarded.toml").write_text(GUARDED)
    steps = steps.replace('"clickbank"', '"guarded.toml"')
    (folder / "scenario.toml").write_text(HEAD + steps + more)
    return load_scenario(folder / "scenario.toml")


def test_each_ticket_follows_the_policy_of_its_opening() -> None:
    """A step that names no policy opens its ticket under the policy of the head."""
    third = SECOND.replace('"2"', '"3"').replace('policy = "clickbank"\n', "")
    third = third.replace("refund", "enquiry")
    scenario = parse_scenario(HEAD + SECOND + third)
    tickets = run_scenario(scenario).tickets

    assert {"1": "amazon-pay", "2": "clickbank", "3": "amazon-pay"} == {
        number: ticket.policy for number, ticket in tickets.items()
    }
    assert {"1": "amazon-pay", "2": "clickbank", "3": "amazon-pay"} == {
        number: scenario.policies_of(number).versions[-1].name for number in tickets
    }


def test_a_single_ticket_may_follow_another_policy_than_the_head() -> None:
    """A step names a single ticket and its policy, so the ticket is opened with its number."""
    head = HEAD.split("[[step]]", maxsplit=1)[0]
    expected = '[expect.tickets.2]\nrefunded = "100.00 EUR"\n'
    run = run_scenario(parse_scenario(f"until = 2026-01-14T09:00:00\n{head}{SECOND}{expected}"))

    assert () == run.failures
    assert [("2", "clickbank")] == [(each.number, each.policy) for each in run.tickets.values()]


def test_a_claim_under_one_policy_holds_the_money_of_another() -> None:
    """A2, C8: a refund under clickbank pays what no claim under amazon-pay holds."""
    held = run_scenario(load_scenario(CLAIM))
    text = CLAIM.read_text("utf-8").split("[[step]]\nat = 2026-01-12T11")[0]
    paid = run_scenario(parse_scenario(text))

    assert [(), ()] == [held.failures, paid.failures]
    assert [0, 10000] == [run.tickets["1025"].refunded for run in (held, paid)]


def test_the_versions_of_the_head_do_not_affect_another_ticket(tmp_path: Path) -> None:
    """C21: the opening date selects a version for the tickets under the head's policy only."""
    later = 'extends = "amazon-pay"\neffective = 2026-01-01\n'
    (tmp_path / "later.toml").write_text(later)
    text = (HEAD + SECOND).replace('"amazon-pay"', '["amazon-pay", "later.toml"]')
    change = REPLY.replace('"reply"', '"change-policy"').replace('text = "hello"\n', "")
    change = change.replace("customer", "support")
    run = run_scenario(parse_scenario(text + change, folder=tmp_path))

    assert ["2026-01-01", "2013-01-01"] == [each.policy_version for each in run.tickets.values()]


def test_the_timeline_has_the_rules_of_each_policy() -> None:
    """The rule of an entry is that of the policy of its ticket."""
    run = run_scenario(load_scenario(CLAIM))

    assert {("1024", "claim (A1 A2)"), ("1025", "refund (C5)")} == {
        (number, entry.rule) for number, entry in timeline_of(run) if entry.kind == "timer"
    }


def test_the_guarantees_are_those_of_each_policy(tmp_path: Path) -> None:
    """A guarantee of the second ticket's policy fails for that ticket alone."""
    scenario = guarded(tmp_path, "[expect.tickets.2]\nrefunded = '100.00 EUR'\n")
    text = (tmp_path / "scenario.toml").read_text("utf-8")
    run = run_scenario(parse_scenario("until = 2026-01-14T09:00:00\n" + text, folder=tmp_path))

    assert ["ticket 2: refunded: 100.00 EUR"] == [
        failure.expected for failure in run_scenario(scenario).failures
    ]
    assert ['ticket 2: guarantee "no refund" holds'] == [
        failure.expected for failure in run.failures
    ]


def test_the_fields_are_those_of_each_policy(tmp_path: Path) -> None:
    """A field that only the policy of the second ticket declares is refused on the first."""
    step = (
        '[[step]]\nat = 2026-01-12T11:00:00\ncommand = "set-field"\nby = "vendor"\n'
        'field = "level"\nvalue = "high"\n'
    )
    run = run_scenario(guarded(tmp_path, f'{step}ticket = "1"\n{step}ticket = "2"\n'))

    assert [("1", True), ("2", False)] == [
        (each.ticket, each.refusal is not None)
        for each in run.steps
        if isinstance(each.command, SetField)
    ]


def test_a_type_is_checked_against_the_policy_of_its_ticket() -> None:
    """A type that only another ticket's policy has is a mistake in an expectation."""
    types = '[expect]\ntype = "refund"\n[expect.tickets.2]\ntype = "enquiry"\n'

    assert [
        '20: expect.type: no type "refund"; expected "enquiry"',
        '22: expect.tickets.2.type: no type "enquiry"; expected one of',
    ] == [each[:61] for each in problems(HEAD + SECOND + types)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            HEAD + SECOND + REPLY + 'policy = "clickbank"\n',
            "26: step[2].policy: only a step that opens a ticket names a policy",
        ),
        (
            HEAD + 'policy = "clickbank"\n',
            '11: step[0].policy: ticket "1" follows the policy at the head of the file: '
            "name this one there",
        ),
        (
            HEAD + SECOND + SECOND,
            '23: step[2].policy: an earlier step opens ticket "2": name the policy there',
        ),
        (
            HEAD + SECOND.replace('"clickbank"', "7"),
            "15: step[1].policy: expected text, found the integer 7",
        ),
        (
            HEAD + SECOND.replace('"clickbank"', '"clickbnk"'),
            '15: step[1].policy: clickbnk: no such preset; did you mean "clickbank"?',
        ),
    ],
)
def test_a_mistake_names_its_line(text: str, expected: str) -> None:
    """A policy in the wrong step, or an unknown one, is a mistake of its line."""
    assert [expected] == problems(text)


def test_an_unknown_policy_has_no_types() -> None:
    """A policy that cannot be loaded is one mistake: no type is compared with another policy."""
    text = HEAD + SECOND.replace('"clickbank"', '"clickbnk"')
    (problem,) = problems(text + '[expect.tickets.2]\ntype = "refund"\n')

    assert problem.startswith("15: step[1].policy")


def test_the_mistakes_of_a_policy_file_come_with_its_lines(tmp_path: Path) -> None:
    """All mistakes come at once, also if another step cannot be read."""
    (tmp_path / "wrong.toml").write_text('extends = "clickbank"\nname = "wrong"\ndesc = "?"\n')
    text = (
        HEAD
        + REPLY.replace("reply", "repyl").replace("T11", "T09")
        + SECOND.replace("clickbank", "wrong.toml")
    )
    unread, unknown = problems(text, tmp_path)

    assert unread.startswith('15: step[1].command: unknown "repyl"')
    assert f"22: step[2].policy: {tmp_path / 'wrong.toml'}:3:1: desc: unknown key" in unknown


@pytest.mark.parametrize("name", ["../outside.toml", "missing.toml"])
def test_a_policy_lies_below_the_folder_of_the_scenario(name: str, tmp_path: Path) -> None:
    """A step names no policy file outside the folder of its scenario."""
    (tmp_path / "outside.toml").write_text(GUARDED)
    (tmp_path / "below").mkdir()
    (problem,) = problems(HEAD + SECOND.replace("clickbank", name), tmp_path / "below")

    assert problem.startswith("15: step[1].policy: ")


def test_a_policy_of_many_tickets_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The head and a hundred openings name one file."""
    read: list[str] = []

    def load(name: str, **more: object) -> object:
        read.append(name)
        return load_policy("clickbank")

    monkeypatch.setattr("ticketcore.scenarios._load.load_policy", load)
    steps = "".join(SECOND.replace('"2"', f'"{n}"') for n in range(2, 102))
    scenario = parse_scenario(
        (HEAD + steps).replace('"amazon-pay"', '"clickbank"'), folder=tmp_path
    )

    assert 100 == len(scenario.own_policies)
    assert ["clickbank"] == read


def test_coverage_counts_the_tickets_of_a_policy(tmp_path: Path) -> None:
    """A scenario counts for each policy of its tickets; a notification for its own alone."""
    scenario = guarded(tmp_path).source
    found = measure_coverage(load_policy(tmp_path / "guarded.toml"), [Path(scenario)])
    clickbank = measure_coverage(load_policy("clickbank"), [Path(scenario)])

    assert [(1, 0), (0, 1)] == [(each.scenarios, each.others) for each in (found, clickbank)]
    assert {"asked-again": 1} == {
        part.name: use.scenarios for part, use in found.uses.items() if part.name == "asked-again"
    }


def test_a_refused_opening_of_a_policy_uses_nothing_of_it(tmp_path: Path) -> None:
    """The scenario follows the policy, although only tickets of another policy were opened."""
    refused = SECOND.replace('"refund"', '"enquiry"') + 'expect = { refused = "unknown-type" }\n'
    scenario = guarded(tmp_path, steps=refused)
    found = measure_coverage(load_policy(tmp_path / "guarded.toml"), [Path(scenario.source)])

    assert ["1"] == list(run_scenario(scenario).tickets)
    assert (1, 0, 0) == (found.scenarios, found.others, found.used)


def test_the_commands_show_a_ticket_under_its_policy(tmp_path: Path) -> None:
    """`simulate`, `test`, `cover`, `forecast` and `history explain` know the policy of each."""
    history = tmp_path / "story.jsonl"
    history.write_text(ticketcore("simulate", CLAIM, "--json").out)

    assert "amazon-pay 2022-01-01, clickbank 2013-01-01" in ticketcore("simulate", CLAIM).out
    assert 0 == ticketcore("test", CLAIM).code
    assert 0 == ticketcore("cover", "clickbank", CLAIM).code
    assert "clickbank 2013-01-01" in ticketcore("forecast", CLAIM, "1025").out
    assert "rule C5" in ticketcore("history", "explain", history, "1025").out
