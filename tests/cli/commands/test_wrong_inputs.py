"""Every argument and every option of every command refuses every kind of wrong input."""

import gzip
import shlex
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import typer

from support.command_line import EXAMPLES, ticketcore, usage_error
from ticketcore.cli import app
from ticketcore.policies import preset_text

LINES = r"""
simulate scenario.toml
test scenario.toml
explain help-desk --opened 2026-01-05T10:00 --zone UTC
forecast history.jsonl 00000000001 --policy help-desk
backtest history.jsonl --policy office
compare history.jsonl help-desk office
tickets history.jsonl --policy help-desk
sweep history.jsonl office --set timer.examination.after=3\ working\ hours
workload history.jsonl --policy help-desk
report history.jsonl help-desk office --output new.html
replay history.jsonl 00000000001 --policy help-desk
cover office scenario.toml
metrics history.jsonl --policy help-desk
schema policy
policy list
policy new new --like office
policy check office
policy show office
policy terms office
policy diff office help-desk --explore
policy diagram office
history check history.jsonl
history show history.jsonl 00000000001
history explain history.jsonl 00000000001 --policy help-desk
history import log.csv --map mapping.toml --zone UTC --output new.jsonl
history sketch log.csv
history mappings xes
history export history.jsonl --output new.xes
history infer history.jsonl
"""
"""A right line for each command. A test puts a wrong value into it, or adds an option."""

TIMER = "explain help-desk --timer update --from 2026-01-05T10:00 --zone UTC"
OFFICE = "explain office --opened 2026-01-05T10:00"
KAUFLAND = "explain kaufland --opened 2026-01-05T10:00"
AMAZON = "explain amazon-pay --opened 2026-01-05T10:00"
OTHER_LINES = {
    "explain --timer": TIMER,
    "explain --from": TIMER,
    "explain --type": OFFICE,
    "explain --category": OFFICE,
    "explain --subcategory": "explain webshippy --opened 2026-01-05T10:00 --category orders",
    "explain --storefront": KAUFLAND,
    "explain --reason": f"{KAUFLAND} --storefront de",
    "explain --dispute": AMAZON,
    "explain --deadline": f"{AMAZON} --dispute claim",
    "metrics --calendar": "metrics history.jsonl --policy help-desk --target 4\\ working\\ hours",
}
"""The lines of options that need another policy, or another option."""

TEXTS = {  # in place of a file in TOML
    "binary.bin": "contains the byte 0x00, which no text has",
    "utf16.txt": "is UTF-16: save the file as UTF-8",
    "latin1.txt": "the byte 0xe4 is not UTF-8: save the file as UTF-8",
    "folder": "is a directory",
    "circle": "too many levels of symbolic links",
    "": "is a directory (an empty path means this one): name a file",
    "/dev/null": "is a device, not a file",
    "history.jsonl": "is JSON, such as a history, not a KIND in TOML",
    "log.csv": "is a table such as CSV, not a KIND in TOML",
    "history.jsonl.gz": "is a gzip file, not a KIND in TOML: unpack it",
}
DATES = ("", "now", "2026-02-30", "2026-01-01T25:00", "20260230", "١٢", "10000-01-01")
FAR = ("0001-01-01T00:00+14:00", "9999-12-31T23:59:59.999999-14:00")
WRONG: dict[str, Mapping[str, str]] = {
    "history": {
        "binary.bin": "contains the byte 0x00, which no text has",
        "utf16.txt": "is UTF-16: save the file as UTF-8",
        "empty.txt": "the file has no events",
        "latin1.txt": "is a TOML file, such as a policy, not a history",
        "folder": "is a directory",
        "circle": "too many levels of symbolic links",
        "missing": "no such file or directory",
        "": "is a directory (an empty path means this one): name a file",
        "/dev/null": "is a device, not a file",
        "damaged.gz": "ot a gzip file",
        "policy.toml": "is a TOML file, such as a policy, not a history: see `policy check`",
        "log.csv": "is a table such as CSV, not a history: convert it",
        "log.jsonl": "is JSON of another system, not a history: convert it",
        "log.xes": "is XML, not a history: convert it",
    },
    "policy": {
        **TEXTS,
        "empty.txt": "name: missing; expected a name",
        "missing": "no such preset or file; expected one of ",
        "scenario.toml": "is a scenario, not a policy: run `ticketcore test` with it",
        "mapping.toml": "is a mapping, not a policy: run `ticketcore history import --map`",
    },
    "scenario": {
        **TEXTS,
        "empty.txt": "step: missing; expected a [[step]] that opens the ticket",
        "missing": "no such file or directory",
        "policy.toml": "is a policy, not a scenario: run `ticketcore policy check` with it",
        "mapping.toml": "is a mapping, not a scenario: run",
    },
    "mapping": {
        **TEXTS,
        "empty.txt": "log: missing; expected a table",
        "missing": "no such mapping or file; expected one of ",
        "policy.toml": "is a policy, not a mapping: run `ticketcore policy check` with it",
        "scenario.toml": "is a scenario, not a mapping: run `ticketcore test` with it",
    },
    "log": {
        "binary.bin": "is not text: give a CSV, JSON or XES file",
        "empty.txt": "is empty",
        "utf16.txt": "is not a table: expected the names of several columns",
        "latin1.txt": "is not a table: expected the names of several columns",
        "policy.toml": "is not a table: expected the names of several columns",
        "folder": "is a directory",
        "circle": "too many levels of symbolic links",
        "missing": "no such file or directory",
        "": "is a directory (an empty path means this one): name a file",
        "/dev/null": "is a device, not a file",
        "cut.gz": "cannot be unpacked",
    },
    "output": {
        "folder": "is a directory",
        "folder/missing/file": "no such file or directory",
        "policy.toml/file": "not a directory",
        "circle": "too many levels of symbolic links",
        "": "is a directory",
    },
    "table": {
        "folder": "expected a .parquet or .csv file",
        "folder/missing/t.csv": "no such file or directory",
    },
    "folder": {
        "folder/missing": "no such file or directory",
        "policy.toml": "not a directory",
        "circle": "too many levels of symbolic links",
    },
    "ticket": {"": "not found in", "nope": "not found in", "0" * 5_000: "not found in"},
    "language": dict.fromkeys(("", "nope", "EN", "x" * 5_000), "is not one of 'en', 'it'"),
    "starter": dict.fromkeys(("", "nope"), "is not one of 'complaints'"),
    "schema": dict.fromkeys(("", "nope"), "is not one of 'commands'"),
    "included": dict.fromkeys(("", "nope", "x" * 5_000), "no such mapping; expected one of"),
    "name": dict.fromkeys(("", "../x", "A B", "é", "-"), "not a name: write lower-case words"),
    "party": dict.fromkeys(("", "nope"), 'expected one of "customer", "support", "vendor"'),
    "word": dict.fromkeys(("", "nope", "x" * 5_000), "expected "),
    "type": dict.fromkeys(("", "nope"), "policy office has request"),
    "date": {
        **dict.fromkeys(DATES, "expected a date such as 2026-03-01, or a date and time"),
        **dict.fromkeys(FAR, "lies outside the years 1 to 9999 in UTC"),
    },
    "instant": {
        **dict.fromkeys(DATES, "expected a date and time such as 2026-01-09T15:00"),
        **dict.fromkeys(FAR, "lies outside the years 1 to 9999 in UTC"),
    },
    "zone": {
        **dict.fromkeys(("", "Mars/Base", "/etc/localtime", "../x", "x" * 5_000), "unknown zone"),
        "europe/berlin": 'did you mean "Europe/Berlin"?',
    },
    "count": {
        **dict.fromkeys(("", "x", "1.5", "nan"), "integer"),
        **dict.fromkeys(("-1", "0"), "greater than or equal to 1|range x>=1"),
    },
    "share": {
        **dict.fromkeys(("", "x"), "number|float"),
        "-1": "greater than|range 0<=x<=100",
        "101": "less than|range 0<=x<=100",
    },
    "pair": dict.fromkeys(("", "x"), "=VALUE"),
    "filter": {"": "expected FIELD=VALUE", "x": "expected FIELD=VALUE", "=": "have no field"},
    "parameter": {
        "": "expected KEY=VALUE",
        "x": "expected KEY=VALUE",
        "timer.nope.after=1 days": 'the policy has no "timer.nope.after"',
        "timer.examination.after=soon": '"soon" is not a span: write a whole number and a unit',
    },
    "condition": {
        "": "the condition cannot be read: it is empty",
        "--": "the condition cannot be read: it is empty",
        "late >": "something is missing at its end",
        "; DROP TABLE outcomes": "syntax error",
        "nope > 1": 'unknown name "nope"',
        "read_csv('/etc/passwd')": 'unknown function "read_csv"',
        "(" * 500: "more than 64 brackets inside one another",
    },
    "goal": dict.fromkeys(("", "nope", "; DROP TABLE outcomes"), "there is no goal"),
    "field": dict.fromkeys(("", "nope"), "have no field"),
    "grouping": dict.fromkeys(("", "nope", "fields.nope"), "cannot be grouped by"),
    "span": {
        **dict.fromkeys(("", "x", "-1 days", "1.5 days", "nan hours"), "is not a span: write"),
        "99999999999 days": "is more than a hundred years: use a shorter span",
    },
    "scheduler": dict.fromkeys(("", "x", "tcp://127.0.0.1:1x"), "no scheduler at"),
}
"""The wrong values of each kind, each with a part of the message: what is wrong, or right."""

for kind, other, right in (
    ("scenarios", "scenario", {"", "folder"}),  # a folder has scenarios
    ("recorded", "history", {"policy.toml"}),  # a file .toml is a scenario
):
    WRONG[kind] = {name: part for name, part in WRONG[other].items() if name not in right}
WRONG["covered"] = {
    **{name: part.replace("KIND", "scenario") for name, part in WRONG["scenarios"].items()},
    **dict.fromkeys(
        ("history.jsonl", "history.jsonl.gz"),
        "such as a history, not a scenario in TOML: use --history",
    ),
}

FILES = (
    "history",
    "recorded",
    "policy",
    "scenario",
    "scenarios",
    "covered",
    "mapping",
    "log",
    "output",
)
"""The kinds of files. A message about a file names it."""

KINDS = {
    "scenario": "scenario",
    "scenarios": "scenario",
    "paths": "scenario",
    "policy": "policy",
    "policies": "policy",
    "base": "policy",
    "other": "policy",
    "files": "policy",
    "name": "policy",
    "history": "history",
    "file": "history",
    "ticket": "ticket",
    "logs": "log",
    "of": "schema",
    "--policy": "policy",
    "--against": "policy",
    "--history": "history",
    "--map": "mapping",
    "--like": "starter",
    "--language": "language",
    "--since": "date",
    "--until": "date",
    "--at": "instant",
    "--opened": "instant",
    "--from": "instant",
    "--deadline": "instant",
    "--zone": "zone",
    "--limit": "count",
    "--workers": "count",
    "--max-states": "count",
    "--fail-under": "share",
    "--only": "filter",
    "--field": "pair",
    "--set": "parameter",
    "--goal": "goal",
    "--minimize": "condition",
    "--where": "condition",
    "--fail-if": "condition",
    "--by": "field",
    "--target": "span",
    "--dask": "scheduler",
    "--output": "output",
    "--junit": "output",
    "--folder": "folder",
    "--timer": "word",
    "--type": "word",
    "--storefront": "word",
    "--category": "word",
    "--subcategory": "word",
    "--reason": "word",
    "--billing": "word",
    "--dispute": "word",
    "--calendar": "word",
}
OTHER_KINDS = {
    "test paths": "scenarios",
    "cover scenarios": "covered",
    "forecast file": "recorded",
    "tickets --output": "table",
    "policy new name": "name",
    "history mappings name": "included",
    "explain --by": "party",
    "backtest --type": "type",
    "metrics --by": "grouping",
    "explain --field": "pair",
}
"""What a parameter takes, by its name; and where one command differs from the others."""


def lines() -> dict[str, list[str]]:
    """Return the line of each command, by the command's name."""
    split = [shlex.split(line) for line in LINES.split("\n") if line]
    names = [2 if words[0] in ("policy", "history") else 1 for words in split]
    return {" ".join(words[:n]): words for n, words in zip(names, split, strict=True)}


def commands(of: Any, *path: str) -> Iterator[tuple[str, Any]]:
    """Yield each command below a group, with its whole name."""
    for name, command in of.commands.items():
        if getattr(command, "commands", None):
            yield from commands(command, *path, name)
        else:
            yield " ".join((*path, name)), command


COMMANDS = dict(commands(typer.main.get_command(app)))
PARAMETERS = [
    f"{command} {parameter.opts[0]}"
    for command, found in COMMANDS.items()
    for parameter in found.params
    if not getattr(parameter, "is_flag", False)
]


def test_every_command_has_a_line() -> None:
    """A new command needs a line here, so that its arguments and options are tested."""
    assert COMMANDS.keys() == lines().keys()


def with_value(tested: str, value: str) -> list[str]:
    """Return a right line in which one parameter has another value."""
    command, _, parameter = tested.rpartition(" ")
    words = lines()[command]
    if tested in OTHER_LINES:
        words = shlex.split(OTHER_LINES[tested])
    if parameter in words:
        words[words.index(parameter) + 1] = value
    elif parameter.startswith("--"):
        words = [*words, parameter, value]
    else:
        names = [each.opts[0] for each in COMMANDS[command].params]
        words[len(command.split()) + names.index(parameter)] = value
    if value.startswith("-") and value != "-":  # a value, and not an option
        words[words.index(value) - 1 :] = [
            f"{parameter}={value}" if parameter.startswith("--") else "--",
            *words[words.index(value) + parameter.startswith("--") :],
        ]
    return words


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write right files and wrong ones into a folder."""
    folder = tmp_path_factory.mktemp("inputs")
    with (EXAMPLES / "histories/service-desk.jsonl").open("rb") as file:
        history = b"".join(islice(file, 12))
    scenario = (EXAMPLES / "office/answered-and-closed.toml").read_bytes()
    log = b"number,at,state\n1,2026-01-05,new\n1,2026-01-06,closed\n"
    mapping = b'[log]\nticket = "number"\ntime = "at"\n[opened]\ntype = "x"\n'
    for name, content in {
        "history.jsonl": history,
        "history.jsonl.gz": gzip.compress(history),
        "damaged.gz": history,
        "cut.gz": gzip.compress(log)[:-9],
        "policy.toml": preset_text("office").encode(),
        "scenario.toml": scenario,
        "mapping.toml": mapping,
        "log.csv": log,
        "log.jsonl": b'{"number": 1, "at": "2026-01-05"}\n',
        "log.xes": b'<?xml version="1.0"?>\n<log/>\n',
        "binary.bin": bytes(range(256)) * 20,
        "empty.txt": b"",
        "utf16.txt": 'name = "ä"\n'.encode("utf-16"),
        "latin1.txt": 'name = "ä"\n'.encode("latin-1"),
    }.items():
        (folder / name).write_bytes(content)
    (folder / "folder").mkdir()
    (folder / "circle").symlink_to("circle")
    return folder


def contents(folder: Path) -> dict[Path, bytes | None]:
    """Return all files below a folder."""
    return {path: path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


@pytest.mark.parametrize("tested", PARAMETERS)
def test_a_wrong_value_is_refused_with_what_is_wrong_and_right(
    tested: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The exit code is 2, the message names the value, and no file is written."""
    monkeypatch.chdir(folder)
    before = contents(folder)
    kind = OTHER_KINDS.get(tested) or KINDS[tested.rsplit(maxsplit=1)[-1]]
    for value, part in WRONG[kind].items():
        ran = ticketcore(*with_value(tested, value), width=2_000)
        message = usage_error(ran).replace("─", "") or ran.out  # `test` lists what it cannot read
        assert 2 == ran.code, (value, ran)
        parts = part.replace("KIND", kind.removesuffix("s")).split("|")  # by version of typer
        assert any(each in message for each in parts), (value, message)
        assert kind not in FILES or value in message, (value, message)
        assert len(message) < 3_000
    assert before == contents(folder)
