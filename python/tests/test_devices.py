"""Devices by name, exceptions, types."""

import pathlib

import chaincard
import pytest


def test_the_processor_and_the_simulated_card_are_listed():
    kinds = {info.name: info.kind for info in chaincard.devices()}
    assert kinds["cpu"] == "cpu"
    assert kinds["sim"] == "simulated"
    assert all(info.description for info in chaincard.devices())


def test_a_device_says_what_it_is():
    device = chaincard.open("cpu")
    assert (device.name, device.kind) == ("cpu", "cpu")
    assert device.description in repr(device)


def test_auto_opens_something():
    assert chaincard.open().hash_many("sha256", [b""]).shape == (1, 32)
    assert chaincard.open("auto").kind in ("cpu", "opencl", "card", "simulated")


@pytest.mark.parametrize(
    "name",
    ["", "gpu", "cpu:0", "cpu:x", "serial:/dev/no-such-port", "unix:/no/such/socket", "tcp:x", "sim:no-such"],
)
def test_names_that_cannot_be_opened(name):
    with pytest.raises(chaincard.UnknownDeviceError):
        chaincard.open(name)


def test_every_exception_has_one_base():
    for name in ("UnknownDeviceError", "UnsupportedError", "DeviceFailedError", "BenchError", "MsmError"):
        assert issubclass(getattr(chaincard, name), chaincard.ChaincardError)


def test_devices_are_not_made_by_hand():
    with pytest.raises(TypeError):
        chaincard.Device()


def test_type_information_is_installed():
    folder = pathlib.Path(chaincard.__file__).parent
    assert (folder / "py.typed").exists()
    stub = (folder / "_chaincard.pyi").read_text()
    extension = chaincard._chaincard
    public = [name for name in dir(extension) if not name.startswith("_")]
    for name in [*public, "__version__"]:
        assert name in stub, f"{name} has no type"
