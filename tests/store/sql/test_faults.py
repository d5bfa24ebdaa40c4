"""A short run of `make faults`: processes that use a store are killed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.databases import SYNC, postgres

ROOT = Path(__file__).parents[3]


@pytest.mark.slow
@pytest.mark.parametrize("driver", SYNC)
def test_killed_processes_lose_and_double_nothing(driver: str) -> None:
    """Writers, timers and followers die at any instant; every retry gets its first answer."""
    url = postgres().render_as_string(hide_password=False)
    command = [
        sys.executable,
        str(ROOT / "tools" / "faults.py"),
        "--kills",
        "6",
        "--driver",
        driver,
    ]
    done = subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": str(ROOT / "tests"), "TICKETCORE_TEST_POSTGRES": url},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )

    assert "" == done.stderr
    assert f"{driver}: 6 kills" in done.stdout
