"""Plugins that other tools load if the library is installed. They import nothing of it."""
