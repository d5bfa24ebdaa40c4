"""Verdicts as JUnit XML, which build servers read."""

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from ticketcore.scenarios import Verdict
from ticketcore.timeline import plain


def write_junit(target: Path, verdicts: Sequence[Verdict], times: Sequence[float]) -> None:
    """Write one test case per scenario; *times* are in seconds. Raises OSError."""
    failures = sum(verdict.state == "failed" for verdict in verdicts)
    errors = sum(verdict.state == "broken" for verdict in verdicts)
    counts = {
        "name": "ticketcore",
        "tests": str(len(verdicts)),
        "failures": str(failures),
        "errors": str(errors),
        "time": f"{sum(times):.3f}",
    }
    root = ET.Element("testsuites", counts)
    suite = ET.SubElement(root, "testsuite", counts)
    for verdict, time in zip(verdicts, times, strict=True):
        _add(suite, verdict, time)
    ET.indent(root)
    ET.ElementTree(root).write(target, encoding="utf-8", xml_declaration=True)


def _add(suite: ET.Element, verdict: Verdict, time: float) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        classname=verdict.path.parent.as_posix().strip("/.").replace("/", "."),
        name=plain(verdict.name),
        file=str(verdict.path),
        time=f"{time:.3f}",
    )
    if verdict.state != "passed":
        kind = "failure" if verdict.state == "failed" else "error"
        lines = [plain(finding) for finding in verdict.findings]  # XML holds no control characters
        ET.SubElement(case, kind, message=lines[0]).text = "\n".join(lines)
