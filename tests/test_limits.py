"""Each limit is checked before the work that it bounds: four times the excess costs the same."""

import gzip
import json
import operator
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from functools import reduce
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_type_hints

import pytest

from support.counting import calls_of
from support.opened_ticket import T0, after
from ticketcore import errors
from ticketcore._internal import limits
from ticketcore._toml import nearest
from ticketcore.calendar import BusinessCalendar, Closure, Span, read_ics, zone_of
from ticketcore.commands import Open, load_stored_command
from ticketcore.comparison import sweep
from ticketcore.comparison._conditions import refuse_unbounded
from ticketcore.decider import decide
from ticketcore.diagrams import build_diagram, to_svg
from ticketcore.errors import (
    BacktestError,
    CalendarError,
    CodecError,
    DiagramError,
    FieldError,
    MappingError,
    PolicyError,
    RefusedError,
    ScenarioError,
    TicketcoreError,
)
from ticketcore.events import (
    Breached,
    Money,
    Recorded,
    Scheduled,
    Timer,
    from_line,
    scan_histories,
    to_line,
)
from ticketcore.importers import import_log, load_mapping, parse_mapping
from ticketcore.policies import load_policy, parse_policy
from ticketcore.scenarios import parse_scenario
from ticketcore.ticket import evolve

PAGE = Path(__file__).parents[1] / "docs/reference/limits.md"
ROWS = dict(re.findall(r"(?m)^\| `(MAX_\w+)` \| ([\d,]+)", PAGE.read_text(encoding="utf-8")))
HEAD = 'name = "p"\neffective = 2026-01-01\n[types.t]\n'
HEAD += '[[permission]]\ncommands = "open"\nby = "customer"\n'
MAPPING = load_mapping("servicenow-table")
TIMER = '[[timer]]\nname = "t"\nfrom = "opened"\nafter = "1 hour"\neffect = "warn"\n'
LEVEL = '[[timer.level]]\nname = "l#"\npast_due = "1 hour"\neffect = "warn"\n'
CALENDAR = '[calendars.c]\nhours = "mon-fri 09:00-17:00"\n'
CLOSURE = '{ rule = "FREQ=DAILY;INTERVAL=7", since = 2026-01-05 },'
PERMISSION = '[[permission]]\ncommands = "reply"\nby = "vendor"\nwhen = { fields.f = "#" }\n'


def _policy(text: str) -> Callable[[], object]:
    return lambda: parse_policy(text)


def _week(hours: str) -> Callable[[], object]:
    return lambda: BusinessCalendar(zone="UTC", hours=hours)


def _sweep(values: list[str]) -> Callable[[], object]:
    keys = {"timer.resolved.after": values, "timer.resolved.effect": ["close", "warn"]}
    return lambda: sweep("none.jsonl", "service-desk", keys)


def _never_run(sql: str) -> list[tuple[Any, ...]]:
    raise AssertionError(sql)


def _condition(text: str) -> Callable[[], object]:
    return lambda: refuse_unbounded(_never_run, text, {})


def _history(line: bytes) -> Callable[[], object]:
    return lambda: list(scan_histories([line]))


def _log(content: bytes) -> Callable[[], object]:
    """Return a function that imports a log of this content from a file."""

    def read() -> None:
        with TemporaryDirectory() as folder:
            path = Path(folder, "log")
            path.write_bytes(content)
            list(import_log(path, MAPPING, "UTC"))

    return read


# A function of an excess makes what exceeds the limit.
EXCEEDS: dict[str, Callable[[int], Callable[[], object]]] = {
    "MAX_FILE_BYTES": lambda n: _policy("#" * 1_000_000 * n),
    "MAX_FILE_VALUES": lambda n: _policy("a = [" + "1," * 21_000 * n + "]"),
    "MAX_DEPTH": lambda n: _policy(".".join(["a"] * 1_000 * n) + " = 1"),
    "MAX_OPENINGS": lambda n: _week("mon" + " 09:00-09:01" * 1_000 * n),
    "MAX_COMBINATIONS": lambda n: _sweep(["1 hour", "2 hours"] * 300 * n),
    "MAX_CONDITION": lambda n: _condition(" or ".join(["changed"] * 2_000 * n)),
    "MAX_LINE_BYTES": lambda n: _history(b'{"a":"' + b"x" * 1_000_000 * n + b'"}\n'),
    "MAX_DEPTH of a log": lambda n: _log(b"[" * 100_000 * n),
    "MAX_DIGITS of a log": lambda n: _log(b"[" + b"9" * 100_000 * n),
    "MAX_RECORD_BYTES of JSON": lambda n: _log(b'[{"a":[' + b"1," * 2_100_000 * n + b"1]}]"),
    "MAX_RECORD_BYTES of CSV": lambda n: _log(b"a," * 2_100_000 * n),
    "MAX_RECORD_BYTES of lines": lambda n: _log((b'"' + b"x" * 100_000 + b'\n",') * 25 * n),
}


def test_the_page_has_every_limit_with_its_value() -> None:
    """The page lists every limit with its value, and nothing else."""
    values = {name: f"{value:,}" for name, value in vars(limits).items() if name[:4] == "MAX_"}

    assert values == ROWS


@pytest.mark.parametrize("name", EXCEEDS)
def test_what_exceeds_a_limit_costs_no_more_if_it_is_larger(name: str) -> None:
    """Exceeding a limit by more costs no more function calls."""

    def calls(excess: int) -> int:
        read = EXCEEDS[name](excess)

        def refused() -> None:
            try:
                read()
            except TicketcoreError as error:
                str(error)

        return calls_of(refused)

    calls(2)  # imports and caches
    assert calls(8) <= calls(2) + 20


def test_reading_ends_at_the_last_problem_that_is_kept() -> None:
    """Reading ends at the last problem that is kept, so later ones get no message."""
    wrong = [HEAD + "".join(f"wrong{i} = 1\n" for i in range(n)) for n in (400, 4_000)]
    for text in wrong:
        with pytest.raises(TicketcoreError, match="100 problems, and perhaps more"):
            parse_policy(text)


@pytest.mark.parametrize(
    ("text", "unit", "most", "message"),
    [
        (HEAD, TIMER.replace('"t"', '"t#"'), 200, "timer: expected at most 200, found 300"),
        (HEAD + TIMER, LEVEL, 20, "level: expected at most 20, found 120"),
        (HEAD + TIMER + "then = [", '"2 hours",', 10, "then: expected at most 10, found 110"),
        (HEAD, CALENDAR.replace(".c]", ".c#]"), 500, "calendars: expected at most 500, found 600"),
        (HEAD + CALENDAR + "closures = [", CLOSURE, 200, "more than 200 closures in the file"),
    ],
)
def test_too_many_tables_or_spans_are_not_read(
    text: str, unit: str, most: int, message: str
) -> None:
    """A file above the limit is only parsed as TOML, so it costs less than one within the
    limit."""
    closing = "]" if text.endswith("[") else ""

    def policy(count: int) -> str:
        units = "".join(unit.replace("#", str(number)) for number in range(count))
        return f"{text}{units}{closing}"

    def calls(count: int) -> int:
        def read() -> None:
            with suppress(TicketcoreError):
                parse_policy(policy(count))

        return calls_of(read)

    calls(most)
    within = calls(most) - calls(most // 2)
    beyond = calls(most + 100 + most // 2) - calls(most + 100)
    assert beyond < 0.8 * within
    with pytest.raises(TicketcoreError, match=message):
        parse_policy(policy(most + 100))


def test_more_pending_timers_than_the_limit_are_not_recorded() -> None:
    """A timer that fires costs in proportion to those that are pending, so a line has a limit."""

    def scheduled(number: int) -> Scheduled:
        names = (f"t{n:04}" for n in range(number))
        return Scheduled(at=T0, timers=tuple(Timer(name, due=T0, since=T0) for name in names))

    def cost(number: int) -> int:
        ticket = after(scheduled(number))
        return calls_of(lambda: evolve(ticket, Breached(at=T0, timer="t0000")))

    assert cost(1_000) < 2.2 * cost(500)
    for wrong in (1_001, 4_000):
        with pytest.raises(FieldError, match=r"at most 1,000 pending timers, found .* timers"):
            scheduled(wrong)
    line = to_line(Recorded("1", 2, scheduled(1_000)))
    first, rest = line.split('"timers":[', 1)
    timer = rest.partition("}")[0] + "},"
    with pytest.raises(CodecError, match=r"data.timers: expected at most 1,000 pending timers"):
        from_line(f'{first}"timers":[{timer}{rest}')


def test_rules_of_a_mapping_beyond_the_limit_are_not_read() -> None:
    """Rules of a mapping beyond the limit are not read, since each row is compared with all."""
    head = '[log]\nticket = "number"\nat = "at"\n[opened]\ntype = "x"\n'

    def calls(count: int) -> int:
        def read() -> None:
            with suppress(MappingError):
                parse_mapping(head + '[[event]]\nevent = "closed"\nwhere = { a = "x" }\n' * count)

        return calls_of(read)

    calls(200)
    assert calls(450) - calls(300) < 0.8 * (calls(200) - calls(50))
    with pytest.raises(MappingError, match="event: expected at most 200, found 201"):
        parse_mapping(head + '[[event]]\nevent = "closed"\nwhere = { a = "x" }\n' * 201)


@pytest.mark.parametrize("combine", [operator.or_, operator.and_, operator.sub])
def test_more_calendars_than_the_limit_are_not_combined(combine: Callable[..., Any]) -> None:
    """Combining more calendars than the limit is refused, even as ``c | c``."""
    one = BusinessCalendar(zone="UTC", hours="mon-fri 09:00-17:00")
    twenty = reduce(combine, [one] * 20)
    twice = one
    for _ in range(4):
        twice = combine(twice, twice)

    for first, second in ((twenty, one), (one, twenty), (twice, twice)):
        with pytest.raises(CalendarError, match="can combine 20 calendars, and no more"):
            combine(first, second)


@pytest.mark.parametrize(
    ("key", "table"), [("event", '{ event = "replied" },'), ("deadlines", '{ timer = "t" },')]
)
def test_expected_tables_beyond_the_limit_are_not_read(key: str, table: str) -> None:
    """Expected tables of a scenario beyond the limit are not read."""
    step = '[[step]]\nat = 2026-01-05T10:00:00Z\ncommand = "open"\nby = "customer"\n'
    with pytest.raises(ScenarioError, match=f"expect.{key}: expected at most 200, found 201"):
        parse_scenario(f'policy = "office"\n{step}[expect]\n{key} = [{table * 201}]\n')


@pytest.mark.parametrize("place", ["policy", "step"])
def test_policies_beyond_the_limit_are_not_loaded(place: str, tmp_path: Path) -> None:
    """A scenario names one file in many spellings."""
    (tmp_path / "slow.toml").write_text('extends = "office"\nname = 7\n')
    names = ['"' + "./" * number + 'slow.toml"' for number in range(21)]
    step = '[[step]]\nat = 2026-01-05T10:00:00Z\ncommand = "open"\nby = "customer"\n'
    openings = "".join(
        f'{step}ticket = "{number}"\npolicy = {name}\n' for number, name in enumerate(names)
    )
    text = {
        "policy": f"policy = [{', '.join(names)}]\n{step}",
        "step": f'policy = "office"\n{step}{openings}',
    }[place]
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text, folder=tmp_path)

    (problem,) = caught.value.problems
    assert (place, True) == (problem.path, problem.message.startswith("expected at most 20"))


def test_dates_beyond_the_limit_are_not_read() -> None:
    """The dates of all calendars of a policy count together, and none beyond the limit is read."""
    years = (f'"{year}-01-01 to {year}-12-31" = "09:00-10:00"' for year in range(2000, 2025))
    ranges = f"exceptions = {{ {', '.join(years)} }}\n"

    def policy(calendars: int) -> str:
        return HEAD + "".join(f"{_named(number)}{ranges}" for number in range(calendars))

    def calls(calendars: int) -> int:
        def read() -> None:
            with suppress(TicketcoreError):
                parse_policy(policy(calendars))

        return calls_of(read)

    calls(1)
    assert calls(4) - calls(3) < (calls(2) - calls(1)) / 2
    with pytest.raises(PolicyError, match="more than 20,000 dates of calendars in the file"):
        parse_policy(policy(3))


def test_a_calendar_that_is_closed_for_years_is_refused_without_looking_further() -> None:
    """A calendar that is closed for years is refused before all years are searched."""
    closed = "pauses = [{ start = 2000-01-01T00:00:00Z, end = 2060-01-01T00:00:00Z }]"
    with pytest.raises(PolicyError, match="no open time from 2026 to 2035: add hours there"):
        parse_policy(f"{HEAD}{CALENDAR}{closed}")


def test_closures_that_are_no_list_are_refused() -> None:
    """Closures that are not a list are refused."""
    with pytest.raises(PolicyError, match=r"closures: expected a list of tables"):
        parse_policy(f"{HEAD}{CALENDAR}closures = 1")


def _named(number: int) -> str:
    return CALENDAR.replace("[calendars.c]", f"[calendars.c{number}]")


def test_an_icalendar_file_is_read_again_up_to_the_limit(tmp_path: Path) -> None:
    """The .ics files of a policy are read up to a limit for all calendars together."""
    event = "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260105\r\nSUMMARY:#\r\nEND:VEVENT\r\n"
    events = "".join(event.replace("#", "x" * 30_000) for _ in range(30))
    ics = tmp_path / "a.ics"
    ics.write_text(f"BEGIN:VCALENDAR\r\n{events}END:VCALENDAR\r\n")

    def policy(calendars: int) -> str:
        return HEAD + "".join(f'{_named(number)}ics = "a.ics"\n' for number in range(calendars))

    def calls(calendars: int) -> int:
        def read() -> None:
            with suppress(TicketcoreError):
                parse_policy(policy(calendars), folder=tmp_path)

        return calls_of(read)

    calls(1)
    assert calls(4) - calls(3) < (calls(2) - calls(1)) / 2
    with pytest.raises(PolicyError, match="more than 2,000,000 bytes of iCalendar files"):
        parse_policy(policy(3), folder=tmp_path)


@pytest.mark.parametrize("line", ["RRULE:FREQ=DAILY", "DTEND;VALUE=DATE:20991231"])
def test_closures_beyond_the_limit_of_an_icalendar_file_are_not_made(line: str) -> None:
    """Above the limit of an iCalendar file, neither regular closures nor long ones are made."""
    event = f"BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260105\r\n{line}\r\nEND:VEVENT\r\n"

    def calls(events: int) -> int:
        def read() -> None:
            with suppress(CalendarError):
                read_ics(f"BEGIN:VCALENDAR\r\n{event * events}END:VCALENDAR\r\n")

        return calls_of(read)

    calls(1)
    assert calls(400) - calls(300) < 0.95 * (calls(200) - calls(100))
    assert 200 == len(read_ics(f"BEGIN:VCALENDAR\r\n{event * 200}END:VCALENDAR\r\n").closures)
    with pytest.raises(CalendarError, match="more than 200 regular or long closures"):
        read_ics(f"BEGIN:VCALENDAR\r\n{event * 201}END:VCALENDAR\r\n")


def test_a_template_is_checked_once_for_all_notifications_that_include_it() -> None:
    """Twice the notifications with a long text cost less than twice as much."""
    template = f'[[template]]\nname = "t"\nlanguage = "en"\ntext = "{"{ticket} " * 2_000}"\n'
    notification = '[[notification]]\nname = "n#"\non = "replied"\nto = "vendor"\ninclude = "t"\n'

    def calls(count: int) -> int:
        included = "".join(notification.replace("#", str(number)) for number in range(count))
        text = f'languages = ["en"]\n{HEAD}{template}{included}'
        return calls_of(lambda: parse_policy(text))

    calls(1)
    assert calls(40) < 1.5 * calls(20)


def test_only_short_names_and_not_many_are_compared_with_a_wrong_one() -> None:
    """A wrong name is compared only with short names, and with a limited number of them."""

    def calls(length: int, names: int) -> int:
        letters = "".join(map(chr, range(0x4E00, 0x4E00 + length)))
        known = [f"{letters[3:]}{number:03}" for number in range(names)]
        return calls_of(lambda: nearest(letters[::-1], known))

    calls(1, 1)
    assert calls(200, 20) == calls(100, 20)
    assert calls(20, 400) - calls(20, 200) < (calls(20, 100) - calls(20, 50)) / 5


@pytest.mark.parametrize(("types", "rules"), [(120, 500), (480, 500)])
def test_a_diagram_of_too_many_rules_is_not_begun(types: int, rules: int) -> None:
    """A diagram with too many rules is refused before it is drawn."""
    names = [f"c{number}" for number in range(rules)]
    text = HEAD + "[fields.f]\nchoices = " + json.dumps(names) + "\n"
    text += "".join(f"[types.x{number}]\n" for number in range(types))
    text += "".join(PERMISSION.replace("#", name) for name in names)
    policy = parse_policy(text)

    def draw() -> None:
        with pytest.raises(DiagramError, match="a diagram shows at most 50,000 rules"):
            build_diagram(policy)

    draw()
    assert calls_of(draw) < 3 * (types + rules)


@pytest.mark.parametrize("unit", ["[types.x#]\n", "[disputes.d#]\n"])
def test_drawing_takes_time_in_proportion_to_a_policy(unit: str) -> None:
    """Twice the types, or the kinds of disputes, take at most twice the work."""

    def calls(count: int) -> int:
        units = (unit.replace("#", str(number)) for number in range(count))
        policy = parse_policy(HEAD + "".join(units))
        return calls_of(lambda: to_svg(build_diagram(policy)))

    calls(1)
    assert calls(400) < 2.2 * calls(200)


def test_what_is_unpacked_is_read_up_to_the_limit(tmp_path: Path) -> None:
    """A file of 40 MB costs as much as one of 20 MB, since its end is not unpacked."""

    def calls(size: int) -> int:
        path = tmp_path / "log.jsonl.gz"
        path.write_bytes(gzip.compress(b"x" * size, mtime=0))

        def refused() -> None:
            with pytest.raises(OSError, match="Unpacks to more than 200 times"):
                list(scan_histories(path))

        return calls_of(refused)

    assert calls(40_000_000) < 2.5 * calls(20_000_000)  # the packed file is twice as long


READERS: dict[str, Callable[[Any], object]] = {
    "policy": parse_policy,
    "scenario": parse_scenario,
    "command": load_stored_command,
    "iCalendar": read_ics,
    "span": Span.parse,
    "money": Money.parse,
    "zone": zone_of,
    "rule": Closure,
    "hours": lambda text: BusinessCalendar(zone="UTC", hours=text),
    "value": lambda text: parse_policy(f'{HEAD}zone = "{text}"'),
    "extended file": lambda text: parse_policy(f'extends = "{text}"'),
    "key": lambda text: parse_policy(f"{text} = 1"),
}


LONG = "x" * 1_000_000
VALUES: dict[object, object] = {
    str: LONG,
    str | None: LONG,
    object: LONG,
    int: 1,
    int | None: 1,
    bool: False,
    datetime: datetime(2026, 1, 5, tzinfo=UTC),
    Iterable[str]: [LONG, "y " * 1_000_000],
    tuple[str, ...]: (LONG, "y " * 1_000_000),
}
FIXED = {"what", "code", "return"}  # words of the library; and no parameter
OWN_TEXT = {PolicyError, ScenarioError, MappingError, BacktestError}  # problems; a path


@pytest.mark.parametrize(
    "error",
    [
        each
        for each in vars(errors).values()
        if isinstance(each, type)
        and issubclass(each, TicketcoreError)
        and not each.__subclasses__()
        and each not in OWN_TEXT
    ],
)
def test_no_error_repeats_a_megabyte(error: Any) -> None:
    """No error message repeats a text of a megabyte."""
    types = get_type_hints(error.__init__)  # none without an `__init__` of its own
    values = {name: VALUES[kind] for name, kind in types.items() if name not in FIXED}
    values |= dict.fromkeys(FIXED & types.keys() - {"return"}, "a word")
    made = error(**values) if values else error(LONG)

    assert not re.search("x{101}", str(made))
    assert 3_000 > len(str(made))
    assert 1_000 == len(str(CalendarError("a b " * 1_000)))


def test_a_refusal_does_not_repeat_a_megabyte() -> None:
    """The sentence of a refusal is cut to a limited length."""
    at = datetime(2026, 1, 5, tzinfo=UTC)
    words: Any = {"subject": "a", "text": "b", "category": LONG}
    opening = Open(at=at, by="customer", zone="UTC", **words)
    with pytest.raises(RefusedError, match=r"x{90}…") as refused:
        decide(None, opening, load_policy("office"))

    assert 1_000 > len(refused.value.reason)


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_a_message_quotes_a_hundred_characters(read: Callable[[Any], object]) -> None:
    """A message quotes at most a hundred characters of a value."""
    with pytest.raises(TicketcoreError) as caught:
        read("x" * 900_000)

    assert 1_000 > len(str(caught.value))
    assert not re.search("x{101}", str(caught.value))
