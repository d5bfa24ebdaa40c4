"""The tutorial works as written, from an empty folder to the report."""

import re
import shlex
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from support.command_line import EXAMPLES, ticketcore

FOLDER = Path(__file__).parents[2] / "docs" / "tutorial"
PAGE = (FOLDER / "index.md").read_text("utf-8")
STEPS = re.compile(
    r"```toml (?P<file>\S+)\n(?P<text>.*?)```"
    r"|```console\n\$ ticketcore (?P<args>[^\n]*)\n(?P<printed>.*?)```"
    r"|^    ticketcore (?P<silent>report [^\n]*)$",
    re.DOTALL | re.MULTILINE,
)


def test_each_step_gives_what_the_page_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Saving the files and running the commands of the tutorial gives the output that it shows."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(EXAMPLES / "histories" / "service-desk.jsonl", tmp_path)
    steps = list(STEPS.finditer(PAGE))
    for step in steps:
        if step["file"]:
            Path(step["file"]).write_text(step["text"], "utf-8")
            continue
        ran = ticketcore(*shlex.split(step["args"] or step["silent"]), width=100)
        assert 0 == ran.code
        if step["args"]:
            assert step["printed"] == ran.out
    assert {"today.toml", "faster.toml", "report.html", "service-desk.jsonl"} == {
        path.name for path in tmp_path.iterdir()
    }
    assert 9 == len(steps)


@pytest.mark.parametrize("name", ["timers", "sweep"])
def test_the_pictures_are_drawings(name: str) -> None:
    """The tutorial shows its drawings, each with a text in its place."""
    root = ET.parse(FOLDER / f"{name}.svg").getroot()
    assert root.tag.endswith("svg")
    assert root.attrib["aria-label"]
    assert re.search(rf"!\[[^\]]+\]\({name}.svg\)", PAGE)
