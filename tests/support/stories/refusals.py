"""Refusals of every code: commands of every party, tried on tickets in many states."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import attrs

from ticketcore import commands as c
from ticketcore.decider import decide_and_apply
from ticketcore.errors import RefusedError
from ticketcore.events import PARTIES, Money, Order, Party, Reference, Shipment, Unit
from ticketcore.ledger import Ledger
from ticketcore.policies import Policy, load_policy, parse_policy, presets
from ticketcore.ticket import Ticket

AT = datetime(2026, 1, 12, 17, tzinfo=UTC)
ORDER = Order(
    number="W-4711",
    sold_at=AT - timedelta(days=9),
    amount=Money.parse("100.00 EUR"),
    billing="recurring",
    units=(
        Unit(id="u1", amount=Money.parse("40.00 EUR")),
        Unit(id="u2", amount=Money.parse("60.00 EUR")),
    ),
)
_NAMED_BELOW = ("withdraw", "reopen", "add-note", "share", "change-type")
_MOST = ", ".join(f'"{name}"' for name in c.COMMANDS if name not in _NAMED_BELOW)
STRICT = parse_policy(
    f"""
name = "strict"
effective = 2026-01-01
reasons = ["late"]
reasons_rule = "R1"
dispute_rule = "R2"
[types.request]
[types.refund]
order = true
rule = "R3"
windows = {{ customer = "30 days" }}
window_rule = "R4"
[opening]
possible_duplicates = "refuse"
duplicates_rule = "R5"
[categories.parts]
rule = "R6"
subcategories = ["brakes"]
[disputes.claim]
[fields.priority]
rule = "R10"
choices = ["normal", "high"]
default = "normal"
[fields.cost]
type = "money"
[tags]
rule = "R11"
values = ["vip"]
[escalation]
rule = "R7"
reasons = ["payment"]
[refunds]
rule = "R8"
max_refunds = 1
[closing]
rule = "R9"
reply_reopens = ["customer"]
reply_reopens_within = "7 days"
[[timer]]
name = "pay"
when = {{ type = "refund" }}
from = "type-set"
after = "20 days"
effect = "refund"
[[permission]]
commands = "withdraw"
by = "customer"
requires = "reason"
rule = "R11"
[[permission]]
commands = "reopen"
by = "customer"
within = "7 days"
requires = "text"
rule = "R10"
[[permission]]
commands = "share"
by = "customer"
when = {{ type = "refund", fields.priority = "high" }}
rule = "R14"
[[permission]]
commands = "share"
by = "customer"
from = "closed"
within = "7 days"
rule = "R15"
[[permission]]
commands = "add-note"
by = "support"
from = "opened"
after = "2 hours"
rule = "R13"
[[permission]]
commands = "change-type"
by = ["customer", "support", "system"]
rule = "R12"
[[permission]]
commands = "change-type"
by = "vendor"
requires = "consent-message"
rule = "R16"
[[permission]]
commands = [{_MOST}]
by = ["customer", "vendor", "support", "system"]
rule = "R12"
"""
)


@attrs.frozen
class Refusal:
    """A row of the page: a sentence, with the parties that can meet it."""

    command: str
    by: str
    policy: str
    reason: str
    rule: str


@cache
def refusals() -> dict[str, list[Refusal]]:
    """Return the refusals by their codes, one for each command and form of sentence."""
    found: dict[tuple[str, str, str], list[tuple[Policy, RefusedError]]] = {}
    for policy, refusal in _all_refusals():
        key = (refusal.code, _command(refusal).NAME, _form(refusal.reason))
        found.setdefault(key, []).append((policy, refusal))
    rows: dict[str, list[Refusal]] = {}
    for (code, name, _), met in sorted(found.items(), key=lambda item: item[0]):
        policy, first = next((each for each in met if each[1].rule), met[0])
        parties = {_command(refusal).by for _, refusal in met}
        by = ", ".join(party for party in PARTIES if party in parties)
        row = Refusal(name, by, policy.name, first.reason, first.rule or "")
        rows.setdefault(code, []).append(row)
    return rows


def _command(refusal: RefusedError) -> c.Command:
    assert isinstance(refusal.command, c.Command)
    return refusal.command


def _form(reason: str) -> str:
    """Return a sentence without what differs between tickets, parties and policies."""
    form = re.sub(r"the (customer|vendor|system)|support", "party", reason)
    form = re.sub(r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?=\d)", "", form)
    return re.sub(r'[\d.]+|"[^"]*"', "#", re.split("[;:]", form)[0])


def _all_refusals() -> Iterator[tuple[Policy, RefusedError]]:
    for policy in (*map(load_policy, presets()), STRICT):
        states: dict[object, Ticket | None] = {None: None}
        for one in _tickets(policy):
            states.setdefault(_state(one), one)
        if policy.extends:
            yield from _too_early(load_policy(policy.extends[0]), policy)
        for ticket in states.values():
            ledger = _ledger(ticket, policy)
            for by in PARTIES:
                for command in _attempts(policy, ticket, by):
                    try:
                        decide_and_apply(ticket, command, policy, ledger)
                    except RefusedError as refusal:
                        yield policy, refusal


def _too_early(before: Policy, after: Policy) -> Iterator[tuple[Policy, RefusedError]]:
    """Yield the refusals to change the policy while a timer is due."""
    opening = c.Open(at=AT, by="customer", **facts(before))
    ticket, _ = decide_and_apply(None, opening, before)
    for by in PARTIES:
        command = c.ChangePolicy(at=AT + timedelta(days=60), by=by)
        try:
            decide_and_apply(ticket, command, after)
        except RefusedError as refusal:
            yield after, refusal


def _state(ticket: Ticket) -> object:
    """Return what refusals depend on, so that one ticket of each state is tried."""
    return (
        (ticket.type, ticket.type_set_by, ticket.order),
        (ticket.closed_by, ticket.closed_kind, ticket.final, ticket.review),
        (ticket.refunds, ticket.disputes, ticket.cancelled_units),
    )


def facts(policy: Policy) -> dict[str, Any]:
    """Return the facts of an opening that the policy accepts."""
    place = {"storefront": "de"} if policy.storefronts else {"zone": "America/Boise"}
    return {
        "number": "00123456789",
        "type": policy.default_type or next(iter(policy.types), "request"),
        "customer": "anna",
        "account": "shop-1",
        "order": ORDER,
        "category": next(iter(policy.categories), None),
        "subject": "Help",
        "text": "Please help.",
        **place,
    }


def _tickets(policy: Policy) -> Iterator[Ticket]:
    """Yield tickets of each type: open, closed, reviewed, refunded, disputed."""
    for kind in policy.types or ("request",):
        for by in PARTIES:
            given = facts(policy) | {"type": kind}
            try:
                opened, _ = decide_and_apply(None, c.Open(at=AT, by=by, **given), policy)
            except RefusedError:
                continue
            yield opened
            for changed in _changed(policy, opened, _attempts(policy, opened, by)):
                yield changed
                if changed.disputes != opened.disputes:
                    plain = {"at": changed.at, "by": "support"}
                    yield from _changed(policy, changed, _about_disputes(plain))


def _changed(policy: Policy, ticket: Ticket, commands: Iterable[c.Command]) -> Iterator[Ticket]:
    """Yield the ticket after each of the commands that is allowed."""
    for change in commands:
        try:
            changed, events = decide_and_apply(ticket, change, policy)
        except RefusedError:
            continue
        if events:
            yield changed


def _ledger(ticket: Ticket | None, policy: Policy) -> Ledger | None:
    """Return a ledger in which another ticket of the order has a dispute."""
    if policy is not STRICT or ticket is None or ticket.order is None:
        return None
    if ticket.order.number != ORDER.number:
        return None
    return Ledger.of({"00123456789": ticket, "2": _other_ticket()})


@cache
def _other_ticket() -> Ticket:
    opening = c.Open(at=AT, by="customer", **facts(STRICT) | {"number": "2"})
    other, _ = decide_and_apply(None, opening, STRICT)
    for command in (
        c.OpenDispute(at=AT, by="customer", dispute="D-2", kind="claim"),
        c.ResolveDispute(at=AT, by="support", dispute="D-2", outcome="won"),
    ):
        other, _ = decide_and_apply(other, command, STRICT)
    return other


def _attempts(policy: Policy, ticket: Ticket | None, by: Party) -> Iterator[c.Command]:
    """Yield commands of a party: each once as it should be, and with each fact wrong."""
    yield from _openings(policy, by)
    at = AT + timedelta(hours=1)
    text: dict[str, Any] = {"at": at, "by": by, "text": "As agreed."}
    plain: dict[str, Any] = {"at": at, "by": by}
    yield c.Reply(**text)
    yield c.Reply(at=AT - timedelta(days=1), by=by, text="Late.")
    yield c.Reply(**text, channel="email")
    yield c.Reply(at=AT + timedelta(days=20), by=by, text="Again.")
    for kind in (*policy.types, "guarantee"):
        yield c.ChangeType(**text, type=kind, consent=True)
        yield c.ChangeType(**text, type=kind, consent=True, consent_message="<1@x>")
        yield c.ChangeType(**text, type=kind)
        yield c.ChangeType(at=AT + timedelta(days=200), by=by, text="Late.", type=kind)
    yield c.Escalate(**text, reason=(*policy.escalation.reasons, "payment")[0])
    yield c.Escalate(**text, reason="weather")
    yield c.Escalate(**text)
    yield c.HandBack(**text)
    yield c.Acknowledge(**plain)
    yield c.RequestInfo(**text)
    yield c.Assign(**plain, assignee="team-1")
    yield c.Share(**plain, with_person="bela")
    yield c.Unshare(**plain, with_person="bela")
    yield c.Classify(**plain, category="weather")
    yield c.Classify(**plain, reason="weather")
    yield c.Classify(**plain, subcategory="weather")
    yield c.SetField(**plain, field="priority")
    yield c.SetField(**plain, field="priority", value="huge")
    yield c.SetField(**plain, field="cost", value="49")
    yield c.SetField(**plain, field="weather", value="fine")
    yield c.Tag(**plain, tag="vip")
    yield c.Tag(**plain, tag="weather")
    yield c.AddNote(**text)
    yield c.Link(**plain, target=Reference(kind="order", number="W-1"))
    yield c.Link(**plain, target=Reference(kind="ticket", number="00123456789"))
    yield c.SplitTicket(**plain, into="9", messages=("<1@x>",))
    yield c.SplitTicket(**plain, into="00123456789")
    yield c.MarkDuplicate(**plain, of="00000000001")
    yield c.MarkDuplicate(**plain, of="00123456789")
    yield c.UnmarkDuplicate(**text)
    yield c.Close(**text, consent=True)
    yield c.Close(**text, consent=True, consent_message="<1@x>")
    yield c.Close(**text)
    yield c.Withdraw(**plain, reason="solved in house")
    yield c.Withdraw(**plain)
    yield c.Reopen(**text)
    yield c.Reopen(**plain)
    yield c.Reopen(at=AT + timedelta(days=20), by=by, text="Again.")
    yield c.RequestReview(**text)
    yield c.Review(**text, abuse=True)
    yield c.Reschedule(**plain)
    yield c.SetDeadline(**plain, timer="nothing", due=AT)
    yield c.Snooze(**plain)
    yield c.Snooze(**plain, until=AT)
    yield c.Snooze(**plain, span="2 moons")
    yield c.Snooze(**plain, span="2 days", calendar="nothing")
    yield c.ChangePolicy(at=AT + timedelta(days=60), by=by)
    yield from _about_money(plain)
    yield from _about_disputes(plain)


def _openings(policy: Policy, by: Party) -> Iterator[c.Command]:
    right = facts(policy)
    late = attrs.evolve(ORDER, sold_at=AT - timedelta(days=200))
    wrong: dict[str, tuple[Any, ...]] = {
        "type": ("guarantee", None),
        "zone": ("Mars/X", None),
        "storefront": ("es", None),
        "number": ("12",),
        "channel": ("email",),
        "category": ("weather", None),
        "subcategory": ("weather",),
        "reason": ("weather",),
        "subject": (None,),
        "account": (None,),
        "order": (None,),
        "units": (("u9",),),
        "possible_duplicates": (("7",),),
        "references": ((Reference(kind="ticket", number="00123456789"),),),
    }
    for name, values in wrong.items():
        for value in values:
            yield c.Open(at=AT, by=by, **right | {name: value})
    for kind in policy.types:
        yield c.Open(at=AT, by=by, **right | {"type": kind, "order": None})
        yield c.Open(at=AT, by=by, **right | {"type": kind, "order": late})
        yield c.Open(at=AT, by=by, **right | {"type": kind, "order": _ONE_TIME})
        yield c.Open(at=AT, by=by, **right | {"type": kind, "order": _NO_PRICE, "units": ("u1",)})


_ONE_TIME = attrs.evolve(ORDER, billing="one-time")
_NO_PRICE = attrs.evolve(ORDER, units=(Unit(id="u1"), Unit(id="u2")))
_DOLLARS = attrs.evolve(ORDER, amount=Money.parse("100.00 USD"), units=(), number=ORDER.number)


def _about_money(plain: dict[str, Any]) -> Iterator[c.Command]:
    def refund(**given: Any) -> c.Refund:
        return c.Refund(**plain, **{"reference": "R-1", "reason": "broken"} | given)

    yield refund()
    yield refund(units=("u1",))
    yield refund(units=("u9",))
    yield refund(amount=Money.parse("500.00 EUR"))
    yield refund(amount=Money.parse("50.00 EUR"))
    yield refund(amount=Money.parse("50.00 EUR"), units=("u1",))
    yield refund(amount=Money.parse("5.00 USD"))
    yield refund(amount=Money.parse("0.00 EUR"))
    yield refund(amount=Money.parse("9.00 EUR"), reference="R-1")
    yield refund(reference="R-2")
    yield refund(units=("u1",), reference="R-2")
    yield refund(dispute="D-9")
    yield refund(dispute="D-2")
    yield c.ConfirmRefund(**plain, reference="R-1")
    yield c.ConfirmRefund(**plain, reference="R-9")
    yield c.FailRefund(**plain, reference="R-1", reason="declined")
    yield c.Cancel(**plain, units=("u1",), reason="out of stock")
    yield c.Cancel(**plain, units=("u9",), reason="out of stock")
    yield c.AddShipment(**plain, shipment=Shipment(number="1Z9", shipped_at=AT))
    yield c.CorrectOrder(**plain, order=attrs.evolve(ORDER, number="W-9"))
    yield c.CorrectOrder(**plain, order=_DOLLARS)


def _about_disputes(plain: dict[str, Any]) -> Iterator[c.Command]:
    for kind in ("claim", "chargeback", "complaint"):
        yield c.OpenDispute(**plain, dispute="D-1", kind=kind)
    yield c.OpenDispute(**plain, dispute="D-2", kind="claim")
    yield c.OpenDispute(**plain, dispute="D-3", kind="claim", amount=Money.parse("5.00 USD"))
    for dispute in ("D-1", "D-2", "D-9"):
        yield c.AnswerDispute(**plain, dispute=dispute, text="It was delivered.")
        yield c.CorrectDispute(**plain, dispute=dispute, deadline=AT + timedelta(days=3))
        yield c.ResolveDispute(**plain, dispute=dispute, outcome="lost")
