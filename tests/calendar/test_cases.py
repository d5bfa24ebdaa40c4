"""Dated cases, from the test suites of other projects and our own."""

import pytest

from support.calendars.cases import Case, cases


@pytest.mark.parametrize("case", cases(), ids=str)
def test_dated_case(case: Case) -> None:
    """One operation on a small calendar has the answer that people work out by hand."""
    assert case.expected == case.answer()
