"""Jobs of chaincard split over the workers of a Ray cluster; needs ``pip install 'chaincard[ray]'``.

>>> import chaincard.ray
>>> import numpy as np
>>> digests = chaincard.ray.hash_many("sha256", np.zeros((1000, 64), np.uint8))
>>> digests.shape
(1000, 32)
>>> points = np.zeros((2, 64), np.uint8)
>>> bases = chaincard.ray.Bases("bn254", points, checked=True)  # sent to the cluster once
>>> bases.msm(np.ones((2, 32), np.uint8)).any()
np.False_

The cluster is the one to which ``ray.init`` connected this process; without a call of it Ray starts one
on this machine. Each node needs this version of chaincard. `Workers` says how a job is split and what the workers
open:

>>> four = chaincard.ray.Workers(parts=4, device="cpu:1")
>>> chaincard.ray.hash_many("sm3", [b"abc"] * 9, workers=four).shape
(9, 32)

Answers are those that this process would give alone, and so are the exceptions for input that breaks a rule,
which are raised before anything is sent. A part whose worker dies is done again by another one; if there
is no answer in the end, `WorkersError` is raised. A device that fails in a worker raises the
exception here that it raises there.
"""

try:
    import ray as _ray  # noqa: F401
except ImportError as error:
    raise ImportError(
        "chaincard.ray needs Ray: pip install 'chaincard[ray]'", name="ray"
    ) from error

from ._jobs import Bases, hash_many, msm, verify_many
from ._workers import Workers, WorkersError

__all__ = ["Bases", "Workers", "WorkersError", "hash_many", "msm", "verify_many"]
