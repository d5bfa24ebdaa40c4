from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from cli_runs import ticketcore
from support.scenario_texts import CLOSED, LATE_CLOSE, REFUND, REFUSED

EXAMPLES = Path(__file__).parents[2] / "examples"
GOOD = REFUND + LATE_CLOSE + REFUSED + CLOSED
FAILING = REFUND + CLOSED
BROKEN = REFUND + "[expct]\n"


def write(directory: Path, **texts: str) -> Path:
    """Scenario files in a directory."""
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
    """0 all passed, 1 one failed, 2 one is broken, 5 there is none."""
    ran = ticketcore("test", write(tmp_path, **texts))
    assert (code, summary) == (ran.code, ran.out.splitlines()[-1])


def test_failures_say_what_did_happen(tmp_path: Path) -> None:
    """Under each file that did not pass stands why, in lines that are not cut."""
    write(tmp_path, a=GOOD, b=FAILING, c=BROKEN, d=REFUND)
    a, b, c, d = (tmp_path / f"{name}.toml" for name in "abcd")
    assert [
        f"✓  {a}",
        f"✗  {b}",
        "   status: closed; found: open",
        f"!  {c}",
        f'   {c}:18:1: expct: unknown key; did you mean "expect"?',
        f"✗  {d}",
        "   nothing is expected: add an [expect], or an expected refusal to a step",
    ] == ticketcore("test", tmp_path).out.splitlines()[:-1]


def test_no_scenario_is_not_taken_for_success(tmp_path: Path) -> None:
    """Where there is no scenario, stderr says where it was looked for."""
    assert f"no scenario found in {tmp_path}\n" == ticketcore("test", tmp_path).err


def test_junit_tells_a_build_server(tmp_path: Path) -> None:
    """One test case a scenario: failures and errors with their lines, nothing that breaks XML."""
    directory = tmp_path / "stories"
    directory.mkdir()
    write(directory, a=f'name = "a \\u0000 story"\n{GOOD}', b=FAILING, c=BROKEN)
    ran = ticketcore("test", directory, "--junit", tmp_path / "junit.xml")
    assert 2 == ran.code
    root = ET.parse(tmp_path / "junit.xml").getroot()
    assert ("3", "1", "1") == tuple(root.attrib[key] for key in ("tests", "failures", "errors"))
    cases = root.findall("testsuite/testcase")
    assert [r"a \x00 story", "b", "c"] == [case.attrib["name"] for case in cases]
    assert ["stories"] * 3 == [case.attrib["classname"].split(".")[-1] for case in cases]
    assert ["status: closed; found: open"] == [f.text for f in root.iter("failure")]
    assert ["unknown key" in (e.text or "") for e in root.iter("error")] == [True]


def test_the_examples_pass() -> None:
    """Every story in examples/ keeps what it promises."""
    ran = ticketcore("test", EXAMPLES)
    assert (0, "") == (ran.code, ran.err)
