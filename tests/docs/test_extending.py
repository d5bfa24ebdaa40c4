"""The page on extending: its policy and scenario run, and its patches are complete."""

import json
import os
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


def patches_of(heading: str) -> list[str]:
    """Return the patches in a section of a page."""
    return re.findall(r"```diff\n(.*?)```", SECTIONS[heading], re.DOTALL)


UNIT = patches_of("A new unit of spans")
EFFECT = patches_of("A new effect of timers")
EVENT = patches_of("A new event")
KEY = patches_of("A new key of policy files")
CHECKED = ("calendar/_span.py", "decider/_advice.py")

# These programs run in a process of their own, on the patched copy of the source.
ADD_A_QUARTER = """
from datetime import UTC, datetime
from ticketcore.calendar import BusinessCalendar, Span

calendar = BusinessCalendar(zone="UTC", hours="mon-sun 00:00-24:00")
print(calendar.due(datetime(2026, 1, 5, tzinfo=UTC), Span.parse("2 quarters")).date())
"""
HAND_OVER_AFTER_A_DAY = """
from datetime import UTC, datetime, timedelta
from ticketcore import advance, decide, fold, parse_policy
from ticketcore.commands import Open

policy = parse_policy('''
name = "short"
effective = 2026-01-01
any_type = true
default_handler = "support"
zone = "UTC"
[[timer]]
name = "handover"
from = "opened"
after = "1 day"
effect = "hand-to-vendor"
[[permission]]
commands = "open"
by = "customer"
''')
at = datetime(2026, 1, 5, tzinfo=UTC)
ticket = fold(decide(None, Open(at=at, by="customer", type="any"), policy))
print(fold(advance(ticket, policy, at + timedelta(days=2)), ticket).handler)
"""
ASK_BEFORE_A_REFUND = """
from datetime import UTC, datetime
from ticketcore import Money, Order, advise, decide, fold, parse_policy
from ticketcore.commands import Open
from support.policies.unread_keys import unread_keys

policy = parse_policy('''
extends = "amazon-pay"
name = "careful"
[advice]
ask_first = true
''')
at = datetime(2026, 1, 5, tzinfo=UTC)
mug = Order(number="A-1", sold_at=at, amount=Money.parse("12.00 USD"))
ticket = fold(decide(None, Open(at=at, by="customer", order=mug), policy))
print(advise(ticket, policy).action, unread_keys())
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
events = ["opened", "scheduled", "thanked", "closed", "scheduled"]
'''))
print(json.dumps({
    "failures": [failure.found for failure in run.failures],
    "stored": all(from_line(to_line(recorded)) == recorded for recorded in run.recorded),
    "timeline": [entry.text for _, entry in timeline_of(run)],
    "conversation": [entry.event for entry in conversation(run.recorded)],
    "status": run.ticket.status,
}))
"""


def patch_source(folder: Path, patches: list[str]) -> Path:
    """Copy the source, apply the patches to the copy, and return its folder."""
    source = folder / "src"
    shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__"))
    command = ["git", "apply", "-p0", "-"]
    subprocess.run(command, cwd=folder, input="".join(patches), text=True, check=True)
    return source


def run_patched(folder: Path, patches: list[str], program: str) -> str:
    """Run *program* on a copy of the source with these patches, and return its output."""
    source = patch_source(folder, patches)
    paths = [str(source), str(ROOT / "tests")]
    code = f"import sys; sys.path[:0] = {paths!r}\n{program}"
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def import_error(folder: Path, patches: list[str]) -> str:
    """Import a copy of the source with these patches, which must fail; return the last line."""
    with pytest.raises(subprocess.CalledProcessError) as failure:
        run_patched(folder, patches, "import ticketcore.decider")
    message: str = failure.value.stderr
    return message.splitlines()[-1]


@pytest.fixture(scope="module")
def type_errors(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return what the type checker finds in a length without a unit, and a use without a key."""
    folder = tmp_path_factory.mktemp("types")
    source = patch_source(folder, [*UNIT[1:], *KEY[1:]])
    command = [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml")]
    command += ["--cache-dir", "cache", "--follow-imports", "silent"]
    command += [str(source / "ticketcore" / name) for name in CHECKED]
    environment = os.environ | {"MYPYPATH": str(source)}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return done.stdout


def test_a_support_desk_is_a_policy_file_with_scenarios(tmp_path: Path) -> None:
    """The policy and the scenario of the page run without any further file."""
    policy, scenario = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "landlord.toml").write_text(policy, encoding="utf-8")
    (tmp_path / "leak.toml").write_text(scenario, encoding="utf-8")
    result = check_scenario(tmp_path / "leak.toml")

    assert ((), "passed") == (result.findings, result.state)


def test_a_new_unit_touches_two_places() -> None:
    """The patch of a new unit changes two places."""
    assert 2 == len(UNIT)


@pytest.mark.slow
def test_the_patch_of_a_unit_is_enough(tmp_path: Path) -> None:
    """With the whole patch, a span in the new unit is read and counted."""
    assert "2026-07-05\n" == run_patched(tmp_path, UNIT, ADD_A_QUARTER)


@pytest.mark.slow
def test_a_unit_without_a_length_fails_at_import(tmp_path: Path) -> None:
    """Without its length, a new unit makes the import of the calendar fail."""
    assert "Expected code to be unreachable" in import_error(tmp_path, UNIT[:1])


@pytest.mark.slow
def test_a_length_without_a_unit_fails_the_type_checker(type_errors: str) -> None:
    """Without its unit, a length is reported by the type checker."""
    assert re.search(r"_span\.py.* Statement is unreachable", type_errors)


def test_a_new_effect_touches_three_places() -> None:
    """The patch of a new effect adds a name, a meaning and an action."""
    assert 3 == len(EFFECT)


@pytest.mark.slow
def test_the_patch_of_an_effect_is_enough(tmp_path: Path) -> None:
    """With the whole patch, a policy file can use the effect, and a timer carries it out."""
    assert "vendor\n" == run_patched(tmp_path, EFFECT, HAND_OVER_AFTER_A_DAY)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("left_out", "message"),
    [
        (0, "give a meaning to each of"),
        (1, "give a meaning to each of"),
        (2, "effects of timers: no entry for hand-to-vendor"),
    ],
    ids=["name", "meaning", "action"],
)
def test_an_effect_that_lacks_a_part_fails_at_import(
    tmp_path: Path, left_out: int, message: str
) -> None:
    """Without any one part of a new effect, the import of the decider fails."""
    patches = [patch for place, patch in enumerate(EFFECT) if place != left_out]

    assert message in import_error(tmp_path, patches)


def test_a_new_key_touches_two_places() -> None:
    """The patch of a key changes its declaration and the code that uses it."""
    assert 2 == len(KEY)


@pytest.mark.slow
def test_the_patch_of_a_key_is_enough(tmp_path: Path) -> None:
    """With the whole patch, the new key is read from a file and has its effect."""
    assert "ask []\n" == run_patched(tmp_path, KEY, ASK_BEFORE_A_REFUND)


@pytest.mark.slow
def test_a_key_without_a_use_is_reported(tmp_path: Path) -> None:
    """If no code uses a declared key, the search for unread keys names it."""
    assert "refund [('Advice', 'ask_first')]\n" == run_patched(
        tmp_path, KEY[:1], ASK_BEFORE_A_REFUND
    )


@pytest.mark.slow
def test_a_use_without_a_key_fails_the_type_checker(type_errors: str) -> None:
    """If code uses a key that is not declared, the type checker reports it."""
    assert re.search(r'_advice\.py.* has no attribute "ask_first"', type_errors)


def test_a_new_event_touches_three_places() -> None:
    """The patch of an event changes the events, the ticket and the decider only."""
    assert {"events", "ticket", "decider"} == {
        Path(name).parts[2] for name in re.findall(r"^\+\+\+ (\S+)", "".join(EVENT), re.MULTILINE)
    }


@pytest.mark.slow
def test_the_patch_of_an_event_is_enough(tmp_path: Path) -> None:
    """With the whole patch, the new event is stored, read, folded, listed and shown."""
    result = json.loads(run_patched(tmp_path, EVENT, CLOSE_WITH_THANKS))

    assert ([], True, "closed") == (result["failures"], result["stored"], result["status"])
    assert any("thanked" in text for text in result["timeline"])
    assert ["opened", "thanked", "closed"] == result["conversation"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("left_out", "message"),
    [("events", "cannot import name 'Thanked'"), ("ticket", "no entry for Thanked")],
)
def test_an_event_that_lacks_a_part_fails_at_import(
    tmp_path: Path, left_out: str, message: str
) -> None:
    """Without its class or its entry in the ticket's table, a new event makes the import fail."""
    patches = [patch for patch in EVENT if f"ticketcore/{left_out}/" not in patch]

    assert message in import_error(tmp_path, patches)


@pytest.mark.slow
def test_an_event_without_a_decision_is_reported(tmp_path: Path) -> None:
    """An event that no decision makes is named by the search for unmade events."""
    patches = [patch for patch in EVENT if "ticketcore/decider/" not in patch]
    program = "from support.histories.unmade_events import unmade_events; print(*unmade_events())"

    assert "Thanked\n" == run_patched(tmp_path, patches, program)


def test_an_event_without_a_sentence_is_shown_by_its_name() -> None:
    """`Scheduled`, which has no sentence, is shown by its name."""
    scheduled = Scheduled(at=datetime(2026, 1, 12, tzinfo=UTC))
    ticket = refund_request("2026-01-12 10:00").ticket

    assert "scheduled" == describe(scheduled, ticket, ZoneInfo("UTC"))
