"""``python -m hub``: the command line."""

from hub.entrypoints.cli import app


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
