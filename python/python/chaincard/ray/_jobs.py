"""The jobs that a cluster does; what is wrong with their input is found before anything is sent."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Dict, Optional

import numpy as np
import ray

from .. import _chaincard
from . import _work
from ._workers import Workers

if TYPE_CHECKING:
    import numpy.typing as npt

    from .._chaincard import _Batch


class Bases:
    """Points in the cluster's object store, for many multiplications.

    curve, points, checked: as ``chaincard.Bases`` takes them, which see for what is raised. This process
        checks, before anything is sent; on ``bls12-381`` that is more work than a multiplication.
    workers: who multiplies. The points are split for them once, and sent once; a worker's process
        prepares a part once, and keeps at most 256 MiB of them.

    The store frees them with the handle. After ``ray.shutdown`` the handle is of no use: `msm` raises
    WorkersError.

    >>> import chaincard.ray, numpy as np
    >>> bases = chaincard.ray.Bases("bn254", np.zeros((3, 64), np.uint8), checked=True)
    >>> len(bases), bases.curve
    (3, 'bn254')
    """

    def __init__(
        self,
        curve: str,
        points: _Batch,
        *,
        checked: bool = False,
        workers: Optional[Workers] = None,
    ) -> None:
        points = _chaincard.batch_rows(points, "points")
        self._send(_chaincard.Bases(curve, points, checked=checked), points, workers)

    def _send(self, prepared, points, workers):
        """Sends points that ``prepared`` shows to keep the rules."""
        self._curve, self._count = prepared.curve, len(prepared)
        self._none = _chaincard.msm(self._curve, [], [])
        self._workers = workers or Workers()
        self._parts = self._workers.split(self._count)
        rows = _array(points, self._none.size)
        self._points = [ray.put(rows[part]) for part in self._parts]
        self._key = uuid.uuid4().hex

    @property
    def curve(self) -> str:
        """Name of the curve."""
        return self._curve

    def __len__(self) -> int:
        return self._count

    def __repr__(self) -> str:
        return f"<chaincard.ray.Bases: {self._count} of {self._curve} in {len(self._parts)} parts>"

    def msm(self, scalars: _Batch, *, refuse: bool = False) -> npt.NDArray[np.uint8]:
        """The sum of the products with as many scalars: see ``chaincard.ray.msm``."""
        rows = _chaincard.batch_rows(scalars, "scalars")
        _chaincard.check_scalars(self._curve, self._count, rows, refuse)
        numbers = _array(rows, 32)
        name = self._workers.device_name
        jobs = [
            (name, self._curve, f"{self._key}/{index}", points, numbers[part])
            for index, (part, points) in enumerate(zip(self._parts, self._points))
        ]
        sums = self._workers.run(_work.multiply, jobs)
        ones = np.zeros((len(sums), 32), np.uint8)
        ones[:, 31] = 1
        return _chaincard.msm(self._curve, ones, np.array(sums, np.uint8).reshape(-1, self._none.size))


def msm(
    curve: str,
    scalars: _Batch,
    points: _Batch,
    *,
    checked: bool = False,
    refuse: bool = False,
    workers: Optional[Workers] = None,
) -> npt.NDArray[np.uint8]:
    """The sum of all scalars times points of a curve, as ``chaincard.msm`` gives it.

    curve, scalars, points, checked, refuse: as ``chaincard.msm`` takes them, which see for what is raised.
    workers: who multiplies.

    Every worker adds up the products of its part, and this process their sums. Raises also
    WorkersError.

    >>> import chaincard.ray, numpy as np
    >>> points = np.zeros((2, 64), np.uint8)
    >>> points[:, [31, 63]] = 1, 2
    >>> scalars = np.zeros((2, 32), np.uint8)
    >>> scalars[0, 31] = 1
    >>> chaincard.ray.msm("bn254", scalars, points)[[31, 63]].tolist()
    [1, 2]
    """
    # Those given as an iterator are there once.
    scalars = _chaincard.batch_rows(scalars, "scalars")
    points = _chaincard.batch_rows(points, "points")
    prepared = _chaincard.Bases(curve, points, checked=checked)
    _chaincard.check_scalars(curve, len(prepared), scalars, refuse)
    bases = Bases.__new__(Bases)
    bases._send(prepared, points, workers)
    return bases.msm(scalars)


def hash_many(
    algorithm: str, messages: _Batch, *, workers: Optional[Workers] = None
) -> npt.NDArray[np.uint8]:
    """Digests of many messages, as ``chaincard.Device.hash_many`` gives them.

    algorithm, messages: as it takes them, and it raises the same.
    workers: who hashes.

    Raises also WorkersError.

    >>> import chaincard.ray
    >>> chaincard.ray.hash_many("sm3", [b"abc", b""])[0, :4].tobytes().hex()
    '66c7f0f4'
    """
    workers = workers or Workers()
    rows = _chaincard.batch_rows(messages, "messages")
    none = _chaincard.open("cpu").hash_many(algorithm, [])
    jobs = [(workers.device_name, algorithm, rows[part]) for part in workers.split(len(rows))]
    return np.concatenate([none, *workers.run(_work.hash_many, jobs)])


def verify_many(
    scheme: str,
    messages: _Batch,
    public_keys: _Batch,
    signatures: _Batch,
    *,
    profile: Optional[str] = None,
    hashing: Optional[str] = None,
    encoding: str = "compact",
    user_id: Optional[bytes] = None,
    workers: Optional[Workers] = None,
) -> npt.NDArray[np.uint8]:
    """Verdicts on many signatures, as ``chaincard.Device.verify_many`` gives them.

    scheme, messages, public_keys, signatures, profile, hashing, encoding, user_id: as it takes them,
        and it raises the same. A malformed signature, key or digest is a verdict.
    workers: who verifies.

    Raises also WorkersError.

    >>> import chaincard.ray
    >>> chaincard.ray.verify_many("ed25519", [b""] * 2, [bytes(32)] * 2, [bytes(64), b"short"]).tolist()
    [0, 8]
    """
    workers = workers or Workers()
    rules: Dict[str, Any] = {"profile": profile, "hashing": hashing, "encoding": encoding, "user_id": user_id}
    none = _chaincard.open("cpu").verify_many(scheme, [], [], [], **rules)
    columns = {
        "messages": _chaincard.batch_rows(messages, "messages"),
        "public keys": _chaincard.batch_rows(public_keys, "public keys"),
        "signatures": _chaincard.batch_rows(signatures, "signatures"),
    }
    count = len(columns["signatures"])
    for many, rows in columns.items():
        if len(rows) != count:
            raise ValueError(f"{len(rows)} {many} for {count} signatures")
    jobs = [
        (workers.device_name, scheme, *(rows[part] for rows in columns.values()), rules)
        for part in workers.split(count)
    ]
    return np.concatenate([none, *workers.run(_work.verify_many, jobs)])


def _array(rows, size):
    """Rows of ``size`` bytes as an array."""
    if isinstance(rows, list):
        rows = np.frombuffer(b"".join(rows), np.uint8)
    return rows.reshape(-1, size)
