"""Cryptographic acceleration: numpy in, numpy out, on the best device there is.

>>> import chaincard
>>> import numpy as np
>>> cpu = chaincard.open("cpu")
>>> digests = cpu.hash_many("sha256", [b"abc", b""])
>>> digests.shape, digests.dtype
((2, 32), dtype('uint8'))
>>> digests[0].tobytes().hex()
'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'

A two-dimensional array holds one message in each row; it is not copied when it is
C-contiguous:

>>> messages = np.zeros((1000, 64), dtype=np.uint8)
>>> cpu.hash_many("keccak256", messages).shape
(1000, 32)

The answer never depends on the device; a device that fails raises an exception.
"""

from ._bench import BenchTable, Row, bench
from ._chaincard import (
    BenchError,
    ChaincardError,
    Device,
    DeviceFailedError,
    DeviceInfo,
    UnknownDeviceError,
    UnsupportedError,
    __version__,
    devices,
    open,
)

#: Names of the hash algorithms.
ALGORITHMS = ("sha256", "sha512", "keccak256", "sha3-256", "sm3")

__all__ = [
    "ALGORITHMS",
    "BenchError",
    "BenchTable",
    "ChaincardError",
    "Device",
    "DeviceFailedError",
    "DeviceInfo",
    "Row",
    "UnknownDeviceError",
    "UnsupportedError",
    "__version__",
    "bench",
    "devices",
    "open",
]
