"""Load scenario files, with all their mistakes at once, and tell them from other files."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from ticketcore._internal.arguments import typed
from ticketcore._internal.files import read_file
from ticketcore._internal.limits import MAX_POLICIES
from ticketcore._internal.local_times import local_text
from ticketcore._toml import (
    TEXT,
    Document,
    Mistake,
    Place,
    Problem,
    Reading,
    Several,
    UnreadError,
    check,
    each,
    nearest,
    parse,
    quoted,
    read,
)
from ticketcore.calendar import zone_of
from ticketcore.commands import Open
from ticketcore.errors import (
    CalendarError,
    FileError,
    MoneyError,
    ScenarioError,
    TicketcoreError,
    UnknownPolicyError,
)
from ticketcore.policies import Policy, PolicyVersions, load_policy, presets
from ticketcore.scenarios._file import ScenarioFile, WrittenStep
from ticketcore.scenarios._scenario import Scenario, Step

_OUT_OF_ORDER = "out-of-order"
_NAMES = Several(TEXT, unique=False, most=MAX_POLICIES)
_KEYS_OF_SCENARIOS = frozenset({"policy", "ticket", "step", "expect"})


@typed
def load_scenario(path: str | Path) -> Scenario:
    """Load the scenario of a file. Its policy is a preset, a file in its folder, or a list.

    Raises ScenarioError with all problems at once, each with line, column, key path, the value
    found and the nearest right name.
    """
    try:
        text = read_file(path)
    except OSError as error:
        raise _unreadable(path, str(error.strerror).lower()) from None
    except (ValueError, TypeError):  # a NUL, say
        raise _unreadable(path, "not a file name") from None
    return parse_scenario(text, Path(path).name, folder=Path(path).parent)


def _unreadable(path: object, message: str) -> ScenarioError:
    return ScenarioError([Problem.at(Place(str(path), 0, 0), message)])


@typed
def parse_scenario(
    text: str | bytes, source: str = "scenario.toml", *, folder: str | Path | None = None
) -> Scenario:
    """Read the scenario of a text. *source* names it in messages.

    Without a *folder*, no file is opened. With one, the text counts as the file *source* in that
    folder, and its policies may be files in the folder or below. Raises ScenarioError as
    `load_scenario` does.
    """
    source = source if folder is None else str(Path(folder) / source)
    document = parse(text, source, "scenario")
    load = cache(partial(_load_version, folder=None if folder is None else Path(folder)))
    versions = _load_versions(document, load)
    zone = _find_zone(document, versions)
    file = read(document, ScenarioFile, zone)
    local = zone or "UTC"
    in_order = [partial(_in_order, local), partial(_until_after_steps, local)]
    check(document, file, [_has_policy, _has_step, *in_order])
    own: dict[str, tuple[Policy, ...]] = {}
    check(document, file, [partial(_load_own_policies, own, load)])
    check(document, file, [partial(_known_type, versions, own), _known_tickets, _own_numbers])
    policies = _policy_versions(document, versions)
    document.raise_problems(ScenarioError)
    assert policies is not None, "a problem names the missing policy"
    steps = tuple(_steps(document, file))
    document.raise_problems(ScenarioError)
    return Scenario(
        source=source,
        name=file.name or Path(source).stem,
        description=file.description,
        policies=policies,
        own_policies={number: PolicyVersions.of(*loaded) for number, loaded in own.items()},
        ticket=_first_ticket(file),
        zone=zone,
        steps=steps,
        expected=file.expect,
        until=_until(file),
    )


def is_scenario(text: str | bytes) -> bool:
    """Whether a TOML file has a key that only scenarios have, or cannot be read at all."""
    document = parse(text, "")
    return document.broken or not _KEYS_OF_SCENARIOS.isdisjoint(document.tree.entries)


# The policy and the time zone come first: without a zone local times cannot be read.


def _load_versions(document: Document, load: Callable[[str], Policy]) -> tuple[Policy, ...]:
    """Load the policies that the file names, and note the mistakes of each."""
    node = document.tree.entries.get("policy")
    try:
        names = () if node is None else _NAMES.read(node, Reading())
    except UnreadError:  # noted when the whole file is read
        names = ()
    versions = []
    for name in dict.fromkeys(names):  # one that is listed twice is noted as such
        try:
            versions.append(load(name))
        except FileError as error:
            document.notes.extend(document.tree.problem(str(p), "policy") for p in error.problems)
    return tuple(versions)


def _load_version(name: str, folder: Path | None) -> Policy:
    if folder is None and name not in presets():
        raise _unreadable(name, f"no such preset; {nearest(name, presets())}")
    return load_policy(name, folder=folder)


def _policy_versions(document: Document, versions: tuple[Policy, ...]) -> PolicyVersions | None:
    try:
        return PolicyVersions.of(*versions)
    except UnknownPolicyError as error:
        if versions:  # a missing policy was noted before
            document.notes.append(document.tree.problem(str(error), "policy"))
        return None


def _find_zone(document: Document, versions: tuple[Policy, ...]) -> str | None:
    """Return the ticket's zone, else its storefront's, else the policy's."""
    ticket = document.tree.entries.get("ticket")
    facts = {name: node.value for name, node in ticket.entries.items()} if ticket else {}
    if "zone" in facts or not versions:  # a wrong zone or policy is reported, nothing else
        return _zone_or_utc(facts.get("zone"))
    storefronts = [policy.storefronts.get(str(facts.get("storefront"))) for policy in versions]
    zones = [storefront.zone for storefront in storefronts if storefront]
    return next(iter((*zones, *(policy.zone for policy in versions if policy.zone))), None)


def _zone_or_utc(zone: Any) -> str:
    try:
        return zone_of(zone).key
    except CalendarError:
        return "UTC"


# Checks of the file as a whole


def _has_policy(file: ScenarioFile) -> Iterator[Mistake]:
    if not file.policy:
        yield ("policy",), f"an empty list names no policy; {nearest('', presets())}"


def _has_step(file: ScenarioFile) -> Iterator[Mistake]:
    if not file.steps:
        yield ("step",), "a scenario needs a [[step]] that opens the ticket"


def _load_own_policies(
    own: dict[str, tuple[Policy, ...]], load: Callable[[str], Policy], file: ScenarioFile
) -> Iterator[Mistake]:
    """Load the policies that openings name into *own*, by the numbers of their tickets.

    The first opening of a ticket names its policy; the ticket of `[ticket]` follows the head's. A
    policy that cannot be loaded is an empty tuple.
    """
    names = {step.policy for step in file.steps} - {None}
    if len(names) > MAX_POLICIES:
        yield ("step",), f"expected at most {MAX_POLICIES} policies, found {len(names):,}"
        return
    first, opened = _first_ticket(file), set[str]()

    def find(step: WrittenStep) -> Iterator[Mistake]:
        number = _ticket_of(step, file)
        is_opened = number in opened
        if step.command is Open:
            opened.add(number)
        if step.policy is None:
            return
        if step.command is not Open:
            yield ("policy",), "only a step that opens a ticket names a policy"
        elif number == first:
            message = f"ticket {quoted(number)} follows the policy at the head of the file"
            yield ("policy",), f"{message}: name this one there"
        elif is_opened:
            message = f"an earlier step opens ticket {quoted(number)}: name the policy there"
            yield ("policy",), message
        else:
            own[number] = ()
            try:
                own[number] = (load(step.policy),)
            except FileError as error:
                for problem in error.problems:
                    yield ("policy",), str(problem)

    yield from each("step", enumerate(file.steps), find)


def _known_type(
    versions: tuple[Policy, ...], own: Mapping[str, tuple[Policy, ...]], file: ScenarioFile
) -> Iterator[Mistake]:
    others = ((("tickets", number), each) for number, each in file.expect.tickets.items())
    for place, expected in (((), file.expect), *others):
        policies = own.get(place[-1], versions) if place else versions
        types = {name for policy in policies for name in policy.types}
        if expected.type is None or not types or any(policy.any_type for policy in policies):
            continue
        if expected.type not in types:
            message = f"no type {quoted(expected.type)}; {nearest(expected.type, types)}"
            yield ("expect", *place, "type"), message


def _known_tickets(file: ScenarioFile) -> Iterator[Mistake]:
    """Find expectations about tickets that no step names."""
    known = _tickets(file)
    for number in file.expect.tickets:
        if number not in known:
            message = f"no step has the ticket {quoted(number)}; {nearest(number, known)}"
            yield ("expect", "tickets", number), message


def _own_numbers(file: ScenarioFile) -> Iterator[Mistake]:
    """Find openings with another number than that of their step's ticket.

    If the file has one ticket, its opening may have any number. With several tickets, the ledger
    needs the number that the step names.
    """
    if _tickets(file) == {_first_ticket(file)}:
        return
    for i, step in enumerate(file.steps):
        number, ticket = step.fields.get("number"), _ticket_of(step, file)
        if number not in (None, ticket):
            message = f"found {quoted(number)}, but the step opens ticket {quoted(ticket)}"
            yield ("step", i, "number"), f"{message}: leave the number out"


def _in_order(zone: str, file: ScenarioFile) -> Iterator[Mistake]:
    before: datetime | None = None
    for i, step in enumerate(file.steps):
        at = step.fields.get("at")
        if at is None:
            continue
        if before is not None and at < before and step.refused != _OUT_OF_ORDER:
            message = (
                f"this step is dated before the previous one, on {local_text(before, zone)}: "
                f'correct the time, or add expect = {{ refused = "{_OUT_OF_ORDER}" }} to test '
                f"the refusal"
            )
            yield ("step", i, "at"), message
        before = at


def _until_after_steps(zone: str, file: ScenarioFile) -> Iterator[Mistake]:
    last = max((step.fields["at"] for step in file.steps if "at" in step.fields), default=None)
    if file.until is not None and last is not None and file.until < last:
        end = local_text(last, zone)
        yield ("until",), f"lies before the last step, on {end}: give a later instant"


# The scenario itself


def _first_ticket(file: ScenarioFile) -> str:
    number: str = file.ticket.get("id", "1")
    return number


def _ticket_of(step: WrittenStep, file: ScenarioFile) -> str:
    return _first_ticket(file) if step.ticket is None else step.ticket


def _tickets(file: ScenarioFile) -> set[str]:
    return {_ticket_of(step, file) for step in file.steps}


def _steps(document: Document, file: ScenarioFile) -> Iterator[Step]:
    """Make the steps; an opening has the facts of the ticket unless it gives others.

    If a step names another ticket than that of `[ticket]`, each is opened with its number, since
    ledgers go by numbers.
    """
    facts = {name: value for name, value in file.ticket.items() if name != "id"}
    several = _tickets(file) != {_first_ticket(file)}
    for i, step in enumerate(file.steps):
        ticket = _ticket_of(step, file)
        numbered = {"number": ticket} if several else {}
        fields = {**({**facts, **numbered} if step.command is Open else {}), **step.fields}
        try:
            yield Step(command=step.command(**fields), ticket=ticket, refused=step.refused)
        except (ValueError, TicketcoreError) as error:
            where = ("order",) if isinstance(error, MoneyError) else ()
            document.notes.append(document.tree.problem(str(error), "step", i, *where))


def _until(file: ScenarioFile) -> datetime:
    if file.until is not None:
        return file.until
    times: list[datetime] = [step.fields["at"] for step in file.steps]
    expected = (file.expect, *file.expect.tickets.values())
    awaited = [event.fields.get("at") for each in expected for event in each.event]
    return max([*times, *(at for at in awaited if isinstance(at, datetime))])
