"""``python -m hub``: the command line."""

import gc


def main() -> None:
    """Run the command line."""
    gc.disable()  # imports make two million objects and hardly any garbage: looking for it costs a quarter of the start
    from hub.entrypoints.cli import app  # noqa: PLC0415 - after that

    gc.freeze()
    gc.enable()
    app()


if __name__ == "__main__":
    main()
