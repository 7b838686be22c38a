"""What can go wrong with the local stack.

LocalStackError
├── JarError
│   ├── JarChangedError
│   └── JarUnavailableError
├── ServerDidNotStartError
├── FolderClosedError
├── StackBusyError
└── PartMissingError
"""


class LocalStackError(Exception):
    """The local stack cannot do what was asked; the message says what to do."""


class JarError(LocalStackError):
    """Kafka's program files are not as kafka.lock wants them."""


class JarChangedError(JarError):
    """A jar differs from its SHA-256 in kafka.lock."""


class JarUnavailableError(JarError):
    """A jar is neither in the cache nor to be had from the network."""


class ServerDidNotStartError(LocalStackError):
    """A server ended or stayed silent while it was started."""


class FolderClosedError(LocalStackError):
    """PostgreSQL's own user cannot enter the folder of its data."""


class StackBusyError(LocalStackError):
    """Another process holds the stack's lock but no running stack appeared."""


class PartMissingError(LocalStackError):
    """The stack that runs already lacks a part that is wanted now."""
