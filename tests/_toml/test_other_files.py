"""Files of another kind are recognized, with one message."""

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from support.command_line import EXAMPLES
from ticketcore.errors import FileError
from ticketcore.importers import mapping_text, parse_mapping
from ticketcore.policies import load_policy, parse_policy, preset_text
from ticketcore.scenarios import parse_scenario

READERS: dict[str, Callable[[bytes], object]] = {
    "policy": parse_policy,
    "scenario": parse_scenario,
    "mapping": parse_mapping,
}


def zipped(text: bytes) -> bytes:
    """Return a zip file that holds a text."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.toml", text)
    return file.getvalue()


SCENARIO = (EXAMPLES / "office/answered-and-closed.toml").read_bytes()
HISTORY = (EXAMPLES / "histories/service-desk.jsonl").read_bytes()
CONTENTS = {
    "a gzip file": (gzip.compress(SCENARIO), ": unpack it"),
    "a zip file": (zipped(SCENARIO), ": unpack it"),
    "JSON, such as a history": (HISTORY, ""),
    "XML": (b'<?xml version="1.0"?>\n<log/>\n', ""),
    "a table such as CSV": (b'number,"opened at",state\r\n1,2026-01-05,"new, again"\r\n', ""),
}
FILES = {
    "policy": (preset_text("office").encode(), "policy check"),
    "scenario": (SCENARIO, "test"),
    "mapping": (mapping_text("jira").encode(), "history import --map"),
}


def only_problem(reader: str, content: bytes) -> str:
    """Return the one problem that a reader has with a content."""
    with pytest.raises(FileError) as caught:
        READERS[reader](content)
    (problem,) = caught.value.problems
    assert (1, 1) == (problem.line, problem.column)
    return problem.message


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("what", CONTENTS)
def test_a_file_that_is_not_toml_is_named(reader: str, what: str) -> None:
    """A history, a packed file or a table in place of a TOML file is one problem."""
    content, remedy = CONTENTS[what]
    assert f"is {what}, not a {reader} in TOML{remedy}" == only_problem(reader, content)


@pytest.mark.parametrize(("start", "is_table"), [(b"", False), (b"a,b", True)])
def test_only_the_first_bytes_are_looked_at(start: bytes, is_table: bool) -> None:
    """A table is found without trying each way in which many blanks may belong to its cells."""
    with pytest.raises(FileError) as caught:
        parse_policy(start + b" " * 900_000 + b"!")
    (problem,) = caught.value.problems
    assert is_table == ("a table such as CSV" in problem.message)


def test_a_list_of_objects_is_json() -> None:
    """A JSON array is recognized, although an array of tables begins with a bracket too."""
    expected = "is JSON, such as a history, not a policy in TOML"
    assert expected == only_problem("policy", b'[\n  {"id": 1}\n]')


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("other", FILES)
def test_a_toml_file_of_another_kind_is_named_with_its_command(reader: str, other: str) -> None:
    """A policy in place of a scenario, say, is one problem, and not one for each of its keys."""
    content, command = FILES[other]
    if reader == other == "scenario":
        parse_scenario(content, folder=EXAMPLES / "office")
    elif reader == other:
        READERS[reader](content)
    else:
        expected = f"is a {other}, not a {reader}: run `ticketcore {command}` with it"
        assert expected == only_problem(reader, content)


@pytest.mark.parametrize("reader", READERS)
def test_a_file_without_a_known_key_is_read_as_what_it_should_be(reader: str) -> None:
    """A file whose keys tell nothing has the problems of the kind that was asked for."""
    with pytest.raises(FileError) as caught:
        READERS[reader](b"title = 1\n")
    assert any("missing" in problem.message for problem in caught.value.problems)


def test_a_broken_line_of_toml_keeps_its_place() -> None:
    """A sentence with a comma is no header of a table: the mistake keeps its line and column."""
    with pytest.raises(FileError, match=r":1:7: not valid TOML: expected '=' after a key"):
        parse_policy('title "A desk, small"\n')


def test_a_policy_that_extends_a_scenario_says_so(tmp_path: Path) -> None:
    """The problem stands at the key `extends`."""
    (tmp_path / "scenario.toml").write_bytes(SCENARIO)
    (tmp_path / "mine.toml").write_text('extends = "scenario.toml"\nname = "mine"\n', "utf-8")
    with pytest.raises(FileError, match="is a scenario, not a policy: run `ticketcore test`"):
        load_policy(tmp_path / "mine.toml")
