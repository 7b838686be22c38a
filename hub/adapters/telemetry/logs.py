"""Structured logs: the event is words, the rest is keys; never a payload."""

import logging
import sys

import structlog


def configure_logs(*, level: str, as_json: bool, process: str) -> None:
    """One line an event on stderr; libraries' loggers only from warning on, for their debug lines show bodies."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.bind_contextvars(process=process)
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s %(message)s", force=True
    )
    # it tells every rebalance and every start of a broker as an error; lag and readiness tell what matters
    logging.getLogger("aiokafka.consumer.group_coordinator").setLevel(logging.CRITICAL)
    for name in ("zeep.transports", "aiosmtplib", "mail.log", "httpx"):
        logging.getLogger(name).setLevel(logging.WARNING)
