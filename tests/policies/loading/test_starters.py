"""The policies to begin with."""

from pathlib import Path

import pytest

from ticketcore.errors import PolicyError
from ticketcore.policies import load_policy, starter_files, starters
from ticketcore.scenarios import check_scenario
from ticketcore.terms import policy_terms
from ticketcore.testing import explore


def written(folder: Path, kind: str) -> list[Path]:
    """Write the files of a new policy, and return their paths."""
    paths = []
    for name, text in starter_files(kind, "my-desk").items():
        paths.append(folder / name)
        paths[-1].write_text(text)
    return paths


@pytest.mark.parametrize("kind", starters())
def test_a_new_policy_is_valid_and_its_scenario_passes(tmp_path: Path, kind: str) -> None:
    """The scenario of a new policy passes, and fails if a deadline changes."""
    policy, scenario = written(tmp_path, kind)

    assert "my-desk" == load_policy(policy).name
    assert "passed" == check_scenario(scenario).state


@pytest.mark.no_cover
@pytest.mark.slow
@pytest.mark.parametrize("kind", starters())
def test_a_new_policy_has_no_faults_and_keeps_its_guarantees(tmp_path: Path, kind: str) -> None:
    """The exploration of a new policy finds no fault and proves every guarantee."""
    policy = load_policy(written(tmp_path, kind)[0])
    exploration = explore(policy)

    assert exploration.complete
    assert () == exploration.findings
    assert exploration.guarantees
    assert {"holds"} == {*exploration.guarantees.values()}


@pytest.mark.parametrize("kind", starters())
def test_the_terms_of_a_new_policy_are_sentences(tmp_path: Path, kind: str) -> None:
    """Each key of a starter policy has a phrase."""
    policy = load_policy(written(tmp_path, kind)[0])

    assert [] == [
        term.text for term in policy_terms(policy) if "_" in term.text.replace("New_York", "")
    ]


@pytest.mark.parametrize(
    ("kind", "name", "message"),
    [
        ("market", "my-desk", 'market: no such kind of desk; did you mean "marketplace"?'),
        ("office", "My Desk", "My Desk: not a name: write lower-case words, such as my-desk"),
        ("office", "../desk", "../desk: not a name"),
    ],
)
def test_another_kind_or_a_wrong_name_is_refused(kind: str, name: str, message: str) -> None:
    """An unknown kind of starter, or a wrong name, is refused with the right form."""
    with pytest.raises(PolicyError) as caught:
        starter_files(kind, name)

    assert str(caught.value.problems[0]).startswith(message)
