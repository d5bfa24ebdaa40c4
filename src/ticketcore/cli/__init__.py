from ticketcore.cli._app import app

__all__ = ["app"]
