"""One decision on a ticket of ten events of each preset, an idle `advance`, and loading."""

from datetime import timedelta
from functools import partial

from benchmarks.histories import HOUR, START
from benchmarks.measure import best, micros, show
from ticketcore.commands import Open, Reply
from ticketcore.decider import advance, decide, decide_and_apply
from ticketcore.events import Money, Order
from ticketcore.policies import Policy, load_policy, presets
from ticketcore.ticket import Ticket

CONDITIONS = {
    "kaufland": {"storefront": "de", "reason": "defective"},
    "webshippy": {"account": "shop-1", "category": "orders", "subcategory": "change"},
    "office": {"category": "payroll"},
}
ORDER = Order(number="1", sold_at=START - 24 * HOUR, amount=Money(4900, "EUR"))


def main() -> None:
    rows = []
    for name in presets():
        policy = load_policy(name)
        ticket = _ticket(policy)
        reply = Reply(at=ticket.at + HOUR, by="customer", text="and now?")
        answer = Reply(at=ticket.at + HOUR, by=policy.default_handler, text="wait")
        moment = ticket.at + timedelta(minutes=1)
        seconds = best(
            {
                "reply": partial(decide, ticket, reply, policy),
                "answer": partial(decide, ticket, answer, policy),
                "idle": partial(advance, ticket, policy, moment),
                "load": partial(load_policy, name),
            },
            rounds=5,
        )
        times = [micros(seconds[what]) for what in ("reply", "answer", "idle")]
        rows.append((name, str(len(ticket.timers)), *times, f"{seconds['load'] * 1e3:.1f} ms"))
    header = ("preset", "timers", "customer replies", "desk answers", "advance, idle", "load")
    show("Deciding on a ticket of ten events or more", header, rows)


def _ticket(policy: Policy) -> Ticket:
    opening = Open(
        at=START,
        by="customer",
        type=policy.default_type or next(iter(policy.types)),
        zone="Europe/Rome",
        order=ORDER,
        subject="a subject",
        text="a text",
        **CONDITIONS.get(policy.name, {}),  # type: ignore[arg-type]
    )
    ticket, _ = decide_and_apply(None, opening, policy)
    for waiting_for in range(20):
        by = policy.default_handler if waiting_for % 2 == 0 else "customer"
        if ticket.version >= 10 and by == "customer":
            break
        ticket, _ = decide_and_apply(
            ticket, Reply(at=ticket.at + HOUR / 2, by=by, text="a word"), policy
        )
    return ticket


main()
