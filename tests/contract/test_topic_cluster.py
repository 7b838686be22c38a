"""The fake cluster passes the suite of the real one."""

import pytest

from tests.contract.topic_clusters import FakeTopicCluster, TopicClusterContract


class TestFakeTopicCluster(TopicClusterContract):
    @pytest.fixture
    def cluster(self) -> FakeTopicCluster:
        return FakeTopicCluster()
