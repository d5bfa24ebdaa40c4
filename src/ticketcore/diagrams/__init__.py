"""State diagrams of policies: who may do what, when, timers included."""

from ticketcore.diagrams._build import diagram
from ticketcore.diagrams._mermaid import mermaid
from ticketcore.diagrams._model import Diagram, State, Transition
from ticketcore.diagrams._svg import svg

__all__ = ["Diagram", "State", "Transition", "diagram", "mermaid", "svg"]
