"""The table of rules: it is current and complete, and knows every rule id in use."""

import pytest

from rule_table import PAGE, RULES, checks, code_files, policy_lines, table

KEPT = {rule for rule, *_ in policy_lines()} | {rule for rule, _ in code_files()}
CHECKED = {rule for rule, *_ in checks()}


def test_the_page_is_current() -> None:
    """The table of rules equals the output of `tools/rule_table.py`."""
    assert table() == PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_kept_and_checked(rule: str) -> None:
    """A policy or the code quotes each rule, and a test checks it."""
    assert rule in KEPT
    assert rule in CHECKED


def test_every_quoted_rule_exists() -> None:
    """No policy, code or test quotes a rule id that the table does not list."""
    quoted = [*policy_lines(), *code_files(), *checks()]

    assert [] == [entry for entry in quoted if entry[0] not in RULES]
