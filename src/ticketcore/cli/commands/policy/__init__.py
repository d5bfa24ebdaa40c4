from ticketcore.cli.commands.policy._group import policy

__all__ = ["policy"]
