"""Why a notice is sent: one sentence for each event."""

from collections.abc import Mapping

from ticketcore import events as e
from ticketcore.notices._notices import Notice
from ticketcore.notices._wording import Wording
from ticketcore.ticket import Ticket


def why(notice: Notice, after: Ticket, wording: Wording, names: Mapping[str, str]) -> str:
    """What happened, in the reader's language. *names* are of persons, by their ids."""
    event = notice.event
    values = {
        "ticket": notice.ticket,
        "actor": wording.say(f"actor.{getattr(event, 'by', 'system')}"),
        "type": wording.name(after.type),
        "before": wording.name(after.previous_type or after.type),
        "party": wording.party(after.waiting_for or "system"),
        "since": wording.formats.instant(after.active_at),
        "due": wording.formats.instant(event.at),
    }
    values |= _values(event, after, wording, names)
    return wording.say(f"why.{_phrase(notice)}", **values)


def _phrase(notice: Notice) -> str:
    """The phrase for an event: its name, and what kind of it where that matters."""
    match notice.event:
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
        case _:
            return notice.about


def _values(
    event: e.Event, after: Ticket, wording: Wording, names: Mapping[str, str]
) -> dict[str, str]:
    """What only some events have to say."""
    match event:
        case (
            e.Assigned(assignee=person)
            | e.Shared(with_person=person)
            | e.Unshared(with_person=person)
        ):
            return {"person": names.get(person, person)}
        case e.Cancelled(units=units):
            return {"units": ", ".join(units)}
        case e.Closed(duplicate_of=other):
            return {"other": other or ""}
        case e.Refunded(amount=amount):
            return {"amount": wording.formats.money(amount)}
        case e.RefundConfirmed(reference=reference) | e.RefundFailed(reference=reference):
            return {"amount": _repaid(after, reference, wording)}
        case e.DisputeOpened() | e.DisputeAnswered() | e.DisputeResolved():
            return {"dispute": _dispute(after, event.dispute, wording)}
        case _:
            return {}


def _repaid(after: Ticket, reference: str, wording: Wording) -> str:
    amounts = {repaid.reference: repaid.amount for repaid in after.refunds}
    return wording.formats.money(amounts[reference]) if reference in amounts else reference


def _dispute(after: Ticket, dispute: str, wording: Wording) -> str:
    kinds = {known.id: known.kind for known in after.disputes}
    return f"{wording.name(kinds[dispute])} {dispute}" if dispute in kinds else dispute
