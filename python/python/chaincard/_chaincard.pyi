"""The extension module."""

from typing import Iterable, List, Optional, Sequence, Tuple, TypedDict, Union

import numpy as np
import numpy.typing as npt

__version__: str

_BytesLike = Union[bytes, bytearray, memoryview, npt.NDArray[np.uint8]]

class ChaincardError(Exception): ...
class UnknownDeviceError(ChaincardError): ...
class UnsupportedError(ChaincardError): ...
class DeviceFailedError(ChaincardError): ...
class BenchError(ChaincardError): ...

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
        messages: Union[npt.NDArray[np.uint8], Iterable[_BytesLike]],
        out: Optional[npt.NDArray[np.uint8]] = None,
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
