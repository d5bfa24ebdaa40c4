"""Dated cases: what other projects' test suites hold to be true, and more of the same kind."""

import pytest

from support.calendar_cases import Case, cases


@pytest.mark.parametrize("case", cases(), ids=str)
def test_dated_case(case: Case) -> None:
    """A small calendar answers one operation as people work it out by hand."""
    assert case.expected == case.answer()
