"""Strategies for commands that a policy accepts on a ticket, and for commands that it refuses."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from typing import Any

import attrs
from hypothesis import strategies as st

from ticketcore import commands as c
from ticketcore.commands import Command
from ticketcore.errors import RefusedError
from ticketcore.events import PARTIES, Attachment, Money, Reference
from ticketcore.policies import DEADLINE, SNOOZE, Policy
from ticketcore.testing._candidates import (
    Candidate,
    candidates,
    class_of,
    permitted,
    permitted_candidates,
    try_command,
)
from ticketcore.testing._policy_facts import openings, policy_of
from ticketcore.testing.strategies._arguments import strategy_or_default
from ticketcore.testing.strategies._instants import FIRST_YEAR, LAST_YEAR, instants, zones
from ticketcore.testing.strategies._values import orders
from ticketcore.ticket import Ticket

_TICK = timedelta(microseconds=1)
_MINUTE = timedelta(minutes=1)


def interesting_instants(ticket: Ticket | None) -> st.SearchStrategy[datetime]:
    """Draw instants for a command, none before the ticket's last event.

    A third each lie at the last event, or at, just before and just after the instants at which a
    timer acts; within two days, to the minute; and within ten weeks. Without a ticket, draw from
    :func:`instants`.
    """
    if ticket is None:
        return instants()
    acts = instants_of_timers([ticket], after=ticket.at)
    # At a timer first: a failing story with a round instant reads best, and is shrunk soonest.
    near_timers = [at + offset for offset in (timedelta(), -_TICK, _TICK) for at in acts]
    return st.one_of(
        st.sampled_from([ticket.at, *near_timers]),
        _minutes_after(ticket.at, days=2),
        _minutes_after(ticket.at, days=70),
    )


def instants_of_timers(tickets: Iterable[Ticket], after: datetime) -> list[datetime]:
    """Return the later instants at which a level or a deadline of the tickets acts, sorted."""
    timers = [timer for ticket in tickets for timer in ticket.timers]
    acts = {at for timer in timers for at in (timer.level_at, timer.due) if at is not None}
    return sorted(at for at in acts if at > after)


@st.composite
def _minutes_after(draw: st.DrawFn, start: datetime, days: int) -> datetime:
    return start + draw(st.integers(0, days * 1440)) * _MINUTE


def commands(
    ticket: Ticket | None, policy: Policy | str, *, at: st.SearchStrategy[datetime] | None = None
) -> st.SearchStrategy[Command]:
    """Draw commands that the policy accepts now; some change nothing.

    *at* draws the instant, by default from :func:`interesting_instants`. Without a ticket the
    commands open one, with drawn orders and zones, after the policy takes effect. Nothing can be
    drawn for a ticket that accepts no command: ask :func:`accepts_any_command` first.

    The strategy goes through all candidates from a drawn position and takes the first that the
    policy accepts. A candidate that follows many refused ones is therefore drawn more often.
    """
    policy = policy_of(policy)
    if ticket is None:
        instant = strategy_or_default("at", at, lambda: _instants_in_force(policy))
        return instant.flatmap(lambda now: _openings(policy, now))
    instant = strategy_or_default("at", at, lambda: interesting_instants(ticket))
    return instant.flatmap(lambda now: _accepted(ticket, policy, now))


def invalid_commands(
    ticket: Ticket | None, policy: Policy | str, *, at: st.SearchStrategy[datetime] | None = None
) -> st.SearchStrategy[Command]:
    """Draw commands that the policy refuses now.

    Some come from a party that may not give them, or in a state that excludes them; others lack a
    consent, a text or a reason, exceed the cap, or are dated before the last event. They are
    chosen as in :func:`commands`.
    """
    policy = policy_of(policy)
    instant = strategy_or_default("at", at, lambda: interesting_instants(ticket))
    return instant.flatmap(lambda now: _refused(ticket, policy, now))


def accepts_any_command(ticket: Ticket, policy: Policy | str, at: datetime) -> bool:
    """Return whether the policy accepts any command at *at*: a final ticket accepts none."""
    policy = policy_of(policy)
    every = permitted_candidates(ticket, policy, at)
    return any(_is_accepted(ticket, command, policy) for command in every)


def accepted_commands(ticket: Ticket, policy: Policy | str, at: datetime) -> tuple[Command, ...]:
    """Return every candidate command that the policy accepts at *at*."""
    policy = policy_of(policy)
    every = permitted_candidates(ticket, policy, at)
    return tuple(command for command in every if _is_accepted(ticket, command, policy))


def _instants_in_force(policy: Policy) -> st.SearchStrategy[datetime]:
    """Draw instants after the day on which the policy takes effect, as `PolicyVersions` asks."""
    first = max(FIRST_YEAR, policy.effective.year + 2)  # `instants` may lie a week before a year
    return instants(first=first, last=max(LAST_YEAR, first + 2))


@st.composite
def _openings(draw: st.DrawFn, policy: Policy, at: datetime) -> Command:
    zone = draw(zones())
    # The default type first: it seldom needs an order, and a failing story without one reads best.
    default = policy.default_type
    every = sorted(openings(policy, at, zone), key=lambda o: o.keywords["type"] != default)
    opening = draw(first_that(every, lambda command: _is_accepted(None, command, policy)))
    opening = attrs.evolve(opening, **draw(st.sampled_from(_FACTS_OF_OPENINGS)))
    if not isinstance(opening, c.Open) or opening.order is None:
        return opening
    # Replace the order by a drawn one, unless the refund window for that one has passed.
    order = draw(orders(before=st.just(at), billing=st.just(opening.order.billing)))
    with_drawn_order = attrs.evolve(opening, order=order)
    return with_drawn_order if _is_accepted(None, with_drawn_order, policy) else opening


_PHOTO = Attachment(
    name="Kötél.jpg",
    media_type="image/jpeg",
    size=2**31,
    digest="sha256:9f86d081",
    location="files/17",
)

_LONG_TEXT = "more than fits\ninto one line, " * 9

# Facts of an opening on which no decision depends, and which a backend could lose.
_FACTS_OF_OPENINGS: tuple[dict[str, Any], ...] = (
    {},
    {"vendor": "v-1", "reference": "<m-0@mail>", "attachments": (_PHOTO,)},
    {"actor": "p-17"},
    {"text": _LONG_TEXT},
    {
        "references": (
            Reference(kind="ticket", number="0012"),
            Reference(kind="order", number="A-2"),
            Reference(kind="shipment", number="S-1"),
            Reference(kind="product", number="kettle"),
        )
    },
)

# Content that a backend could lose: the actor, letters, an accent that is a character of its own,
# the difference between no text and an empty one, the end of a long text, a deadline.
_FRAGILE_FIELDS: tuple[dict[str, Any], ...] = (
    {},
    {"actor": "p-17"},
    {"text": "Grüße, Zoe\u0301, 你好 👋", "deadline": timedelta(days=3)},
    {"text": ""},
    {"reference": "<m-1@mail>", "attachments": (_PHOTO,), "consent_message": "<m-1@mail>"},
    {"actor": "Zoë", "text": _LONG_TEXT, "reason": "it broke"},
)


# The time from a command to the deadline or to the end of the snooze that it sets.
_AHEAD = (_TICK, timedelta(hours=3), timedelta(days=9))
_BEHIND = (timedelta(), timedelta(hours=-2))


def _varied(command: Command, ticket: Ticket, policy: Policy) -> st.SearchStrategy[Command]:
    """Draw the same command, or one with other content in the fields that it may have."""
    variants: list[Command] = [command]
    match command:
        case c.SetDeadline(at=at):
            timers = (*ticket.timers, *(ended.timer for ended in ticket.ended_timers))
            names = {DEADLINE.name, *(timer.name for timer in timers if timer.dispute is None)}
            variants += [
                attrs.evolve(command, timer=name, due=at + span)
                for name in sorted(names - {SNOOZE.name})
                for span in (*_AHEAD, *_BEHIND)
            ]
        case c.Snooze(at=at, by=by):
            variants += [attrs.evolve(command, until=at + span) for span in _AHEAD]
            variants.append(c.Snooze(at=at, by=by, span="2 days"))
        case _:
            return _with_fragile_fields(command, ticket, policy)
    return st.sampled_from(variants)


@st.composite
def _with_fragile_fields(
    draw: st.DrawFn, command: Command, ticket: Ticket, policy: Policy
) -> Command:
    """Draw the same command, or one with more content in the fields that it may have."""
    allowed = {"actor"}
    allowed |= {"text"} if getattr(command, "text", None) else set()
    allowed |= {"deadline", "reason"} if isinstance(command, c.OpenDispute) else set()
    allowed |= {"reference", "attachments"} if isinstance(command, c.Reply) else set()
    has_consent = getattr(command, "consent", False) and "<m-1@mail>" in ticket.customer_messages
    allowed |= {"consent_message"} if has_consent else set()
    drawn = draw(st.sampled_from(_FRAGILE_FIELDS))
    fields = {name: value for name, value in drawn.items() if name in allowed}
    if "deadline" in fields:
        fields["deadline"] = command.at + fields["deadline"]
    varied = attrs.evolve(command, **fields)
    refused = fields.get("text") == "" and not _is_accepted(ticket, varied, policy)
    return command if refused else varied


def _accepted(ticket: Ticket, policy: Policy, at: datetime) -> st.SearchStrategy[Command]:
    every = [*permitted(ticket, policy, at)]
    accepted = first_that(every, lambda command: _is_accepted(ticket, command, policy))
    return accepted.flatmap(lambda command: _varied(command, ticket, policy))


def _refused(ticket: Ticket | None, policy: Policy, at: datetime) -> st.SearchStrategy[Command]:
    every = [*(_without_ticket(at) if ticket is None else _doubtful(ticket, policy, at))]
    return first_that(every, lambda command: not _is_accepted(ticket, command, policy))


def first_that(
    every: Sequence[Callable[[], Command]], condition: Callable[[Command], bool]
) -> st.SearchStrategy[Command]:
    """Draw a position and take the first command from there that meets the condition.

    Building and testing every command would take far longer.
    """

    def from_position(position: int) -> st.SearchStrategy[Command]:
        built = (build() for build in chain(every[position:], every[:position]))
        command = next(filter(condition, built), None)
        return st.nothing() if command is None else st.just(command)

    return st.integers(0, max(len(every) - 1, 0)).flatmap(from_position)


def _is_accepted(ticket: Ticket | None, command: Command, policy: Policy) -> bool:
    return not isinstance(try_command(ticket, command, policy), RefusedError)


def _without_ticket(at: datetime) -> Iterator[Candidate]:
    """Yield commands that are refused before the ticket is opened."""
    for by in PARTIES:
        yield partial(c.Reply, at=at, by=by, text="a word")
        yield partial(c.Close, at=at, by=by)
        yield partial(c.Open, at=at, by=by, type="no such type", zone="UTC")
        yield partial(c.Open, at=at, by=by, zone="Mars/Olympus")


def _doubtful(ticket: Ticket, policy: Policy, at: datetime) -> Iterator[Candidate]:
    """Yield commands of which the policy refuses many."""
    for by in PARTIES:
        yield partial(c.Open, at=at, by=by, actor="somebody else")
        yield partial(c.Reply, at=ticket.at - _TICK, by=by)
        yield partial(c.Escalate, at=at, by=by, reason="no such reason")
        yield partial(c.Refund, at=at, by=by, reference="too much", amount=_too_much(ticket))
        for candidate in candidates(ticket, by, policy, at):
            yield candidate
            yield from _without_required_fields(candidate)


_EMPTY_FIELDS = (("consent", False), ("consent_message", None), ("text", None), ("reason", None))


def _without_required_fields(candidate: Candidate) -> Iterator[Candidate]:
    """Yield the same command without each of the fields that a permission may require."""
    fields = attrs.fields_dict(class_of(candidate))
    for field, empty in _EMPTY_FIELDS:
        if field in fields and fields[field].default is not attrs.NOTHING:
            changes: dict[str, Any] = {field: empty}
            yield partial(candidate, **changes)


def _too_much(ticket: Ticket) -> Money:
    order = ticket.order
    paid = Money(0, "USD") if order is None else order.amount
    return Money(paid.minor * 2 + 1, paid.currency)
