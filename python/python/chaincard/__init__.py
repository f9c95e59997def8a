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

Signatures are verified in the same way; verdict 1 is valid, and `Verdict` names the others:

>>> key = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
>>> signature = bytes.fromhex(
...     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
...     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
>>> cpu.verify_many("ed25519", [b"r", b"s"], [key, key], [signature, signature])
array([1, 0], dtype=uint8)
>>> verdicts = cpu.verify_many("ed25519", [b"r"], [key], [b"too short"])
>>> Verdict(verdicts[0]).name
'SIGNATURE_LENGTH'

Sums of scalars times points of pairing curves, and commitments of blobs:

>>> points = np.zeros((2, 64), dtype=np.uint8)
>>> points[:, [31, 63]] = 1, 2
>>> scalars = np.zeros((2, 32), dtype=np.uint8)
>>> scalars[0, 31] = 1
>>> chaincard.msm("bn254", scalars, points)[[31, 63]].tolist()
[1, 2]
>>> chaincard.blob_to_kzg_commitment(bytes(131072))[:2].hex()
'c000'

The answer never depends on the device; a device that fails raises an exception.
"""

from ._bench import BenchTable, Row, bench
from ._chaincard import (
    Bases,
    BenchError,
    ChaincardError,
    Device,
    DeviceFailedError,
    DeviceInfo,
    MsmError,
    UnknownDeviceError,
    UnsupportedError,
    __version__,
    blob_to_kzg_commitment,
    devices,
    msm,
    open,
)
from ._verdicts import HASHINGS, PROFILES, SCHEMES, Verdict

#: Curves of multi-scalar multiplication, and the bytes of a point.
CURVES = {"bn254": 64, "bls12-381": 96, "bls12-377": 96}

#: Names of the hash algorithms.
ALGORITHMS = ("sha256", "sha512", "keccak256", "sha3-256", "sm3")

__all__ = [
    "ALGORITHMS",
    "Bases",
    "BenchError",
    "BenchTable",
    "CURVES",
    "ChaincardError",
    "Device",
    "DeviceFailedError",
    "DeviceInfo",
    "HASHINGS",
    "MsmError",
    "PROFILES",
    "Row",
    "SCHEMES",
    "UnknownDeviceError",
    "UnsupportedError",
    "Verdict",
    "__version__",
    "bench",
    "blob_to_kzg_commitment",
    "devices",
    "msm",
    "open",
]
