"""`chaincard.msm`, prepared bases and blobs, against Python's integers and c-kzg."""

import chaincard
import numpy as np
import pytest
from curves import CURVES

SEED = 20261125
MODULUS = CURVES["bls12-381"].r


def terms(name, count):
    """Scalars and points as numbers, among them infinity, and equal and opposite points."""
    curve = CURVES[name]
    rng = np.random.default_rng(SEED + count)
    points, scalars = [], []
    for index in range(count):
        point = curve.times(int(rng.integers(1, 1 << 32)), curve.generator)
        if index % 7 == 3:
            point = None
        elif index % 7 == 5:
            x, y = points[index - 1]
            point = (x, curve.p - y)
        points.append(point)
        scalars.append(int.from_bytes(rng.bytes(32), "big") if index % 5 else index)
    return scalars, points


def encoded(name, scalars, points):
    curve = CURVES[name]
    rows = [curve.encode(point) for point in points]
    return [scalar.to_bytes(32, "big") for scalar in scalars], rows


def array(rows, size):
    return np.frombuffer(b"".join(rows), np.uint8).reshape(-1, size)


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize("count", [0, 1, 2, 3, 33])
def test_sums(name, count, cpu):
    scalars, points = terms(name, count)
    expected = CURVES[name].encode(CURVES[name].msm(scalars, points))
    scalars, points = encoded(name, scalars, points)
    size = CURVES[name].size
    arrays = array(scalars, 32), array(points, size)
    wide = [np.repeat(rows, 2, axis=1)[:, ::2] for rows in arrays]
    views = [[memoryview(row) for row in rows] for rows in (scalars, points)]
    for scalars_, points_ in ((scalars, points), arrays, wide, views):
        for arguments in ({}, {"checked": True}, {"device": cpu}):
            sum_ = chaincard.msm(name, scalars_, points_, **arguments)
            assert (sum_.dtype, sum_.shape) == (np.uint8, (size,))
            assert sum_.tobytes() == expected
    bases = chaincard.Bases(name, points)
    assert (len(bases), bases.curve) == (count, name)
    for _ in range(2):
        assert bases.msm(arrays[0]).tobytes() == expected
    assert str(count) in repr(bases)


def test_curves():
    assert list(chaincard.CURVES) == chaincard.open("cpu").curves
    for name, size in chaincard.CURVES.items():
        none = np.zeros((0, size), np.uint8)
        assert chaincard.msm(name, [], none).tolist() == [0] * size
    with pytest.raises(ValueError, match="bn254"):
        chaincard.msm("bn255", [], [])


def test_rules_and_their_order():
    curve = CURVES["bls12-381"]
    good = curve.encode(curve.generator)
    large, off = b"\xff" * 96, bytes(95) + b"\1"
    # x = 4 has a point; G1 is a small part of the curve.
    y = pow(4**3 + 4, (curve.p + 1) // 4, curve.p)
    assert (y * y - 68) % curve.p == 0
    outside = curve.encode((4, y))
    one = [bytes(31) + b"\1"]
    for points, scalars, code, index in [
        ([good, large], one * 2, 8, 1),
        ([off, large], one * 2, 9, 0),
        ([good, outside, off], one * 3, 10, 1),
        ([good], one + one, 3, None),
        ([good, good], [one[0], curve.r.to_bytes(32, "big")], 16, 1),
    ]:
        with pytest.raises(chaincard.MsmError) as raised:
            chaincard.msm("bls12-381", scalars, points, checked=True, refuse=True)
        assert (raised.value.code, raised.value.index) == (code, index)
    bases = chaincard.Bases("bls12-381", [good])
    assert not bases.msm([curve.r.to_bytes(32, "big")]).any()
    for device in (None, chaincard.open("cpu")):
        with pytest.raises(chaincard.MsmError) as raised:
            bases.msm([b"\xff" * 32], refuse=True, device=device)
        assert (raised.value.code, raised.value.index) == (16, 0)


@pytest.mark.parametrize(
    "scalars, points, error",
    [
        ([bytes(31)], [bytes(64)], ValueError),
        ([bytes(32)], [bytes(96)], ValueError),
        ([bytes(32)], np.zeros((1, 63), np.uint8), ValueError),
        ([bytes(32)], np.zeros((1, 64), np.int16), ValueError),
        (np.zeros(32, np.uint8), [bytes(64)], ValueError),
        (bytes(32), [bytes(64)], TypeError),
        ([bytes(32)], None, TypeError),
        (["text"], [bytes(64)], TypeError),
    ],
)
def test_wrong_arguments(scalars, points, error):
    with pytest.raises(error):
        chaincard.msm("bn254", scalars, points)


#: Commitments that ckzg 2.1.8 gives with Ethereum's trusted setup.
COMMITMENTS = {
    "zeros": "c00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
    "random": "b3908aef0d7f63031c3de831ebdf7a9d529421de3e0840940dc2a2138b860e31b945c910f49a795f9ae64c1d5624abdd",
    "text": "95865b76279c967a9a021e0d230d114facc93ae99fb3262694cb8fab5da1a890471fcfd6fde92af01ea1dcbf6e856fd2",
}


def blob(name):
    if name == "zeros":
        return bytes(131072)
    if name == "random":
        rows = np.frombuffer(np.random.RandomState(SEED).bytes(131072), np.uint8).reshape(4096, 32)
        return np.hstack([rows[:, :1] % 0x73, rows[:, 1:]]).tobytes()
    rows = [b"\0" + b"A blob is not read by the chain."[:31]] * 4096
    return b"".join(rows)


@pytest.mark.parametrize("name", COMMITMENTS)
def test_blobs(name, cpu):
    expected = bytes.fromhex(COMMITMENTS[name])
    data = blob(name)
    assert chaincard.blob_to_kzg_commitment(data) == expected
    assert chaincard.blob_to_kzg_commitment(bytearray(data), device=cpu) == expected
    assert chaincard.blob_to_kzg_commitment(np.frombuffer(data, np.uint8)) == expected


def test_what_is_no_blob(cpu):
    for device in (None, cpu):
        for length in (0, 131071, 131073):
            with pytest.raises(ValueError):
                chaincard.blob_to_kzg_commitment(bytes(length), device=device)
        wrong = bytearray(131072)
        wrong[64:96] = MODULUS.to_bytes(32, "big")
        with pytest.raises(chaincard.MsmError) as raised:
            chaincard.blob_to_kzg_commitment(wrong, device=device)
        assert (raised.value.code, raised.value.index) == (16, 2)
