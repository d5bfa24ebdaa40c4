"""Policies that load but have a fault, each with the finding that an exploration must report."""

import attrs

_HEAD = """
name = "broken"
effective = 2026-01-01
zone = "UTC"
[types.request]
"""


@attrs.frozen
class FaultyPolicy:
    """A policy file with a fault, and the code and subject of the finding about it."""

    text: str
    code: str
    subject: str


def _permission(commands: str, by: str = "vendor", more: str = "") -> str:
    parties = ", ".join(f'"{party}"' for party in by.split())
    return f'\n[[permission]]\ncommands = "{commands}"\nby = [{parties}]\n{more}'


def _timer(name: str, after: str, effect: str, since: str = "opened", when: str = "{}") -> str:
    return (
        f'\n[[timer]]\nname = "{name}"\nwhen = {when}\nfrom = "{since}"\n'
        f'after = "{after}"\neffect = "{effect}"\n'
    )


_REQUESTS_ONLY = 'when = { type = "request" }\n'
_OPEN = _permission("open", "customer vendor")
_OPEN_REQUESTS = _permission("open", "customer vendor", _REQUESTS_ONLY)
_CLOSE = _permission("close")
_REPLY = _permission("reply", "customer vendor")

BROKEN: dict[str, FaultyPolicy] = {
    "a timer for a ticket that waits for the customer from the opening on": FaultyPolicy(
        _HEAD
        + _timer("late", "1 day", "warn", when='{ opened_by = "vendor", waiting_for = "vendor" }')
        + _OPEN
        + _CLOSE,
        "timer-never-set",
        "late",
    ),
    "a timer that an earlier one of its name covers": FaultyPolicy(
        _HEAD
        + _timer("late", "1 day", "warn", when='{ waiting_for = ["vendor", "customer"] }')
        + _timer("late", "2 days", "warn", when='{ waiting_for = "vendor" }')
        + _OPEN
        + _CLOSE,
        "timer-never-set",
        "late",
    ),
    "a warning that comes after the closing": FaultyPolicy(
        _HEAD + _timer("warning", "8 days", "warn") + _timer("end", "6 days", "close") + _OPEN,
        "timer-never-fires",
        "warning",
    ),
    "a refund that the closing always precedes": FaultyPolicy(
        _HEAD
        + _timer("refund", "48 hours", "refund", "type-set")
        + _timer("end", "24 hours", "close", "type-set")
        + _OPEN
        + _REPLY,
        "timer-never-fires",
        "refund",
    ),
    "a return of tickets that nobody can escalate": FaultyPolicy(
        _HEAD + _OPEN + _CLOSE + _permission("hand-back", "support"),
        "permission-never-used",
        "hand-back by support",
    ),
    "a reopening of tickets that are final": FaultyPolicy(
        _HEAD
        + _OPEN
        + _CLOSE
        + _permission("reopen", "customer")
        + '[closing]\nfinal_by = ["vendor"]\n',
        "permission-never-used",
        "reopen by customer",
    ),
    "a review that nobody can request": FaultyPolicy(
        _HEAD + _OPEN + _CLOSE + _permission("review", "support"),
        "permission-never-used",
        "review by support",
    ),
    "a permission that an earlier one with fewer requirements covers": FaultyPolicy(
        _HEAD
        + _OPEN
        + _permission("close", more='when = { waiting_for = ["vendor", "customer"] }\n')
        + _permission("close", more='requires = "text"\nrule = "R2"\n'),
        "permission-never-used",
        "close by vendor",
    ),
    "an opening of disputes without a kind of dispute": FaultyPolicy(
        _HEAD + _OPEN + _CLOSE + _permission("open-dispute", "customer"),
        "permission-never-used",
        "open-dispute by customer",
    ),
    "a confirmation of refunds that need none": FaultyPolicy(
        _HEAD + _OPEN + _CLOSE + _permission("refund") + _permission("confirm-refund", "system"),
        "permission-never-used",
        "confirm-refund by system",
    ),
    "a ticket that no one and no timer closes": FaultyPolicy(
        _HEAD + _OPEN + _REPLY,
        "cannot-be-closed",
        "request",
    ),
    "a change to a type that nobody may close": FaultyPolicy(
        _HEAD
        + "[types.complaint]\n"
        + _OPEN_REQUESTS
        + _permission("close", more=_REQUESTS_ONLY)
        + _permission("change-type", "customer", _REQUESTS_ONLY),
        "cannot-be-closed",
        "complaint",
    ),
    "a type that no ticket can have": FaultyPolicy(
        _HEAD + "[types.complaint]\n" + _OPEN_REQUESTS + _CLOSE,
        "type-never-used",
        "complaint",
    ),
    "a type whose window excludes every order, and no other type": FaultyPolicy(
        _HEAD.replace("zone", "reasons = []\nzone")
        + 'order = true\nwindows = { customer = "1 hour" }\n'
        + _permission("open", "customer"),
        "type-never-used",
        "request",
    ),
    "a refund that the customer may declare failed": FaultyPolicy(
        _HEAD
        + "[refunds]\nrequires_confirmation = true\n"
        + _OPEN
        + _CLOSE
        + _permission("refund")
        + _permission("fail-refund", "customer"),
        "over-refund",
        "fail-refund",
    ),
}
"""Each faulty policy by a description of its fault."""
