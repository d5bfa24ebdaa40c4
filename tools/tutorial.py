"""Write the outputs and the pictures of the tutorial: ``python tools/tutorial.py``."""

import os
import re
import shlex
import shutil
import tempfile
from pathlib import Path

from support.command_line import EXAMPLES, ticketcore
from ticketcore.comparison import compare, outcomes, sweep
from ticketcore.policies import load_policy
from ticketcore.reports._charts import sweep_chart, timers_chart

FOLDER = Path(__file__).parents[1] / "docs" / "tutorial"
_STEP = re.compile(
    r"```toml (?P<file>\S+)\n(?P<text>.*?)```|```console\n\$ ticketcore (?P<args>[^\n]*)\n.*?```",
    re.DOTALL,
)
# A picture on a page of its own has no style sheet: the colours of the report on light.
_COLORS = {
    "var(--ink)": "#1a1a1a",
    "var(--muted)": "#555555",
    "var(--line)": "#d5d5d5",
    "var(--base)": "#8a4b00",
    "var(--other)": "#0060a8",
}
SPANS = ["24 hours", "48 hours", "72 hours", "96 hours", "120 hours"]


def _step(step: re.Match[str]) -> str:
    if step["file"]:
        Path(step["file"]).write_text(step["text"], "utf-8")
        return step[0]
    printed = ticketcore(*shlex.split(step["args"]), width=100).out
    return f"```console\n$ ticketcore {step['args']}\n{printed}```"


def _save(name: str, drawing: str) -> None:
    for variable, color in _COLORS.items():
        drawing = drawing.replace(variable, color)
    (FOLDER / name).write_text(drawing + "\n", "utf-8")


def main() -> None:
    """Run the steps of the page in an empty folder."""
    page = FOLDER / "index.md"
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        shutil.copy(EXAMPLES / "histories" / "service-desk.jsonl", folder)
        page.write_text(_STEP.sub(_step, page.read_text("utf-8")), "utf-8")
        history = "service-desk.jsonl"
        policies = [load_policy(Path("today.toml")), load_policy(Path("faster.toml"))]
        with outcomes(history, policies, workers=1) as table:
            _save("timers.svg", timers_chart(compare(table)))
        parameters = {"timer.resolved.after": SPANS}
        swept = sweep(history, Path("faster.toml"), parameters, goals=["reopened"], workers=1)
        _save("sweep.svg", sweep_chart(swept, "reopened"))
        os.chdir(FOLDER)


if __name__ == "__main__":
    main()
