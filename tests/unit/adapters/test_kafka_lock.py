import re

from hub.adapters.localstack.kafka_jars import KAFKA_VERSION, LOCK, read_lock


def test_every_jar_of_the_lock_has_its_hash() -> None:
    jars = read_lock()

    assert f"org.apache.kafka:kafka_2.13:{KAFKA_VERSION}" in {jar.coordinate for jar in jars}
    assert all(re.fullmatch(r"[0-9a-f]{64}", jar.sha256) for jar in jars)
    assert len({jar.file_name for jar in jars}) == len(jars)


def test_lock_names_no_address() -> None:
    assert not re.search(r"https?:|//|www\.", LOCK.read_text())
