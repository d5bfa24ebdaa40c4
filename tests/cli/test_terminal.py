"""What files say is shown, and acts on no terminal."""

from pathlib import Path

import pytest

from cli_runs import Ran, ticketcore

EVIL = "x\\u001b[2J\\u009b\\u202ey"  # clears the screen, and turns the direction of what follows
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
    """A directory with such a policy, scenario and history."""
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
        "figures well.jsonl --policy clickbank --by type",
        "figures broken.jsonl --policy clickbank",
    ],
)
def test_what_a_file_says_acts_on_no_terminal(here: Path, command: str) -> None:
    """Names, ids and texts are shown with what would move a cursor escaped; so are errors."""
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
        "figures well.jsonl --policy clickbank --by type --json",
        "figures well.jsonl --policy clickbank --by type --csv",
    ],
)
def test_what_is_for_programs_is_harmless_too(here: Path, command: str) -> None:
    """JSON says it in its own way."""
    assert _is_harmless(ticketcore(*command.split()))


def test_a_usage_error_that_quotes_a_file_is_harmless(here: Path) -> None:
    """Types are the policy's."""
    ran = ticketcore("backtest", "well.jsonl", "--policy", "policy.toml", "--type", "z")

    assert 2 == ran.code
    assert _is_harmless(ran)
    assert ESCAPED in "".join(ran.err.replace("│", " ").split())


def _is_harmless(ran: Ran) -> bool:
    return all(line.isprintable() for line in (ran.out + ran.err).split("\n"))
