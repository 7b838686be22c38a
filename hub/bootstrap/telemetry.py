"""Logs and metrics of a process."""

from hub.adapters.telemetry.logs import configure_logs
from hub.adapters.telemetry.metrics import REGISTRY as METRICS

__all__ = ["METRICS", "configure_logs"]
