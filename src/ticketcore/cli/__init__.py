from ticketcore.cli import _backtest as _backtest
from ticketcore.cli import _diagram as _diagram
from ticketcore.cli import _explain as _explain
from ticketcore.cli import _figures as _figures
from ticketcore.cli import _history as _history
from ticketcore.cli import _import as _import
from ticketcore.cli import _policy as _policy
from ticketcore.cli import _schema as _schema
from ticketcore.cli import _simulate as _simulate
from ticketcore.cli import _test as _test
from ticketcore.cli._app import app

__all__ = ["app"]
