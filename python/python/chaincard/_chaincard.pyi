"""The extension module."""

from typing import Iterable, List, Optional, Sequence, Tuple, TypedDict, Union

import numpy as np
import numpy.typing as npt

__version__: str

_BytesLike = Union[bytes, bytearray, memoryview, npt.NDArray[np.uint8]]
_Batch = Union[npt.NDArray[np.uint8], Iterable[_BytesLike]]

class ChaincardError(Exception): ...
class UnknownDeviceError(ChaincardError): ...
class UnsupportedError(ChaincardError): ...
class DeviceFailedError(ChaincardError): ...
class BenchError(ChaincardError): ...

class MsmError(ChaincardError):
    code: int
    index: Optional[int]

class DeviceInfo:
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def description(self) -> str: ...

class Device:
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def algorithms(self) -> List[str]: ...
    def hash_many(
        self,
        algorithm: str,
        messages: _Batch,
        out: Optional[npt.NDArray[np.uint8]] = None,
    ) -> npt.NDArray[np.uint8]: ...
    @property
    def schemes(self) -> List[str]: ...
    @property
    def recovers(self) -> bool: ...
    def verify_many(
        self,
        scheme: str,
        messages: _Batch,
        public_keys: _Batch,
        signatures: _Batch,
        *,
        profile: Optional[str] = None,
        hashing: Optional[str] = None,
        encoding: str = "compact",
        user_id: Optional[bytes] = None,
    ) -> npt.NDArray[np.uint8]: ...
    def recover_many(
        self,
        messages: _Batch,
        signatures: _Batch,
        *,
        profile: str = "ethereum",
        hashing: str = "digest",
    ) -> Tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]: ...

    @property
    def curves(self) -> List[str]: ...

class Bases:
    def __init__(self, curve: str, points: _Batch, *, checked: bool = False) -> None: ...
    @property
    def curve(self) -> str: ...
    def __len__(self) -> int: ...
    def msm(
        self, scalars: _Batch, *, refuse: bool = False, device: Optional[Device] = None
    ) -> npt.NDArray[np.uint8]: ...

class _Row(TypedDict):
    device: str
    operation: str
    size: int
    batch: int
    threads: int
    ns_per_item: float
    peer: Optional[str]

def devices() -> List[DeviceInfo]: ...
def open(name: str = "auto") -> Device: ...
def msm(
    curve: str,
    scalars: _Batch,
    points: _Batch,
    *,
    checked: bool = False,
    refuse: bool = False,
    device: Optional[Device] = None,
) -> npt.NDArray[np.uint8]: ...
def blob_to_kzg_commitment(blob: _BytesLike, *, device: Optional[Device] = None) -> bytes: ...
def batch_rows(batch: _Batch, many: str) -> Union[npt.NDArray[np.uint8], List[bytes]]: ...
def check_scalars(curve: str, count: int, scalars: _Batch, refuse: bool) -> None: ...
def bench_rows(
    devices: Sequence[Device],
    *,
    algorithms: Sequence[str],
    shapes: Sequence[Tuple[int, int]],
    threads: Sequence[int],
    rounds: int,
    sample_ms: float,
    peers: bool,
) -> List[_Row]: ...
def rust_call_seconds(device: Device, algorithm: str, messages: npt.NDArray[np.uint8]) -> float: ...
