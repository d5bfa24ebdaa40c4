"""Commands that print timelines print the policy's words in one of its languages."""

from pathlib import Path

import pytest

from support.command_line import ticketcore
from ticketcore.events import write_histories
from ticketcore.scenarios import load_scenario, run_scenario

POLICY = """
extends = "help-desk"
name = "mine"
[[timer]]
name = "waited-long"
from = "opened"
after = "9 days"
effect = "set-field"
fields = { priority = "urgent" }
"""
SCENARIO = """
policy = "mine.toml"
[ticket]
id = "1"
zone = "Europe/Berlin"
[[step]]
at = 2026-01-12T10:00:00
command = "open"
by = "customer"
text = "It does not print."
[[step]]
at = 2026-01-12T10:05:00
command = "set-field"
by = "support"
field = "priority"
value = "urgent"
"""
COMMANDS = [
    ("simulate", "story.toml"),
    ("forecast", "story.toml"),
    ("history", "show", "tickets.jsonl", "1", "--policy", "mine.toml"),
    ("history", "explain", "tickets.jsonl", "1", "--policy", "mine.toml"),
    ("replay", "tickets.jsonl", "1", "--policy", "mine.toml"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_timeline_has_the_words_of_a_language(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A timeline has the policy's words in the language of the option."""
    (tmp_path / "mine.toml").write_text(POLICY)
    (tmp_path / "story.toml").write_text(SCENARIO)
    monkeypatch.chdir(tmp_path)
    events = run_scenario(load_scenario(Path("story.toml"))).events_of("1")
    write_histories(Path("tickets.jsonl"), [("1", tuple(events))])

    named, worded = ticketcore(*command), ticketcore(*command, "--language", "de")

    assert (0, 0) == (named.code, worded.code)
    assert (False, True) == ("Priorität" in named.out, "Priorität" in worded.out)
