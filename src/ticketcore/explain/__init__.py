from ticketcore.explain._timer import TimerExplanation, explain_opening, explain_timer

__all__ = ["TimerExplanation", "explain_opening", "explain_timer"]
