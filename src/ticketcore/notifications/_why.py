"""The first sentence of an e-mail: why it was sent."""

from collections.abc import Mapping

from ticketcore import events as e
from ticketcore.notifications._notifications import Notification
from ticketcore.notifications._phrases import Wording
from ticketcore.ticket import Ticket


def why_sent(
    notification: Notification, after: Ticket, wording: Wording, names: Mapping[str, str]
) -> str:
    """Return a sentence about the event of a notification, in the recipient's language.

    *after* is the ticket after the event. *names* are names of persons by their ids.
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
    return wording.phrase(f"why.{_phrase_key(notification, after)}", **values)


def _phrase_key(notification: Notification, after: Ticket) -> str:
    """Return the key of the phrase for an event: its name, with a variant if it has several."""
    match notification.event:
        case e.Replied(automatic=True):
            return "replied-automatic"
        case e.Replied(interim=True):
            return "replied-interim"
        case e.Replied(solution=True):
            return "replied-solution"
        case e.Cancelled(subscription=subscription):
            return "cancelled-subscription" if subscription else "cancelled-units"
        case e.Closed(kind="withdrawn" | "duplicate" as kind):
            return f"closed-{kind}"
        case e.Reviewed(abuse=abuse):
            return "reviewed-abuse" if abuse else "reviewed-cleared"
        case e.DisputeResolved(outcome=outcome):
            return f"dispute-resolved-{outcome}"
        case e.Warned() | e.Breached() if after.waiting_for is None:
            return f"{notification.event_name}-closed"
        case _:
            return notification.event_name


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
        case e.Cancelled(units=units):
            return {"units": ", ".join(units)}
        case e.Closed(duplicate_of=original):
            return {"other": original or ""}
        case e.Split(into=number) | e.Linked(target=e.Reference(number=number)):
            return {"other": number}
        case e.OrderCorrected(order=order):
            return {"order": order.number}
        case e.ShipmentAdded(shipment=shipment):
            return {"shipment": shipment.number}
        case e.Refunded(amount=amount):
            return {"amount": wording.formats.money(amount)}
        case e.RefundConfirmed(reference=reference) | e.RefundFailed(reference=reference):
            return {"amount": _refund_amount(after, reference, wording)}
        case (
            e.DisputeOpened(dispute=dispute)
            | e.DisputeCorrected(dispute=dispute)
            | e.DisputeAnswered(dispute=dispute)
            | e.DisputeResolved(dispute=dispute)
        ):
            return {"dispute": _dispute(after, dispute, wording)}
        case _:
            return {}


def _refund_amount(after: Ticket, reference: str, wording: Wording) -> str:
    """Return the amount of a refund, or its reference if the ticket does not know it."""
    amounts = {refund.reference: refund.amount for refund in after.refunds}
    return wording.formats.money(amounts[reference]) if reference in amounts else reference


def _dispute(after: Ticket, dispute: str, wording: Wording) -> str:
    """Return kind and id of a dispute, or its id if the ticket does not know it."""
    kinds = {known.id: known.kind for known in after.disputes}
    return f"{wording.name(kinds[dispute])} {dispute}" if dispute in kinds else dispute
