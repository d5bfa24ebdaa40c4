"""Dated cases of eleven help desks, as stories.

`public_cases/` has a file for each system. Its stories run under the system's policy in
`examples/help-desks/`, with the hours and targets that the source of the case has. The stories in
`further_cases/` are our own: they combine what the documentation of a system describes. Those of
`beyond_the_reference.toml` and `snoozed_split_merged.toml` have features that the slow reference
does not have.
"""

from datetime import timedelta
from pathlib import Path

import pytest

from support.clocks.cases import Case, read_cases
from support.clocks.playing import LibraryDesk, SlowDesk, differences, window_of
from support.clocks.slow_policy import policy_data
from support.clocks.story_text import read_story
from ticketcore.policies import parse_policy

FOLDER = Path(__file__).parent
FILES = [
    *sorted((FOLDER / "public_cases").glob("*.toml")),
    *sorted((FOLDER / "further_cases").glob("*.toml")),
    FOLDER / "worked_out_by_hand.toml",
]
CASES = [case for file in FILES for case in read_cases(file)]
BEYOND = [
    case
    for name in ("beyond_the_reference", "snoozed_split_merged")
    for case in read_cases(FOLDER / f"{name}.toml")
]


@pytest.mark.parametrize("case", [*CASES, *BEYOND], ids=str)
def test_the_library_works_out_each_case(case: Case) -> None:
    """The library gives the expected result of each published case."""
    desk = LibraryDesk(parse_policy(case.policy, folder=case.folder))

    assert [] == differences(desk, read_story(case.story), timedelta.resolution)


@pytest.mark.no_cover
@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_slow_reference_works_out_each_case(case: Case) -> None:
    """Counting minute by minute gives the expected result of each published case."""
    lines = read_story(case.story)
    window = window_of(lines)
    desk = SlowDesk(policy_data(case.policy, case.folder), window)

    assert [] == differences(desk, lines, window.tick)
