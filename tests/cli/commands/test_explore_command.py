"""`ticketcore policy check --explore` searches a policy for faults."""

from pathlib import Path

import pytest

from support.broken.policies import BROKEN
from support.command_line import ticketcore
from ticketcore.testing.exploring import _search

FAULTY = BROKEN["a warning that comes after the closing"]


def test_a_sound_policy_has_no_findings() -> None:
    """A sound policy has no findings, and the exit code is 0."""
    ran = ticketcore("policy", "check", "--explore", "office")

    assert 0 == ran.code
    assert ran.out.splitlines()[-1].endswith(" states explored, no findings")


def test_each_guarantee_is_listed_with_its_proof(tmp_path: Path) -> None:
    """Each guarantee is listed with its proof, or with the story that breaks it."""
    file = tmp_path / "mine.toml"
    file.write_text(
        'extends = "service-desk"\nname = "mine"\n'
        '[[guarantee]]\nname = "kept"\nnever = { event = "refunded" }\n'
        '[[guarantee]]\nname = "broken"\nnever = { event = "closed", by = "system" }\n'
    )
    ran = ticketcore("policy", "check", "--explore", file)

    assert 1 == ran.code
    assert f'{file}: guarantee "kept": holds\n{file}: guarantee "broken": broken\n' in ran.out
    assert '# guarantee-broken: guarantee "broken": closed on ' in ran.out


def test_a_proof_of_always_names_the_dates_that_were_tried(tmp_path: Path) -> None:
    """A proof of `always` names the dates that were tried; one of `never` needs none."""
    file = tmp_path / "mine.toml"
    head = 'extends = "service-desk"\nname = "mine"\n[[guarantee]]\nname = "kept"\n'
    never, always = (
        'never = { event = "refunded" }\n',
        (
            'always = { event = "closed", within = "120 hours", from = "last-activity", '
            'when = { solved = true, status = ["open", "pending"] } }\n'
        ),
    )
    printed = []
    for guarantee in (never, always):
        file.write_text(head + guarantee)
        printed.append(ticketcore("policy", "check", "--explore", file).out)

    assert [True, True] == ['guarantee "kept": holds\n' in out for out in printed]
    assert [False, True] == ["tried in January 2026 only" in out for out in printed]


def test_a_search_that_stops_at_the_limit_says_so() -> None:
    """A search that stops at its limit says that it is incomplete."""
    ran = ticketcore("policy", "check", "--explore", "--max-states", "20", "clickbank")

    assert 0 == ran.code
    assert (
        "clickbank: 20 states explored, no findings; stopped at the limit and reported "
        "over-refunds and guarantees only: raise --max-states for the rest\n"
    ) in ran.out


def test_a_search_that_tries_too_many_commands_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search that reaches the limit of commands prints the limit."""
    monkeypatch.setattr(_search, "MAX_EXPLORED_COMMANDS", 50)
    ran = ticketcore("policy", "check", "--explore", "clickbank")

    assert ran.out.endswith("guarantees only: it tries 500,000 commands at most\n")


def test_each_finding_is_printed_as_a_scenario(tmp_path: Path) -> None:
    """Each finding is printed as a scenario that runs, and the exit code is 1."""
    file = tmp_path / "wrong.toml"
    file.write_text(FAULTY.text)
    ran = ticketcore("policy", "check", "--explore", file)
    story = tmp_path / "story.toml"
    summary, printed = ran.out.split("\n\n", 1)
    story.write_text(printed)

    assert 1 == ran.code
    assert printed.startswith(f"# {FAULTY.code}: ")
    assert summary.endswith(" states explored, 1 finding")
    assert 0 == ticketcore("simulate", story).code


def test_an_invalid_file_outweighs_a_finding(tmp_path: Path) -> None:
    """The exit code is 2 if any file is invalid, whatever the search finds in the others."""
    wrong, invalid = tmp_path / "wrong.toml", tmp_path / "invalid.toml"
    wrong.write_text(FAULTY.text)
    invalid.write_text("name = 1")

    assert 2 == ticketcore("policy", "check", "--explore", wrong, invalid).code
