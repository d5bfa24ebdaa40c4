"""The table of rules in the docs: current, complete, and without rules that nobody knows."""

import pytest

from rule_table import PAGE, RULES, checks, code_files, policy_lines, table

KEPT = {rule for rule, *_ in policy_lines()} | {rule for rule, _ in code_files()}
CHECKED = {rule for rule, *_ in checks()}


def test_the_page_is_current() -> None:
    """What the docs say is what stands there today: `python tools/rule_table.py` writes it."""
    assert table() == PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_kept_and_checked(rule: str) -> None:
    """A policy carries it or the code quotes it; and a test checks it."""
    assert rule in KEPT
    assert rule in CHECKED


def test_no_rule_is_unknown() -> None:
    """A misspelt id would seem to be kept, or checked, and be neither."""
    quoted = [*policy_lines(), *code_files(), *checks()]

    assert [] == [entry for entry in quoted if entry[0] not in RULES]
