"""Scenario files: found, read with all their mistakes at once, and told from other files."""

from datetime import datetime
from pathlib import Path
from typing import Any

from ticketcore._internal.files import refuse_device
from ticketcore.calendar import zone_of
from ticketcore.commands import Open
from ticketcore.documents import Document, Place, Problem, Table, nearest, parse
from ticketcore.errors import CalendarError, FileError, ScenarioError, UnknownPolicyError
from ticketcore.policies import Policy, PolicyVersions, load_policy, presets
from ticketcore.scenarios._expected import read_expected
from ticketcore.scenarios._fields import read_fields
from ticketcore.scenarios._instants import PLACEHOLDER, read_instant
from ticketcore.scenarios._scenario import Expected, Scenario, Step
from ticketcore.scenarios._steps import read_steps

_TELLTALES = frozenset({"policy", "ticket", "step", "expect"})

# What a step says itself is no fact of the ticket.
_OF_THE_STEP = ("at", "by", "actor")


def load_scenario(path: str | Path) -> Scenario:
    """The scenario in a file. Its policy is a preset, a path beside the file, or a list of them.

    Raises ScenarioError with all problems at once, each with line, column, key path, what was
    found and the nearest right name.
    """
    try:
        refuse_device(path)
        text = Path(path).read_bytes()
    except OSError as error:
        raise _unreadable(path, str(error.strerror).lower()) from None
    except (ValueError, TypeError):  # a NUL, say
        raise _unreadable(path, "is no name of a file") from None
    return parse_scenario(text, str(path))


def _unreadable(path: object, message: str) -> ScenarioError:
    return ScenarioError([Problem.at(Place(str(path), 0, 0), message)])


def parse_scenario(text: str | bytes, source: str = "scenario.toml") -> Scenario:
    """The scenario of a text; a policy's path stands beside *source*. Raises ScenarioError."""
    document = parse(text, source)
    scenario = _read(document, source)
    document.raise_problems(ScenarioError)
    assert scenario is not None, "only a problem keeps a scenario from being read"
    return scenario


def is_scenario(text: str | bytes) -> bool:
    """Whether a TOML file means to be a scenario: it says what only scenarios say, or cannot be
    read to find out."""
    document = parse(text, "")
    return document.broken or not _TELLTALES.isdisjoint(document.tree.entries)


def _read(document: Document, source: str) -> Scenario | None:
    root = document.root()
    versions = _read_versions(root, Path(source).parent)
    facts = root.section("ticket")
    zone = _read_zone(facts, versions)
    defaults = read_fields(facts, Open, zone, _OF_THE_STEP)
    steps = read_steps(root, zone, defaults)
    expected = read_expected(root.section("expect"), zone, versions)
    scenario: dict[str, Any] = {
        "source": source,
        "name": root.text("name", Path(source).stem),
        "description": root.text("description", ""),
        "ticket": facts.text("id", "1"),
        "zone": zone,
        "steps": steps,
        "expected": expected,
        "until": _read_until(root, zone, steps, expected),
    }
    root.done()
    policies = _policy_versions(root, versions)
    return None if policies is None else Scenario(policies=policies, **scenario)


def _read_versions(root: Table, directory: Path) -> tuple[Policy, ...]:
    versions = []
    if root.value("policy", None) == []:
        root.problem("policy", f"an empty list names no policy; {nearest('', presets())}")
    for name in root.texts("policy"):
        try:
            versions.append(load_policy(name if name in presets() else directory / name))
        except FileError as error:
            for problem in error.problems:
                root.problem("policy", str(problem))
    return tuple(versions)


def _policy_versions(root: Table, versions: tuple[Policy, ...]) -> PolicyVersions | None:
    try:
        return PolicyVersions.of(*versions)
    except UnknownPolicyError as error:
        if versions:  # that there is none was noted before
            root.problem("policy", str(error))
        return None


def _read_zone(facts: Table, versions: tuple[Policy, ...]) -> str | None:
    """The ticket's zone, else its storefront's, else the policy's."""
    zone = facts.text("zone", None)
    if zone is None and not versions:
        return "UTC"  # why the policy cannot be asked is told
    if zone is None:
        name = facts.value("storefront", None)
        fronts = [policy.storefronts.get(str(name)) for policy in versions]
        zones = [front.zone for front in fronts if front]
        return next(iter((*zones, *(policy.zone for policy in versions if policy.zone))), None)
    try:
        return zone_of(zone).key
    except CalendarError as error:
        facts.problem("zone", str(error))
        return "UTC"


def _read_until(
    root: Table, zone: str | None, steps: tuple[Step, ...], expected: Expected
) -> datetime:
    last = max((step.command.at for step in steps), default=PLACEHOLDER)
    if root.value("until", None) is not None:
        until = read_instant(root, "until", zone)
        if PLACEHOLDER < until < last:
            root.problem("until", f"is before the last step, which is at {last.isoformat()}")
        return until
    awaited = [event.fields.get("at") for event in expected.event]
    return max([last, *(at for at in awaited if isinstance(at, datetime))])
