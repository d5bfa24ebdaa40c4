"""Policies that load, and are wrong: what each must be found out for."""

_HEAD = """
name = "broken"
effective = 2026-01-01
zone = "UTC"
[types.request]
"""

_OPEN = """
[[permission]]
commands = "open"
by = ["customer", "vendor"]
"""

_CLOSE = """
[[permission]]
commands = "close"
by = "vendor"
"""

_REPLY = """
[[permission]]
commands = "reply"
by = ["customer", "vendor"]
"""


def _timer(name: str, after: str, effect: str, since: str = "opened", when: str = "{}") -> str:
    return (
        f'\n[[timer]]\nname = "{name}"\nwhen = {when}\nfrom = "{since}"\n'
        f'after = "{after}"\neffect = "{effect}"\n'
    )


# The policy, the problem, and what is named.
BROKEN: dict[str, tuple[str, str, str]] = {
    "a timer asks for a party that nobody can be": (
        _HEAD + _timer("late", "1 day", "warn", when='{ opened_by = "support" }') + _OPEN + _CLOSE,
        "timer-never-set",
        "late",
    ),
    "a timer is shadowed by one of its name": (
        _HEAD
        + _timer("late", "1 day", "warn", when='{ waiting_for = ["vendor", "customer"] }')
        + _timer("late", "2 days", "warn", when='{ waiting_for = "vendor" }')
        + _OPEN
        + _CLOSE,
        "timer-never-set",
        "late",
    ),
    "a warning comes after the closing": (
        _HEAD + _timer("warning", "8 days", "warn") + _timer("end", "6 days", "close") + _OPEN,
        "timer-never-fires",
        "warning",
    ),
    "a refund is always closed before": (
        _HEAD
        + _timer("refund", "48 hours", "refund", "type-set")
        + _timer("end", "24 hours", "close", "type-set")
        + _OPEN
        + _REPLY,
        "timer-never-fires",
        "refund",
    ),
    "a ticket may be handed back that nobody can hand over": (
        _HEAD + _OPEN + _CLOSE + '[[permission]]\ncommands = "hand-back"\nby = "support"\n',
        "permission-never-used",
        "hand-back by support",
    ),
    "a ticket may be reopened that is closed for good": (
        _HEAD
        + _OPEN
        + _CLOSE
        + '[[permission]]\ncommands = "reopen"\nby = "customer"\n[closing]\nfinal_by = ["vendor"]\n',
        "permission-never-used",
        "reopen by customer",
    ),
    "a review may be ended that nobody can ask for": (
        _HEAD + _OPEN + _CLOSE + '[[permission]]\ncommands = "review"\nby = "support"\n',
        "permission-never-used",
        "review by support",
    ),
    "a permission is shadowed by one that asks for less": (
        _HEAD
        + _OPEN
        + _CLOSE
        + 'when = { waiting_for = ["vendor", "customer"] }\n'
        + '[[permission]]\ncommands = "close"\nby = "vendor"\nrequires = "text"\nrule = "R2"\n',
        "permission-never-used",
        "close by vendor",
    ),
    "a dispute may be opened of which there is no kind": (
        _HEAD + _OPEN + _CLOSE + '[[permission]]\ncommands = "open-dispute"\nby = "customer"\n',
        "permission-never-used",
        "open-dispute by customer",
    ),
    "a refund may be confirmed that awaits nothing": (
        _HEAD
        + _OPEN
        + _CLOSE
        + '[[permission]]\ncommands = "refund"\nby = "vendor"\n'
        + '[[permission]]\ncommands = "confirm-refund"\nby = "system"\n',
        "permission-never-used",
        "confirm-refund by system",
    ),
    "nothing and nobody closes a ticket": (
        _HEAD + _OPEN + _REPLY,
        "no-way-out",
        "request",
    ),
    "a ticket can be changed to what nobody may close": (
        _HEAD
        + "[types.complaint]\n"
        + _OPEN.replace('commands = "open"', 'commands = "open"\nwhen = { type = "request" }')
        + _CLOSE.replace('"vendor"', '"vendor"\nwhen = { type = "request" }')
        + '[[permission]]\ncommands = "change-type"\nby = "customer"\nwhen = { type = "request" }\n',
        "no-way-out",
        "complaint",
    ),
    "there is a type that no ticket can have": (
        _HEAD
        + "[types.complaint]\n"
        + _OPEN.replace('commands = "open"', 'commands = "open"\nwhen = { type = "request" }')
        + _CLOSE,
        "type-never-used",
        "complaint",
    ),
    "there is a type that no order fits, and no other": (
        _HEAD.replace("[types.request]", '[types.request]\nwindows = { customer = "1 hour" }\n')
        .replace("windows", "order = true\nwindows")
        .replace("zone", "reasons = []\nzone")
        + '[[permission]]\ncommands = "open"\nby = "customer"\n',
        "type-never-used",
        "request",
    ),
    "the customer says whether the refund came": (
        _HEAD
        + "[refunds]\nrequires_confirmation = true\n"
        + _OPEN
        + _CLOSE
        + '[[permission]]\ncommands = "refund"\nby = "vendor"\n'
        + '[[permission]]\ncommands = "fail-refund"\nby = "customer"\n',
        "money-twice",
        "fail-refund",
    ),
}
