"""A wrong option of the command line is reported before the work is done."""

import gzip
import os
import re
from concurrent.futures import ThreadPoolExecutor
from itertools import takewhile
from pathlib import Path

import pytest

from support.command_line import EXAMPLES, ticketcore, usage_error
from ticketcore.backtest import ReplayJob
from ticketcore.cli.commands._options import parameters_of
from ticketcore.errors import ScenarioError
from ticketcore.scenarios import parse_scenario

HISTORY = "gone.jsonl"  # a command that opened it first would say that it is not there
BOTH = ("clickbank", "amazon-pay")
SILENT = "timer.customer-silent.after=1 working days"
SERVICE_DESK = EXAMPLES / "histories" / "service-desk.jsonl"


@pytest.mark.parametrize(
    ("args", "option"),
    [
        (("tickets", HISTORY, "--policy", BOTH[0], "--policy", BOTH[1]), "--policy"),
        (("workload", HISTORY, "--zone=UTC", "--zone", "UTC"), "--zone"),
        (("policy", "diagram", BOTH[0], "-o", "a.svg", "--output", "b.svg"), "--output"),
    ],
)
def test_a_second_value_of_an_option_is_refused(args: tuple[str, ...], option: str) -> None:
    """An option of one value is given once; otherwise the first value would be lost silently."""
    ran = ticketcore(*args, width=300)
    assert 2 == ran.code
    assert f"Invalid value for {option}" in usage_error(ran)
    assert "give it once, it has one value" in usage_error(ran)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (
            ("metrics", HISTORY, "--by", "month,type"),
            "--by: give it for each value: --by month --by t",
        ),
        (
            ("compare", HISTORY, *BOTH, "--by", "type, zone"),
            "--by: give it for each value: --by type",
        ),
        (
            ("report", HISTORY, *BOTH, "--by", "a,b,c"),
            "--by: give it for each value: --by a --by b --by",
        ),
        (
            ("tickets", HISTORY, "--against", ",".join(BOTH)),
            "each value: --against clickbank --against a",
        ),
        (
            ("replay", HISTORY, "1", "--policy", ",".join(BOTH)),
            "each value: --policy clickbank --policy",
        ),
        (
            ("sweep", HISTORY, BOTH[0], "--goal", "late,lost_eur"),
            "each value: --goal late --goal lost_eur",
        ),
        (
            ("sweep", HISTORY, BOTH[0], "--set", "timer.x.after = [1 days, 2 days]"),
            "--set: write the values without brackets: timer.x.after=1 days, 2 days",
        ),
        (
            ("cover", BOTH[0], HISTORY),
            "FILE|DIRECTORY: gone.jsonl is JSON, such as a history, not a",
        ),
        (("cover", BOTH[0], "h.jsonl.gz"), "not a scenario in TOML: use --history"),
    ],
)
def test_several_values_are_given_as_the_message_says(args: tuple[str, ...], message: str) -> None:
    """A list where one value is expected, and brackets around values, get the right form."""
    ran = ticketcore(*args, width=300)
    assert 2 == ran.code
    assert message in usage_error(ran)


def test_a_value_may_have_a_comma(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file's name may have a comma, a value to filter by, and in quotes a value to try."""
    monkeypatch.chdir(tmp_path)
    Path("a,b.toml").write_text('extends = "service-desk"\nname = "commas"\n', encoding="utf-8")
    ran = ticketcore(
        *("tickets", SERVICE_DESK, "--policy", "service-desk", "--against", "a,b.toml"),
        *("--only", "type=a,b", "--only", "type=c"),
    )
    assert (0, "0 tickets\n") == (ran.code, ran.out)
    named = 'template.x.text="Sorry, closed","Closed",3'
    assert {"template.x.text": ['"Sorry, closed"', '"Closed"', "3"]} == parameters_of([named])


@pytest.mark.parametrize(
    ("args", "usage"),
    [
        (("compare", *BOTH, SERVICE_DESK), "compare [OPTIONS] HISTORY BASE OTHER"),
        (
            ("report", *BOTH, SERVICE_DESK, "-o", "r.html"),
            "report [OPTIONS] HISTORY BASE OTHER",
        ),
        (
            ("sweep", "clickbank", SERVICE_DESK, "--set", SILENT),
            "sweep [OPTIONS] HISTORY POLICY",
        ),
        (("history", "show", "1", SERVICE_DESK), "history show [OPTIONS] HISTORY TICKET"),
        (("forecast", "1", SERVICE_DESK), "forecast [OPTIONS] FILE [TICKET]"),
        (("tickets", "clickbank", "--policy", SERVICE_DESK), "tickets [OPTIONS] HISTORY"),
    ],
)
def test_a_misplaced_history_shows_the_order_of_the_arguments(
    args: tuple[str | Path, ...], usage: str
) -> None:
    """The usage of the command stands before the error, which names the first wrong file."""
    ran = ticketcore(*args, width=300)
    assert 2 == ran.code
    first, second, *_ = ran.err.splitlines()
    plain = re.sub(r"[{}]|\.\.\.", "", first)  # marks of newer versions of typer
    assert (f"Usage: root {usage}", True) == (plain, second.startswith("error: "))


def test_a_flag_may_be_repeated() -> None:
    """A flag that is given twice means the same as once."""
    assert 0 == ticketcore("policy", "check", "clickbank", "--strict", "--strict").code


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("compare", HISTORY, *BOTH, "--by", "typ"), 'tickets have no field "typ"'),
        (("compare", HISTORY, *BOTH, "--fail-if", "lat > 1"), 'unknown name "lat"'),
        (("compare", HISTORY, *BOTH, "--fail-if", "late >"), "cannot be read"),
        (("compare", HISTORY, *BOTH, "--fail-if", "refunds_usd > 1"), '"refunds_usd"'),
        (("compare", HISTORY, *BOTH, "--only", "typ=a"), 'tickets have no field "typ"'),
        (("report", HISTORY, *BOTH, "-o", "r.html", "--by", "typ"), 'no field "typ"'),
        (("report", HISTORY, *BOTH, "-o", "r.html", "--set", "a=1"), 'the policy has no "a"'),
        (("report", HISTORY, *BOTH, "-o", "no/r.html"), "no/r.html: no such file"),
        (("tickets", HISTORY, "--policy", "clickbank", "--where", "lat > 1"), '"lat"'),
        (("tickets", HISTORY, "--policy", "clickbank", "-o", "no/t.csv"), "no/t.csv: no such"),
        (("workload", HISTORY, "--policy", "clickbank", "--where", "lat > 1"), '"lat"'),
        (("sweep", HISTORY, "clickbank", "--set", SILENT, "--minimize", "lat"), '"lat"'),
        (("sweep", HISTORY, "clickbank", "--set", SILENT, "--goal", "lat"), 'no goal "lat"'),
        (("metrics", HISTORY, "--policy", "clickbank", "--by", "typ"), "grouped by 'typ'"),
        (("backtest", HISTORY, "--policy", "clickbank", "--type", "typ"), 'unknown type "typ"'),
        (("cover", "clickbank", "--history", HISTORY, "--junit", "no/c.xml"), "no/c.xml: no such"),
        (("test", HISTORY, "--junit", "no/t.xml"), "no/t.xml: no such"),
        (("history", "explain", HISTORY, "1", "--policy", "clickbanc"), '"clickbank"'),
        (("forecast", HISTORY, "1", "--policy", "clickbanc"), '"clickbank"'),
        (
            ("history", "import", HISTORY, "--map", "xes", "--zone", "UTC", "-o", "no/h.jsonl"),
            "no/h.jsonl: no such",
        ),
        (("history", "sketch", HISTORY, "-o", "no/m.toml"), "no/m.toml: no such"),
        (("history", "export", HISTORY, "-o", "no/x.xes"), "no/x.xes: no such"),
        (("policy", "diagram", "clickbanc", "-o", "no/d.svg"), "no/d.svg: no such"),
        (("policy", "diff", *BOTH, "--stories"), "--stories: needs --explore"),
    ],
)
def test_a_wrong_option_is_reported_before_the_history_is_read(
    args: tuple[str, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message is about the option, though the history is missing too."""
    monkeypatch.chdir(tmp_path)
    ran = ticketcore(*args, width=300)
    assert (2, True) == (ran.code, message in usage_error(ran)), ran.err
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "options", [("--json", "--csv"), ("--json", "-o"), ("--csv", "-o"), ("--limit", "-o")]
)
def test_the_forms_of_tickets_exclude_one_another(
    options: tuple[str, str], tmp_path: Path
) -> None:
    """`tickets` refuses two forms of output at once, and a limit of a file."""
    values = {"-o": [f"{tmp_path}/t.csv"], "--limit": ["3"]}
    args = [arg for option in options for arg in (option, *values.get(option, []))]
    ran = ticketcore("tickets", HISTORY, "--policy", "clickbank", *args, width=300)
    assert (2, True) == (ran.code, f"Invalid value for {options[0]}: " in usage_error(ran))


@pytest.mark.parametrize("option", ["--type", "--storefront", "--category", "--reason"])
def test_a_text_that_no_ticket_has_is_refused_by_its_option(option: str) -> None:
    """If the policy lists no names, any text is right but one that cannot be stored."""
    args = ("explain", "help-desk", "--opened", "2026-01-05T10:00", option)
    assert 0 == ticketcore(*args, "anything").code
    ran = ticketcore(*args, "\ud800", width=300)
    assert 2 == ran.code
    expected = f"Invalid value for {option}: expected text without NUL and lone surrogates, found"
    assert expected in usage_error(ran)


ORDERS = "orders.jsonl"


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the first tickets of the marketplace's history to a file of their own."""
    path = tmp_path_factory.mktemp("orders") / ORDERS
    with gzip.open(
        EXAMPLES / "histories" / "marketplace.jsonl.gz", "rt", encoding="utf-8"
    ) as all_:
        path.write_text(
            "".join(takewhile(lambda line: '"ticket":"00000000010"' not in line, all_))
        )
    return path


NO_FIELD = 'error: tickets have no field "fields.priorty": did you mean "fields.priority"?\n'
POLICY = ("--policy", "kaufland")


@pytest.mark.parametrize(
    "args",
    [
        ("compare", ORDERS, *BOTH, "--by", "fields.priorty"),
        ("report", ORDERS, *BOTH, "-o", "r.html", "--by", "fields.priorty"),
        *(
            (*command, "--only", "fields.priorty=high")
            for command in (
                ("compare", ORDERS, *BOTH),
                ("report", ORDERS, *BOTH, "-o", "r.html"),
                ("tickets", ORDERS, *POLICY),
                ("workload", ORDERS, *POLICY),
                ("sweep", ORDERS, "clickbank", "--set", SILENT),
                ("cover", "clickbank", "--history", ORDERS),
                ("backtest", ORDERS, *POLICY),
                ("metrics", ORDERS, *POLICY),
                ("history", "check", ORDERS),
                ("history", "infer", ORDERS),
                ("history", "export", ORDERS, "-o", "x.xes"),
            )
        ),
    ],
)
def test_a_field_that_nobody_has_is_reported_before_the_replay(
    args: tuple[str, ...], orders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A field that neither the policies nor the tickets have is an error with the nearest one."""
    monkeypatch.chdir(orders.parent)
    monkeypatch.setattr(ReplayJob, "run", None)
    ran = ticketcore(*args, width=300)
    assert (2, NO_FIELD) == (ran.code, ran.err)


@pytest.mark.parametrize(
    "args",
    [
        ("compare", ORDERS, *BOTH, "--fail-if", "reopened > 1 or refund_usd_base > 1"),
        ("sweep", ORDERS, "clickbank", "--set", SILENT, "--goal", "lost_usd"),
        ("sweep", ORDERS, "clickbank", "--set", SILENT, "--minimize", "refund_usd + 1"),
    ],
)
def test_a_currency_that_no_order_has_is_reported_before_the_replay(
    args: tuple[str, ...], orders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is searched for the currency before the replay begins."""
    monkeypatch.chdir(orders.parent)
    monkeypatch.setattr(ReplayJob, "run", None)
    ran = ticketcore(*args, width=300)
    assert (2, 'error: orders have no currency "USD": expected one of "EUR", "PLN"\n') == (
        ran.code,
        ran.err,
    )


def test_a_history_without_orders_has_no_currency() -> None:
    """Without any order there is no currency to suggest."""
    ran = ticketcore(
        "compare", SERVICE_DESK, "service-desk", "office", "--fail-if", "Refund_USD_base > 1"
    )
    assert (2, 'error: orders have no currency "USD": there are none\n') == (ran.code, ran.err)


def test_a_stream_is_searched_by_its_replay_only(orders: Path, tmp_path: Path) -> None:
    """A pipe can be read once, so a wrong field is reported after the replay."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as pool:
        pool.submit(lambda: pipe.write_bytes(orders.read_bytes()))
        ran = ticketcore("compare", pipe, *BOTH, "--by", "fields.priorty")
    assert (2, NO_FIELD) == (ran.code, ran.err)


def test_a_file_that_is_read_is_not_written(tmp_path: Path) -> None:
    """The report of `test` and `cover` does not overwrite a scenario, a policy or a history."""
    scenario = tmp_path / "scenario.toml"
    scenario.write_text('policy = "clickbank"\nname = "a"\n', "utf-8")
    before = scenario.read_text("utf-8")
    policy = tmp_path / "policy.toml"
    policy.write_text('extends = "clickbank"\nname = "mine"\n', "utf-8")
    for ran in (
        ticketcore("test", scenario, "--junit", scenario, width=300),
        ticketcore("cover", "clickbank", scenario, "--junit", scenario, width=300),
        ticketcore("cover", policy, scenario, "--junit", policy, width=300),
        ticketcore("cover", policy, "--history", scenario, "--junit", scenario, width=300),
    ):
        assert (2, True) == (ran.code, "the file being read" in usage_error(ran))
    assert before == scenario.read_text("utf-8")


def test_a_pipe_is_not_opened_before_the_work_is_done(tmp_path: Path) -> None:
    """The check of the output does not open a pipe, which would wait for its reader."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    ran = ticketcore("history", "sketch", HISTORY, "-o", pipe)
    assert (2, f"error: {HISTORY}: no such file or directory\n") == (ran.code, ran.err)


def test_a_check_of_the_output_leaves_it_as_it_was(tmp_path: Path) -> None:
    """A command that fails later neither empties its output nor leaves a new file or link."""
    old, target, link = (tmp_path / name for name in ("old", "target", "link"))
    old.write_text("as it was", "utf-8")
    link.symlink_to(target)
    for output in (old, link, tmp_path / "new"):
        assert 2 == ticketcore("history", "sketch", HISTORY, "-o", output).code
    assert ({old, link}, "as it was") == (set(tmp_path.iterdir()), old.read_text("utf-8"))


LONG = "x" * 120_000
OTHER = ("--zone", "UTC", "-o", "h.jsonl")


@pytest.mark.parametrize(
    "args",
    [
        ("simulate", LONG),
        ("forecast", f"{LONG}.toml"),
        ("test", LONG),
        ("policy", "show", LONG),
        ("policy", "check", LONG),
        ("policy", "new", LONG, "--like", "refunds"),
        ("policy", "diagram", "clickbank", "-o", LONG),
        ("history", "check", LONG),
        ("history", "import", LONG, "--map", "xes", *OTHER),
        ("history", "import", "log.csv", "--map", LONG, *OTHER),
        ("history", "mappings", LONG),
        ("backtest", SERVICE_DESK, "--policy", LONG),
        ("tickets", SERVICE_DESK, "--policy", "office", "-o", f"{LONG}.csv"),
        (LONG,),
        (f"--{LONG}",),
    ],
)
def test_a_long_name_is_not_repeated_whole(args: tuple[str | Path, ...]) -> None:
    """An error about a name of 120 KB, which cannot be a file, quotes its beginning."""
    ran = ticketcore(*args)
    assert (True, "") == (ran.code in (1, 2), ran.out)
    assert "xxxx" in ran.err
    assert len(ran.err) < 3_000


def test_a_long_name_in_a_file_is_not_repeated_whole() -> None:
    """An error about a policy that a scenario names quotes the beginning of a long name."""
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(f'policy = "{LONG}"', folder=EXAMPLES)
    assert len(str(caught.value)) < 1_500
