"""Dated cases from the test suites and documentation of eleven help desks, as stories.

`public_cases/` has a file for each system. Its stories run under the system's policy in
`examples/help-desks/`, with the hours and targets that the source of the case has.
"""

import tomllib
from pathlib import Path
from typing import Any

import attrs
import pytest

from support.clocks.playing import SlowDesk, differences, window_of
from support.clocks.slow_policy import policy_data
from support.clocks.story_text import read_story

EXAMPLES = Path(__file__).parents[2] / "examples" / "help-desks"


@attrs.frozen(kw_only=True)
class Case:
    """A story under a policy: the text of the file that changes the system's policy."""

    system: str
    title: str
    policy: str
    folder: Path
    story: str


def cases() -> list[Case]:
    """Return the cases of all systems."""
    files = sorted((Path(__file__).parent / "public_cases").glob("*.toml"))
    return [case for file in files for case in _cases_of(file)]


def _cases_of(file: Path) -> list[Case]:
    data: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    path = Path(data["policy"])
    head = f'extends = "{path.name}"\nname = "case"\neffective = 2000-01-01\n'
    return [
        Case(
            system=file.stem,
            title=case["title"],
            policy=head + case.get("changes", ""),
            folder=EXAMPLES / path.parent,
            story=case["story"],
        )
        for case in data["case"]
    ]


CASES = cases()
IDS = [f"{case.system}: {case.title}" for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_the_slow_reference_works_out_each_case(case: Case) -> None:
    """Counting minute by minute gives what the source of the case says."""
    lines = read_story(case.story)
    window = window_of(lines)
    desk = SlowDesk(policy_data(case.policy, case.folder), window)

    assert [] == differences(desk, lines, window.tick)
