"""Mistakes in pauses, targets, levels and `met_by`."""

from pathlib import Path

import pytest

from ticketcore.errors import PolicyError
from ticketcore.policies import parse_policy

HEAD = (
    'name = "desk"\neffective = 2026-01-01\nzone = "UTC"\ndefault_type = "question"\n'
    '[types.question]\n[types.incident]\n[calendars.work]\nhours = "mon-fri 09:00-17:00"\n'
    '[fields.priority]\nchoices = ["low", "high"]\n'
    '[pauses.asked]\nwhen = { waiting_for = "customer" }\n'
    '[[permission]]\ncommands = ["open", "reply", "close", "set-field", "tag"]\n'
    'by = ["customer", "vendor"]\n'
    '[[timer]]\nname = "other"\nfrom = "opened"\nafter = "9 days"\neffect = "warn"\n'
    'pauses = "asked"\n'
)
TIMER = '[[timer]]\nname = "{name}"\nfrom = {start}\nafter = {after}\neffect = "breach"\n'
LEVEL = '[[timer.level]]\nname = "soon"\n'


def problems(text: str) -> list[str]:
    """Return the problems of a policy, without the places in the file."""
    with pytest.raises(PolicyError) as caught:
        parse_policy(HEAD + text)
    return [f"{problem.path}: {problem.message}" for problem in caught.value.problems]


def timer(
    more: str = "", *, name: str = "answer", start: str = '"opened"', after: str = '"4 hours"'
) -> str:
    """Return a timer of a policy."""
    return TIMER.format(name=name, start=start, after=after) + more


def test_right_clocks_have_no_problem() -> None:
    """The base of these tests is valid, so each problem comes from its one mistake."""
    text = timer(
        'after_by = "fields.priority"\non_target_change = "recalculate"\ncalendar = "work"\n'
        'met_by = ["solved", { event = "replied", by = "handler" }, '
        '{ event = "field-set", when = { fields.priority = "low" } }]\npauses = "asked"\n'
        '[[timer.level]]\nname = "half"\nused = "50 %"\n'
        '[[timer.level]]\nname = "often"\nevery = "1 working hour"\ntimes = 9\n'
        '[[timer.level]]\nname = "late"\npast_due = "2 working hours"\n',
        after='{ low = "8 working hours", high = "4 working hours" }',
    )
    policy = parse_policy(HEAD + text)

    assert ["solved", "replied by handler", "field-set if priority low"] == [
        *map(str, policy.timers[1].met_by)
    ]


@pytest.mark.parametrize(
    "text",
    [
        '[fields.category]\nchoices = ["x", "y"]\n'
        + timer('after_by = "category"\n', after='{ orders = "1 hour" }'),
        timer(
            'after_by = "fields.vip"\nwhen = { fields.vip = true }\n',
            after='{ yes = "1 hour" }',
        )
        + '[fields.vip]\ntype = "yes-no"\n',
    ],
    ids=["a field with the name of a fact", "a value that when excludes"],
)
def test_a_table_needs_an_entry_for_each_value_that_the_fact_can_have(text: str) -> None:
    """Values of another fact, and those that the condition excludes, need no entry."""
    parse_policy(HEAD + text)


def test_the_target_changes_with_two_timers_of_one_name() -> None:
    """`on_target_change` has an effect if another timer of the name can take over."""
    change = 'on_target_change = "recalculate"\n'

    parse_policy(HEAD + timer('when = { type = "incident" }\n' + change) + timer(change))


@pytest.mark.parametrize(
    ("name", "meaning"),
    [("snooze", "the end of a snooze"), ("deadline", "a deadline set by hand")],
)
def test_reserved_names_are_refused(name: str, meaning: str) -> None:
    """Reserved names are those of the timers for snoozes and for deadlines set by hand."""
    assert [f'timer[1].name: "{name}" is reserved for {meaning}: use another name'] == problems(
        timer(name=name)
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "[pauses.never]\nwhen = { solved = true }\n",
            'pauses.never: no timer uses it: add pauses = "never" to one',
        ),
        (timer('pauses = "askd"\n'), 'timer[1].pauses: no pause "askd"; did you mean "asked"?'),
        (
            timer('pauses = "always"\n') + "[pauses.always]\nwhen = {}\n",
            "pauses.always.when: always holds, so its timers never run: name a fact",
        ),
        (
            timer(start='["opened", "applied"]'),
            'timer[1].from: "applied" cannot be combined with others',
        ),
        (
            timer('after_by = "type"\n'),
            "timer[1].after_by: has no effect: write after as a table with one entry for each "
            "value",
        ),
        (
            timer('calendar_by = "type"\ncalendar = "work"\n', after='"4 working hours"'),
            "timer[1].calendar_by: has no effect: write calendar as a table with one entry for "
            "each value",
        ),
        (
            timer(after='{ question = "1 hour", incident = "2 hours" }'),
            "timer[1].after_by: missing; it names the fact that selects from after",
        ),
        (
            timer(LEVEL + 'before_due = "2 days"\n', after='"47 hours"'),
            "timer[1].level[0].before_due: lies before the start: the deadline is after "
            '"47 hours"',
        ),
        (
            timer('calendar = "work"\n' + LEVEL + 'before_due = "4 working hours"\n'),
            'timer[1].level[0].before_due: lies before the start: the deadline is after "4 hours"',
        ),
        (
            timer(LEVEL + 'used = "50 %"\nwhen = { handler = "support" }\n'),
            'timer[1].level[0].when.handler: handler = "support" can never hold here: ',
        ),
        (
            timer('met_by = { event = "replied", when = { handler = "support" } }\n'),
            'timer[1].met_by: handler = "support" can never hold here: ',
        ),
        (
            timer('pauses = "shut"\n', start='"closed"').replace('"breach"', '"warn"')
            + '[pauses.shut]\nwhen = { status = "closed" }\n',
            'timer[1].pauses: "shut" stops a timer from = "closed" for ever: remove it',
        ),
        (
            timer('when = { dispute_kind = "claim" }\nmet_by = "opened"\n')
            .replace('"opened"', '"dispute-opened"', 1)
            .replace('"breach"', '"lose-dispute"')
            + '[disputes.claim]\n[[permission]]\ncommands = ["open-dispute"]\nby = "vendor"\n',
            "timer[1].met_by: only an answer meets the timer of a dispute: remove it",
        ),
        (
            timer(start='"closed"').replace('"breach"', '"warn"')
            + LEVEL
            + 'used = "50 %"\neffect = "warn"\nwhen = { status = "open" }\n',
            'timer[1].level[0].when.status: status = "open" can never hold here: a timer that '
            'counts from "closed" runs only while the ticket is closed',
        ),
        (
            timer(start='"fields.arrived"'),
            'timer[1].from: no field "arrived"; this file declares none: add [fields.arrived]',
        ),
        (
            timer('after_by = "fields.prio"\n', after='{ low = "1 hour" }'),
            'timer[1].after_by: no fact "fields.prio"; did you mean "fields.priority"?',
        ),
        (
            timer('after_by = "tags"\n', after='{ vip = "1 hour" }'),
            'timer[1].after_by: no fact "tags"; did you mean "status"?',
        ),
        (
            timer('after_by = "type"\n', after='{ question = "1 hour", incidnt = "1 hour" }'),
            'timer[1].after.incidnt: no type "incidnt"; did you mean "incident"?',
        ),
        (
            timer('after_by = "fields.priority"\n', after='{ low = "1 hour" }'),
            'timer[1].after: no entry for "high": the timer never runs then; add an entry, '
            "or exclude the value in when",
        ),
        (
            timer('after_by = "answered"\n', after='{ yes = "1 hour", true = "2 hours" }'),
            'timer[1].after.true: no answered "true"; expected one of "no", "yes"',
        ),
        (
            timer('after_by = "fields.vip"\n', after='{ yes = "1 hour" }')
            + '[fields.vip]\ntype = "yes-no"\n',
            'timer[1].after: no entry for "no": the timer never runs then; add an entry, '
            "or exclude the value in when",
        ),
        (
            timer('after_by = "opened_by"\n', after='{ custmer = "1 hour" }'),
            'timer[1].after.custmer: no opened_by "custmer"; did you mean "customer"?',
        ),
        (
            timer('pauses = "never"\n')
            + '[pauses.never]\nwhen = { status = ["pending", "closed"], '
            'waiting_for = "vendor" }\n',
            'pauses.never.when.waiting_for: waiting_for = "vendor" can never hold here: '
            "a ticket that waits for vendor is open",
        ),
        (
            timer('pauses = "never"\n') + '[pauses.never]\nwhen = { handler = "support" }\n',
            'pauses.never.when.handler: handler = "support" can never hold here: ',
        ),
        (
            timer('when = { dispute_kind = "claim" }\nmet_by = "replied"\n')
            .replace('"breach"', '"lose-dispute"').replace('"opened"', '"dispute-opened"')
            + "[disputes.claim]\n"
            '[[permission]]\ncommands = "open-dispute"\nby = "customer"\n',
            "timer[1].met_by: only an answer meets the timer of a dispute: remove it",
        ),
        (
            '[[notification]]\nname = "n"\non = "breached"\nto = "lead"\n'
            "[roles.leader]\n",
            'notification[0].to: no recipient "lead"; did you mean "leader"?',
        ),
        (
            timer(LEVEL + 'used = "50 %"\neffect = "tag"\ntags = "lat"\n')
            + '[tags]\nvalues = ["late"]\n',
            'timer[1].level[0].tags: no tag "lat"; did you mean "late"?',
        ),
        (
            timer('when = { tags = "lat" }\n') + '[tags]\nvalues = ["late"]\n',
            'timer[1].when.tags: no tags "lat"; did you mean "late"?',
        ),
        (
            timer('on_target_change = "restart"\n'),
            "timer[1].on_target_change: has no effect: the target never changes without after_by "
            "or calendar_by",
        ),
        (
            timer('when = { waiting_for = "vendor" }\nmet_by = "replied"\n'),
            'timer[1].when.waiting_for: the count from "opened" goes on while waiting_for has '
            'another value: move the condition to [pauses], or count from = "applied"',
        ),
        (
            timer('unless = { waiting_for = "customer" }\nmet_by = "replied"\n'),
            'timer[1].unless.waiting_for: the count from "opened" goes on while waiting_for has '
            'another value: move the condition to [pauses], or count from = "applied"',
        ),
        (
            timer('when = { status = "open" }\nmet_by = "replied"\n', start='"type-set"'),
            'timer[1].when.status: the count from "type-set" goes on while status has another ',
        ),
        (
            timer(LEVEL),
            "timer[1].level[0]: needs one of used, before_due, past_due, every; found none",
        ),
        (
            timer(LEVEL + 'used = "50 %"\npast_due = "1 hour"\n'),
            "timer[1].level[0]: needs one of used, before_due, past_due, every; found used and "
            "past_due",
        ),
        (
            timer(LEVEL + 'used = "50 %"\ntimes = 2\n'),
            "timer[1].level[0].times: only works with every: remove it",
        ),
        (
            timer(LEVEL + 'every = "1 hour"\n'),
            "timer[1].level[0].times: missing; it says how often the level acts",
        ),
        (
            timer(
                'calendar = "work"\n' + LEVEL + 'every = "1 hour"\ntimes = 2\n',
                after='"4 working hours"',
            ),
            "timer[1].level[0].every: expected a span in the unit of the timer, such as 4 working "
            "hours",
        ),
        (
            timer(LEVEL + 'every = "1 month"\ntimes = 2\n'),
            "timer[1].level[0].every: expected a span in the unit of the timer, such as 4 hours",
        ),
        (
            timer(LEVEL + 'before_due = "4 hours"\n'),
            'timer[1].level[0].before_due: lies before the start: the deadline is after "4 hours"',
        ),
        (
            timer(LEVEL + 'before_due = "1 working hour"\n'),
            'timer[1].level[0].before_due: "1 working hour" needs a calendar: add one to the '
            "timer",
        ),
        (
            timer(LEVEL + 'used = "50 %"\n' + LEVEL + 'used = "60 %"\n'),
            'timer[1].level[1].name: another level is named "soon"',
        ),
        (
            timer(LEVEL + 'used = "50 %"\neffect = "assign"\n'),
            'timer[1].level[0].assignee: missing; effect = "assign" needs it',
        ),
        (
            timer(LEVEL + 'used = "50 %"\nassignee = "ann"\n'),
            'timer[1].level[0].assignee: only works with effect = "assign": remove it',
        ),
        (
            timer(LEVEL + 'used = "0 %"\n'),
            'timer[1].level[0].used: expected a share such as "75 %", found "0 %"',
        ),
        (
            timer('met_by = "replid"\n'),
            'timer[1].met_by: unknown "replid"; did you mean "replied"?',
        ),
        (
            timer('met_by = { by = "vendor" }\n'),
            "timer[1].met_by.event: missing; expected one of ",
        ),
        (
            timer('met_by = { event = "replied", who = "vendor" }\n'),
            'timer[1].met_by.who: unknown key; expected one of "by", "event", "when"',
        ),
        (
            timer('met_by = { event = "field-set", when = { fields.priority = "hgh" } }\n'),
            'timer[1].met_by: expected "low" or "high", found the text "hgh"',
        ),
        (
            timer('met_by = ["closed", { event = "tagged", when = { tag = "vip" } }]\n'),
            'timer[1].met_by[1].when.tag: unknown key; did you mean "tags"?',
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_one_problem(text: str, expected: str) -> None:
    """A mistake in a clock is reported once, with what would be right."""
    (problem,) = problems(text)
    assert problem.startswith(expected)


@pytest.mark.parametrize(
    "text",
    [
        timer('pauses = "asked"\n', start='"closed"').replace('"breach"', '"warn"'),
        timer('when = { status = ["open", "pending"] }\nmet_by = "replied"\n'),
        timer('when = { waiting_for = "vendor" }\n'),
        timer('when = { waiting_for = "vendor" }\nmet_by = "replied"\n')
        + timer('when = { waiting_for = "customer" }\nmet_by = "replied"\n'),
        timer('when = { waiting_for = "vendor" }\nmet_by = "replied"\n', start='"waiting-since"'),
        timer('when = { fields.priority = "high" }\nmet_by = "replied"\n'),
    ],
)
def test_a_timer_that_does_not_come_back_to_its_start_is_no_mistake(text: str) -> None:
    """A timer is no mistake if it never stops, stops without `met_by`, or starts anew.

    A ticket with a high priority may be due as if it had had it from the start.
    """
    parse_policy(HEAD + text)


@pytest.mark.parametrize(
    "text",
    [
        timer('calendar = "work"\n' + LEVEL + 'before_due = "3 working hours"\n'),
        timer('calendar = "work"\n' + LEVEL + 'past_due = "4 working hours"\n'),
    ],
)
def test_a_level_may_count_in_another_unit_than_its_timer(text: str) -> None:
    """A level in working time uses the calendar of its timer, whose own span may elapse."""
    parse_policy(HEAD + text)


@pytest.mark.parametrize(
    "text",
    [
        timer(
            'after_by = "fields.priority"\nwhen = { fields.priority = "high" }\n',
            after='{ high = "1 hour" }',
        ),
        timer(
            'after_by = "fields.priority"\nunless = { fields.priority = "low" }\n',
            after='{ high = "1 hour" }',
        ),
        timer(
            'calendar_by = "type"\nwhen = { type = { not = "question" } }\n'
            'calendar = { incident = "work" }\n',
            after='"1 working hour"',
        ),
        timer('after_by = "answered"\nwhen = { answered = false }\n', after='{ no = "1 hour" }'),
    ],
)
def test_a_value_that_the_condition_leaves_out_needs_no_target(text: str) -> None:
    """A value that the condition of a timer excludes needs no target in its table."""
    parse_policy(HEAD + text)


def test_only_a_file_that_declares_a_pause_must_use_it(tmp_path: Path) -> None:
    """A file may replace the timers that use the pauses of the one that it extends."""
    (tmp_path / "parent.toml").write_text(HEAD, encoding="utf-8")
    child = (
        'extends = "parent.toml"\nname = "child"\neffective = 2026-01-01\n'
        '[[timer]]\nname = "other"\nremove = true\n'
    )
    never = "[pauses.never]\nwhen = { solved = true }\n"

    assert {"asked"} == parse_policy(child, folder=tmp_path).pauses.keys()
    with pytest.raises(PolicyError) as caught:
        parse_policy(child + never, folder=tmp_path)
    assert ["pauses.never"] == [problem.path for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[pauses.never]\nwhen = { solved = true }\n", 1),
        (timer(LEVEL + 'before_due = "4 hours"\n'), 8),
        (timer('after_by = "type"\n', after='{ question = "1 hour", incidnt = "1 hour" }'), 4),
        (timer('after_by = "fields.priority"\n', after='{ low = "1 hour" }'), 4),
        (timer('when = { waiting_for = "vendor" }\nmet_by = "replied"\n'), 6),
        ('[[notification]]\nname = "n"\non = "breached"\nto = "lead"\n', 4),
        ('[tags]\nvalues = ["late"]\n' + timer('unless = { tags = "lat" }\n'), 8),
    ],
)
def test_a_mistake_has_the_line_of_its_key(text: str, line: int) -> None:
    """A mistake has the line and column of its key, so that an editor can jump there."""
    with pytest.raises(PolicyError) as caught:
        parse_policy(HEAD + text)

    assert [HEAD.count("\n") + line] == [problem.line for problem in caught.value.problems]


def test_spans_out_of_hours_need_a_calendar_that_closes() -> None:
    """`out_of_hours` needs a calendar, and one that is not open round the clock."""
    extra = 'out_of_hours = "2 hours"\n'
    round_the_clock = '[calendars.always]\nzone = "UTC"\n[calendars.at]\ncountry = "AT"\n'

    assert ["timer[1].calendar: missing: required for out_of_hours"] == problems(timer(extra))
    for rule in ("", 'rule = "Z1"\n'):
        always = f'[calendars.always]\n{rule}zone = "UTC"\n'
        assert ["timer[1].out_of_hours: has no effect: the calendar is open round the clock"] == (
            problems(always + timer(extra + 'calendar = "always"\n'))
        )
    assert [
        'timer[1].calendar: no calendar "none"; expected one of "always", "at", "work"'
    ] == problems(round_the_clock + timer(extra + 'calendar = "none"\n'))
    parse_policy(HEAD + round_the_clock + timer(extra + 'calendar = "at"\n'))
    parse_policy(HEAD + timer(extra + 'calendar = "work"\n'))


def test_a_start_that_an_answer_moves_is_not_reported() -> None:
    """A count whose start moves with the answers may end and begin with them.

    One from the opening or a reopening goes on from the same start.
    """
    more = 'when = { waiting_for = "vendor" }\nmet_by = "replied"\n'
    message = (
        'timer[1].when.waiting_for: the count from "{}" goes on while waiting_for has another '
        'value: move the condition to [pauses], or count from = "applied"'
    )

    parse_policy(HEAD + timer(more, start='["opened", "waiting-since"]'))
    assert [message.format("opened")] == problems(timer(more, start='["opened", "reopened"]'))
    assert [message.format("reopened")] == problems(timer(more, start='["reopened", "opened"]'))
