"""`chaincard.ray` on a cluster of two workers, against Python's integers and independent digests."""

import subprocess
import sys

import chaincard
import chaincard.ray
import numpy as np
import oracle
import pytest
import ray
import signing
from chaincard.ray import Workers, _work
from curves import CURVES
from test_msm import array, encoded, terms

pytestmark = pytest.mark.usefixtures("cluster")


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize("count", [0, 1, 2, 3, 33, 200])
def test_sums(name, count):
    scalars, points = terms(name, count)
    expected = CURVES[name].encode(CURVES[name].msm(scalars, points))
    scalars, points = encoded(name, scalars, points)
    assert chaincard.msm(name, scalars, points).tobytes() == expected
    arrays = array(scalars, 32), array(points, CURVES[name].size)
    wide = [np.repeat(rows, 2, axis=1)[:, ::2] for rows in arrays]
    iterators = iter(scalars), map(bytearray, points)
    for parts, (scalars_, points_) in zip((None, 1, 3, 64), (arrays, (scalars, points), wide, iterators)):
        workers = Workers(parts=parts)
        sum_ = chaincard.ray.msm(name, scalars_, points_, workers=workers, checked=parts is None)
        assert (sum_.dtype, sum_.shape) == (np.uint8, (CURVES[name].size,))
        assert sum_.tobytes() == expected


def test_parts():
    assert Workers().split(0) == Workers(parts=3).split(0) == []
    assert [len(range(100)[part]) for part in Workers(parts=3).split(100)] == [33, 33, 34]
    assert [list(range(2)[part]) for part in Workers(parts=9).split(2)] == [[0], [1]]
    assert len(Workers().split(100)) == 2
    assert len(Workers(cpus=0.5).split(100)) == 4
    assert len(Workers(cpus=2).split(100)) == 1
    for wrong in ({"parts": 0}, {"cpus": -1}, {"retries": -1}, {"timeout": -1}, {"patience": float("nan")}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            Workers(**wrong)


def test_points_are_sent_once_and_freed(monkeypatch):
    sent, put = [], ray.put
    monkeypatch.setattr(ray, "put", lambda rows: sent.append(rows) or put(rows))
    name = "bls12-381"
    scalars, points = terms(name, 40)
    bases = chaincard.ray.Bases(name, encoded(name, scalars, points)[1], workers=Workers(parts=4))
    assert (len(bases), bases.curve) == (40, name) and "40 of bls12-381 in 4" in repr(bases)
    for shift in range(3):
        numbers = scalars[shift:] + scalars[:shift]
        expected = CURVES[name].encode(CURVES[name].msm(numbers, points))
        assert bases.msm([number.to_bytes(32, "big") for number in numbers]).tobytes() == expected
    assert [len(rows) for rows in sent] == [10] * 4


def test_a_process_keeps_what_it_prepares(monkeypatch):
    class Opened:
        def __init__(self, curve, points):
            made.append(points)

    made = []
    monkeypatch.setattr(chaincard, "Bases", Opened)
    monkeypatch.setattr(_work, "_bases", _work._bases.copy())
    monkeypatch.setattr(_work, "MOST_BYTES", 640)
    rows = np.zeros((4, 64), np.uint8)
    for key in ["a", "a", "b", "c", "a"]:  # the third goes
        _work._prepared("bn254", key, rows)
    assert len(made) == 4
    _work._prepared("bn254", "large", np.zeros((40, 64), np.uint8))
    assert list(_work._bases) == ["large"]
    assert _work.device("cpu:1") is _work.device("cpu:1")


@pytest.mark.parametrize("name", chaincard.ALGORITHMS)
def test_digests(name):
    rng = np.random.default_rng(20261125)
    messages = [rng.bytes(length) for length in range(0, 300, 37)]
    for parts in (None, 4):
        digests = chaincard.ray.hash_many(name, iter(messages), workers=Workers(parts=parts))
        assert (digests.dtype, digests.shape) == (np.uint8, (9, oracle.LENGTH[name]))
        assert [row.tobytes() for row in digests] == [oracle.DIGEST[name](message) for message in messages]
    rows = np.frombuffer(rng.bytes(600), np.uint8).reshape(10, 60)
    digests = chaincard.ray.hash_many(name, rows[:, ::-2])
    assert digests[7].tobytes() == oracle.DIGEST[name](rows[7, ::-2].tobytes())
    assert chaincard.ray.hash_many(name, []).shape == (0, oracle.LENGTH[name])


def test_verdicts(cpu):
    rng = np.random.default_rng(20261125)
    rows = [[rng.bytes(index), *signing.ed25519(rng.bytes(32), b"")] for index in range(8)]
    for index in (0, 3, 6):
        rows[index][0] = b""
    rows[5][2] = rows[5][2][:63]
    rows[7][1] = b"short"
    columns = [list(column) for column in zip(*rows)]
    verdicts = chaincard.ray.verify_many("ed25519", *columns, profile="strict", workers=Workers(parts=3))
    assert (verdicts.dtype, verdicts.tolist()) == (np.uint8, [1, 0, 0, 1, 0, 8, 1, 16])
    assert chaincard.ray.verify_many("p256", [], [], []).shape == (0,)

    digest = rng.bytes(32)
    key, signature = signing.ecdsa("secp256k1", 7, 11, digest, "digest", low_s=True)
    arguments = [[digest] * 5, [key] * 5, [signature[:64]] * 4 + [bytes(64)]]
    expected = [1, 1, 1, 1, chaincard.Verdict.RANGE_R]
    assert chaincard.ray.verify_many("secp256k1", *arguments).tolist() == expected
    assert cpu.verify_many("secp256k1", *arguments).tolist() == expected
    wide = [np.array([list(row) for row in rows], np.uint8) for rows in arguments]
    assert chaincard.ray.verify_many("secp256k1", *wide).tolist() == expected


def test_it_says_when_ray_is_missing():
    program = "import sys; sys.modules['ray'] = None; import chaincard; import chaincard.ray"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "ImportError: chaincard.ray needs Ray: pip install 'chaincard[ray]'"
    )
