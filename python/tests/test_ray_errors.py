"""What `chaincard.ray` raises, and how it takes the loss of workers."""

import concurrent.futures
import os
import signal

import chaincard
import chaincard.ray
import numpy as np
import pytest
import ray
from chaincard.ray import Workers, WorkersError, _work
from cluster import PATIENCE, dying, hanging, noted, wait_until
from curves import CURVES
from test_msm import encoded, terms

pytestmark = pytest.mark.usefixtures("cluster")


def job(name, count=24):
    """Scalars and points, and the sum by Python's integers."""
    scalars, points = terms(name, count)
    return *encoded(name, scalars, points), CURVES[name].encode(CURVES[name].msm(scalars, points))


def later(function, *arguments, **options):
    return concurrent.futures.ThreadPoolExecutor(1).submit(function, *arguments, **options)


@pytest.mark.parametrize("name", CURVES)
def test_a_worker_that_is_killed_in_the_midst(name, monkeypatch, tmp_path):
    scalars, points, expected = job(name)
    monkeypatch.setattr(_work, "multiply", hanging(tmp_path, "multiply"))
    sum_ = later(chaincard.ray.msm, name, scalars, points, workers=Workers(parts=3, timeout=PATIENCE))
    wait_until(lambda: noted(tmp_path))
    (victim, _), *_ = noted(tmp_path)
    assert not sum_.done()
    os.kill(victim, signal.SIGKILL)
    assert sum_.result().tobytes() == expected
    processes = [process for process, _ in noted(tmp_path)]
    assert len(processes) == 4 and processes.count(victim) == 1


def test_a_node_that_is_lost_in_the_midst(cluster, monkeypatch, tmp_path):
    scalars, points, expected = job("bn254")
    monkeypatch.setattr(_work, "multiply", hanging(tmp_path, "multiply"))
    sum_ = later(chaincard.ray.msm, "bn254", scalars, points, workers=Workers(parts=2, timeout=PATIENCE))
    wait_until(lambda: noted(tmp_path))
    (_, lost), *_ = noted(tmp_path)
    [victim] = [node for node in cluster.worker_nodes if node.node_id == lost]
    cluster.remove_node(victim, allow_graceful=False)
    try:
        assert sum_.result().tobytes() == expected
        assert lost not in [node for _, node in noted(tmp_path)[2:]]
    finally:
        cluster.add_node(num_cpus=1)


def test_parts_whose_workers_always_die(monkeypatch, tmp_path):
    scalars, points, _ = job("bn254")
    monkeypatch.setattr(_work, "multiply", dying(tmp_path, "multiply", times=99))
    with pytest.raises(WorkersError, match="a part has no answer") as raised:
        chaincard.ray.msm("bn254", scalars, points, workers=Workers(parts=1, retries=1))
    assert isinstance(raised.value, chaincard.ChaincardError)
    assert isinstance(raised.value.__cause__, ray.exceptions.WorkerCrashedError)
    assert len(noted(tmp_path)) == 2


def test_parts_that_hang(monkeypatch, tmp_path):
    monkeypatch.setattr(_work, "hash_many", hanging(tmp_path, "hash_many", times=99))
    with pytest.raises(WorkersError, match="after 1 s"):
        chaincard.ray.hash_many("sm3", [b"a"], workers=Workers(timeout=1, retries=0))
    wait_until(lambda: noted(tmp_path))
    for process, _ in noted(tmp_path):
        os.kill(process, signal.SIGKILL)


def test_parts_that_no_node_can_do():
    for lacking in (Workers(resources={"card": 1}, patience=0), Workers(cpus=2, patience=0)):
        with pytest.raises(WorkersError, match="no node"):
            chaincard.ray.hash_many("sm3", [b"a"], workers=lacking)


def test_points_that_another_cluster_has():
    bases = chaincard.ray.Bases("bn254", [bytes(64)])
    bases._points = [ray.ObjectRef.from_random()]
    with pytest.raises(WorkersError, match="does not take"):
        bases.msm([bytes(32)])


@pytest.mark.parametrize("device", ["unix:/no/such/socket", "gpu"])
def test_devices_that_a_worker_cannot_open(device):
    workers = Workers(device=device)
    with pytest.raises(chaincard.UnknownDeviceError, match=device):
        chaincard.ray.hash_many("sha256", [b"a", b"b"], workers=workers)
    with pytest.raises(chaincard.UnknownDeviceError, match=device):
        chaincard.ray.msm("bn254", *job("bn254")[:2], workers=workers)


def test_devices_that_fail(monkeypatch):
    def fail(name, *_):
        raise getattr(chaincard, name)("cable")

    monkeypatch.setattr(_work, "hash_many", fail)
    for name in ("DeviceFailedError", "UnsupportedError"):
        with pytest.raises(getattr(chaincard, name), match="^cable$"):
            chaincard.ray.hash_many("sha256", [b"a"], workers=Workers(device=name))
    with pytest.raises(WorkersError) as raised:
        chaincard.ray.hash_many("sha256", [b"a"], workers=Workers(device="no_such_exception"))
    assert isinstance(raised.value.__cause__, ray.exceptions.RayTaskError)


GOOD = CURVES["bls12-381"].encode(CURVES["bls12-381"].generator)
LARGE, OFF = b"\xff" * 96, bytes(95) + b"\1"
#: x = 4 has a point; G1 is a small part of the curve.
OUTSIDE = CURVES["bls12-381"].encode((4, pow(68, (CURVES["bls12-381"].p + 1) // 4, CURVES["bls12-381"].p)))
ONE = bytes(31) + b"\1"
ORDER = CURVES["bls12-381"].r.to_bytes(32, "big")


@pytest.mark.parametrize(
    "curve, scalars, points, error, code, index",
    [
        ("bls12-381", [ONE] * 2, [GOOD, LARGE], chaincard.MsmError, 8, 1),
        ("bls12-381", [ONE] * 2, [OFF, LARGE], chaincard.MsmError, 9, 0),
        ("bls12-381", [ONE] * 3, [GOOD, OUTSIDE, OFF], chaincard.MsmError, 10, 1),
        ("bls12-381", [ONE] * 2, [GOOD], chaincard.MsmError, 3, None),
        ("bls12-381", [], [GOOD], chaincard.MsmError, 3, None),
        ("bls12-381", [ORDER], [OFF], chaincard.MsmError, 9, 0),
        ("bls12-381", [ONE, ORDER], [GOOD] * 2, chaincard.MsmError, 16, 1),
        ("bn255", [], [], ValueError, None, None),
        ("bn254", [bytes(31)], [bytes(64)], ValueError, None, None),
        ("bn254", [bytes(32)], [bytes(96)], ValueError, None, None),
        ("bn254", [bytes(32)], np.zeros((1, 63), np.uint8), ValueError, None, None),
        ("bn254", [bytes(32)], np.zeros((1, 64), np.int16), ValueError, None, None),
        ("bn254", np.zeros(32, np.uint8), [bytes(64)], ValueError, None, None),
        ("bn254", bytes(32), [bytes(64)], TypeError, None, None),
        ("bn254", [bytes(32)], None, TypeError, None, None),
        ("bn254", ["text"], [bytes(64)], TypeError, None, None),
    ],
)
def test_terms_that_break_a_rule_are_not_sent(curve, scalars, points, error, code, index, unsent):
    raised = []
    for msm in (chaincard.msm, chaincard.ray.msm):
        with pytest.raises(error) as caught:
            msm(curve, scalars, points, checked=True, refuse=True)
        raised.append(caught.value)
    for value in raised:
        assert type(value) is error
        assert (getattr(value, "code", None), getattr(value, "index", None)) == (code, index)
    assert str(raised[0]) == str(raised[1])


def test_prepared_bases_that_break_a_rule_are_not_sent(unsent):
    with pytest.raises(chaincard.MsmError):
        chaincard.ray.Bases("bls12-381", [OFF], checked=True)


def test_scalars_that_break_a_rule_are_not_sent(monkeypatch):
    bases = chaincard.ray.Bases("bls12-381", [GOOD])
    assert not bases.msm([ORDER]).any()
    monkeypatch.setattr(Workers, "run", None)
    for scalars, code in [([], 3), ([ONE] * 2, 3), ([ORDER], 16)]:
        with pytest.raises(chaincard.MsmError) as raised:
            bases.msm(scalars, refuse=True)
        assert raised.value.code == code


@pytest.mark.parametrize(
    "arguments, rules, error",
    [
        (("rsa", [], [], []), {}, ValueError),
        (("sm2", [], [], []), {"profile": "strict"}, ValueError),
        (("ed25519", [], [], []), {"encoding": "der"}, ValueError),
        (("ed25519", [], [], []), {"user_id": b"me"}, ValueError),
        (("ed25519", [b"", b""], [bytes(32)], [bytes(64)]), {}, ValueError),
        (("ed25519", [b""], [bytes(32)] * 2, [bytes(64)]), {}, ValueError),
        (("ed25519", [b""], [bytes(32)], []), {}, ValueError),
        (("ed25519", b"", [bytes(32)], [bytes(64)]), {}, TypeError),
        (("ed25519", [""], [bytes(32)], [bytes(64)]), {}, TypeError),
        (("ed25519", [b""], np.zeros(32, np.uint8), [bytes(64)]), {}, ValueError),
    ],
)
def test_signatures_that_are_no_batch_are_not_sent(arguments, rules, error, unsent, cpu):
    raised = []
    for verify_many in (cpu.verify_many, chaincard.ray.verify_many):
        with pytest.raises(error) as caught:
            verify_many(*arguments, **rules)
        raised.append(str(caught.value))
    assert raised[0] == raised[1]


def test_messages_that_are_no_batch_are_not_sent(unsent):
    for algorithm, messages, error in [
        ("md5", [b""], ValueError),
        ("sm3", b"one", TypeError),
        ("sm3", [1], TypeError),
        ("sm3", np.zeros((1, 2, 3), np.uint8), ValueError),
    ]:
        with pytest.raises(error):
            chaincard.ray.hash_many(algorithm, messages)


@pytest.fixture
def unsent(monkeypatch):
    """Nothing goes to the cluster."""
    monkeypatch.setattr(ray, "put", None)
    monkeypatch.setattr(Workers, "run", None)
