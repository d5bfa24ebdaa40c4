from ticketcore.cli import _policy as _policy
from ticketcore.cli._app import app

__all__ = ["app"]
