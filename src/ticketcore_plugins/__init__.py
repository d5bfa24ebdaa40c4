"""The start script, and plugins of other tools. They import the library late or never."""
