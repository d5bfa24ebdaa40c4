"""Say what happened to the order: money went back, or the subscription ended (C8, C9)."""

from collections.abc import Iterable, Iterator

from ticketcore.events import Closed, Recorded, Refunded
from ticketcore.ledger import OrderState
from ticketcore.notifications._notifications import Notification
from ticketcore.notifications._phrases import Wording
from ticketcore.notifications._sections import refunds_by_state
from ticketcore.policies import Policy


def outcome(
    notification: Notification,
    history: Iterable[Recorded],
    state: OrderState,
    policy: Policy,
    wording: Wording,
) -> Iterator[str]:
    """Yield the sentences about the order for an e-mail about a closing or a refund.

    *history* is that of the ticket until the instant of the event.
    """
    if notification.kind not in ("closed", "refund-confirmation") or state.facts is None:
        return
    if isinstance(notification.event, Closed):
        refunds = refunds_by_state(state, state.facts.amount.currency, wording)
        for key, amount in refunds.items():
            if amount:
                yield wording.phrase(f"outcome.{key}", amount=amount)
        if _paid_nothing(notification.event, history, state, policy):
            yield wording.phrases["outcome.nothing-refunded"]
    if state.subscription_ended:
        yield wording.phrases["outcome.subscription-ended"]


def _paid_nothing(
    closed: Closed, history: Iterable[Recorded], state: OrderState, policy: Policy
) -> bool:
    """Return whether the timer that closed the ticket pays refunds, but had nothing to pay."""
    timer = None if closed.timer is None else policy.timer(closed.timer, state.ticket)
    if timer is None or timer.effect != "refund":
        return False
    events = (recorded.event for recorded in history)
    return not any(isinstance(each, Refunded) and each.timer == timer.name for each in events)
