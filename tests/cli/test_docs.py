import re
from typing import Any

import attrs
import pytest
from typer.main import get_command

from cli_docs import ROOT, blocks, printed
from ticketcore.cli import app
from ticketcore.commands import COMMANDS
from ticketcore.simulation import parse_scenario, run_scenario

DOCS = [ROOT / "docs" / "reference" / name for name in ("commands.md", "scenarios.md")]
SHOWN = [block for file in DOCS for block in blocks(file.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(("args", "expected"), SHOWN, ids=[a for a, _ in SHOWN])
def test_commands_print_what_the_docs_say(
    monkeypatch: pytest.MonkeyPatch, args: str, expected: str
) -> None:
    """Every console block is what a reader gets who tries it."""
    monkeypatch.chdir(ROOT)
    assert expected == printed(args)


def test_the_scenario_of_the_docs_passes() -> None:
    """The file that the docs explain can be copied, and keeps what it promises."""
    text = (ROOT / "docs" / "reference" / "scenarios.md").read_text(encoding="utf-8")
    (scenario,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    run = run_scenario(parse_scenario(scenario))
    assert ((), 4) == (run.failures, len(run.checks))


def test_every_command_of_the_line_is_in_the_docs() -> None:
    """The page has a part for each command, and names each that stands below one."""
    page = DOCS[0].read_text(encoding="utf-8")
    commands = get_command(app).commands  # type: ignore[attr-defined]
    below = {f"{name} {sub}" for name, one in commands.items() for sub in _names_below(one)}

    assert set(commands) == set(re.findall(r"^## (.*)$", page, re.MULTILINE))
    assert set() == {name for name in below if f"`{name}" not in page}


def _names_below(command: Any) -> list[str]:
    return list(getattr(command, "commands", ()))


STEPS = DOCS[1].read_text(encoding="utf-8").partition("## Steps")[2].partition("## Expect")[0]


def test_every_command_is_in_the_docs() -> None:
    """The table of steps names each command."""
    assert ["do", *COMMANDS] == re.findall(r"^\| `([a-z-]+)` \|", STEPS, re.MULTILINE)


@pytest.mark.parametrize("do", COMMANDS)
def test_every_key_of_a_step_is_in_the_docs(do: str) -> None:
    """The table of steps names each field of a command, those that are needed in bold."""
    (row,) = re.findall(rf"^\| `{do}` \| (.*) \|$", STEPS, re.MULTILINE)
    fields = [f for f in attrs.fields(COMMANDS[do]) if f.name not in ("at", "by", "who")]
    keys = [f"**`{f.name}`**" if f.default is attrs.NOTHING else f"`{f.name}`" for f in fields]

    assert ", ".join(keys) == row.strip()
