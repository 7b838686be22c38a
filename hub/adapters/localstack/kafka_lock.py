"""Writes ``kafka.lock`` anew: ``python -m hub.adapters.localstack.kafka_lock`` after a change of version."""

import tempfile
from pathlib import Path

from hub.adapters.localstack.kafka_jars import KAFKA_VERSION, LOCK, maven, sha256_of

# slf4j 1.7 is what this Kafka is made for; the binding writes warnings to standard error
_WANTED = (f"org.apache.kafka:kafka_2.13:{KAFKA_VERSION}", "org.slf4j:slf4j-simple:1.7.36")
_HEAD = "# Kafka's jars, made by hub.adapters.localstack.kafka_lock. Any mirror serves.\n"


def resolve() -> dict[str, str]:
    """Coordinate and SHA-256 of every jar that the wanted ones need at run time."""
    with tempfile.TemporaryDirectory() as scratch:
        context = maven(Path(scratch))
        inputs, transitive = context.resolver.resolve([context.create_dependency(name) for name in _WANTED])
        needed = [*inputs, *(one for one in transitive if one.scope in {"compile", "runtime"})]
        return {
            f"{one.groupId}:{one.artifactId}:{one.version}": sha256_of(Path(one.artifact.resolve())) for one in needed
        }


def main() -> None:
    """Resolve and write."""
    entries = [
        f'\n[[jar]]\ncoordinate = "{coordinate}"\nsha256 = "{digest}"\n'
        for coordinate, digest in sorted(resolve().items())
    ]
    LOCK.write_text(_HEAD + "".join(entries))


if __name__ == "__main__":
    main()
