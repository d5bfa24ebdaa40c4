"""Results of scenarios as JUnit XML, which build servers read."""

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from ticketcore.cli._common import writing
from ticketcore.coverage import Coverage
from ticketcore.scenarios import ScenarioResult
from ticketcore.timeline import single_line


def write_junit(target: Path, results: Sequence[ScenarioResult], seconds: Sequence[float]) -> None:
    """Write one test case per scenario. Raises OSError if *target* cannot be written."""
    failures = sum(result.state == "failed" for result in results)
    errors = sum(result.state == "broken" for result in results)
    counts = {
        "name": "ticketcore",
        "tests": str(len(results)),
        "failures": str(failures),
        "errors": str(errors),
        "time": f"{sum(seconds):.3f}",
    }
    root = ET.Element("testsuites", counts)
    suite = ET.SubElement(root, "testsuite", counts)
    for result, duration in zip(results, seconds, strict=True):
        _add(suite, result, duration)
    _write(target, root)


def write_coverage(target: Path, coverage: Coverage) -> None:
    """Write one test case per part of a policy; an unused part fails. Raises OSError as above."""
    counts = {
        "name": coverage.policy.name,
        "tests": str(len(coverage.uses)),
        "failures": str(len(coverage.uses) - coverage.used),
    }
    root = ET.Element("testsuites", counts)
    suite = ET.SubElement(root, "testsuite", counts)
    for part, use in coverage.uses.items():
        name = single_line(f"{part.name} ({part.rule})" if part.rule else part.name)
        case = ET.SubElement(suite, "testcase", classname=part.kind, name=name)
        if not use.is_used:
            ET.SubElement(case, "failure", message="no scenario and no ticket uses it")
    _write(target, root)


def _write(target: Path, root: ET.Element) -> None:
    ET.indent(root)
    with writing(target):
        ET.ElementTree(root).write(target, encoding="utf-8", xml_declaration=True)


def _add(suite: ET.Element, result: ScenarioResult, duration: float) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        classname=result.path.parent.as_posix().strip("/.").replace("/", "."),
        name=single_line(result.name),
        file=str(result.path),
        time=f"{duration:.3f}",
    )
    if result.state != "passed":
        kind = "failure" if result.state == "failed" else "error"
        lines = [
            single_line(finding) for finding in result.findings
        ]  # XML has no control characters
        ET.SubElement(case, kind, message=lines[0]).text = "\n".join(lines)
