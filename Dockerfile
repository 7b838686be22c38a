# One image for every process of the hub; the command says which: intake, relay, consume, deliver, clock, replay,
# migrate.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1

RUN groupadd --gid 10001 hub \
    && useradd --uid 10001 --gid hub --no-create-home --home-dir /var/lib/hub --shell /usr/sbin/nologin hub \
    && install --directory --owner hub --group hub --mode 0750 /var/lib/hub /var/lib/hub/folders

WORKDIR /app
COPY requirements.lock ./
RUN pip install --require-hashes --no-deps --requirement requirements.lock

COPY pyproject.toml topics.yaml ./
COPY schemas ./schemas
COPY connectors ./connectors
COPY hub ./hub
RUN python -m compileall -q hub schemas connectors

ENV HUB_HOME=/var/lib/hub \
    PYTHONPATH=/app
USER hub
ENTRYPOINT ["python", "-m", "hub"]
CMD ["--help"]
