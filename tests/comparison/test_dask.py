"""Replays on a local Dask cluster of worker processes give the results of one process."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import Client, LocalCluster

from support.command_line import ticketcore, usage_error
from support.histories.comparisons import FAST, FAST_FILE, SLOW, SLOW_FILE, record, stories
from ticketcore.backtest import backtest
from ticketcore.comparison import compare, outcomes

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """Return a cluster of two worker processes, each restarted by a nanny when lost."""
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as started:
        yield started


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a history of a hundred and twenty tickets."""
    path = tmp_path_factory.mktemp("dask") / "history.jsonl"
    record(path, list(stories(120, seed=5)))
    return path


def test_workers_of_a_cluster_give_the_same_results(cluster: LocalCluster, history: Path) -> None:
    """A Dask client can be passed as workers, like an executor."""
    with Client(cluster) as client:  # type: ignore[no-untyped-call]
        report = backtest(history, SLOW, workers=client, range_size=5000)
        with outcomes(history, [SLOW, FAST], workers=client, range_size=5000) as table:
            rows, comparison = table.rows(), compare(table)
    assert backtest(history, SLOW, workers=1).to_json() == report.to_json()
    with outcomes(history, [SLOW, FAST], workers=1) as table:
        assert (table.rows(), compare(table)) == (rows, comparison)


def test_a_lost_worker_loses_nothing(cluster: LocalCluster, history: Path) -> None:
    """The scheduler gives the parts of a killed process to another one."""
    killed: list[int] = []
    assert cluster.scheduler is not None
    workers = cluster.scheduler.workers

    def kill() -> None:
        """Kill the first worker that has a part."""
        while not killed:
            time.sleep(0.01)
            busy = {each.address for each in [*workers.values()] if each.processing}
            pids = [
                nanny.pid for nanny in [*cluster.workers.values()] if nanny.worker_address in busy
            ]
            killed.extend(pids[:1])
        os.kill(killed[0], signal.SIGKILL)

    with Client(cluster) as client:  # type: ignore[no-untyped-call]
        thread = threading.Thread(target=kill)
        thread.start()
        with outcomes(history, [SLOW, FAST], workers=client, range_size=1500) as table:
            rows = table.rows()
        thread.join()
    assert killed
    with outcomes(history, [SLOW, FAST], workers=1) as table:
        assert table.rows() == rows


def test_the_command_line_takes_the_address_of_a_scheduler(
    cluster: LocalCluster, history: Path, tmp_path: Path
) -> None:
    """With the address of a scheduler, the command line prints the output of one process."""
    slow, fast = tmp_path / "slow.toml", tmp_path / "fast.toml"
    slow.write_text(SLOW_FILE, "utf-8")
    fast.write_text(FAST_FILE, "utf-8")
    alone = ticketcore("compare", history, slow, fast)
    ran = ticketcore("compare", history, slow, fast, "--dask", cluster.scheduler_address)
    assert (0, alone.out) == (ran.code, ran.out)


def test_workers_and_a_scheduler_exclude_each_other(history: Path) -> None:
    """A number of workers and the address of a scheduler cannot be given together."""
    both = ("--workers", "2", "--dask", "tcp://127.0.0.1:1")
    ran = ticketcore("tickets", history, "--policy", "service-desk", *both)
    assert "cannot be combined with --dask" in usage_error(ran)


def test_a_scheduler_that_does_not_answer_is_a_usage_error(history: Path) -> None:
    """A scheduler that does not answer is a usage error with its address."""
    for address in ("tcp://127.0.0.1:1", "nonsense://x"):
        ran = ticketcore("tickets", history, "--policy", "service-desk", "--dask", address)
        assert (2, True) == (ran.code, f"no scheduler at {address}" in usage_error(ran))
