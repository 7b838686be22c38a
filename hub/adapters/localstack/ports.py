"""Which loopback ports the servers take: free ones, the same again after a restart.

Ports come from below the range the kernel gives to outgoing connections: a client that keeps trying to reach
a killed server could otherwise get the server's own port as its source, connect to itself and keep it taken.
"""

import hashlib
import json
import socket
from collections.abc import Iterator
from pathlib import Path

_FIRST, _COUNT, _TRIES = 20_000, 12_000, 200


def is_free(port: int) -> bool:
    """Whether a server could listen on 127.0.0.1:``port`` now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _candidates(home: Path, name: str) -> Iterator[int]:
    """Ports to try for one server of one home: spread over homes, always in the same order."""
    seed = int.from_bytes(hashlib.sha256(f"{home}\0{name}".encode()).digest()[:4], "big")
    return (_FIRST + (seed + step * 7) % _COUNT for step in range(_TRIES))


class Ports:
    """The ports of one home, remembered in its ``ports.json``."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._file = home / "ports.json"

    def choose(self, name: str, wanted: int = 0) -> int:
        """The wanted port, else the one used last time, else a free one; taken ports are passed over."""
        known = self._read()
        taken = {port for other, port in known.items() if other != name}
        first = [port for port in (wanted, known.get(name, 0)) if port]
        for port in (*first, *_candidates(self._home, name)):
            if port not in taken and is_free(port):
                self._file.write_text(json.dumps({**known, name: port}))
                return port
        raise OSError(f"no free port for {name} between {_FIRST} and {_FIRST + _COUNT} on 127.0.0.1")

    def _read(self) -> dict[str, int]:
        try:
            known = json.loads(self._file.read_text())
        except (FileNotFoundError, ValueError):
            return {}
        return {str(name): int(port) for name, port in known.items()}
