"""The page on extending is true: a system is a file, and an event touches what it says."""

import json
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from stories import requested
from ticketcore.events import Scheduled
from ticketcore.simulation import judge
from ticketcore.simulation._timeline_words import words_for

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
PATCH = "".join(re.findall(r"```diff\n(.*?)```", PAGE, re.DOTALL))

# Runs in a process of its own, on the patched copy, which it gets as its only path.
CLOSE_WITH_THANKS = """
import json
import ticketcore
from ticketcore.events import from_line, to_line
from ticketcore.inbox import conversation
from ticketcore.simulation import parse_scenario, run_scenario, timeline

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
    "failures": [check.found for check in run.failures],
    "stored": all(from_line(to_line(recorded)) == recorded for recorded in run.recorded),
    "told": [entry.what for entry in timeline(run)],
    "said": [entry.kind for entry in conversation(run.recorded)],
    "status": run.ticket.status,
}))
"""


def test_a_system_is_a_policy_file_and_its_stories(tmp_path: Path) -> None:
    """The landlord's policy and scenario are all that there is of him, and they play."""
    policy, scenario = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "landlord.toml").write_text(policy, encoding="utf-8")
    (tmp_path / "leak.toml").write_text(scenario, encoding="utf-8")
    verdict = judge(tmp_path / "leak.toml")

    assert ((), "passed") == (verdict.findings, verdict.state)


def test_a_new_event_touches_the_events_the_ticket_and_a_decision() -> None:
    """The patch goes no further."""
    assert {"src/ticketcore/events", "src/ticketcore", "src/ticketcore/decider"} == {
        str(Path(name).parent) for name in re.findall(r"^\+\+\+ (\S+)", PATCH, re.MULTILINE)
    }


def test_an_event_without_words_of_its_own_is_told_by_its_name() -> None:
    """A plan is no line of a timeline, so nobody wrote words for it."""
    planned = Scheduled(at=datetime(2026, 1, 12, tzinfo=UTC))
    ticket = requested("2026-01-12 10:00").ticket

    assert "scheduled" == words_for(planned, ticket, ZoneInfo("UTC"))


@pytest.mark.slow
def test_the_patch_is_enough(tmp_path: Path) -> None:
    """Applied to a copy, it makes the event happen, be stored, read, folded, told and shown."""
    source = tmp_path / "src"
    shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__"))
    command = ["git", "apply", "-p0", "-"]
    subprocess.run(command, cwd=tmp_path, input=PATCH, text=True, check=True)
    code = f"import sys; sys.path.insert(0, {str(source)!r})\n{CLOSE_WITH_THANKS}"
    said = json.loads(subprocess.check_output([sys.executable, "-c", code], text=True))

    assert str(tmp_path) in said["file"]
    assert ([], True, "closed") == (said["failures"], said["stored"], said["status"])
    assert any("thanked" in what for what in said["told"])
    assert ["opened", "thanked", "closed"] == said["said"]
