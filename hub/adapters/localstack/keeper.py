"""Ends Kafka and PostgreSQL when the process that started them is gone.

Run as ``python keeper.py HOME RUN`` with the reading end of a pipe as standard input; the stack holds the
other end. End of file means that the stack ended, however it did: what is still alive of that run is then ended.
Ctrl-C in the terminal does not reach it, as it has a session of its own.
"""

import sys
from pathlib import Path

_GRACE = 10.0


def main() -> None:
    """Wait for the end of standard input, then clean up."""
    home, run = Path(sys.argv[1]), sys.argv[2]
    while sys.stdin.buffer.read(4096):
        pass
    # started as a file, so that it works from any working directory
    sys.path.insert(0, str(Path(__file__).parents[3]))
    from hub.adapters.localstack.processes import end_all, processes_of  # noqa: PLC0415

    end_all(processes_of(home, run), _GRACE)


if __name__ == "__main__":
    main()
