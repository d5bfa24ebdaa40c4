"""State diagrams say who may do what, and what timers do when."""

import pytest

from support.diagrams import EACH_POLICY, ELABORATE, all_lines, transitions
from support.policies.small_policies import policy_of, timer_text
from ticketcore._toml import written
from ticketcore.diagrams import build_diagram
from ticketcore.diagrams._model import TimerLine
from ticketcore.policies import Policy, load_policy, parse_policy

OPEN = "open, waiting for the vendor"
PENDING = "pending, waiting for the customer"
SUPPORT = "pending, waiting for support"


@EACH_POLICY
def test_every_timer_is_in_the_diagram(policy: Policy) -> None:
    """Each timer has a line with its rule ids, and with its span or the name of its row."""
    diagram = build_diagram(policy)
    lines = [line for line in all_lines(diagram) if isinstance(line, TimerLine)]
    missing = [
        timer.name
        for timer in policy.timers
        if not any(
            line.startswith(timer.name if timer.after_by else written(timer.after))
            and line.endswith(f"({timer.rule})" if timer.rule else "")
            for line in lines
        )
    ]

    assert [] == missing


@EACH_POLICY
def test_every_permission_is_in_the_diagram(policy: Policy) -> None:
    """Every permission is in the diagram, except those for commands that administer."""
    lines = all_lines(build_diagram(policy))
    missing = [
        (command, party)
        for permission in policy.permissions
        for command in permission.commands
        for party in permission.by
        if command not in ("reschedule", "change-policy")
        and not any(
            command in line.partition(": ")[0].split(", ") and party in line for line in lines
        )
    ]

    assert [] == missing


def test_the_spans_for_each_priority_are_a_table() -> None:
    """The spans for each priority are a table, which the states refer to by timer name."""
    diagram = build_diagram(load_policy("help-desk"))
    (table,) = diagram.tables
    of_state = next(state.lines for state in diagram.states if state.role == "open")

    assert "deadlines by priority" == table.title
    assert ("timer", "counts", "urgent", "high", "normal", "low", "on the way") == table.columns
    assert (
        "next-reply",
        "after the ticket began to wait (hours)",
        "2 working hours",
        "4 working hours",
        "8 working hours",
        "16 working hours",
        "at 75 %: warn, paused in third-party-awaited",
    ) == table.rows[1]
    assert (
        "first-reply: breach, if opened by customer",
        "next-reply: breach, if answered",
        "update: breach, if answered",
        "resolution: breach",
    ) == of_state


def test_levels_say_when_they_act() -> None:
    """The diagram lists levels after the deadline, with the pauses."""
    levels = (
        '[[timer.level]]\nname = "{}"\n{}\neffect = "tag"\ntags = "late"\n'.format(*each)
        for each in (
            ("a", 'before_due = "1 hour"'),
            ("b", 'past_due = "2 hours"'),
            ("c", 'every = "1 hour"\ntimes = 3'),
        )
    )
    policy = parse_policy(
        'name = "p"\neffective = 2026-01-01\nzone = "UTC"\n[types.a]\n'
        '[pauses.asked]\nwhen = { waiting_for = "customer" }\n'
        '[[permission]]\ncommands = "open"\nby = "customer"\n'
        '[[timer]]\nname = "t"\nfrom = "opened"\nafter = "4 hours"\npauses = "asked"\n'
        f'effect = "breach"\n{"".join(levels)}'
    )

    assert (
        "4 hours after the opening: breach, 1 hour before: tag, 2 hours late: tag, every 1 hour, "
        "3 times: tag, paused in asked"
    ) in all_lines(build_diagram(policy))


@pytest.mark.parametrize(
    ("types", "source", "lines"),
    [
        ("[types.a]\n", OPEN, ("reply: vendor",)),
        ("[types.a]\n[types.b]\n", "the type changes", ("as before",)),
    ],
)
def test_a_change_of_type_that_answers_nothing(
    types: str, source: str, lines: tuple[str, ...]
) -> None:
    """A change of type that counts as no answer leads to no other state in the diagram."""
    policy = parse_policy(
        f'name = "p"\neffective = 2026-01-01\nzone = "UTC"\nretype_answers = false\n{types}'
        '[[permission]]\ncommands = ["open", "reply", "change-type"]\nby = "vendor"\n'
        '[[timer]]\nname = "t"\nfrom = "waiting-since"\nafter = "4 hours"\neffect = "warn"\n'
    )
    found = transitions(build_diagram(policy))
    to_pending = next(found[key] for key in found if key[0].endswith(source) and PENDING in key[1])

    assert lines == to_pending


def test_the_states_of_a_marketplace_ticket() -> None:
    """K1, K6, K8: a ticket is open, pending for the customer or support, closed, or final."""
    diagram = build_diagram(load_policy("kaufland"))
    lines = transitions(diagram)

    assert ["", OPEN, SUPPORT, PENDING, "closed", "closed for good"] == [
        state.title for state in diagram.states
    ]
    assert ("reply: vendor, with text (K9 K11)",) == lines[OPEN, PENDING]
    assert ("escalate: vendor, with reason (K6)",) == lines[OPEN, SUPPORT]
    assert ("hand-back: support (K6)",) == lines[SUPPORT, OPEN]
    assert ("close: support (K8)",) == lines["closed", "closed for good"]
    assert (
        "reply: support, with text (K9 K11)",
        "48 working hours (working-days) after the ticket began to wait: breach (K2)",
    ) == diagram.states[1].lines


def test_timers_and_commands_that_close_a_ticket_share_a_transition() -> None:
    """C5, C7, C11: timers and commands that close a ticket share a transition."""
    lines = transitions(build_diagram(load_policy("clickbank")))["refund", "closed"]

    assert (
        "0 minutes after the type was set: refund, without a grace period (C13)",
        "5 working minutes (saving) after the type was set: refund,"
        " if requested by vendor, with a grace period (C7)",
        "24 working hours (saving) after the type was set: refund,"
        " if requested by customer or support, with a grace period (C5)",
        "close: customer or support (C11)",
        "close: vendor, if requested by customer or support, with consent (C11)",
        "close: vendor, otherwise (C7)",
    ) == lines


def test_a_type_change_decides_whose_answer_is_awaited() -> None:
    """C12: a change of type by the customer makes the ticket wait for the vendor."""
    lines = transitions(build_diagram(load_policy("clickbank")))
    change = "the type changes"

    assert () == lines[change, "refund"]
    assert ("by the customer",) == lines[change, f"technical: {OPEN}"]
    assert ("by the vendor",) == lines[change, f"technical: {PENDING}"]


def test_support_keeps_an_escalated_ticket_after_a_reopening() -> None:
    """K8: closing a ticket does not hand it back to the seller."""
    lines = transitions(build_diagram(load_policy("kaufland")))
    note = "with text, after support was called in (K8)"

    assert (f"reopen: customer or vendor, {note}",) == lines["closed", SUPPORT]
    assert f"reopen: support, {note}" in lines["closed", PENDING]


def test_disputes_have_states_of_their_own() -> None:
    """A1, A2: a dispute is answered or not; a timer, a party or a chargeback ends it."""
    lines = transitions(build_diagram(load_policy("amazon-pay")))

    assert ("answer-dispute: vendor (A1)",) == lines["claim", "dispute answered"]
    assert (
        "resolve-dispute: support or system (A2)",
        "7 days after the dispute was opened: lose-dispute (A1 A2)",
        "a chargeback is opened (A2)",
    ) == lines["claim", "dispute resolved"]


def test_alternatives_conditions_channels_and_windows_are_described() -> None:
    """A line of the diagram lists conditions, channels, spans and the next opening."""
    diagram = build_diagram(parse_policy(ELABORATE))
    lines, open_state = transitions(diagram), f"complaint: {OPEN}"

    assert (
        "escalate: vendor or support, by portal or telephone",
        "3 days, then the next opening of shop, after the last activity:"
        " escalate, if solved, without a grace period",
    ) == tuple(sorted(lines[open_state, f"complaint: {SUPPORT}"], reverse=True))
    assert (
        "2 working hours (shop) after the ticket began to wait: breach,"
        " if subcategory a or b, if not answered",
        "8 working hours (shop) after the ticket began to wait: breach, otherwise",
    ) == next(s for s in diagram.states if s.title == open_state).lines[1:]
    assert "a chargeback is opened" in lines["claim", "dispute resolved"]
    assert ("working time shop: mon-fri 09:00-17:00; sat 09:00-12:00",) == diagram.lines


def test_a_reply_that_reopens_is_a_transition() -> None:
    """A reopening leads to the state that waits for the other side."""
    lines = transitions(build_diagram(parse_policy(ELABORATE)))

    assert (
        "reopen: customer, with text, within 14 days",
        "reply: customer",
    ) == lines["closed", f"complaint: {OPEN}"]
    assert (
        "reopen: vendor, with text, within 14 days",
        "reply: vendor",
    ) == lines["closed", f"complaint: {PENDING}"]


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ('country = "DE"\nsubdivision = "BY"', ", without the holidays of DE-BY"),
        ('country = "storefront"', ", without the holidays of the storefront"),
        ('holidays = { 2026-12-24 = "eve" }', ", without 2026-12-24 eve"),
        ('exceptions = { 2026-12-31 = "9:00-12:00" }', "; 2026-12-31 9:00-12:00"),
    ],
)
def test_a_calendar_is_described_in_full(keys: str, text: str) -> None:
    """A calendar is described by its country, its holidays and its exceptions."""
    policy = ELABORATE.replace("[calendars.shop]\n", f"[calendars.shop]\n{keys}\n", 1)
    storefront = '[storefronts.de]\nzone = "Europe/Berlin"\n'
    diagram = build_diagram(parse_policy(policy + storefront))

    assert (f"working time shop: mon-fri 09:00-17:00; sat 09:00-12:00{text}",) == diagram.lines


def test_without_closing_per_party_only_open_tickets_become_final() -> None:
    """K8 the other way: one party closes for all, and a closed ticket cannot become final."""
    text = ELABORATE.replace("per_party = true", "per_party = false")
    lines = transitions(build_diagram(parse_policy(text)))

    assert (f"complaint: {PENDING}", "closed for good") in lines
    assert ("closed", "closed for good") not in lines


def test_a_timer_leads_to_the_final_state_if_the_system_closes_for_good() -> None:
    """K8: a closing by a timer is final if the policy says so, even if nobody else may close."""
    text = (
        'name = "p"\neffective = 2026-01-01\nzone = "UTC"\n[types.a]\n'
        '[[permission]]\ncommands = "open"\nby = "customer"\n'
        '[[timer]]\nname = "t"\nfrom = "opened"\nafter = "4 hours"\neffect = "close"\n'
    )
    final = '[closing]\nfinal_by = "system"\n'

    assert ("open", "closed") in transitions(build_diagram(parse_policy(text)))
    assert ("open", "closed for good") in transitions(build_diagram(parse_policy(text + final)))


@pytest.mark.parametrize(
    ("landing", "expected"),
    [
        ('roll = "forward"', "1 day, then the next opening of days,"),
        ('roll = "backward"', "1 day, or the last closing of days before,"),
        ('roll = "day-end"', "1 day, then the end of the day in days,"),
        ('at_time = "16:00"', "1 day, at 16:00,"),
    ],
)
def test_the_landing_of_a_deadline_is_described(landing: str, expected: str) -> None:
    """The diagram describes each `roll` and `at_time` in words."""
    timer = timer_text("t", "warn", "1 day") + landing + "\n"
    if "roll" in landing:
        timer += 'calendar = "days"\n[calendars.days]\nhours = "mon-fri 09:00-17:00"\n'
    lines = all_lines(build_diagram(policy_of(timer)))

    assert f"{expected} after the opening: warn" in lines
