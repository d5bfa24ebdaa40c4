"""A policy: the rules of one ticket system in one version. It is checked and never changes."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import attrs

from ticketcore._internal.frozen import Value, frozen
from ticketcore.calendar import BusinessCalendar
from ticketcore.commands import Open
from ticketcore.events import PARTIES, Party
from ticketcore.policies._digest import digest_of
from ticketcore.policies._file import PolicyFile
from ticketcore.policies.conditions._conditions import OWN, question_of
from ticketcore.policies.tables._calendars import CalendarDefinition, Storefront
from ticketcore.policies.tables._permissions import Permission
from ticketcore.policies.tables._sections import Category
from ticketcore.policies.tables._timer_kinds import Effect
from ticketcore.policies.tables._timers import DEADLINE, SNOOZE, TimerDefinition
from ticketcore.ticket import Ticket

# Size of the cache from combinations of facts to the timers that apply to them. A fact that can
# be any text has unlimited values, so the cache is emptied when it is full.
_REMEMBERED = 1024


_RESERVED = {each.name: each for each in (DEADLINE, SNOOZE)}


class Clocks(NamedTuple):
    """The timers that apply to a ticket, one per name, and the names of the pauses that hold."""

    timers: tuple[TimerDefinition, ...]
    pauses: tuple[str, ...]


@frozen(kw_only=True)
class Policy(PolicyFile):
    """The rules of one ticket system in one version, in force from *effective* on.

    Made by :func:`ticketcore.policies.load_policy`. *version* is the effective date as text; a
    ticket records name and version when it is opened, and keeps them. *digest* covers everything
    that decisions read: two files with one digest decide alike.
    """

    # Worked out once from the file, and kept.
    version: str = attrs.field(init=False)
    digest: str = attrs.field(init=False)
    _named: Mapping[str, tuple[TimerDefinition, ...]] = attrs.field(init=False, repr=False)
    _selective: frozenset[str] = attrs.field(init=False, repr=False)
    _asked: Callable[[Ticket], Any] = attrs.field(init=False, repr=False)
    # The clocks of closed tickets, and those of open tickets.
    _clocks: tuple[dict[Any, Clocks], dict[Any, Clocks]] = attrs.field(
        factory=lambda: ({}, {}), init=False, repr=False
    )
    _calendars: dict[tuple[str | None, str, str | None], BusinessCalendar] = attrs.field(
        factory=dict, init=False, repr=False
    )
    _allowed: Mapping[tuple[str, Party], tuple[Permission, ...]] = attrs.field(
        init=False, repr=False
    )
    _parties: Mapping[str, tuple[Party, ...]] = attrs.field(init=False, repr=False)

    @_allowed.default
    def _index_permissions(self) -> Mapping[tuple[str, Party], tuple[Permission, ...]]:
        index: dict[tuple[str, Party], list[Permission]] = {}
        for permission in self.permissions:
            for command in permission.commands:
                for by in permission.by:
                    index.setdefault((command, by), []).append(permission)
        return {key: tuple(permissions) for key, permissions in index.items()}

    @_parties.default
    def _index_parties(self) -> Mapping[str, tuple[Party, ...]]:
        allowed = self._allowed
        return {
            command: tuple(by for by in PARTIES if (command, by) in allowed)
            for command, _ in allowed
        }

    @version.default
    def _effective_as_text(self) -> str:
        return self.effective.isoformat()

    @_named.default
    def _index_timers(self) -> Mapping[str, tuple[TimerDefinition, ...]]:
        index: dict[str, tuple[TimerDefinition, ...]] = {}
        for definition in self.timers:
            name = definition.name
            index[name] = (*index.get(name, ()), definition)
        return index

    @_selective.default
    def _find_selective(self) -> frozenset[str]:
        return frozenset(name for name, each in self._named.items() if _can_change_target(each))

    @_asked.default
    def _compile_asked(self) -> Callable[[Ticket], Any]:
        by_value = [
            f"{OWN}{name}"
            for name, field in self.fields.items()
            if field.choices or field.kind == "yes-no"
        ]
        conditions = [definition.when for definition in self.timers]
        conditions += [pause.when for pause in self.pauses.values()]
        return question_of(conditions, by_value)

    @digest.default
    def _digest_of_file(self) -> str:
        return digest_of(self)

    @property
    def versions(self) -> "tuple[Policy, ...]":
        """The policy alone, where `PolicyVersions` has several."""
        return (self,)

    def was_edited_since(self, ticket: Ticket) -> bool:
        """Return whether the file was edited, under one version, after *ticket* recorded it.

        Recorded deadlines stay; commands are decided by the edited file. A ticket without a
        recorded digest cannot tell.
        """
        recorded = ticket.policy, ticket.policy_version
        return (
            recorded == (self.name, self.version)
            and ticket.policy_digest is not None
            and ticket.policy_digest != self.digest
        )

    def allows(self, command: str, by: Party) -> tuple[Permission, ...]:
        """Return the permissions of one party for one command, in the order of the file."""
        return self._allowed.get((command, by), ())

    def parties(self, command: str) -> tuple[Party, ...]:
        """Return the parties that have a permission for a command."""
        return self._parties.get(command, ())

    def clocks(self, ticket: Ticket) -> Clocks:
        """Return the timers that apply to a ticket now, and the pauses that hold."""
        asked = self._asked(ticket)
        remembered = self._clocks[ticket.closed_at is None]
        clocks = remembered.get(asked)
        if clocks is None:
            if len(remembered) >= _REMEMBERED:
                remembered.clear()
            clocks = remembered[asked] = self._find_clocks(ticket)
        return clocks

    def _find_clocks(self, ticket: Ticket) -> Clocks:
        pauses = tuple(name for name, each in self.pauses.items() if each.when.holds(ticket))
        found: dict[str, TimerDefinition] = {}  # of several with one name the first counts
        is_open = ticket.closed_at is None
        for definition in self.timers:
            runs = (
                definition.since == "dispute-opened"
                or (definition.since == "closed") != is_open
                or not (is_open or set(pauses).isdisjoint(definition.pauses))
            )
            if runs and definition.when.holds(ticket):
                found.setdefault(definition.name, definition)
        return Clocks(tuple(found.values()), pauses)

    def timer_definitions(self, ticket: Ticket) -> tuple[TimerDefinition, ...]:
        """Return the timers that apply to a ticket now, one per name, in the order of the file."""
        return self.clocks(ticket).timers

    def alternatives(self, name: str) -> tuple[TimerDefinition, ...]:
        """Return the timers of one name, in the order of the file."""
        return self._named.get(name, ())

    def selects(self, name: str) -> bool:
        """Return whether the target of a timer can change while it runs, so that it is recorded.

        Alternatives of one name count only where pauses, levels or their own keys ask for it.
        """
        return name in self._selective

    def timer(self, name: str, ticket: Ticket) -> TimerDefinition | None:
        """Return the first definition of this name that applies now, or else the first of all.

        The reserved timers "deadline" and "snooze" need no definition in the file.
        """
        named = self._named.get(name, ())
        if len(named) > 1:
            return next((each for each in named if each.when.holds(ticket)), named[0])
        return named[0] if named else _RESERVED.get(name)

    def awaited_by(self, timer: str, ticket: Ticket) -> Party | None:
        """Return the party whose answer or work a timer of a ticket is about, or None.

        It is the party that the ticket waits for, if that handles the ticket, or if the timer
        counts the waiting or asks for it. The resolution of a ticket that waits for the customer
        is not late because of the customer.
        """
        definition = self.timer(timer, ticket)
        is_about_waiting = definition is None or (
            "waiting-since" in definition.anchors
            or not definition.when.facts.keys().isdisjoint(("waiting_for", "status"))
        )
        waiting_for = ticket.waiting_for
        return waiting_for if is_about_waiting or waiting_for == ticket.handler else None

    def carries_out(self, kind: str) -> frozenset[Effect]:
        """Return which of the effects refund and cancel timers can have on tickets of a type."""
        return frozenset(
            definition.effect
            for definition in self.timers
            if definition.effect in ("refund", "cancel")
            and definition.when.allows("type", (kind,))
        )

    def storefront(self, name: str | None) -> Storefront | None:
        """Return the storefront of that name, or None if it is unknown or *name* is None."""
        return None if name is None else self.storefronts.get(name)

    def zone_of(self, opening: Open) -> str | None:
        """Return the time zone of a ticket with this opening; None if nothing names one."""
        storefront = self.storefront(opening.storefront)
        return opening.zone or (self.zone if storefront is None else storefront.zone)

    def first_awaited(self, opened_by: Party) -> Party:
        """Return the party whose answer a new ticket waits for, unless its fields say another.

        That is the customer if the vendor opens a ticket that they handle themselves.
        """
        if opened_by in self.opening.waiting_for:
            return self.opening.waiting_for[opened_by]
        return (
            "customer" if opened_by == self.default_handler == "vendor" else self.default_handler
        )

    def category(self, name: str | None) -> Category | None:
        """Return the category of that name, or None if it is unknown or *name* is None."""
        return None if name is None else self.categories.get(name)

    def calendar(self, name: str | None, ticket: Ticket) -> BusinessCalendar:
        """Return a calendar of the file in this ticket's zone; None is open round the clock."""
        zone, place = ticket.opened.zone, ticket.opened.storefront
        if place not in self.storefronts:  # any text: it must not fill the cache
            place = None
        calendar = self._calendars.get((name, zone, place))
        if calendar is None:
            definition = CalendarDefinition(name="") if name is None else self.calendars[name]
            calendar = definition.build(zone, self.storefront(place))
            self._calendars[name, zone, place] = calendar
        return calendar


def _can_change_target(timers: tuple[TimerDefinition, ...]) -> bool:
    if any(each.after_by or each.calendar_by for each in timers):
        return True
    asks = any(each.pauses or each.levels or each.on_target_change != "keep" for each in timers)
    return asks and len(timers) > 1


@frozen
class PossibleMistake(Value):
    """A rule that the author of a policy may not have meant: its key *path*, and a sentence.

    The path counts entries as the policy does, such as ``("timer", 2)``.
    """

    path: tuple[str | int, ...]
    message: str
