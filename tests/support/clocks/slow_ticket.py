"""The facts of a ticket, kept as plainly as possible: a dictionary that commands change.

Written from the design and not from the library, so that it can disagree with it.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

from support.clocks.slow_cycle import Stamp

Facts: TypeAlias = dict[str, Any]
"""The state of a ticket. The stamps of its anchors are "opened", "waiting-since" and so on."""


def opened(policy: Mapping[str, Any], at: Stamp, by: str, values: Mapping[str, Any]) -> Facts:
    """Return the facts of a ticket that was just opened."""
    handler = policy.get("default_handler", "vendor")
    first = "customer" if by == handler == "vendor" else handler
    fields = {name: field.get("default") for name, field in policy.get("fields", {}).items()}
    return {
        "type": values.get("type", policy.get("default_type")),
        "opened_by": by,
        "handler": handler,
        "waiting_for": policy.get("opening", {}).get("waiting_for", {}).get(by, first),
        "answered": False,
        "solved": False,
        "acknowledged": False,
        "assigned_to": None,
        "closed": None,
        "fields": fields | dict(values.get("fields", {})),
        "tags": set(values.get("tags", ())),
        "by_hand": {},
        "set_by_hand": {},
        "opened": at,
        "waiting-since": at,
        "reopened": None,
        "active": dict.fromkeys(("customer", "vendor", "support", "system")),
    }


def apply(facts: Facts, at: Stamp, command: str, by: str, values: Mapping[str, Any]) -> set[str]:
    """Change the facts as a command does; return what it amounts to, for `met_by`."""
    if command not in _NOT_ACTIVITY:
        facts["active"][by] = at
    match command:
        case "reply":
            return _reply(facts, at, by, values)
        case "request-info":
            _wait_for(facts, at, "customer")
            facts["answered"], facts["solved"] = True, False
            return {"info-requested"}
        case "close" | "withdraw" | "mark-duplicate":
            kind = {"close": "closed", "withdraw": "withdrawn", "mark-duplicate": "duplicate"}
            facts["closed"], facts["waiting_for"] = kind[command], None
            return {"ended-by-closing"} | ({"closed"} if command == "close" else set())
        case "reopen":
            return _reopen(facts, at, by)
        case "change-type":
            facts["solved"] = False
            return {"type-changed"}
        case "set-field":
            field, value = values["field"], values["value"]
            if facts["fields"].get(field) == value and by != "system":
                return set()  # the act of a level is recorded in any case
            facts["fields"][field] = value
            return {"field-set"}
        case "tag":
            facts["tags"].add(values["tag"])
            return {"tagged"}
        case "untag":
            facts["tags"].discard(values["tag"])
            return {"untagged"}
        case "assign":
            facts["assigned_to"] = values["assignee"]
            return {"assigned"}
        case "acknowledge":
            facts["acknowledged"] = True
            return {"acknowledged"}
        case "set-deadline":
            facts["by_hand"][values["timer"]] = values["due"]
            facts["set_by_hand"].setdefault(values["timer"], at[0])
            return {"deadline-set"}
        case "add-note":
            return {"note-added"}
        case _:
            raise AssertionError(command)


_NOT_ACTIVITY = {"set-field", "tag", "untag", "assign", "set-deadline", "add-note"}


def _wait_for(facts: Facts, at: Stamp, party: str) -> None:
    if facts["waiting_for"] != party and facts["closed"] is None:
        facts["waiting_for"], facts["waiting-since"] = party, at


def _reply(facts: Facts, at: Stamp, by: str, values: Mapping[str, Any]) -> set[str]:
    happened = {"replied", f"replied by {by}"}
    if by == facts["handler"]:
        happened.add("replied by handler")
    if facts["closed"] is not None:
        happened |= _reopen(facts, at, by)
    if values.get("interim"):
        return {f"interim {each}" for each in happened}
    if by == "customer":
        _wait_for(facts, at, facts["handler"])
    elif by == facts["handler"]:
        _wait_for(facts, at, "customer")
    facts["solved"] = bool(values.get("solution"))
    if by != "customer":
        facts["answered"] = True
    return happened | ({"solved"} if facts["solved"] else set())


def _reopen(facts: Facts, at: Stamp, by: str) -> set[str]:
    facts["closed"], facts["solved"] = None, False
    facts["reopened"] = facts["waiting-since"] = at
    facts["waiting_for"] = "customer" if by == facts["handler"] else facts["handler"]
    return {"reopened"}


def holds(facts: Facts, policy: Mapping[str, Any], rule: Mapping[str, Any]) -> bool:
    """Return whether the `when` of a timer, pause or level holds, and its `unless` does not."""
    unless = rule.get("unless")
    return _all(facts, policy, rule.get("when", {})) and (
        unless is None or not _all(facts, policy, unless)
    )


def _all(facts: Facts, policy: Mapping[str, Any], conditions: Mapping[str, Any]) -> bool:
    return all(
        all(_is(facts["fields"][field], one) for field, one in wanted.items())
        if name == "fields"
        else _has(facts["tags"], wanted)
        if name == "tags"
        else _is(_fact(facts, policy, name), wanted)
        for name, wanted in conditions.items()
    )


def _fact(facts: Facts, policy: Mapping[str, Any], name: str) -> Any:
    if name == "status":
        if facts["closed"] is not None:
            return "closed"
        handled = facts["waiting_for"] == policy.get("default_handler", "vendor")
        return "open" if handled else "pending"
    return facts[name]


def _has(tags: set[str], wanted: Any) -> bool:
    if isinstance(wanted, Mapping):
        return not _has(tags, wanted["not"])
    return not tags.isdisjoint([wanted] if isinstance(wanted, str) else wanted)


def _is(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, list):
        return value in wanted
    if not isinstance(wanted, Mapping):
        return bool(value == wanted)
    if "not" in wanted:
        return not _is(value, wanted["not"])
    return (
        value is not None
        and ("at_least" not in wanted or value >= wanted["at_least"])
        and ("below" not in wanted or value < wanted["below"])
    )
