"""The first sentences of an e-mail: why it was sent, and what came of it (C8, C9, C11)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal

from ticketcore import events as e
from ticketcore.ledger import OrderState
from ticketcore.notifications._notifications import Notification
from ticketcore.notifications._phrases import Wording
from ticketcore.notifications._sections import refunds_by_state, shipment
from ticketcore.policies import Policy, TimerDefinition
from ticketcore.ticket import Ticket


def why_sent(
    notification: Notification,
    after: Ticket,
    policy: Policy,
    wording: Wording,
    names: Mapping[str, str],
) -> str:
    """Return a sentence about the event of a notification, in the recipient's language.

    *after* is the ticket after the event. *names* are names of persons by their ids. The sentence
    addresses the recipient directly if they acted, or if it is their money or answer.
    """
    event = notification.event
    values = {
        "ticket": notification.ticket,
        "actor": wording.phrase(f"actor.{event.by}"),
        "type": wording.name(after.type),
        "before": wording.name(after.previous_type or after.type),
        "party": "" if after.waiting_for is None else wording.party(after.waiting_for),
        "since": wording.formats.instant(after.active_at),
        "due": wording.formats.instant(event.at),
    }
    values |= _values(event, after, wording, names)
    key = _phrase_key(notification, after, policy)
    addressed = f"you.{key}" in wording.phrases and _concerns_recipient(notification, after)
    return wording.phrase(f"{'you' if addressed else 'why'}.{key}", **values)


def _concerns_recipient(notification: Notification, after: Ticket) -> bool:
    """Return whether the recipient acted, owes the answer, or gets the money."""
    event, role = notification.event, notification.role
    match event:
        case e.Warned() | e.Breached():
            return role == after.waiting_for
        case e.Refunded() | e.DisputeResolved(outcome="lost"):
            return role == "customer"
        case e.DisputeResolved(outcome="won"):
            return role == "vendor"
        case _:
            return _acted(notification)


def _acted(notification: Notification) -> bool:
    event, role = notification.event, notification.role
    if notification.person is None or event.actor is None:
        return role == event.by
    return notification.person == event.actor and notification.party == event.by


def _phrase_key(notification: Notification, after: Ticket, policy: Policy) -> str:
    """Return the key of the phrase for an event: its name, with a variant if it has several."""
    match notification.event:
        case e.Replied(automatic=True):
            return "replied-automatic"
        case e.Replied(interim=True):
            return "replied-interim"
        case e.Replied(is_blank=True):
            return "replied-blank"
        case e.Replied(solution=True):
            return "replied-solution"
        case e.Shared(with_person=person) if person == notification.person:
            return "shared-with-reader"
        case e.FieldSet(value=None):
            return "field-set-none"
        case e.Cancelled(subscription=subscription):
            return "cancelled-subscription" if subscription else "cancelled-units"
        case e.Closed(kind="withdrawn" | "duplicate" as kind):
            return f"closed-{kind}"
        case e.Closed(timer=str(timer)):
            return _closing_key(policy.timer(timer, after))
        case e.Reviewed(abuse=abuse):
            return "reviewed-abuse" if abuse else "reviewed-cleared"
        case e.DisputeResolved(outcome=outcome):
            return f"dispute-resolved-{outcome}"
        case e.Warned() | e.Breached() if after.waiting_for is None:
            return f"{notification.event_name}-closed"
        case e.Warned(timer=timer) | e.Breached(timer=timer) if not policy.awaited_by(
            timer, after
        ):
            return f"{notification.event_name}-deadline"
        case _:
            return notification.event_name


_SILENCES = frozenset({"last-activity", "waiting-since"})


def _closing_key(definition: TimerDefinition | None) -> str:
    """Return the key of the phrase for a closing by a timer."""
    if definition is not None and definition.effect in ("refund", "cancel"):
        return "closed-carried-out"
    if definition is not None and _SILENCES.intersection(definition.anchors):
        return "closed-inactive"
    return "closed"


def _values(
    event: e.Event, after: Ticket, wording: Wording, names: Mapping[str, str]
) -> dict[str, str]:
    """Return the values of the fields that only phrases about this event have."""
    match event:
        case (
            e.Assigned(assignee=person)
            | e.Shared(with_person=person)
            | e.Unshared(with_person=person)
        ):
            return {"person": names.get(person, person)}
        case e.FieldSet(field=field):
            return {"field": wording.name(field), "value": _field_value(event, wording)}
        case e.DeadlineSet(due=due):
            return {"due": wording.formats.instant(due)}
        case e.Snoozed(until=until):
            return {"until": wording.formats.instant(until)}
        case e.Tagged(tag=tag) | e.Untagged(tag=tag):
            return {"tag": wording.name(tag)}
        case e.Cancelled(units=units):
            return {"units": ", ".join(units)}
        case e.ShipmentAdded(shipment=added):
            return {"shipment": shipment(added, wording)}
        case e.Split(into=other):
            return {"other": other}
        case e.Linked(target=reference):
            kind = wording.phrases[f"reference.{reference.kind}"]
            return {"reference": f"{kind} {reference.number}"}
        case e.Closed(duplicate_of=original):
            return {"other": original or ""}
        case e.Refunded(amount=amount):
            return {"amount": wording.formats.money(amount)}
        case e.RefundConfirmed(reference=reference) | e.RefundFailed(reference=reference):
            return {"amount": _refund_amount(after, reference, wording)}
        case (
            e.DisputeOpened(dispute=dispute)
            | e.DisputeAnswered(dispute=dispute)
            | e.DisputeCorrected(dispute=dispute)
            | e.DisputeResolved(dispute=dispute)
        ):
            return {"dispute": _dispute(after, dispute, wording)}
        case _:
            return {}


def _field_value(event: e.FieldSet, wording: Wording) -> str:
    """Return a value as its reader's locale writes it, or a choice in their language."""
    if event.value is None:
        return ""
    match e.content_of(event.kind, event.value):
        case datetime() as at:
            return wording.formats.instant(at)
        case e.Money() as amount:
            return wording.formats.money(amount)
        case date() as day:
            return wording.formats.plain_date(day)
        case bool():
            return wording.phrases[f"value.{event.value}"]
        case Decimal() as number:
            return wording.formats.number(number)
        case _:
            return wording.name(event.value)


def _refund_amount(after: Ticket, reference: str, wording: Wording) -> str:
    """Return the amount of a refund, or its reference if the ticket does not know it."""
    amounts = {refund.reference: refund.amount for refund in after.refunds}
    return wording.formats.money(amounts[reference]) if reference in amounts else reference


def _dispute(after: Ticket, dispute: str, wording: Wording) -> str:
    """Return kind and id of a dispute, or its id if the ticket does not know it."""
    kinds = {known.id: known.kind for known in after.disputes}
    return f"{wording.name(kinds[dispute])} {dispute}" if dispute in kinds else dispute


def claimed_consent(
    notification: Notification, history: Iterable[e.Recorded], wording: Wording
) -> Iterator[str]:
    """Yield a sentence about the consent that another party gives as its reason (C11).

    *history* is that of the ticket until the instant of the event.
    """
    event = notification.event
    if not isinstance(event, e.Closed | e.TypeChanged) or not event.consent:
        return
    if event.by == "customer":
        return
    your = "your-" if notification.party == "customer" else ""
    if event.consent_message is None:
        yield wording.phrases[f"consent.{your}unnamed"]
        return
    messages = (each.event for each in history if isinstance(each.event, e.Opened | e.Replied))
    sent = {message.reference: wording.formats.instant(message.at) for message in messages}
    at = sent.get(event.consent_message, event.consent_message)
    yield wording.phrase(f"consent.{your}named", at=at)


def outcome(
    notification: Notification,
    history: Iterable[e.Recorded],
    state: OrderState,
    policy: Policy,
    wording: Wording,
) -> Iterator[str]:
    """Yield the sentences about the order for an e-mail about a closing or a refund.

    *history* is that of the ticket until the instant of the event.
    """
    if notification.kind not in ("closed", "refund-confirmation") or state.facts is None:
        return
    if isinstance(notification.event, e.Closed):
        refunds = refunds_by_state(state, state.facts.amount.currency, wording)
        for key, amount in refunds.items():
            if amount:
                yield wording.phrase(f"outcome.{key}", amount=amount)
        if _paid_nothing(notification.event, history, state, policy):
            yield wording.phrases["outcome.nothing-refunded"]
    if state.subscription_ended:
        yield wording.phrases["outcome.subscription-ended"]


def _paid_nothing(
    closed: e.Closed, history: Iterable[e.Recorded], state: OrderState, policy: Policy
) -> bool:
    """Return whether the timer that closed the ticket pays refunds, but had nothing to pay."""
    timer = None if closed.timer is None else policy.timer(closed.timer, state.ticket)
    if timer is None or timer.effect != "refund":
        return False
    events = (recorded.event for recorded in history)
    return not any(isinstance(each, e.Refunded) and each.timer == timer.name for each in events)
