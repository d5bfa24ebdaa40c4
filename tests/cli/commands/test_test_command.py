"""`ticketcore test` runs scenario files and checks their expectations."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from support.command_line import EXAMPLES, ticketcore
from support.stories.scenarios import CLOSED, LATE_CLOSE, REFUND, REFUSED

GOOD = REFUND + LATE_CLOSE + REFUSED + CLOSED
FAILING = REFUND + CLOSED
BROKEN = REFUND + "[expct]\n"


def write(directory: Path, **texts: str) -> Path:
    """Write scenario files into a directory."""
    for name, text in texts.items():
        (directory / f"{name}.toml").write_text(text)
    return directory


@pytest.mark.parametrize(
    ("texts", "code", "summary"),
    [
        ({"a": GOOD, "b": GOOD}, 0, "2 passed; 4 expectations checked"),
        ({"a": GOOD, "b": FAILING}, 1, "1 passed, 1 failed; 3 expectations checked"),
        ({"a": REFUND}, 1, "1 failed; 0 expectations checked"),
        ({"a": FAILING, "b": BROKEN}, 2, "1 failed, 1 broken; 1 expectation checked"),
        ({}, 5, "none; 0 expectations checked"),
    ],
)
def test_the_exit_code_sums_up(
    tmp_path: Path, texts: dict[str, str], code: int, summary: str
) -> None:
    """The exit code of `ticketcore test` is that of the worst result, or 5 without scenarios."""
    ran = ticketcore("test", write(tmp_path, **texts))

    assert (code, summary) == (ran.code, ran.out.splitlines()[-1])


def test_failures_give_the_reason(tmp_path: Path) -> None:
    """The reasons follow the name of each file that did not pass, in lines that are not cut."""
    write(tmp_path, a=GOOD, b=FAILING, c=BROKEN, d=REFUND)
    a, b, c, d = (tmp_path / f"{name}.toml" for name in "abcd")
    *lines, _ = ticketcore("test", tmp_path).out.splitlines()

    assert [
        f"✓  {a}",
        f"✗  {b}",
        "   status: closed; found: open",
        f"!  {c}",
        f'   {c}:18:1: expct: unknown key; did you mean "expect"?',
        f"✗  {d}",
        "   the scenario checks nothing: add an [expect] table, or an expected refusal to a step",
    ] == lines


def test_a_directory_without_scenarios_is_no_success(tmp_path: Path) -> None:
    """A directory without scenarios is an error that names the directory."""
    assert f"no scenario found in {tmp_path}\n" == ticketcore("test", tmp_path).err


def test_results_are_written_as_junit_xml(tmp_path: Path) -> None:
    """Each scenario is a test case; failures and errors have their lines, and the XML is valid."""
    directory = tmp_path / "stories"
    directory.mkdir()
    write(directory, a=f'name = "a \\u0000 story"\n{GOOD}', b=FAILING, c=BROKEN)
    ran = ticketcore("test", directory, "--junit", tmp_path / "junit.xml")
    root = ET.parse(tmp_path / "junit.xml").getroot()
    cases = root.findall("testsuite/testcase")

    assert 2 == ran.code
    assert ("3", "1", "1") == tuple(root.attrib[key] for key in ("tests", "failures", "errors"))
    assert [r"a \x00 story", "b", "c"] == [case.attrib["name"] for case in cases]
    assert ["stories"] * 3 == [case.attrib["classname"].split(".")[-1] for case in cases]
    assert ["status: closed; found: open"] == [f.text for f in root.iter("failure")]
    assert ["unknown key" in (e.text or "") for e in root.iter("error")] == [True]


def test_the_examples_pass() -> None:
    """Every scenario in examples/ meets its expectations."""
    ran = ticketcore("test", EXAMPLES)

    assert (0, "") == (ran.code, ran.err)
