"""Checks of conditions: values that the file does not declare, and conditions that never hold.

Whether a condition can hold is read off three tables, without a search: what the instant says
that a timer counts from, which parties a ticket can wait for, and who may give which command.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from ticketcore._toml import Mistake, nearest, quoted
from ticketcore.events import Party
from ticketcore.policies._conditions import DISPUTE_KIND, Condition
from ticketcore.policies._policy import Policy
from ticketcore.policies._timer_kinds import Anchor, Effect

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
    """Find the values of a condition that the file does not declare, if it declares any."""
    for fact, values in when.facts.items():
        declared = declared_values(policy, fact)
        for value in sorted(map(str, values)) if declared else ():
            if value not in declared:
                yield ("when", fact), f"no {fact} {quoted(value)}; {nearest(value, declared)}"


def declared_values(policy: Policy, fact: str) -> Collection[str]:
    """Return the values of a fact that the file declares; none if any text will do."""
    match fact:
        case "type":
            return () if policy.any_type else policy.types
        case "category":
            return policy.categories
        case "storefront":
            return policy.storefronts
        case "reason":
            return policy.reasons
        case _:  # any text, or one of a closed set that was checked when it was read
            return ()


def condition_never_holds(
    policy: Policy, when: Condition, anchor: Anchor | None
) -> Iterator[Mistake]:
    """Find the facts of a condition that no ticket of the policy can have.

    *anchor* is the instant from which a timer counts, or None for anything but a timer.
    """
    facts = when.facts
    wanted = {fact: facts[fact] for fact in facts}
    kinds = when.dispute_kinds
    if kinds and anchor == "dispute-opened" and kinds <= policy.dispute_kinds.keys():
        wanted[DISPUTE_KIND.name] = kinds
    for fact, reason in _reasons(policy, wanted, anchor):
        yield ("when", fact), f"{_written(fact, wanted[fact])} can never hold here: {reason}"


def _written(fact: str, values: Collection[Any]) -> str:
    """Write a condition as the file has it."""
    texts = [
        str(value).lower() if isinstance(value, bool) else f'"{value}"' for value in sorted(values)
    ]
    return f"{fact} = {texts[0] if len(texts) == 1 else '[' + ', '.join(texts) + ']'}"


def _reasons(
    policy: Policy, wanted: Mapping[str, Collection[Any]], anchor: Anchor | None
) -> Iterator[_Reason]:
    status = wanted.get("status", ("open", "pending", "closed"))
    if anchor not in (None, "dispute-opened"):
        runs = {"closed"} if anchor == "closed" else {"open", "pending"}
        if runs.isdisjoint(status):
            yield "status", f'a timer that counts from "{anchor}" {_RUNS[anchor == "closed"]}'
            return
        status = runs.intersection(status)
    yield from _waiting(policy, wanted, status)
    yield from _acts(policy, wanted)


def _waiting(
    policy: Policy, wanted: Mapping[str, Collection[Any]], status: Collection[str]
) -> Iterator[_Reason]:
    handlers = _handlers(policy)
    if "handler" in wanted and handlers.isdisjoint(wanted["handler"]):
        yield "handler", f"only {_listed(handlers)} can handle a ticket"
    if "waiting_for" not in wanted:
        return
    parties = {"customer", *handlers}
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
    """Find facts that hold only after an act that nobody may do."""
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


def _handlers(policy: Policy) -> set[Party]:
    escalates = _may(policy, "escalate") or _brings(policy, "escalate")
    return {policy.default_handler, *(("support",) if escalates else ())}


def _may(policy: Policy, command: str) -> set[Party]:
    return {
        by for granted in policy.permissions if command in granted.commands for by in granted.by
    }


def _brings(policy: Policy, effect: Effect) -> bool:
    return any(timer.effect == effect for timer in policy.timers)


def _listed(parties: Collection[str]) -> str:
    return " or ".join(sorted(parties)) or "nobody"
