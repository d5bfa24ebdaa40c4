"""Results of scenarios as JUnit XML, which build servers read."""

from collections.abc import Iterable, Sequence
from itertools import starmap
from pathlib import Path
from xml.etree import ElementTree as ET

from ticketcore._internal.files import naming_file
from ticketcore.coverage import Coverage, PolicyPart, Use
from ticketcore.scenarios import ScenarioResult
from ticketcore.timeline import single_line


def write_junit(target: Path, results: Sequence[ScenarioResult], seconds: Sequence[float]) -> None:
    """Write one test case per scenario. Raises OSError if *target* cannot be written."""
    states = [result.state for result in results]
    counts = {
        "name": "ticketcore",
        "tests": str(len(results)),
        "failures": str(states.count("failed")),
        "errors": str(states.count("broken")),
        "time": f"{sum(seconds):.3f}",
    }
    _write(target, counts, map(_scenario_case, results, seconds))


def write_coverage(target: Path, coverage: Coverage) -> None:
    """Write one test case per part of a policy; an unused part fails. Raises OSError as above."""
    counts = {
        "name": coverage.policy.name,
        "tests": str(len(coverage.uses)),
        "failures": str(len(coverage.uses) - coverage.used),
    }
    _write(target, counts, starmap(_part_case, coverage.uses.items()))


def _write(target: Path, counts: dict[str, str], cases: Iterable[ET.Element]) -> None:
    root = ET.Element("testsuites", counts)
    ET.SubElement(root, "testsuite", counts).extend(cases)
    ET.indent(root)
    with naming_file(target):
        ET.ElementTree(root).write(target, encoding="utf-8", xml_declaration=True)


def _scenario_case(result: ScenarioResult, duration: float) -> ET.Element:
    case = ET.Element(
        "testcase",
        classname=result.path.parent.as_posix().strip("/.").replace("/", "."),
        name=single_line(result.name),
        file=str(result.path),
        time=f"{duration:.3f}",
    )
    if result.state != "passed":
        kind = "failure" if result.state == "failed" else "error"
        lines = [single_line(each) for each in result.findings]  # XML has no control characters
        ET.SubElement(case, kind, message=lines[0]).text = "\n".join(lines)
    return case


def _part_case(part: PolicyPart, use: Use) -> ET.Element:
    name = single_line(f"{part.name} ({part.rule})" if part.rule else part.name)
    case = ET.Element("testcase", classname=part.kind, name=name)
    if not use.is_used:
        ET.SubElement(case, "failure", message="no scenario and no ticket uses it")
    return case
