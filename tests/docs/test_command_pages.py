"""The pages on the command line and on scenario files."""

import re
from typing import Any

import attrs
import pytest
from typer.main import get_command

from cli_docs import PAGES, ROOT, blocks, printed
from ticketcore.cli import app
from ticketcore.commands import COMMANDS
from ticketcore.scenarios import parse_scenario, run_scenario

REFERENCE = ROOT / "docs" / "reference"
COMMAND_LINE = (REFERENCE / "commands.md").read_text(encoding="utf-8")
SCENARIOS = (REFERENCE / "scenarios.md").read_text(encoding="utf-8")
STEPS = SCENARIOS.partition("<!-- commands: step -->")[2].partition("<!-- end -->")[0]
SHOWN = [block for page in PAGES for block in blocks(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(("args", "expected"), SHOWN, ids=[args for args, _ in SHOWN])
def test_commands_print_the_output_that_the_pages_show(
    monkeypatch: pytest.MonkeyPatch, args: str, expected: str
) -> None:
    """A reader who runs a command of a page gets the output that the page shows."""
    monkeypatch.chdir(ROOT)

    assert expected == printed(args)


def test_the_scenarios_of_the_page_pass() -> None:
    """The scenarios on the page can be copied, and their expectations are met."""
    texts = re.findall(r"```toml\n(.*?)```", SCENARIOS, re.DOTALL)
    runs = [run_scenario(parse_scenario(text)) for text in texts]

    assert [((), 4), ((), 4)] == [(run.failures, len(run.expectations)) for run in runs]


def test_the_page_describes_every_command_of_the_command_line() -> None:
    """The page has a section for each command and names each sub-command."""
    commands = get_command(app).commands  # type: ignore[attr-defined]
    below = {f"{name} {sub}" for name, one in commands.items() for sub in _names_below(one)}

    assert set(commands) == set(re.findall(r"^## (.*)$", COMMAND_LINE, re.MULTILINE))
    assert set() == {name for name in below if f"`{name}" not in COMMAND_LINE}


def _names_below(command: Any) -> list[str]:
    return list(getattr(command, "commands", ()))


def test_the_table_of_steps_lists_every_command() -> None:
    """The table of steps has one row for each command, in the order of the code."""
    assert ["command", *COMMANDS] == re.findall(r"^\| `([a-z-]+)` \|", STEPS, re.MULTILINE)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_of_steps_lists_every_key(name: str) -> None:
    """The row of a command lists its fields, with required ones in bold."""
    (row,) = re.findall(rf"^\| `{name}` \| (.*) \|$", STEPS, re.MULTILINE)
    shared = ("at", "by", "actor", "command_id")
    fields = [f for f in attrs.fields(COMMANDS[name]) if f.name not in shared]
    keys = [f"**`{f.name}`**" if f.default is attrs.NOTHING else f"`{f.name}`" for f in fields]

    assert ", ".join(keys) == row.strip()
