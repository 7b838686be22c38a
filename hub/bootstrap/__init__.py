"""The composition root: the only place where parts meet.

``async with opened() as hub:`` gives every use case over the real database and the addresses of this environment.
Processes and commands take what they need from it.
"""

from hub.adapters.crypto.secrets import SecretsMissingError, ensure_secrets
from hub.adapters.localstack.errors import LocalStackError
from hub.adapters.localstack.supervisor import ProcessSpec, Supervisor
from hub.adapters.telemetry.logs import configure_logs
from hub.adapters.telemetry.metrics import REGISTRY as METRICS
from hub.bootstrap.connectors import connectors
from hub.bootstrap.hub import Hub, opened
from hub.bootstrap.parts import topics
from hub.bootstrap.places import NowhereError, Where, where
from hub.bootstrap.receipts import opened_receipt, own_key_set
from hub.bootstrap.stack import local_stack, mails, prepare, stop_stack

__all__ = [
    "METRICS",
    "Hub",
    "LocalStackError",
    "NowhereError",
    "ProcessSpec",
    "SecretsMissingError",
    "Supervisor",
    "Where",
    "configure_logs",
    "connectors",
    "ensure_secrets",
    "local_stack",
    "mails",
    "opened",
    "opened_receipt",
    "own_key_set",
    "prepare",
    "stop_stack",
    "topics",
    "where",
]
