"""Devices that the tests run on."""

import os
import secrets

import chaincard
import pytest

# Ray reads them when it is imported: it reports to nobody, and keeps no token in the user's folder.
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))


@pytest.fixture(scope="session")
def cpu():
    return chaincard.open("cpu")


@pytest.fixture(scope="session")
def sim():
    return chaincard.open("sim")

#: Ray looks more often than usual whether a node is lost.
QUICK = {
    "health_check_initial_delay_ms": 0,
    "health_check_period_ms": 1000,
    "health_check_timeout_ms": 3000,
    "health_check_failure_threshold": 3,
}


@pytest.fixture(scope="session")
def cluster():
    """A cluster of two workers with one CPU each, and this process on a node without any."""
    import cluster
    import ray
    from ray.cluster_utils import Cluster

    # What the workers of the tests do is in no package that they have.
    ray.cloudpickle.register_pickle_by_value(cluster)
    head = {"num_cpus": 0, "include_dashboard": False, "_system_config": QUICK}
    nodes = Cluster(initialize_head=True, head_node_args=head)
    for _ in range(2):
        nodes.add_node(num_cpus=1)
    ray.init(address=nodes.address, log_to_driver=False)
    nodes.wait_for_nodes()
    yield nodes
    ray.shutdown()
    nodes.shutdown()
