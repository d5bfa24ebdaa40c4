"""``ticketcore`` and ``python -m ticketcore``: the command line, or what it lacks."""

import sys


def main() -> None:
    """Run the command line. Exits with 2, and the way out, where the extra `cli` is missing."""
    try:
        from ticketcore.cli import app
    except ModuleNotFoundError as missing:
        if missing.name != "typer":
            raise
        sys.stderr.write("error: the command line needs pip install 'ticketcore[cli]'\n")
        sys.exit(2)
    app()


if __name__ == "__main__":
    main()
