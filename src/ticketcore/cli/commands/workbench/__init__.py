from ticketcore.cli.commands.workbench._compare import compare
from ticketcore.cli.commands.workbench._cover import cover
from ticketcore.cli.commands.workbench._replay import replay
from ticketcore.cli.commands.workbench._report import report
from ticketcore.cli.commands.workbench._sweep import sweep
from ticketcore.cli.commands.workbench._tickets import tickets
from ticketcore.cli.commands.workbench._workload import workload

__all__ = ["compare", "cover", "replay", "report", "sweep", "tickets", "workload"]
