"""The forecast of a ticket: what will happen if nobody acts, and what still prevents it."""

from collections.abc import Mapping
from itertools import islice

import attrs

from ticketcore._internal.arguments import typed
from ticketcore._internal.limits import MAX_FORECAST_STEPS
from ticketcore.errors import CalendarRangeError, FieldError
from ticketcore.events import Event
from ticketcore.forecast._actions import Action, Phase, actions
from ticketcore.forecast._future import Firing, firings, future, state_of
from ticketcore.ledger import Ledger
from ticketcore.policies import Policy
from ticketcore.ticket import Ticket


@attrs.frozen(kw_only=True)
class Forecast:
    """The future of *ticket* if nobody acts, and the last instants of commands that change it.

    *events* are all events that `advance` will return, *firings* the deadlines and levels among
    them, in order. *end* is the ticket after the events. *is_complete* is false if something
    happens after the end. *actions* are the commands that help against the first *searched*
    firings, in the order of the firings and of the last instants. *searched* is less than the
    number of firings if the search would take more steps than a limit allows.
    """

    ticket: Ticket
    events: tuple[Event, ...]
    firings: tuple[Firing, ...]
    end: Ticket
    is_complete: bool
    actions: tuple[Action, ...]
    searched: int


@typed
def forecast(
    ticket: Ticket,
    policy: Policy,
    ledger: Ledger | None = None,
    *,
    others: Mapping[str, Policy] | None = None,
    limit: int = 100,
) -> Forecast:
    """Return what will happen to a ticket from its last event on, and what still prevents it.

    *policy* is that of the ticket. *ledger* has all tickets about its order, as for `advance`; the
    others act too, if they follow the same policy, or one that *others* has by their numbers.
    Timers can set each other off for ever, so the forecast ends after *limit* instants, or where a
    deadline would lie outside the supported years of its calendar.

    A command, given at an instant, *helps* against the firing of a deadline if the deadline then
    does not fire until the instant of that firing, inclusive. It helps against a level if neither
    the level nor the deadline of its timer fires until then. Nobody else acts in between. For each
    command, party and firing, the forecast has the last instant at which the policy permits the
    command and it helps. Most often that is the due instant of a timer that fires "after" it, and
    one microsecond before the due instant of a timer that fires "at" it. A microsecond later the
    command does not help.

    The commands are those of `available_commands`, and also a reply that solves the matter or is
    interim, where that helps in another way. set-deadline and snooze are left out, since their
    effect depends on the instant that the party chooses; so is a command after which more than
    *limit* instants follow before the firing. The work grows with the commands and with the square
    of the firings, so it ends after 20,000 steps; `Forecast.searched` says how many firings have
    actions. For later ones, forecast the ticket as `advance` returns it.

    Raises as `advance` does, for every deadline until the end, and FieldError for a *limit* below
    0 or above 20,000.
    """
    if not 0 <= limit <= MAX_FORECAST_STEPS:
        expected = f"a whole number from 0 to {MAX_FORECAST_STEPS:,}"
        raise FieldError("forecast", "limit", limit, expected)
    state = state_of(ticket, policy, ledger, others or {})
    phases = [Phase(ticket.at, state, 0)]
    happened: list[Event] = []
    fired: list[Firing] = []
    is_complete = False
    try:
        for at, after, events in islice(future(state), limit):
            happened += events
            fired += firings(events)
            phases.append(Phase(at, after, len(fired)))
        is_complete = phases[-1].state.next_instant() is None
    except CalendarRangeError:
        pass
    found = tuple(actions(phases, fired, limit)) if fired else ()
    return Forecast(
        ticket=ticket,
        events=tuple(happened),
        firings=tuple(fired),
        end=phases[-1].state.ticket,
        is_complete=is_complete,
        actions=tuple(action for each in found for action in each),
        searched=len(found),
    )
