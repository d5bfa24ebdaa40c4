import re

import pytest

from cli_docs import ROOT, blocks, printed
from ticketcore.commands import COMMANDS
from ticketcore.simulation import parse_scenario, run_scenario

DOCS = [ROOT / "docs" / name for name in ("commands.md", "scenarios.md")]
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
    text = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
    (scenario,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    run = run_scenario(parse_scenario(scenario))
    assert ((), 4) == (run.failures, len(run.checks))


def test_every_command_is_in_the_docs() -> None:
    """The table of steps names each command."""
    text = DOCS[1].read_text(encoding="utf-8")
    steps = text.partition("## Steps")[2].partition("## Expectations")[0]
    assert ["do", *COMMANDS] == re.findall(r"^\| `([a-z-]+)` \|", steps, re.MULTILINE)
