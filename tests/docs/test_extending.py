"""The page on extending: its policy and scenario run, and its patches are complete."""

import json
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from support.builders import refund_request
from ticketcore.events import Scheduled
from ticketcore.scenarios import check_scenario
from ticketcore.timeline._words import describe

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "contributing" / "extending.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## ([^\n]*)\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE))
UNIT = re.findall(r"```diff\n(.*?)```", SECTIONS["A new unit of spans"], re.DOTALL)
EVENT = re.findall(r"```diff\n(.*?)```", SECTIONS["A new event"], re.DOTALL)

# These programs run in a process of their own, on the patched copy of the source.
ADD_A_QUARTER = """
from datetime import UTC, datetime
from ticketcore.calendar import BusinessCalendar, Span

calendar = BusinessCalendar(zone="UTC", hours="mon-sun 00:00-24:00")
print(calendar.due(datetime(2026, 1, 5, tzinfo=UTC), Span.parse("2 quarters")).date())
"""
CLOSE_WITH_THANKS = """
import json
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
    "failures": [failure.found for failure in run.failures],
    "stored": all(from_line(to_line(recorded)) == recorded for recorded in run.recorded),
    "timeline": [entry.text for entry in timeline_of(run)],
    "conversation": [entry.event for entry in conversation(run.recorded)],
    "status": run.ticket.status,
}))
"""


def run_patched(folder: Path, patches: list[str], program: str) -> str:
    """Run *program* on a copy of the source with these patches, and return its output."""
    source = folder / "src"
    shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__"))
    command = ["git", "apply", "-p0", "-"]
    subprocess.run(command, cwd=folder, input="".join(patches), text=True, check=True)
    code = f"import sys; sys.path.insert(0, {str(source)!r})\n{program}"
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_support_desk_is_a_policy_file_with_scenarios(tmp_path: Path) -> None:
    """The policy and the scenario of the page run without any further file."""
    policy, scenario = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "landlord.toml").write_text(policy, encoding="utf-8")
    (tmp_path / "leak.toml").write_text(scenario, encoding="utf-8")
    result = check_scenario(tmp_path / "leak.toml")

    assert ((), "passed") == (result.findings, result.state)


def test_a_new_unit_touches_two_places() -> None:
    """The patch of a unit has two parts."""
    assert 2 == len(UNIT)


@pytest.mark.slow
def test_the_patch_of_a_unit_is_enough(tmp_path: Path) -> None:
    """With both parts, a span in the new unit is read and counted."""
    assert "2026-07-05\n" == run_patched(tmp_path, UNIT, ADD_A_QUARTER)


@pytest.mark.slow
def test_a_unit_without_a_length_fails_at_import(tmp_path: Path) -> None:
    """Without the second part, nothing of the calendar can be imported."""
    with pytest.raises(subprocess.CalledProcessError) as failure:
        run_patched(tmp_path, UNIT[:1], ADD_A_QUARTER)

    assert "AssertionError: Expected code to be unreachable" in failure.value.stderr


def test_a_new_event_touches_three_places() -> None:
    """The patch of an event changes the events, the ticket and the decider only."""
    assert {"src/ticketcore/events", "src/ticketcore/ticket", "src/ticketcore/decider"} == {
        str(Path(name).parent)
        for name in re.findall(r"^\+\+\+ (\S+)", "".join(EVENT), re.MULTILINE)
    }


@pytest.mark.slow
def test_the_patch_of_an_event_is_enough(tmp_path: Path) -> None:
    """With all parts, the event occurs and is stored, read, folded, listed and shown."""
    result = json.loads(run_patched(tmp_path, EVENT, CLOSE_WITH_THANKS))

    assert ([], True, "closed") == (result["failures"], result["stored"], result["status"])
    assert any("thanked" in text for text in result["timeline"])
    assert ["opened", "thanked", "closed"] == result["conversation"]


@pytest.mark.slow
def test_an_event_without_an_effect_on_the_ticket_fails_at_import(tmp_path: Path) -> None:
    """Without its entry in the ticket's table, the import fails and names the event."""
    patches = [patch for patch in EVENT if "ticketcore/ticket/" not in patch]
    with pytest.raises(subprocess.CalledProcessError) as failure:
        run_patched(tmp_path, patches, CLOSE_WITH_THANKS)

    assert "no entry for Thanked" in failure.value.stderr


def test_an_event_without_a_sentence_is_shown_by_its_name() -> None:
    """A `Scheduled` event, which timelines never show, has only its name."""
    scheduled = Scheduled(at=datetime(2026, 1, 12, tzinfo=UTC))
    ticket = refund_request("2026-01-12 10:00").ticket

    assert "scheduled" == describe(scheduled, ticket, ZoneInfo("UTC"))
