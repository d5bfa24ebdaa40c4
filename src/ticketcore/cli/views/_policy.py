"""A policy on the screen, part by part, with the rule ids of each line."""

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from rich.console import Console
from rich.text import Text

from ticketcore._internal.terminal import visible
from ticketcore.cli._screen import heading, line
from ticketcore.cli._table import show_table
from ticketcore.events import PARTIES, Party
from ticketcore.policies import Condition, Permission, Policy, TicketType, TimerDefinition

_Cells: TypeAlias = tuple[str, ...]

_WINDOW_BOUNDS: Final = {
    "inclusive": "",
    "exclusive": ", excluding its last instant",
    "end-of-day": ", to the end of its last day",
}


def show_policy(out: Console, policy: Policy) -> None:
    """Print every part of a policy that affects a decision."""
    line(out, Text(visible(policy.title or policy.name), "bold"))
    extends = f", extends {', '.join(policy.extends)}" if policy.extends else ""
    line(out, Text(visible(f"{policy.name} {policy.version}{extends}"), "dim"))
    zone = f"the time zone is {policy.zone}" if policy.zone else "each ticket has its time zone"
    line(out, Text(f"{policy.default_handler} answers the customer; {zone}"))
    _part(out, "Types", ("type", "requires", "window", "rule"), _types(policy))
    heads = ("timer", "rule", "when", "from", "after", "effect")
    _part(out, "Timers", heads, map(_timer, policy.timers))
    _part(out, "Permissions", ("", *PARTIES), _permissions(policy))
    _part(out, "Calendars", ("calendar", "rule", "zone", "hours", "holidays"), _calendars(policy))
    _part(out, "Limits", ("limit", "rule", "value"), _limits(policy))


def _part(out: Console, title: str, heads: _Cells, rows: Iterable[_Cells]) -> None:
    texts = [[Text(visible(cell)) for cell in row] for row in rows]
    if texts:
        heading(out, title)
        whole = [i for i, head in enumerate(heads) if i == 0 or head == "rule"]
        show_table(out, [[Text(head, "dim") for head in heads], *texts], whole=whole)


def _types(policy: Policy) -> Iterator[_Cells]:
    if policy.any_type:
        yield "any", "", "", ""
    for ticket_type in policy.types.values():
        requires = ["an order"] if ticket_type.order else []
        if ticket_type.billing:
            requires.append(" or ".join(ticket_type.billing) + _rule(ticket_type.billing_rule))
        windows = [f"{by} {span}" for by, span in ticket_type.windows.items()]
        window = ", ".join(windows) + (_window(ticket_type) if windows else "")
        default = ", the default" if ticket_type.name == policy.default_type else ""
        yield ticket_type.name + default, ", ".join(requires), window, ticket_type.rule or ""


def _window(ticket_type: TicketType) -> str:
    checked = ", checked when due" if ticket_type.window_checked == "when-due" else ""
    return _WINDOW_BOUNDS[ticket_type.window_bound] + checked + _rule(ticket_type.window_rule)


def _rule(rule: str | None) -> str:
    return f" ({rule})" if rule else ""


def _timer(definition: TimerDefinition) -> _Cells:
    kinds = (f"dispute kind {kind}" for kind in sorted(definition.dispute_kinds))
    when = "; ".join((*_conditions(definition.when), *kinds))
    since: str = definition.since
    if definition.activity_by:
        since += f" of {' or '.join(definition.activity_by)}"
    return (
        definition.name,
        definition.rule or "",
        when,
        since,
        _after(definition),
        definition.effect,
    )


def _after(definition: TimerDefinition) -> str:
    after = ", then ".join(map(str, (definition.after, *definition.then)))
    if definition.calendar:
        after += f" ({definition.calendar})"
    if definition.fires == "after":
        after = f"later than {after}"
    if definition.boundary == "next-open":
        after += ", not at closing time"
    if definition.roll:
        after += ", moved to the next opening"
    if definition.dispute_kinds and not definition.notice_deadline:
        after += ", ignoring the notice's deadline"
    return after


def _conditions(when: Condition) -> Iterator[str]:
    for name, values in when.facts.items():
        words = name.replace("_", " ")
        if values in ({True}, {False}):
            yield _yes_or_no(words, yes=True in values)
        else:
            yield f"{words} {' or '.join(sorted(values))}"


def _yes_or_no(words: str, *, yes: bool) -> str:
    if words.startswith("has "):
        return ("with " if yes else "without ") + words.removeprefix("has ")
    return words if yes else f"not {words}"


def _permissions(policy: Policy) -> Iterator[_Cells]:
    """Yield a row for each command that a party may give."""
    commands = dict.fromkeys(
        command for permission in policy.permissions for command in permission.commands
    )
    for command in commands:
        yield command, *(_permission(policy, command, by) for by in PARTIES)


def _permission(policy: Policy, command: str, by: Party) -> str:
    return "; ".join(map(_allowed, policy.allows(command, by)))


def _allowed(permission: Permission) -> str:
    words = [permission.rule or "yes"]
    words += [f"with {field}" for field in permission.requires]
    words += [f"by {' or '.join(permission.channels)}"] if permission.channels else []
    words += [f"within {permission.within}"] if permission.within else []
    conditions = ", ".join(_conditions(permission.when))
    return " ".join(words) + (f" if {conditions}" if conditions else "")


def _calendars(policy: Policy) -> Iterator[_Cells]:
    for each in policy.calendars.values():
        yield each.name, each.rule or "", each.zone, each.open_hours, each.closed_days


def _limits(policy: Policy) -> Iterator[_Cells]:
    refunds, closing, advice = policy.refunds, policy.closing, policy.advice
    if policy.required:
        yield "opening requires", policy.required_rule or "", ", ".join(policy.required)
    if policy.duplicates == "refuse":
        yield "possible duplicates", policy.duplicates_rule or "", "refused"
    for storefront in policy.storefronts.values():
        holidays = f", holidays of {storefront.country}" if storefront.country else ""
        yield f"storefront {storefront.name}", "", storefront.zone + holidays
    if policy.reasons:
        yield "reasons", "", ", ".join(policy.reasons)
    for category in policy.categories.values():
        team = f"team {category.team}" if category.team else ""
        below = f": {', '.join(category.subcategories)}" if category.subcategories else ""
        yield f"category {category.name}", category.rule or "", team + below
    if policy.escalation_reasons:
        reasons = ", ".join(policy.escalation_reasons)
        yield "escalation for", policy.escalation_rule or "", reasons
    if any("refund" in permission.commands for permission in policy.permissions):
        yield "refunds", refunds.rule or "", _refunds(policy)
    for kind, superseded in policy.dispute_kinds.items():
        yield f"dispute kind {kind}", policy.dispute_rule or "", _supersedes(superseded)
    if closing.per_party or closing.final_by or closing.reply_reopens:
        yield "closing", closing.rule or "", _closing(policy)
    if advice.refund_below:
        below = ", ".join(map(str, advice.refund_below.values()))
        yield "refund without asking", advice.rule or "", f"below {below}"
    if advice.ask_when_missing:
        yield "ask first for", advice.rule or "", ", ".join(advice.ask_when_missing)


def _refunds(policy: Policy) -> str:
    refunds = policy.refunds
    words = ["in parts" if refunds.partial else "the whole amount at once"]
    words += [f"at most {refunds.max_refunds}"] if refunds.max_refunds else []
    if refunds.over_refund_max:
        most = ", ".join(map(str, refunds.over_refund_max.values()))
        words.append(f"up to {refunds.over_refund_percent} % above the payment, at most {most}")
    words += ["confirmed by the provider"] if refunds.requires_confirmation else []
    return "; ".join(words)


def _supersedes(kinds: tuple[str, ...]) -> str:
    return f"supersedes a {' or '.join(kinds)}" if kinds else "supersedes no other"


def _closing(policy: Policy) -> str:
    closing = policy.closing
    words = ["per party"] if closing.per_party else []
    words += [f"final if by {' or '.join(closing.final_by)}"] if closing.final_by else []
    if closing.reply_reopens:
        words.append(f"a reply by {' or '.join(closing.reply_reopens)} reopens")
    return "; ".join(words)
