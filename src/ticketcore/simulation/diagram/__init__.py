"""State diagrams of policies: who may do what, when, timers included."""

from ticketcore.simulation.diagram._build import diagram
from ticketcore.simulation.diagram._mermaid import mermaid
from ticketcore.simulation.diagram._model import Diagram, State, Transition
from ticketcore.simulation.diagram._svg import svg

__all__ = ["Diagram", "State", "Transition", "diagram", "mermaid", "svg"]
