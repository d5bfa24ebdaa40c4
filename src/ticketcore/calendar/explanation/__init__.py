"""Explanations of deadlines as data, text and a picture."""
