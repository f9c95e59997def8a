"""Multiplication and blobs on the devices that this build of the module has."""

import chaincard
import numpy as np
import pytest
from curves import CURVES
from test_msm import COMMITMENTS, blob, encoded, terms

#: Those that multiply on both curves: this processor, and with the feature `opencl` the devices of OpenCL.
NAMES = ["cpu:1"] + [info.name for info in chaincard.devices() if info.kind == "opencl"]


@pytest.fixture(scope="module", params=NAMES)
def device(request):
    return chaincard.open(request.param)


def check(device, name, count):
    scalars, points = terms(name, count)
    expected = CURVES[name].encode(CURVES[name].msm(scalars, points))
    scalars, points = encoded(name, scalars, points)
    assert chaincard.msm(name, scalars, points, device=device).tobytes() == expected
    bases = chaincard.Bases(name, points, checked=True)
    for _ in range(2):  # the second time with what the device keeps
        assert bases.msm(scalars, device=device).tobytes() == expected


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize("count", [0, 1, 3, 70])
def test_sums(device, name, count):
    assert name in device.curves
    check(device, name, count)


@pytest.mark.parametrize("name", COMMITMENTS)
def test_blobs(device, name):
    assert chaincard.blob_to_kzg_commitment(blob(name), device=device).hex() == COMMITMENTS[name]


def test_rules_are_the_same(device):
    order = CURVES["bn254"].r.to_bytes(32, "big")
    points = [CURVES["bn254"].encode(CURVES["bn254"].generator)] * 2
    for scalars, refuse, code, index in [([order], False, 3, None), ([bytes(32), order], True, 16, 1)]:
        with pytest.raises(chaincard.MsmError) as raised:
            chaincard.msm("bn254", scalars, points, refuse=refuse, device=device)
        assert (raised.value.code, raised.value.index) == (code, index)
    assert not chaincard.msm("bn254", [order] * 2, points, device=device).any()


def test_an_engine_in_gates():
    engine = chaincard.open("engine:msm-bn254")
    assert (engine.kind, engine.curves) == ("simulated", ["bn254"])
    check(engine, "bn254", 7)
    with pytest.raises(chaincard.UnsupportedError, match="bls12-381"):
        chaincard.msm("bls12-381", [bytes(32)], [bytes(96)], device=engine)


def test_a_device_without_multiplication(sim):
    assert sim.curves == []
    for name, size in chaincard.CURVES.items():
        with pytest.raises(chaincard.UnsupportedError, match=name):
            chaincard.msm(name, np.zeros((1, 32), np.uint8), np.zeros((1, size), np.uint8), device=sim)
    with pytest.raises(chaincard.UnsupportedError, match="bls12-381"):
        chaincard.blob_to_kzg_commitment(bytes(131072), device=sim)
