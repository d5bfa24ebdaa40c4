"""The page on extending: its policy and scenario run, and its patch is complete."""

import json
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from support.builders import requested
from ticketcore.events import Scheduled
from ticketcore.scenarios import check_scenario
from ticketcore.timeline._words import words_for

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "contributing" / "extending.md").read_text(encoding="utf-8")
PATCH = "".join(re.findall(r"```diff\n(.*?)```", PAGE, re.DOTALL))

# This program runs in a process of its own, on the patched copy of the source.
CLOSE_WITH_THANKS = """
import json
import ticketcore
from ticketcore.events import from_line, to_line
from ticketcore.inbox import conversation
from ticketcore.scenarios import parse_scenario, run_scenario, timeline_of

run = run_scenario(parse_scenario('''
policy = "clickbank"
ticket = { zone = "Europe/Rome" }
[[step]]
at = 2026-01-12T09:00:00
command = "open"
by = "customer"
[[step]]
at = 2026-01-12T10:00:00
command = "close"
by = "customer"
text = "thank you"
[expect]
events = ["opened", "scheduled", "thanked", "closed"]
'''))
print(json.dumps({
    "file": ticketcore.__file__,
    "failures": [failure.found for failure in run.failures],
    "stored": all(from_line(to_line(recorded)) == recorded for recorded in run.recorded),
    "timeline": [entry.text for entry in timeline_of(run)],
    "conversation": [entry.kind for entry in conversation(run.recorded)],
    "status": run.ticket.status,
}))
"""


def test_a_system_is_a_policy_file_and_its_stories(tmp_path: Path) -> None:
    """The policy and the scenario of the page run without any further file."""
    policy, scenario = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "landlord.toml").write_text(policy, encoding="utf-8")
    (tmp_path / "leak.toml").write_text(scenario, encoding="utf-8")
    result = check_scenario(tmp_path / "leak.toml")

    assert ((), "passed") == (result.findings, result.state)


def test_a_new_event_touches_the_events_the_ticket_and_a_decision() -> None:
    """The patch changes files in these three places only."""
    assert {"src/ticketcore/events", "src/ticketcore/ticket", "src/ticketcore/decider"} == {
        str(Path(name).parent) for name in re.findall(r"^\+\+\+ (\S+)", PATCH, re.MULTILINE)
    }


def test_an_event_without_a_sentence_is_shown_by_its_name() -> None:
    """Timelines show no `Scheduled` events, so there is no sentence for them."""
    scheduled = Scheduled(at=datetime(2026, 1, 12, tzinfo=UTC))
    ticket = requested("2026-01-12 10:00").ticket

    assert "scheduled" == words_for(scheduled, ticket, ZoneInfo("UTC"))


@pytest.mark.slow
def test_the_patch_is_enough(tmp_path: Path) -> None:
    """In a patched copy, the event occurs and is stored, read, folded, listed and shown."""
    source = tmp_path / "src"
    shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__"))
    command = ["git", "apply", "-p0", "-"]
    subprocess.run(command, cwd=tmp_path, input=PATCH, text=True, check=True)
    code = f"import sys; sys.path.insert(0, {str(source)!r})\n{CLOSE_WITH_THANKS}"
    result = json.loads(subprocess.check_output([sys.executable, "-c", code], text=True))

    assert str(tmp_path) in result["file"]
    assert ([], True, "closed") == (result["failures"], result["stored"], result["status"])
    assert any("thanked" in what for what in result["timeline"])
    assert ["opened", "thanked", "closed"] == result["conversation"]
