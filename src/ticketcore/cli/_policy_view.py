"""A policy on the screen: what it says, part by part, each line with its rule."""

from collections.abc import Iterable, Iterator

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ticketcore._visible import visible
from ticketcore.cli._output import heading
from ticketcore.events import PARTIES, Party
from ticketcore.policies import Condition, Permission, Policy, TicketType, TimerDefinition


def show_policy(out: Console, policy: Policy) -> None:
    """Print all of a policy that decides something."""
    out.print(Text(visible(policy.title or policy.name), "bold"))
    extends = f", extends {', '.join(policy.extends)}" if policy.extends else ""
    out.print(Text(visible(f"{policy.name} {policy.version}{extends}"), "dim"))
    out.print(Text(f"{policy.default_handler} answers the customer; {_zone(policy)}"))
    _part(out, "Types", ("type", "requires", "window", "rule"), _types(policy))
    heads = ("timer", "rule", "when", "from", "after", "effect")
    _part(out, "Timers", heads, map(_timer, policy.timers))
    _part(out, "Who may", ("", *PARTIES), _permissions(policy))
    _part(out, "Calendars", ("calendar", "rule", "zone", "hours", "holidays"), _calendars(policy))
    _part(out, "Limits", ("what", "rule", "says"), _limits(policy))


def _zone(policy: Policy) -> str:
    return f"the zone is {policy.zone}" if policy.zone else "the zone is each ticket's own"


def _part(
    out: Console, title: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]
) -> None:
    found = list(rows)
    if not found:
        return
    heading(out, title)
    table = Table(box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    for place, head in enumerate(heads):
        table.add_column(head, overflow="fold", no_wrap=place == 0)
    for row in found:
        table.add_row(*(Text(visible(cell)) for cell in row))
    out.print(table)


def _types(policy: Policy) -> Iterator[tuple[str, ...]]:
    if policy.any_type:
        yield "any", "", "", ""
    for kind in policy.types.values():
        requires = ["an order"] if kind.order else []
        requires += [" or ".join(kind.billing) + _rule(kind.billing_rule)] if kind.billing else []
        windows = [f"{by} {span}" for by, span in kind.windows.items()]
        window = ", ".join(windows) + (_window(kind) if windows else "")
        default = ", the default" if kind.name == policy.default_type else ""
        yield kind.name + default, ", ".join(requires), window, kind.rule or ""


def _window(kind: TicketType) -> str:
    ends = {
        "inclusive": "",
        "exclusive": ", without its end",
        "end-of-day": ", to the end of its last day",
    }
    judged = ", judged when due" if kind.window_checked == "when-due" else ""
    return ends[kind.window_bound] + judged + _rule(kind.window_rule)


def _rule(rule: str | None) -> str:
    return f" ({rule})" if rule else ""


def _timer(rule: TimerDefinition) -> tuple[str, ...]:
    when = [*_facts(rule.when), *(f"dispute {kind}" for kind in sorted(rule.dispute_kinds))]
    after = ", then ".join(map(str, (rule.after, *rule.then)))
    if rule.calendar:
        after += f" on {rule.calendar}"
    if rule.boundary == "next-open":
        after += ", not at closing time"
    if rule.roll:
        after += ", rolled to the next opening"
    if rule.fires == "after":
        after += ", once it is over"
    if rule.dispute_kinds and not rule.notice_deadline:
        after += ", whatever the notice says"
    since = f"{rule.since} of {' or '.join(rule.activity_by)}" if rule.activity_by else rule.since
    return (rule.name, rule.rule or "", "; ".join(when), since, after, rule.effect)


def _facts(when: Condition) -> Iterator[str]:
    for name, values in when.facts.items():
        fact = name.replace("_", " ")
        if values == {True}:
            yield fact
        elif values == {False}:
            yield f"not {fact}"
        else:
            yield f"{fact} {' or '.join(sorted(values))}"


def _permissions(policy: Policy) -> Iterator[tuple[str, ...]]:
    """A row for each command that anybody may give."""
    commands = dict.fromkeys(do for allow in policy.permissions for do in allow.commands)
    for do in commands:
        yield do, *(_permission(policy, do, by) for by in PARTIES)


def _permission(policy: Policy, do: str, by: Party) -> str:
    return "; ".join(map(_allowed, policy.allows(do, by)))


def _allowed(allow: Permission) -> str:
    says = [allow.rule or "yes"]
    says += [f"with {need}" for need in allow.requires]
    says += [f"by {' or '.join(allow.channels)}"] if allow.channels else []
    says += [f"within {allow.within}"] if allow.within else []
    conditions = ", ".join(_facts(allow.when))
    return " ".join(says) + (f" if {conditions}" if conditions else "")


def _calendars(policy: Policy) -> Iterator[tuple[str, ...]]:
    for each in policy.calendars.values():
        yield each.name, each.rule or "", each.zone, each.open_hours, each.closed_days


def _limits(policy: Policy) -> Iterator[tuple[str, ...]]:
    refunds, closing, advice = policy.refunds, policy.closing, policy.advice
    if policy.required:
        yield "opening needs", policy.required_rule or "", ", ".join(policy.required)
    if policy.duplicates == "refuse":
        yield "possible duplicates", policy.duplicates_rule or "", "refused"
    for place in policy.storefronts.values():
        holidays = f", holidays of {place.country}" if place.country else ""
        yield f"storefront {place.name}", "", place.zone + holidays
    if policy.reasons:
        yield "reasons", "", ", ".join(policy.reasons)
    for category in policy.categories.values():
        says = f"to {category.team}" if category.team else ""
        subs = f": {', '.join(category.subcategories)}" if category.subcategories else ""
        yield f"category {category.name}", category.rule or "", says + subs
    if policy.escalation_reasons:
        reasons = ", ".join(policy.escalation_reasons)
        yield "escalation for", policy.escalation_rule or "", reasons
    if any(allow for allow in policy.permissions if "refund" in allow.commands):
        yield "refunds", refunds.rule or "", _refunds(policy)
    for kind, ends in policy.dispute_kinds.items():
        yield f"dispute {kind}", policy.dispute_rule or "", _ends(ends)
    if closing.per_party or closing.final_by or closing.reply_reopens:
        yield "closing", closing.rule or "", _closing(policy)
    if advice.refund_below:
        below = ", ".join(map(str, advice.refund_below.values()))
        yield "simply refunded", advice.rule or "", f"below {below}"
    if advice.ask_when_missing:
        yield "asked for first", advice.rule or "", ", ".join(advice.ask_when_missing)


def _refunds(policy: Policy) -> str:
    refunds = policy.refunds
    says = ["in parts" if refunds.partial else "all of it at once"]
    says += [f"at most {refunds.max_refunds}"] if refunds.max_refunds else []
    if refunds.over_refund_max:
        most = ", ".join(map(str, refunds.over_refund_max.values()))
        says.append(
            f"in total {refunds.over_refund_percent} % above what was paid, at most {most}"
        )
    return "; ".join(
        says + (["confirmed by the provider"] if refunds.requires_confirmation else [])
    )


def _ends(kinds: tuple[str, ...]) -> str:
    return f"ends a {' or '.join(kinds)}" if kinds else "ends no other"


def _closing(policy: Policy) -> str:
    closing = policy.closing
    says = ["each party for itself"] if closing.per_party else []
    says += [f"for good by {' and '.join(closing.final_by)}"] if closing.final_by else []
    reopens = " and ".join(closing.reply_reopens)
    return "; ".join(says + ([f"a reply by {reopens} reopens"] if reopens else []))
