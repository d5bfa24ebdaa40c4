from ticketcore.forecast._actions import Action, Help
from ticketcore.forecast._forecast import Forecast, forecast
from ticketcore.forecast._future import Firing

__all__ = ["Action", "Firing", "Forecast", "Help", "forecast"]
