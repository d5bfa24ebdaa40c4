from ticketcore.cli.commands.workbench._compare import compare
from ticketcore.cli.commands.workbench._cover import cover
from ticketcore.cli.commands.workbench._replay import replay
from ticketcore.cli.commands.workbench._tickets import tickets

__all__ = ["compare", "cover", "replay", "tickets"]
