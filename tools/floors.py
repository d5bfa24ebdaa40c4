"""Print the lowest allowed version of each dependency of the library, as constraints for pip."""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "pyproject.toml"
_FLOOR = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*\])?>=(?P<version>[\w.]+)")


def floors() -> Iterator[str]:
    """Yield `name==version` for each dependency that has a floor, extras included."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    for dependencies in (project["dependencies"], *project["optional-dependencies"].values()):
        for floor in filter(None, map(_FLOOR.match, dependencies)):
            yield f"{floor['name']}=={floor['version']}"


if __name__ == "__main__":
    sys.stdout.write("\n".join(sorted({*floors()})) + "\n")
