"""Checks of conditions: values that the file does not declare, and conditions that never hold.

Three tables show, without a search, whether a condition can hold: the facts at the instant from
which a timer counts, the parties that a ticket can wait for, and the parties that may give each
command.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, Final, TypeAlias, get_args

from ticketcore._internal.terminal import either
from ticketcore._toml import Mistake, nearest, quoted
from ticketcore.events import PARTIES, Party
from ticketcore.policies._checks._fields import described
from ticketcore.policies._policy import Policy
from ticketcore.policies.conditions._conditions import DISPUTE_KIND, OWN, Condition
from ticketcore.policies.conditions._matching import Other, Range, Wanted, as_written, named_values
from ticketcore.policies.tables._timer_kinds import Effect
from ticketcore.ticket import Status

_RUNS: Final = {
    True: "runs only while the ticket is closed",
    False: "stops when the ticket closes",
}

_Reason: TypeAlias = tuple[str, str]  # a fact, and why it cannot have the values asked for


def unknown_name(
    where: str | tuple[str, ...],
    kind: str,
    names: Iterable[str],
    declared: Collection[str],
    add: str,
) -> Iterator[Mistake]:
    """Find names that refer to nothing; *add* is a header that would declare one."""
    for name in names:
        if name not in declared:
            none = f"this file declares none: add one, such as {add}"
            right = nearest(name, declared) if declared else none
            path = (where,) if isinstance(where, str) else where
            yield path, f"no {kind} {quoted(name)}; {right}"


def names_nothing(policy: Policy, when: Condition) -> Iterator[Mistake]:
    """Find facts and values of a condition, or its exception, that the file does not declare."""
    yield from _undeclared(policy, when, "when")
    if when.unless is not None:
        yield from _undeclared(policy, when.unless, "unless")


def _undeclared(policy: Policy, when: Condition, key: str) -> Iterator[Mistake]:
    for fact, wanted in when.facts.items():
        if fact.startswith(OWN):
            name = fact.removeprefix(OWN)
            for message in _of_field(policy, name, wanted):
                yield (key, "fields", name), message
            continue
        declared = declared_values(policy, fact)
        for value in sorted(map(str, named_values(wanted))) if declared else ():
            if value not in declared:
                yield (key, fact), f"no {fact} {quoted(value)}; {nearest(value, declared)}"


def _of_field(policy: Policy, name: str, wanted: Wanted) -> Iterator[str]:
    """Find a field that the file does not declare, and values that it cannot have."""
    field = policy.fields.get(name)
    if field is None:
        for _, message in unknown_name("", "field", (name,), policy.fields, f"[fields.{name}]"):
            yield message
    elif isinstance(wanted, Range) and field.kind in ("text", "yes-no"):
        yield f"a range has numbers, amounts, dates or instants, but {field.name} is {field.kind}"
    else:
        for value in sorted(named_values(wanted), key=str):
            if not field.takes_written(value):
                yield f"expected {field.expected}, found {described(value)}"


def declared_values(policy: Policy, fact: str) -> Collection[str]:
    """Return the values of a fact that the file declares; none if any text will do."""
    match fact:
        case "type":
            return () if policy.any_type else policy.types
        case "category":
            return policy.categories
        case "storefront":
            return policy.storefronts
        case "tags":
            return policy.tags.values
        case "reason":
            return policy.reasons
        case _:  # any text, or one of a closed set that was checked when it was read
            return ()


def condition_never_holds(
    policy: Policy, when: Condition, anchor: str | None
) -> Iterator[Mistake]:
    """Find the facts of a condition that no ticket of the policy can have.

    *anchor* is the instant from which a timer counts, or None for anything but a timer.
    """
    wanted = {
        fact: values
        for fact in when.facts
        if (values := _possible(policy, fact, when.facts[fact])) is not None
    }
    kinds = when.dispute_kinds
    if kinds and anchor == "dispute-opened" and kinds <= policy.dispute_kinds.keys():
        wanted[DISPUTE_KIND.name] = kinds
    written = {**when.facts, DISPUTE_KIND.name: kinds}
    for fact, reason in _reasons(policy, wanted, anchor):
        path = (
            ("when", "fields", fact.removeprefix(OWN)) if fact.startswith(OWN) else ("when", fact)
        )
        yield path, f"{as_written(fact, written[fact])} can never hold here: {reason}"
    excluded = when.unless
    if excluded is not None and all(
        fact in when.facts and when.facts[fact] == values
        for fact, values in excluded.facts.items()
    ):
        yield ("unless",), "excludes every ticket for which `when` holds"


def _possible(policy: Policy, fact: str, wanted: Wanted) -> Collection[Any] | None:
    """Return the values of a fact that a condition accepts, or None if they are unlimited."""
    match wanted:
        case frozenset():
            return wanted
        case Range() if wanted.is_empty:
            return frozenset()
        case Other(values=excluded):
            every = _every_value(policy, fact)
            return {value for value in every if value not in excluded} if every else None
        case _:
            return None


def _every_value(policy: Policy, fact: str) -> Collection[Any]:
    """Return all values that a fact can have; empty if they are unlimited, or may be missing."""
    match fact:
        case "status":
            return get_args(Status)
        case "handler" | "opened_by" | "requested_by":
            return PARTIES
        case "type":
            return declared_values(policy, fact)
        case _ if fact.startswith(OWN):
            field = policy.fields.get(fact.removeprefix(OWN))
            return field.choices if field is not None and field.default is not None else ()
        case _:
            return ()


def _reasons(
    policy: Policy, wanted: Mapping[str, Collection[Any]], anchor: str | None
) -> Iterator[_Reason]:
    status = wanted.get("status", ("open", "pending", "closed"))
    if anchor not in (None, "dispute-opened"):
        runs = {"closed"} if anchor == "closed" else {"open", "pending"}
        if runs.isdisjoint(status):
            yield "status", f'a timer that counts from "{anchor}" {_RUNS[anchor == "closed"]}'
            return
        status = runs.intersection(status)
    for fact, values in wanted.items():
        if not values:
            yield fact, "no value is left"
            return
    yield from _waiting(policy, wanted, status)
    yield from _acts(policy, wanted)


def _waiting(
    policy: Policy, wanted: Mapping[str, Collection[Any]], status: Collection[str]
) -> Iterator[_Reason]:
    handling = handlers(policy)
    if "handler" in wanted and handling.isdisjoint(wanted["handler"]):
        yield "handler", f"only {_listed(handling)} can handle a ticket"
    if "waiting_for" not in wanted:
        return
    by_fields = (field.waiting_for.values() for field in policy.fields.values())
    named = (policy.opening.waiting_for.values(), *by_fields)
    parties = {"customer", *handling, *chain.from_iterable(named)}
    if parties.isdisjoint(wanted["waiting_for"]):
        yield "waiting_for", f"a ticket can only wait for {_listed(parties)}"
    elif set(status) == {"closed"}:
        yield "waiting_for", "a closed ticket waits for nobody"
    elif set(status) == {"open"} and policy.default_handler not in wanted["waiting_for"]:
        yield "waiting_for", f"an open ticket waits for {policy.default_handler}"
    elif set(status) <= {"pending", "closed"} and set(wanted["waiting_for"]) == {
        policy.default_handler
    }:
        yield "waiting_for", f"a ticket that waits for {policy.default_handler} is open"


def _acts(policy: Policy, wanted: Mapping[str, Collection[Any]]) -> Iterator[_Reason]:
    """Find facts that hold only after a command that no party may give."""
    openers = _may(policy, "open")
    if not openers:  # reported by itself
        return
    if "opened_by" in wanted and openers.isdisjoint(wanted["opened_by"]):
        yield "opened_by", f"only {_listed(openers)} may open a ticket"
    setters = openers | _may(policy, "change-type") | _may(policy, "review")
    if "requested_by" in wanted and setters.isdisjoint(wanted["requested_by"]):
        yield "requested_by", f"only {_listed(setters)} may set a ticket's type"
    if wanted.get("acknowledged") == {True} and not (
        _may(policy, "acknowledge") or _brings(policy, "acknowledge")
    ):
        yield "acknowledged", "nobody may acknowledge a ticket, and no timer does"
    if DISPUTE_KIND.name in wanted and not _may(policy, "open-dispute"):
        yield DISPUTE_KIND.name, "nobody may open a dispute"
    repliers = _may(policy, "reply")
    if wanted.get("solved") == {True} and not repliers:
        yield "solved", "nobody may reply to a ticket"
    if wanted.get("answered") == {True} and not (
        repliers - {"customer"} or _may(policy, "request-info")
    ):
        yield "answered", "nobody but the customer may reply to a ticket or ask for information"


def handlers(policy: Policy) -> set[Party]:
    """Return the parties that can handle a ticket."""
    escalates = _may(policy, "escalate") or _brings(policy, "escalate")
    levels = (level for timer in policy.timers for level in timer.levels)
    by_levels = (level.to for level in levels if level.effect == "escalate")
    return {policy.default_handler, *(("support",) if escalates else ()), *by_levels}


def _may(policy: Policy, command: str) -> set[Party]:
    return {*policy.parties(command)}


def _brings(policy: Policy, effect: Effect) -> bool:
    return any(timer.effect == effect for timer in policy.timers)


def _listed(parties: Collection[str]) -> str:
    return either(sorted(parties)) if parties else "nobody"
