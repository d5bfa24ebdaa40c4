"""Each command prints tables that can be read and copied, at each width and in a pipe."""

import re
from pathlib import Path

import pytest

from support.command_line import EXAMPLES, process, ticketcore
from ticketcore.cli._table import WIDEST
from ticketcore.policies import load_policy

STORIES = "clickbank/silent-vendor.toml", "readings/c14-checked-when-due.scenario.toml"
HISTORY = EXAMPLES / "histories" / "service-desk.jsonl"
DESK = "help-desk"
COMMANDS: list[list[str | Path]] = [
    ["simulate", EXAMPLES / STORIES[0]],
    ["simulate", EXAMPLES / STORIES[1]],
    ["policy", "show", "clickbank"],
    ["policy", "show", "kaufland"],
    ["policy", "show", "office"],
    ["explain", "kaufland", "--storefront", "at", "--opened", "2026-03-13T16:00"],
    ["explain", DESK, "--timer", "resolution", "--from", "2026-03-06T15:00"],
    ["forecast", EXAMPLES / "help-desks" / "help-desk" / "reopened.toml"],
    ["forecast", HISTORY, "00000000002", "--policy", "service-desk"],
    ["history", "explain", HISTORY, "00000000002", "--policy", "service-desk"],
    ["policy", "terms", "kaufland"],
    ["policy", "diff", "clickbank", "clickbank-24-7"],
    ["cover", "office", EXAMPLES / "office"],
    ["compare", HISTORY, "service-desk", EXAMPLES / "workbench" / "two-days.toml"],
    ["tickets", HISTORY, "--policy", "service-desk", "--limit", "3"],
    ["workload", HISTORY, "--policy", "service-desk"],
    ["history", "check", HISTORY],
    ["history", "show", HISTORY, "00000000001", "--policy", "service-desk"],
    ["backtest", HISTORY, "--policy", "service-desk", "--compare-recorded"],
    ["metrics", HISTORY, "--policy", "service-desk", "--by", "month", "--target", "8 hours"],
]

each_width = pytest.mark.parametrize("width", [80, 100, 200])
each_command = pytest.mark.parametrize(
    "command", COMMANDS, ids=lambda command: "-".join(Path(part).stem for part in command[:3])
)


@each_width
@each_command
def test_output_has_no_trailing_blanks(command: list[str | Path], width: int) -> None:
    """No line of output has trailing blanks, so that lines can be copied and compared."""
    ran = ticketcore(*command, width=width)

    assert ran.code in (0, 1)
    assert [] == [line for line in ran.out.splitlines() if line != line.rstrip()]


@each_width
@each_command
def test_words_are_the_same_at_each_width(command: list[str | Path], width: int) -> None:
    """A wider terminal moves words, and cuts or breaks no instant or name."""
    widest = set(ticketcore(*command, width=1000).out.split())

    assert widest == set(ticketcore(*command, width=width).out.split())


@pytest.mark.parametrize("story", STORIES)
def test_a_pipe_has_whole_instants_and_names(story: str) -> None:
    """A pipe gets whole instants and names, such as those of pending deadlines."""
    ran = process("simulate", EXAMPLES / story)
    names = {timer.name for timer in load_policy("clickbank").timers}
    pending = ran.out.partition("Pending")[2].partition("The ticket is")[0]
    rows = [line for line in pending.splitlines() if line.startswith("○")]

    assert all(re.search(r"\d\d:\d\d  \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ  in ", row) for row in rows)
    assert names >= set(re.findall(r"vendor-silent\S*", pending))
    assert bool(rows) == ("Pending" in ran.out)


@pytest.mark.parametrize("command", [c for c in COMMANDS if c[0] in ("backtest", "metrics")])
def test_a_list_of_sentences_is_at_most_a_hundred_characters_wide(
    command: list[str | Path],
) -> None:
    """A list of sentences is at most a hundred characters wide."""
    lines = ticketcore(*command, width=200).out.splitlines()

    assert [] == [line for line in lines if len(line) > WIDEST]


def test_a_pipe_has_whole_last_instants() -> None:
    """The last instants of a forecast are whole, and the instant of a closing comes too late."""
    ran = process("forecast", EXAMPLES / STORIES[0], "--at", "2026-01-06T10:00")
    rows = [line for line in ran.out.splitlines() if line.startswith("  before")]

    assert rows
    assert all(re.match(r"  before \w{3} \d{4}-\d\d-\d\d \d\d:00  \w", r) for r in rows)


@pytest.mark.parametrize(
    ("command", "paragraph"),
    [
        (
            ["test"],
            "Exits with 0 if all pass, 1 if one fails, expects nothing or breaks a guarantee, 2",
        ),
        (
            ["history", "import"],
            "left out. Exits with 2 if the mapping does not fit the log, or no",
        ),
    ],
    ids=["test", "import"],
)
def test_the_paragraphs_of_the_help_fill_the_width(command: list[str], paragraph: str) -> None:
    """A paragraph of --help breaks where the terminal ends, not where the source's line does."""
    assert paragraph in ticketcore(*command, "--help", width=200).out
