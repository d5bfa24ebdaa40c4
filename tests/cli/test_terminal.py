"""Control characters from files are escaped in all output."""

from pathlib import Path

import pytest

from support.command_line import Ran, ticketcore
from ticketcore._internal.terminal import csv_cell

EVIL = "x\\u001b[2J\\u009b\\u202ey"  # clears the screen, reverses the direction of text
ESCAPED = r"x\x1b[2J\x9b\u202ey"
QUOTED = r"x\u001b[2J\x9b\u202ey"

POLICY = f"""\
name = "{EVIL}"
title = "{EVIL}"
effective = 2020-01-01
default_type = "{EVIL}"
zone = "UTC"
types."{EVIL}".rule = "{EVIL}"
calendars."{EVIL}".rule = "{EVIL}"
[[permission]]
commands = ["open", "reply"]
by = "customer"
rule = "{EVIL}"
[[timer]]
name = "{EVIL}"
rule = "{EVIL}"
from = "opened"
after = "1 hour"
effect = "warn"
"""
SCENARIO = f"""\
name = "{EVIL}"
description = "{EVIL}"
policy = "policy.toml"
ticket.id = "{EVIL}"
expect.type = "{EVIL}"
[[step]]
command = "open"
by = "customer"
at = 2026-01-05T09:00:00Z
[[step]]
command = "change-type"
by = "customer"
at = 2026-01-05T09:00:00Z
type = "{EVIL}"
"""
LINE = (
    f'{{"ticket":"{EVIL}","seq":%s,"type":"opened","schema":1,'
    f'"occurred_at":"2026-01-05T17:00:00.000000Z",'
    f'"data":{{"by":"customer","type":"{EVIL}","zone":"{EVIL}"}}}}\n'
)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with a policy, scenarios and histories whose names hold control characters."""
    monkeypatch.chdir(tmp_path)
    Path("policy.toml").write_text(POLICY, "utf-8")
    Path("story.toml").write_text(SCENARIO, "utf-8")
    Path("well.jsonl").write_text(LINE % 1, "utf-8")
    Path("broken.jsonl").write_text(LINE % 2, "utf-8")
    Path("broken.toml").write_text(POLICY + f'"{EVIL}" = "{EVIL}"\nzone = "{EVIL}"', "utf-8")
    Path("tried.toml").write_text(
        SCENARIO.replace('"policy.toml"', '"no.toml"') + f'"{EVIL}" = 1', "utf-8"
    )
    return tmp_path


@pytest.mark.parametrize(
    "command",
    [
        "policy show policy.toml",
        "policy check policy.toml",
        "policy check policy.toml --explore",
        "policy check broken.toml",
        "explain policy.toml --opened 2026-01-05T09:00",
        "explain policy.toml --opened 2026-01-05T09:00 --dispute claim",
        "simulate story.toml",
        "simulate tried.toml",
        "test story.toml tried.toml",
        "history check broken.jsonl",
        "backtest well.jsonl --policy clickbank",
        "backtest broken.jsonl --policy clickbank",
        "backtest broken.jsonl --policy policy.toml",
        "backtest broken.jsonl --policy policy.toml --strict",
        "metrics well.jsonl --policy clickbank --by type",
        "metrics broken.jsonl --policy clickbank",
    ],
)
def test_control_characters_are_escaped_in_output_for_people(here: Path, command: str) -> None:
    """Control characters in names and texts are escaped in all output for people."""
    ran = ticketcore(*command.split(), width=200)

    assert _is_harmless(ran)
    assert any(escaped in ran.out + ran.err for escaped in (ESCAPED, QUOTED))


@pytest.mark.parametrize(
    "command",
    [
        "explain policy.toml --opened 2026-01-05T09:00 --json",
        "policy diagram policy.toml",
        "simulate --json story.toml",
        "backtest well.jsonl --policy policy.toml --json",
        "metrics well.jsonl --policy clickbank --by type --json",
        "metrics well.jsonl --policy clickbank --by type --csv",
    ],
)
def test_output_for_programs_has_no_control_characters(here: Path, command: str) -> None:
    """Output for programs has no control characters, since JSON escapes them."""
    assert _is_harmless(ticketcore(*command.split()))


def test_control_characters_are_escaped_in_usage_errors(here: Path) -> None:
    """Control characters are escaped in usage errors, such as those that list types."""
    ran = ticketcore("backtest", "well.jsonl", "--policy", "policy.toml", "--type", "z")

    assert 2 == ran.code
    assert _is_harmless(ran)
    assert ESCAPED in "".join(ran.err.replace("│", " ").split())


def test_a_long_argument_is_cut_in_usage_errors() -> None:
    """A usage error shows the beginning of a very long argument, and what would be right."""
    ran = ticketcore("policy", "terms", "office", "--language", "x" * 100_000)

    assert 2 == ran.code
    assert len(ran.err) < 2_000
    assert "is not one of" in ran.err


def _is_harmless(ran: Ran) -> bool:
    return all(line.isprintable() for line in (ran.out + ran.err).split("\n"))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_of_a_csv_file_is_no_formula(text: str) -> None:
    """A cell that begins like a formula is written so that a spreadsheet shows it as text."""
    assert f"'{text}" == csv_cell(text)
    assert ["a=1", -1, None] == [csv_cell(value) for value in ("a=1", -1, None)]
