"""The abstract state leaves out what no rule reads, so that ordinary plans have few states."""

from collections.abc import Callable
from datetime import timedelta

import attrs
import pytest

from support.policies.permissive_policy import T0
from ticketcore.commands import COMMANDS, Assign, Close, Command, Open, SetField, Tag
from ticketcore.decider import decide_and_apply
from ticketcore.policies import load_policy, parse_policy
from ticketcore.testing import explore
from ticketcore.testing._candidates import candidates, class_of
from ticketcore.testing._policy_facts import openings
from ticketcore.testing.exploring._abstraction import StateAbstraction
from ticketcore.testing.exploring._search import BEGINNINGS, StateSearch
from ticketcore.ticket import Ticket

HOUR = timedelta(hours=1)
DESK = """
name = "desk"
effective = 2026-01-01
zone = "UTC"
default_handler = "support"
default_type = "question"
[types.question]
[fields.priority]
choices = ["low", "normal", "high", "urgent"]
default = "normal"
[calendars.hours]
hours = "mon-fri 09:00-17:00"
[[timer]]
name = "taken-up"
when = { waiting_for = "customer" }
from = "waiting-since"
after = "30 minutes"
effect = "acknowledge"
[[permission]]
commands = ["open", "reply", "close", "set-field", "tag"]
by = ["customer", "support"]
"""
PLAN = """
[pauses.customer-awaited]
when = { waiting_for = "customer" }
[[timer]]
name = "resolution"
from = "opened"
met_by = "closed"
pauses = "customer-awaited"
after_by = "fields.priority"
after = { urgent = "2 hours", high = "4 hours", normal = "2 days", low = "9 days" }
on_target_change = "recalculate"
effect = "breach"
[[timer.level]]
name = "warned"
used = "75 %"
"""

SNOOZE = '[[permission]]\ncommands = ["snooze", "unsnooze"]\nby = "support"\n'


def answer(priority: str, hours: int) -> str:
    """Return the target of answers for one priority, as a timer of its own."""
    return (
        f'[[timer]]\nname = "answer"\nfrom = "waiting-since"\nafter = "{hours} hours"\n'
        f'when = {{ waiting_for = "support", fields.priority = "{priority}" }}\n'
        'effect = "breach"\n'
    )


def closing(priority: str, days: int) -> str:
    """Return a timer that closes a silent ticket of one priority."""
    return (
        f'[[timer]]\nname = "silence"\nfrom = "waiting-since"\nafter = "{days} days"\n'
        f'when = {{ waiting_for = "customer", fields.priority = "{priority}" }}\n'
        'effect = "close"\n'
    )


def each_priority(timer: Callable[[str, int], str]) -> str:
    """Return timers of one name with a span for each priority."""
    return "".join(timer(name, 2**i) for i, name in enumerate(("urgent", "high", "normal", "low")))


def states(*tables: str) -> int:
    """Return the number of states of a desk with these tables, in which nothing is at fault."""
    exploration = explore(parse_policy("\n".join((DESK, *tables))))

    assert exploration.complete
    assert () == exploration.findings
    return exploration.states


def test_targets_by_priority_add_no_states() -> None:
    """Warnings, breaches and pauses add no states, since no rule reads what they change."""
    assert states() == states(PLAN) == states(PLAN, each_priority(answer))


def test_timers_that_differ_only_in_spans_are_merged() -> None:
    """Timers that differ only in spans are merged, and have as many states as one timer."""
    one = closing("low", 3).replace(', fields.priority = "low"', "")

    assert states(one) == states(each_priority(closing))


def test_a_wait_that_is_one_of_several_anchors_is_known() -> None:
    """A ticket that waits for another party is another state if a timer counts from the wait."""
    from_opening = '[[timer]]\nname = "end"\nfrom = "opened"\nafter = "9 days"\neffect = "close"\n'
    from_wait = from_opening.replace('"opened"', '["opened", "waiting-since"]')
    desk = DESK.replace(
        'when = { waiting_for = "customer" }\nfrom = "waiting-since"', 'from = "opened"'
    )

    assert (
        explore(parse_policy(desk + from_opening)).states
        < explore(parse_policy(desk + from_wait)).states
    )


def test_timers_that_differ_in_more_are_not_merged() -> None:
    """A priority that no timer closes is another state than one that a timer closes."""
    assert states(each_priority(closing)) < states(closing("urgent", 3), closing("low", 9))


def test_levels_that_change_the_ticket_are_kept() -> None:
    """A level that sets a field which a timer reads adds a state."""
    plan = PLAN.replace("[[timer.level]]", "", 1).split('name = "warned"')[0]
    level = (
        '[[timer.level]]\nname = "raised"\nused = "75 %"\neffect = "set-field"\n'
        'fields = { priority = "urgent" }\n'
    )

    assert states(closing("urgent", 3), plan) < states(closing("urgent", 3), plan + level)


def test_a_condition_of_what_meets_a_timer_adds_states() -> None:
    """A condition in `met_by` adds states, because it decides whether the timer ends."""
    timer = closing("low", 9)
    met = 'met_by = {{ event = "tagged"{} }}\n'
    condition = ", when = { acknowledged = true }"

    assert states(timer + met.format("")) < states(timer + met.format(condition))


def test_types_with_the_same_rules_are_merged() -> None:
    """Two types are two states only if a rule tells them apart."""
    second = "[types.incident]\n"
    change = '[[permission]]\ncommands = "change-type"\nby = "support"\n'
    timer = (
        '[[timer]]\nname = "end"\nfrom = "opened"\nafter = "9 days"\neffect = "close"\n'
        'when = { type = "incident" }\n'
    )
    desk = DESK + second + change

    assert states() == explore(parse_policy(desk)).states
    assert states() < explore(parse_policy(desk + timer)).states


def test_a_guarantee_about_warnings_needs_their_states() -> None:
    """If a guarantee names warnings, the state includes them."""
    guarantee = '[[guarantee]]\nname = "{0}"\nnever = {{ event = "{0}", {1} }}\n'
    closed = 'when = { status = "closed" }'
    other = states(PLAN, SNOOZE, guarantee.format("linked", closed))

    for event in ("warned", "breached"):
        assert other < states(PLAN, SNOOZE, guarantee.format(event, closed))
    unsnoozed = guarantee.format("unsnoozed", 'by = "customer"')
    assert states(PLAN, SNOOZE) < states(PLAN, SNOOZE, unsnoozed)


def test_a_permission_that_needs_what_no_rule_reads_is_used() -> None:
    """The search shares, snoozes and tags, so permissions to undo this count as used."""
    commands = '["share", "unshare", "snooze", "unsnooze", "untag", "add-note"]'

    assert states() == states(f'[[permission]]\ncommands = {commands}\nby = "support"\n')


def test_a_timer_that_only_a_rare_ticket_has_is_not_reported() -> None:
    """A timer that only a rare ticket has is found by a second search, and not reported."""
    timer = (
        '[[timer]]\nname = "vip"\nfrom = "waiting-since"\nafter = "9 hours"\n'
        'when = { waiting_for = "support", answered = true, tags = "vip" }\neffect = "breach"\n'
    )
    tags = '[tags]\nvalues = ["vip"]\n'

    assert states() == states(tags, timer)


def test_a_warning_that_can_never_come_is_reported() -> None:
    """A warning whose condition can never hold is reported."""
    timer = (
        '[[timer]]\nname = "vip"\nfrom = "opened"\nafter = "9 hours"\n'
        'when = { tags = "vip" }\neffect = "breach"\n'
    )
    text = DESK.replace(', "tag"', "") + '[tags]\nvalues = ["vip"]\n' + timer
    findings = explore(parse_policy(text)).findings

    assert ['timer-never-set: the timer "vip" is never set'] == list(map(str, findings))


def test_a_deadline_set_by_hand_is_no_firing() -> None:
    """The reserved timers of deadlines and snoozes have no definition in the file."""
    timer = closing("low", 9).replace('name = "silence"', 'name = "late"')
    early = closing("low", 3)
    hand = '[[permission]]\ncommands = ["set-deadline", "snooze"]\nby = "support"\n'
    findings = explore(parse_policy(DESK + early + timer + hand)).findings

    assert ["late"] == [finding.subject for finding in findings]


def test_the_help_desk_is_explored_in_few_states() -> None:
    """An ordinary plan with four targets and four priorities takes well below a second."""
    exploration = explore(load_policy("help-desk"))

    assert exploration.complete
    assert 50 > exploration.states


def test_every_command_on_a_ticket_has_a_candidate() -> None:
    """The search tries every command on a ticket but an opening and a change of policy."""
    policy = parse_policy(f"{DESK}[disputes.claim]\nsupersedes = []\n[types.incident]\n")
    every = (build() for build in openings(policy, BEGINNINGS[0]))
    ticket, _ = decide_and_apply(None, next(each for each in every if each.order), policy)
    empty = candidates(ticket, "support", policy, BEGINNINGS[0])
    tagged = candidates(attrs.evolve(ticket, tags=("a tag",)), "support", policy, BEGINNINGS[0])

    assert {*COMMANDS} - {"open", "change-policy"} == {
        class_of(each).NAME for each in (*empty, *tagged)
    }


@pytest.mark.parametrize(
    ("assigned_to", "tried"),
    [(None, ["lead", "team-1"]), ("team-1", ["lead", "team-2"]), ("lead", ["team-1"])],
)
def test_a_ticket_is_assigned_to_others_than_now(
    assigned_to: str | None, tried: list[str]
) -> None:
    """A ticket is assigned to each assignee that a condition names, and to one other."""
    condition = 'when = { waiting_for = "customer", assigned_to = "lead" }'
    policy = parse_policy(DESK.replace('when = { waiting_for = "customer" }', condition))
    ticket, _ = decide_and_apply(None, next(openings(policy, BEGINNINGS[0]))(), policy)
    ticket = attrs.evolve(ticket, assigned_to=assigned_to)
    found = (build() for build in candidates(ticket, "support", policy, BEGINNINGS[0]))

    assert tried == [each.assignee for each in found if isinstance(each, Assign)]


def test_an_opening_has_the_fields_that_it_must_have() -> None:
    """An opening tries each value of a required field that a rule tells apart."""
    desk = DESK.replace('"set-field", ', "").replace('\ndefault = "normal"', "")
    unread = '[fields.kind]\nchoices = ["gift", "own"]\n[opening]\nrequired = "fields.kind"\n'
    policy = parse_policy(f"{desk}{unread}{closing('low', 3)}")
    fields = {tuple(sorted(each().fields.items())) for each in openings(policy, BEGINNINGS[0])}

    assert {(("kind", "gift"),), (("kind", "gift"), ("priority", "low"))} == fields
    assert () == explore(policy).findings


def test_a_timer_fires_on_a_ticket_whose_state_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """The search sees the clock of each team, although the state leaves the team out."""
    searches: list[StateSearch] = []
    run = StateSearch.run

    def counted(search: StateSearch) -> StateSearch:
        searches.append(search)
        return run(search)

    monkeypatch.setattr(StateSearch, "run", counted)
    teams = '[fields.team]\nchoices = ["first", "second"]\ndefault = "first"\n'
    clock = (
        '[[timer]]\nname = "second"\nfrom = "applied"\nafter = "9 hours"\n'
        'when = { fields.team = "second" }\neffect = "breach"\n'
    )

    assert () == explore(parse_policy(DESK + teams + clock)).findings
    assert 1 == len(searches)


def test_a_count_that_was_met_while_its_condition_holds_is_remembered() -> None:
    """A reopening undoes the end of one of two counts: the closing ended it, nothing met it."""
    policy = parse_policy(
        DESK
        + '[[timer]]\nname = "chase"\nwhen = { fields.priority = "urgent" }\nfrom = "applied"\n'
        'after = "9 days"\nmet_by = "tagged"\neffect = "close"\n'
    )
    opening = Open(at=T0, by="customer", fields={"priority": "urgent"})
    tag = Tag(at=T0 + HOUR, by="support", tag="called")
    closing = Close(at=T0 + 2 * HOUR, by="support")
    stories: tuple[tuple[Command, ...], ...] = ((opening, closing), (opening, tag, closing))
    tickets = []
    for commands in stories:
        ticket: Ticket | None = None
        for command in commands:
            ticket, _ = decide_and_apply(ticket, command, policy)
        tickets.append(ticket)
    state_of = StateAbstraction(policy).state_of
    closed, met = map(state_of, filter(None, tickets))

    assert closed != met


def test_repetitions_that_were_overtaken_are_remembered() -> None:
    """A clock that has one repetition less to come is another state."""
    policy = parse_policy(
        DESK + '[fields.visit]\ntype = "instant"\n'
        '[[timer]]\nname = "visit"\nfrom = "fields.visit"\nafter = "4 hours"\neffect = "breach"\n'
        '[[timer.level]]\nname = "again"\nevery = "1 hour"\ntimes = 2\neffect = "set-field"\n'
        'fields = { priority = "high" }\n'
    )
    states = []
    for past in (timedelta(), 1.5 * HOUR):
        opened, _ = decide_and_apply(None, Open(at=T0, by="customer"), policy)
        set_visit = SetField(at=T0, by="support", field="visit", value=T0 - past)
        ticket, _ = decide_and_apply(opened, set_visit, policy)
        states.append(StateAbstraction(policy).state_of(ticket))

    assert states[0] != states[1]
