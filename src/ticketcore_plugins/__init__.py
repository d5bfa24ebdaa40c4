"""Plugins that other tools load wherever the library is installed. They import nothing of it."""
